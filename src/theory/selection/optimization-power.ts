/**
 * @file Optimization power in bits: how improbable an outcome at least as good
 * is under a reference that does not optimize (Yudkowsky 2008). The same number
 * as the exposure of Carlini et al. 2019, with the reference for the canary space.
 *
 * Closed forms and their finite-sample limits; what plays the reference is not
 * known here.
 */
import { assert } from "../../core/errors.ts";

/**
 * Bits of an outcome whose better-or-equal outcomes have probability `tail`
 * under the reference: −log₂ tail.
 *
 * @example
 * optimizationPower(1 / 8); // => 3
 */
export function optimizationPower(tail: number): number {
  assert(tail > 0 && tail <= 1, `a probability above 0, got ${tail}`);
  return tail === 1 ? 0 : -Math.log2(tail);
}

/**
 * Bits from a sample: the outcome is ranked among `n` reference outcomes and
 * itself, log₂((n + 1) / (k + 1)) where `k` of them are at least as good.
 *
 * (k + 1) / (n + 1) is a valid p-value, so reference play reaches b bits with
 * probability at most 2^−b. A sample cannot show more than {@link resolvableBits}:
 * with k = 0 the number is "at least".
 */
export function sampledPower(k: number, n: number): number {
  assert(k >= 0 && k <= n, `${k} of ${n} reference outcomes`);
  return Math.log2((n + 1) / (k + 1));
}

/** The most that `n` reference outcomes can resolve: log₂(n + 1). */
export function resolvableBits(n: number): number {
  return Math.log2(n + 1);
}

/**
 * Mean bits of reference play ranked against itself, without ties: the mean of
 * log₂((n + 1) / j) over ranks j = 1 … n + 1. Tends to log₂ e = 1.4427, not 0;
 * ties lower it.
 */
export function referenceBits(n: number): number {
  let sum = 0;
  for (let j = 1; j <= n + 1; j++) sum += Math.log2((n + 1) / j);
  return sum / (n + 1);
}
