/** @file Means over independent contexts, as estimates: for one learner, whose contexts are drawn anew. */
import type { Estimate } from "../core/estimate.ts";
import type { Interval } from "../core/intervals.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";

/**
 * Mean with its normal interval, meant for hundreds of contexts and more.
 *
 * @param range clips the interval where the quantity is bounded
 */
export function overContexts(values: ArrayLike<number>, [bottom, top]: Interval = [-Infinity, Infinity]): Estimate {
  const { mean, low, high, n } = sampledMean(values);
  // Rounding may carry a mean of bounded values past the bound.
  const clip = (value: number) => Math.max(bottom, Math.min(top, value));
  return { mean: clip(mean), low: clip(low), high: clip(high), n, unit: "contexts" };
}
