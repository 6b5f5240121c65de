/**
 * @file Means over items that hang together in clusters: the sandwich standard error, and the cluster bootstrap with
 * percentile and bias-corrected accelerated intervals. Both are refused below {@link LEAST_CLUSTERS}: with fewer, naive
 * standard errors can be several times too small.
 */
import { resample } from "../core/bootstrap.ts";
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { mean, quantile } from "../core/stats.ts";
import { normalCdf, normalQuantile } from "../theory/numerics/normal.ts";

/** Fewest clusters from which a standard error or a bootstrap is taken. */
export const LEAST_CLUSTERS = 10;

/**
 * Standard error of the mean of `values` whose clusters are independent:
 * √(C/(C−1) · Σ_c (Σ_{i∈c} (xᵢ − x̄))²) / n.
 *
 * Source: Miller 2024, Adding Error Bars to Evals, appendix A, with the correction for finitely many clusters.
 *
 * @param clusters one per value, `[n]`
 */
export function clusteredStandardError(values: ArrayLike<number>, clusters: ArrayLike<number>): number {
  const center = mean(values);
  const sums = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    sums.set(clusters[i]!, (sums.get(clusters[i]!) ?? 0) + values[i]! - center);
  }
  const c = sums.size;
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return c < 2 ? Number.NaN : Math.sqrt((c / (c - 1)) * squares) / values.length;
}

export interface BootstrapMean {
  readonly percentile: Estimate;
  /** Bias-corrected and accelerated (Efron 1987), the acceleration by leaving out one cluster at a time. */
  readonly bca: Estimate;
}

/**
 * Mean of values with bootstrap intervals that resample whole clusters; `n` counts clusters.
 *
 * @throws {LabError} `input/invalid` below {@link LEAST_CLUSTERS} clusters
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  rng: Rng,
  resamples = 2000,
): BootstrapMean {
  const found = new Set(Array.from(clusters));
  if (found.size < LEAST_CLUSTERS) {
    throw new LabError(
      "input/invalid",
      `bootstrap: too few clusters to resample, got ${found.size}; expected at least ${LEAST_CLUSTERS}`,
      { hint: "Add paraphrase families; more items of the same ones do not help." },
    );
  }
  const statistic = (items: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < items.length; i++) sum += values[items[i]!]!;
    return sum / items.length;
  };
  const center = mean(values);
  const { values: drawn } = resample({ clusters, statistic, rng, resamples });
  const estimate = (low: number, high: number): Estimate => ({
    mean: center,
    low: Math.min(center, quantile(drawn, low)),
    high: Math.max(center, quantile(drawn, high)),
    n: found.size,
    unit: "families",
  });
  const left = [...found].map((cluster) =>
    statistic(Array.from({ length: values.length }, (_, i) => i).filter((i) => clusters[i] !== cluster)),
  );
  const middle = mean(left);
  const [squares, cubes] = [2, 3].map((power) => left.reduce((sum, value) => sum + (middle - value) ** power, 0));
  const acceleration = squares === 0 ? 0 : cubes! / (6 * squares! ** 1.5);
  const below = drawn.reduce((count, value) => count + (value < center ? 1 : value === center ? 0.5 : 0), 0);
  const bias = normalQuantile(Math.min(1 - 0.5 / drawn.length, Math.max(0.5 / drawn.length, below / drawn.length)));
  const moved = (p: number) => {
    const z = bias + normalQuantile(p);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return { percentile: estimate(0.025, 0.975), bca: estimate(moved(0.025), moved(0.975)) };
}
