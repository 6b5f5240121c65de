/**
 * @file 95 % intervals for shares and means, with the assumption each rests on.
 *
 * Shares of independent trials: Wilson, or Clopper and Pearson where coverage
 * must be guaranteed. Training seeds: Student's t. Means of bounded values over
 * clustered levels: {@link boundedMean}, which never collapses to a point.
 */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { assert, LabError } from "./errors.ts";
import type { Estimate, Unit } from "./estimate.ts";
import type { Rng } from "./rng.ts";
import { mean, quantile, variance } from "./stats.ts";

/** Least and greatest value, both attainable. */
export type Interval = readonly [low: number, high: number];

/** Share of 95 % intervals that may miss, split evenly between the two sides. */
const ALPHA = 0.05;
/** 97.5 % point of the standard normal. */
const Z = 1.959963984540054;

/**
 * A share of independent trials with Wilson's score interval: coverage near 95 %
 * on average over the true share, and never a point.
 */
export function wilson(k: number, n: number, unit: Unit): Estimate {
  checkTrials("wilson", k, n);
  const share = k / n;
  const center = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return { mean: share, low: k === 0 ? 0 : center - half, high: k === n ? 1 : center + half, n, unit };
}

/** A share with Clopper and Pearson's interval: coverage at least 95 % for every true share and every `n`. */
export function clopperPearson(k: number, n: number, unit: Unit): Estimate {
  checkTrials("clopperPearson", k, n);
  const low = k === 0 ? 0 : betaQuantile(ALPHA / 2, k, n - k + 1);
  const high = k === n ? 1 : betaQuantile(1 - ALPHA / 2, k + 1, n - k);
  return { mean: k / n, low, high, n, unit };
}

/**
 * Mean over training seeds with Student's t interval.
 *
 * @param values one per seed
 * @param range clips the interval where the quantity is bounded
 * @throws {LabError} `input/invalid` for fewer than two seeds: one seed has no spread
 */
export function overSeeds(values: ArrayLike<number>, range: Interval = [-Infinity, Infinity]): Estimate {
  const n = values.length;
  if (n < 2) {
    throw new LabError("input/invalid", `overSeeds: one seed has no spread, got ${n} values; expected at least 2`, {
      hint: "Train more seeds.",
    });
  }
  const center = mean(values);
  const half = tQuantile(1 - ALPHA / 2, n - 1) * Math.sqrt(variance(values) / n);
  return {
    mean: center,
    low: Math.max(range[0], center - half),
    high: Math.min(range[1], center + half),
    n,
    unit: "seeds",
  };
}

/**
 * Mean of values pooled over training seeds, which are its clusters: x̄ = Σ Sₖ / Σ nₖ with Student's t on K − 1 degrees
 * of freedom and the linearized variance K / (K − 1) · Σ (Sₖ − x̄ nₖ)² / (Σ nₖ)². With as many values of each seed it is
 * {@link overSeeds} of their means.
 *
 * @param values those of each seed
 * @param range clips the interval where the quantity is bounded
 * @throws {LabError} `input/invalid` for fewer than two seeds
 */
export function pooledOverSeeds(
  values: readonly ArrayLike<number>[],
  range: Interval = [-Infinity, Infinity],
): Estimate {
  const k = values.length;
  const total = values.reduce((sum, { length }) => sum + length, 0);
  const sums = values.map((own) => Array.from(own).reduce((sum, value) => sum + value, 0));
  const center = sums.reduce((a, b) => a + b, 0) / total;
  // Student's t of these has exactly the linearized variance: their mean is 0.
  const { mean: shift, low, high } = overSeeds(sums.map((sum, i) => ((sum - center * values[i]!.length) * k) / total));
  const clip = (limit: number) => Math.max(range[0], Math.min(range[1], center + limit - shift));
  return { mean: center, low: clip(low), high: clip(high), n: k, unit: "seeds" };
}

/**
 * Empirical Bernstein interval (Maurer and Pontil 2009): for independent values
 * in `range`, valid at every n, wide when n is small. Each side takes half of
 * the 5 %: |x̄ − μ| ≤ √(2 V ln(4/α) / n) + 7 R ln(4/α) / (3 (n − 1)).
 */
export function bernstein(values: ArrayLike<number>, range: Interval, unit: Unit): Estimate {
  const n = values.length;
  const center = mean(values);
  const log = Math.log(4 / ALPHA);
  const half =
    n < 2 ? Infinity : Math.sqrt((2 * variance(values) * log) / n) + (7 * (range[1] - range[0]) * log) / (3 * (n - 1));
  return { mean: center, low: Math.max(range[0], center - half), high: Math.min(range[1], center + half), n, unit };
}

export interface BoundedMeanOptions {
  /** Every value lies in it. */
  readonly range: Interval;
  /** Values of one cluster count as one independent unit; default: every value is its own. */
  readonly clusters?: ArrayLike<number>;
  /** Default: `layouts` with clusters, which is what they mostly are, else `levels`. */
  readonly unit?: Unit;
  readonly rng: Rng;
  /** Draws of the weights; the Monte Carlo error of a limit is about 4 % of the half-width at 1,000. */
  readonly draws?: number;
}

/**
 * Mean of bounded values with Gaffke's interval over clusters.
 *
 * The upper limit is the 97.5 % quantile of the mean under random weights,
 * uniform on the simplex, on the observed clusters *and on one more at the top
 * of the range*; the lower limit likewise with the bottom. For zeros and ones it
 * is exactly Clopper and Pearson's interval, for many values it approaches the
 * normal one, and it never is a point. A cluster enters with its sum and its
 * size, the added one with the mean size; `n` counts clusters.
 *
 * Source: Gaffke 2005; Phan, Thomas and Learned-Miller 2021, arXiv:2106.03163
 * (coverage holds in every simulation and is not proven in general).
 */
export function boundedMean(values: ArrayLike<number>, options: BoundedMeanOptions): Estimate {
  const { range, clusters, rng, unit = clusters ? "layouts" : "levels", draws = 1000 } = options;
  const [bottom, top] = range;
  const n = values.length;
  assert(n > 0, "boundedMean of nothing");
  const center = mean(values);
  const groups = group(values, clusters);
  const units = groups.reduce((sum, { count }) => sum + count, 0);
  const binary = units === n && groups.every(({ sum }) => sum === bottom || sum === top);
  if (binary) {
    const k = groups.find(({ sum }) => sum === top)?.count ?? 0;
    const { low, high } = clopperPearson(k, n, unit);
    return { mean: center, low: bottom + low * (top - bottom), high: bottom + high * (top - bottom), n, unit };
  }

  const lows = new Float64Array(draws);
  const highs = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let size = 0;
    for (const one of groups) {
      const weight = gamma(one.count, rng);
      sum += weight * one.sum;
      size += weight * one.size;
    }
    const extra = (gamma(1, rng) * n) / units;
    lows[draw] = (sum + extra * bottom) / (size + extra);
    highs[draw] = (sum + extra * top) / (size + extra);
  }
  return {
    mean: center,
    low: Math.min(center, quantile(lows.sort(), ALPHA / 2)),
    high: Math.max(center, quantile(highs.sort(), 1 - ALPHA / 2)),
    n: units,
    unit,
  };
}

/**
 * Mean of the paired differences `a − b`, both bounded by `range`; see {@link boundedMean}.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, options: BoundedMeanOptions): Estimate {
  assert(a.length === b.length, "pairs need equal lengths");
  const width = options.range[1] - options.range[0];
  const differences = Float64Array.from(a, (value, i) => value - b[i]!);
  return boundedMean(differences, { ...options, range: [-width, width] });
}

/** Clusters that look alike, so that one gamma draw serves all of them. */
interface Group {
  readonly sum: number;
  readonly size: number;
  count: number;
}

function group(values: ArrayLike<number>, clusters: ArrayLike<number> | undefined): Group[] {
  const perCluster = new Map<number, { sum: number; size: number }>();
  for (let i = 0; i < values.length; i++) {
    const key = clusters ? clusters[i]! : i;
    const cluster = perCluster.get(key);
    if (cluster) {
      cluster.sum += values[i]!;
      cluster.size++;
    } else perCluster.set(key, { sum: values[i]!, size: 1 });
  }
  const groups = new Map<string, Group>();
  for (const { sum, size } of perCluster.values()) {
    const key = `${sum}/${size}`;
    const same = groups.get(key);
    if (same) same.count++;
    else groups.set(key, { sum, size, count: 1 });
  }
  return [...groups.values()];
}

/** A gamma variate of integer shape and unit scale: an exponential, or Marsaglia and Tsang 2000. */
function gamma(shape: number, rng: Rng): number {
  if (shape === 1) return -Math.log(1 - rng.uniform());
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function checkTrials(where: string, k: number, n: number): void {
  assert(n >= 1 && k >= 0 && k <= n, `${where}: ${k} successes in ${n} trials`);
}
