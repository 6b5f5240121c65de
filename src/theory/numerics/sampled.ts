/**
 * @file A mean over independent random draws of an estimator: what an expectation without a
 * closed form is reported as. Not for training seeds, which have `core/intervals`.
 */
import { assert } from "../../core/errors.ts";
import { mean, variance } from "../../core/stats.ts";

/** A mean over `n` independent draws with its standard error and normal 95 % interval. */
export interface Sampled {
  readonly mean: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Mean of independent draws. At least two; the normal interval is meant for a few dozen and more. */
export function sampledMean(draws: ArrayLike<number>): Sampled {
  assert(draws.length >= 2, `one draw has no spread, got ${draws.length}`);
  const center = mean(draws);
  const standardError = Math.sqrt(variance(draws) / draws.length);
  const half = 1.959963984540054 * standardError;
  return { mean: center, standardError, low: center - half, high: center + half, n: draws.length };
}
