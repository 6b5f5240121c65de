/**
 * @file A population of individuals in which a runaway happens: sons with an ornament that costs them their lives,
 * daughters who prefer it, and nothing that looks after the numbers.
 *
 * What `costly-ornament.ts` says of means is a theorem about infinitely many of these individuals: trait z and
 * preference y are inherited as the mean of both parents plus a normal deviation, whose covariance is chosen so that G, B
 * and H = Var(y) stay as they are under selection. Survival and choice are
 *
 *     P(male survives) = exp(−(z − θ)²/(2(W − G))),   P(she takes him) ∝ exp(y z W/(W − G))
 *
 * with W the width of the closed form, which is that of the selection gradient β = y − (z − θ)/W and so includes the
 * variance of the trait.
 */
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { poisson } from "../numerics/poisson.ts";
import type { OrnamentCost, OrnamentedPopulation } from "./costly-ornament.ts";
import type { Lande } from "./sexual-selection.ts";

/** What the closed form calls Lande's model, with the variance H of the preference. */
export interface OrnamentedIndividuals extends Lande {
  /** H, additive variance of the female preference; at least B²/G. */
  readonly preferenceVariance: number;
}

/** A generation, as measured. */
export interface OrnamentedGeneration extends OrnamentedPopulation {
  /** Offspring of an individual if it lived alone: N′(1 + N/K)/N. Absent for the last generation. */
  readonly growth?: number;
}

/** Covariances of what offspring deviate by from the mean of their parents: `[zz, zy, yy]`. */
type Segregation = readonly [trait: number, shared: number, preference: number];

/**
 * The deviation that keeps G, B and H constant. Fathers have been selected and chosen: z given the female's y has variance
 * V = G(W − G)/W and shifts with y by G, so that Var(z_father) = V + G²H and Cov(z_father, y_mother) = G H.
 *
 * @throws {LabError} `input/invalid` where no deviation does it: parents alone make more covariance than B
 */
function segregation({ variance: g, covariance: b, width, preferenceVariance: h }: OrnamentedIndividuals): Segregation {
  const slope = b / g;
  const fathers = (g * (width - g)) / width + g * g * h;
  const trait = g - (g + fathers + 2 * g * b) / 4;
  const shared = b - (b + slope * fathers + g * h + b * b) / 4;
  const preference = h - (2 * h - slope * b + slope * slope * fathers + 2 * b * h) / 4;
  if (!(width > g && trait > 0 && trait * preference > shared * shared)) {
    throw new LabError(
      "input/invalid",
      `ornamented individuals: these variances cannot stay constant, got G ${g}, B ${b}, H ${h}, W ${width}; expected a smaller covariance or a larger preference variance`,
      { hint: "Raise preferenceVariance, or lower the covariance." },
    );
  }
  return [trait, shared, preference];
}

/**
 * Lives of whole generations until nobody is left or `generations` have bred; the founders come first.
 *
 * Numbers follow the closed form in the mean: a female has 2 λ s/(1 + N/K) offspring, where s is the share of males that
 * survived, as a multiple of its value at the optimum. `pays: "both"` lets females share the males' losses (the pasture is
 * one), without selecting among them; otherwise s is at most 1 and is multiplied by how many females a male serves.
 */
export function ornamentedIndividuals(
  model: OrnamentedIndividuals,
  cost: OrnamentCost,
  start: OrnamentedPopulation,
  generations: number,
  rng: Rng,
): readonly OrnamentedGeneration[] {
  const { variance: g, covariance: b, width, optimum, preferenceVariance: h } = model;
  const [s11, s12, s22] = segregation(model);
  const atOptimum = Math.sqrt((width - g) / width);
  const strength = width / (width - g);
  const deviate = (c11: number, c12: number, c22: number): readonly [number, number] => {
    const first = rng.normal();
    return [Math.sqrt(c11) * first, (c12 / Math.sqrt(c11)) * first + Math.sqrt(c22 - (c12 * c12) / c11) * rng.normal()];
  };
  let traits: number[] = [];
  let preferences: number[] = [];
  for (let i = 0; i < start.individuals; i++) {
    const [z, y] = deviate(g, b, h);
    traits.push(start.trait + z);
    preferences.push(start.preference + y);
  }
  const history: OrnamentedGeneration[] = [];
  for (let generation = 0; ; generation++) {
    const now = measured(traits, preferences);
    const n = traits.length;
    if (generation === generations || n === 0) return [...history, now];
    const suitors: number[] = [];
    const females: number[] = [];
    for (let i = 0; i < n; i++) {
      if (rng.uniform() < 0.5) females.push(i);
      else if (rng.uniform() < Math.exp(-((traits[i]! - optimum) ** 2) / (2 * (width - g)))) suitors.push(i);
    }
    const males = n - females.length;
    const share = males === 0 ? 0 : suitors.length / males / atOptimum;
    const pays = cost.pays ?? "both";
    const births = pays === "both" ? share : Math.min(1, pays.served * share);
    const mean = (2 * cost.growth * births) / (1 + n / cost.capacity);
    const cumulative = new Float64Array(suitors.length);
    const sons: number[] = [];
    const daughters: number[] = [];
    for (const mother of females) {
      const born = suitors.length === 0 ? 0 : poisson(mean, rng);
      if (born === 0) continue;
      const father = suitors[choice(preferences[mother]! * strength, suitors, traits, cumulative, rng)]!;
      for (let k = 0; k < born; k++) {
        const [z, y] = deviate(s11, s12, s22);
        sons.push((traits[mother]! + traits[father]!) / 2 + z);
        daughters.push((preferences[mother]! + preferences[father]!) / 2 + y);
      }
    }
    history.push({ ...now, growth: (sons.length * (1 + n / cost.capacity)) / n });
    [traits, preferences] = [sons, daughters];
  }
}

/** Index of the suitor taken: probability ∝ exp(preference × trait). */
function choice(
  preference: number,
  suitors: readonly number[],
  traits: readonly number[],
  cumulative: Float64Array,
  rng: Rng,
): number {
  let most = -Infinity;
  for (const suitor of suitors) most = Math.max(most, preference * traits[suitor]!);
  let total = 0;
  for (const [i, suitor] of suitors.entries()) {
    total += Math.exp(preference * traits[suitor]! - most);
    cumulative[i] = total;
  }
  const at = rng.uniform() * total;
  let [low, high] = [0, suitors.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function measured(traits: readonly number[], preferences: readonly number[]): OrnamentedPopulation {
  const n = traits.length;
  const mean = (values: readonly number[]) => (n === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / n);
  return { individuals: n, trait: mean(traits), preference: mean(preferences) };
}

/**
 * The trait at which a population as seen neither grows nor shrinks: ln growth = ln λ − (z − θ)²/(2W) fitted by least
 * squares weighted by numbers, whose zero is θ ± √(ln λ · 2W). NaN where growth does not fall with the trait.
 */
export function observedCriticalTrait(history: readonly OrnamentedGeneration[], optimum: number): number {
  let [w, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const { individuals, trait, growth } of history) {
    if (growth === undefined || growth <= 0) continue;
    const [square, log] = [(trait - optimum) ** 2, Math.log(growth)];
    w += individuals;
    x += individuals * square;
    y += individuals * log;
    xx += individuals * square * square;
    xy += individuals * square * log;
  }
  const slope = (w * xy - x * y) / (w * xx - x * x);
  const intercept = (y - slope * x) / w;
  return Math.sqrt(-intercept / slope);
}
