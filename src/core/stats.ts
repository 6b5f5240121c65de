/**
 * @file Sums that other statistics stand on: means, variances, quantiles, ranks
 * on the log scale. Every function takes plain or typed arrays and allocates at
 * most one copy.
 */
import { assert } from "./errors.ts";

/** Arithmetic mean; the array must not be empty. */
export function mean(values: ArrayLike<number>): number {
  assert(values.length > 0, "mean of nothing");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Unbiased sample variance, Σ(x − x̄)² / (n − 1); 0 for a single value. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return sum / (values.length - 1);
}

/**
 * Quantile by linear interpolation of order statistics (Hyndman and Fan type 7).
 *
 * @param sorted ascending
 * @param p in [0, 1]
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  assert(sorted.length > 0, "quantile of nothing");
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

/**
 * ln Σ exp(xᵢ), exact for any offset; −∞ for an empty array or when every term is −∞.
 *
 * @example
 * logSumExp([-1000, -1000]); // => -999.3068528194401
 */
export function logSumExp(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]!);
  if (max === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - max);
  return max + Math.log(sum);
}

/** ln of the mean of exp(xᵢ). */
export function logMeanExp(values: ArrayLike<number>): number {
  return logSumExp(values) - Math.log(values.length);
}
