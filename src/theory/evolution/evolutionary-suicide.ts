/**
 * @file Evolutionary suicide: selection that rewards exploiting a common resource a little more
 * than the others, until resource and exploiters collapse together.
 *
 *     R′ = ρ R (R/A − 1)(1 − R/K) − x R N,    N′ = N (e x R − δ)
 *
 * A mutant of greater x invades always (fitness δ (x′/x − 1)). The resource has an Allee threshold
 * A, which makes the transition to extinction discontinuous, as it must be (Gyllenberg and
 * Parvinen 2001; Parvinen and Dieckmann 2013). Collapse comes by way of growing oscillations, long
 * before the equilibrium itself disappears.
 */
import { assert } from "../../core/errors.ts";

/** Parameters of resource and consumer; time is in units of 1/ρ where ρ = 1. */
export interface Commons {
  /** ρ */
  readonly growth: number;
  /** A, below which the resource dies out by itself. */
  readonly threshold: number;
  /** K */
  readonly capacity: number;
  /** e, consumers born of one resource eaten. */
  readonly conversion: number;
  /** δ, consumers' death rate. */
  readonly death: number;
}

/** Amounts of resource and consumers. */
export interface Stocks {
  readonly resource: number;
  readonly consumers: number;
}

/** R* = δ/(e x), and the N* that keeps it there. Consumers are negative where R* is outside (A, K). */
export function interiorEquilibrium(commons: Commons, rate: number): Stocks {
  const resource = commons.death / (commons.conversion * rate);
  return { resource, consumers: perCapitaGrowth(commons, resource) / rate };
}

/** ρ (R/A − 1)(1 − R/K) */
const perCapitaGrowth = ({ growth, threshold, capacity }: Commons, resource: number): number =>
  growth * (resource / threshold - 1) * (1 - resource / capacity);

/** Growth rate of a rare mutant of rate x′ among residents of x at equilibrium: δ (x′/x − 1), positive for every x′ > x. */
export const invasionFitness = ({ death }: Commons, resident: number, mutant: number): number =>
  death * (mutant / resident - 1);

/** The x at which consumers can first live, R* = K. */
export const viableFrom = ({ death, conversion, capacity }: Commons): number => death / (conversion * capacity);

/** The x at which the equilibrium gives way to a cycle (Hopf), R* = (A + K)/2. */
export const hopfPoint = ({ death, conversion, threshold, capacity }: Commons): number =>
  (2 * death) / (conversion * (threshold + capacity));

/** The x at which the equilibrium itself would disappear, R* = A. */
export const lastEquilibrium = ({ death, conversion, threshold }: Commons): number => death / (conversion * threshold);

/** What a run of the dynamics saw. */
export interface CommonsRun {
  readonly end: Stocks;
  /** Consumers and resource went below 1e−9 of their scale. */
  readonly isExtinct: boolean;
  /** Least and greatest resource in the last quarter of the time. */
  readonly range: readonly [low: number, high: number];
}

/**
 * Integrates by Runge and Kutta's method of order 4 in the logarithms of both stocks, which keeps
 * them positive.
 *
 * @param time how long, in the units of the rates
 * @param step of time; 0.05 is exact to about 1e−7 a unit of time at rates near 1
 */
export function runCommons(commons: Commons, rate: number, start: Stocks, time: number, step = 0.05): CommonsRun {
  assert(start.resource > 0 && start.consumers > 0, "stocks above 0 to start with");
  const { conversion, death } = commons;
  let r = Math.log(start.resource);
  let n = Math.log(start.consumers);
  let [low, high] = [Infinity, -Infinity];
  const steps = Math.ceil(time / step);
  const slopeR = (logR: number, logN: number) => perCapitaGrowth(commons, Math.exp(logR)) - rate * Math.exp(logN);
  const slopeN = (logR: number) => conversion * rate * Math.exp(logR) - death;
  for (let i = 0; i < steps; i++) {
    const [r1, n1] = [slopeR(r, n), slopeN(r)];
    const [r2, n2] = [slopeR(r + (step / 2) * r1, n + (step / 2) * n1), slopeN(r + (step / 2) * r1)];
    const [r3, n3] = [slopeR(r + (step / 2) * r2, n + (step / 2) * n2), slopeN(r + (step / 2) * r2)];
    const [r4, n4] = [slopeR(r + step * r3, n + step * n3), slopeN(r + step * r3)];
    r += (step / 6) * (r1 + 2 * r2 + 2 * r3 + r4);
    n += (step / 6) * (n1 + 2 * n2 + 2 * n3 + n4);
    if (i >= 0.75 * steps) {
      low = Math.min(low, r);
      high = Math.max(high, r);
    }
    // Below the threshold the resource only falls, and consumers starve after it.
    if (r < Math.log(1e-9 * commons.capacity)) {
      return { end: { resource: Math.exp(r), consumers: Math.exp(n) }, isExtinct: true, range: [0, 0] };
    }
  }
  return {
    end: { resource: Math.exp(r), consumers: Math.exp(n) },
    isExtinct: false,
    range: [Math.exp(low), Math.exp(high)],
  };
}

/**
 * The x beyond which a population that starts beside its equilibrium dies out, by bisection
 * between the Hopf point and the last equilibrium.
 *
 * @param options.time of each run: near the threshold cycles are slow; 4,000 gives five digits at rates near 1
 */
export function extinctionThreshold(
  commons: Commons,
  options: { readonly time: number; readonly tolerance: number },
): number {
  let low = hopfPoint(commons);
  let high = lastEquilibrium(commons);
  while (high - low > options.tolerance) {
    const middle = (low + high) / 2;
    if (runCommons(commons, middle, besideEquilibrium(commons, middle), options.time).isExtinct) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** How many invasions of rate + `mutation` it takes to the end, and the rate that ended it. */
export interface SuicideByMutation {
  readonly substitutions: number;
  readonly rate: number;
}

/**
 * Adaptive dynamics with small steps: a mutant of greater rate takes over, the stocks settle for
 * `time`, and again, until they die out.
 */
export function suicideByMutation(
  commons: Commons,
  given: { readonly rate: number; readonly mutation: number; readonly time: number; readonly most: number },
): SuicideByMutation | undefined {
  let stocks = besideEquilibrium(commons, given.rate);
  for (let k = 1; k <= given.most; k++) {
    const rate = given.rate + k * given.mutation;
    const run = runCommons(commons, rate, stocks, given.time);
    if (run.isExtinct) return { substitutions: k, rate };
    stocks = run.end;
  }
  return undefined;
}

/** The equilibrium, moved by a thousandth: on it nothing would ever happen. */
function besideEquilibrium(commons: Commons, rate: number): Stocks {
  const { resource, consumers } = interiorEquilibrium(commons, rate);
  return { resource: resource * 1.001, consumers };
}
