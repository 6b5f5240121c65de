/**
 * @file Covariance matrix adaptation (Hansen 2016, The CMA evolution strategy: a tutorial, arXiv:1604.00772): points are
 * drawn from a normal distribution whose mean, step size and covariance follow the better half of them. Sees ranks only.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import { configurationAt, type Found, recorder, type Search } from "../meta-optimizer.ts";
import { type Eigen, symmetricEigen } from "../theory/numerics/dense.ts";

export interface CmaOptions {
  /** Where the search begins, `[n]`. */
  readonly mean: ArrayLike<number>;
  /** Standard deviation at first, the same in all directions. */
  readonly deviation: number;
  /** Points a generation; default 4 + ⌊3 ln n⌋. */
  readonly population?: number;
  readonly rng: Rng;
}

/** A distribution that is searched from. */
export interface Cma {
  readonly population: number;
  /** Mean of the distribution, `[n]`. */
  readonly mean: () => Float64Array;
  /** Overall step size σ. */
  readonly deviation: () => number;
  /** Points of a generation, `[population][n]`. */
  ask(): readonly Float64Array[];
  /**
   * How costly each of these was; less is better, only the order matters.
   *
   * @param points those of {@link Cma.ask}, or where each was really evaluated
   */
  tell(points: readonly Float64Array[], costs: readonly number[]): void;
}

/** The strategy with the tutorial's default parameters (its table 1, without negative weights). */
export function cma({ mean: start, deviation, rng, ...options }: CmaOptions): Cma {
  const n = start.length;
  const population = options.population ?? 4 + Math.floor(3 * Math.log(n));
  assert(n >= 1 && population >= 2 && deviation > 0, `a start, two points and a deviation, got ${n}, ${population}`);
  const parents = Math.floor(population / 2);
  const raw = Array.from({ length: parents }, (_, i) => Math.log((population + 1) / 2) - Math.log(i + 1));
  const total = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((weight) => weight / total);
  /** Variance effective number of parents, μ_eff. */
  const effective = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
  const sigmaRate = (effective + 2) / (n + effective + 5);
  const damping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + sigmaRate;
  const pathRate = (4 + effective / n) / (n + 4 + (2 * effective) / n);
  const rankOne = 2 / ((n + 1.3) ** 2 + effective);
  const rankMany = Math.min(1 - rankOne, (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective));
  /** E‖N(0, I)‖ */
  const expected = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

  let mean = Float64Array.from(start);
  let sigma = deviation;
  let generation = 0;
  const sigmaPath = new Float64Array(n);
  const path = new Float64Array(n);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = 1;
  let axes: Eigen = symmetricEigen(covariance, n);

  /** B D^power Bᵀ x, or B D^power x where `isDrawn`: C = B D² Bᵀ. */
  const transform = (x: ArrayLike<number>, power: number, isDrawn = false): Float64Array => {
    const inner = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      let sum = 0;
      if (isDrawn) sum = x[k]!;
      else for (let i = 0; i < n; i++) sum += axes.vectors[k * n + i]! * x[i]!;
      inner[k] = sum * Math.max(axes.values[k]!, 1e-300) ** (power / 2);
    }
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) out[i]! += axes.vectors[k * n + i]! * inner[k]!;
    return out;
  };

  return {
    population,
    mean: () => mean.slice(),
    deviation: () => sigma,
    ask: () =>
      Array.from({ length: population }, () => {
        const step = transform(
          Float64Array.from({ length: n }, () => rng.normal()),
          1,
          true,
        );
        return Float64Array.from(mean, (center, i) => center + sigma * step[i]!);
      }),
    tell(points, costs) {
      const order = costs.map((_, i) => i).sort((a, b) => costs[a]! - costs[b]!);
      const steps = order.slice(0, parents).map((i) => points[i]!.map((x, k) => (x - mean[k]!) / sigma));
      const shift = new Float64Array(n);
      for (const [i, step] of steps.entries()) for (let k = 0; k < n; k++) shift[k]! += weights[i]! * step[k]!;
      mean = mean.map((center, k) => center + sigma * shift[k]!);
      generation++;

      const whitened = transform(shift, -1);
      const sigmaGain = Math.sqrt(sigmaRate * (2 - sigmaRate) * effective);
      for (let k = 0; k < n; k++) sigmaPath[k] = (1 - sigmaRate) * sigmaPath[k]! + sigmaGain * whitened[k]!;
      const length = Math.hypot(...sigmaPath);
      const settled = Math.sqrt(1 - (1 - sigmaRate) ** (2 * generation));
      // Stalls the path of the covariance while the step size is growing.
      const isSteady = length / settled / expected < 1.4 + 2 / (n + 1);
      const gain = isSteady ? Math.sqrt(pathRate * (2 - pathRate) * effective) : 0;
      for (let k = 0; k < n; k++) path[k] = (1 - pathRate) * path[k]! + gain * shift[k]!;
      const kept = 1 - rankOne - rankMany + (isSteady ? 0 : rankOne * pathRate * (2 - pathRate));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let many = 0;
          for (const [s, step] of steps.entries()) many += weights[s]! * step[i]! * step[j]!;
          covariance[i * n + j] = kept * covariance[i * n + j]! + rankOne * path[i]! * path[j]! + rankMany * many;
        }
      }
      sigma *= Math.exp((sigmaRate / damping) * (length / expected - 1));
      axes = symmetricEigen(covariance, n);
    },
  };
}

/** Generations of configurations, each trained for `budget`, from the middle of the space. */
export async function cmaEs<S>(
  search: Search<S>,
  options: { readonly generations: number; readonly budget: number; readonly population?: number },
): Promise<Found<S>> {
  const { generations, budget, ...rest } = options;
  const record = recorder(search);
  const strategy = cma({ ...rest, mean: search.space.map(() => 0.5), deviation: 0.3, rng: search.rng });
  for (let generation = 0; generation < generations; generation++) {
    // Points beyond the space are mirrored into it, and learned from where they were evaluated.
    const points = strategy.ask().map((point) => point.map(mirrored));
    const costs: number[] = [];
    for (const point of points) {
      costs.push(-(await record.attempt({ configuration: configurationAt(search.space, point), budget })).score);
    }
    strategy.tell(points, costs);
  }
  return record.found();
}

/** A number folded into [0, 1]. */
function mirrored(x: number): number {
  const period = Math.abs(x) % 2;
  return period > 1 ? 2 - period : period;
}
