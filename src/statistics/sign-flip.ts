/**
 * @file The sign-flip test over clusters and the interval that belongs to it.
 *
 * One difference a cluster (a paraphrase family): dᵢ. Without an effect each is as likely dᵢ as −dᵢ, however the items
 * within a cluster hang together, so that the 2^K ways of flipping signs are equally likely and the test is exact for
 * every K. The interval is the set of shifts that the test does not reject: its limits are order statistics of the
 * means of the 2^K − 1 subsets (Hartigan 1969), so that test and interval never disagree.
 */
import { assert } from "../core/errors.ts";
import type { Interval } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";

/** Above this many clusters flips are drawn, not enumerated. */
const MOST_EXACT = 16;
/** Flips drawn where they are not enumerated; the observed one counts besides, so that p stays valid. */
const DRAWS = 19_999;

export interface SignFlip {
  readonly mean: number;
  /** Two-sided. */
  readonly p: number;
  /** Of the mean being no greater than 0, and no less. */
  readonly pGreater: number;
  readonly pLess: number;
  /** Of the level asked for; infinite where no shift can be rejected with so few clusters. */
  readonly interval: Interval;
}

/**
 * Test that the differences are symmetric about 0, and the interval of their center.
 *
 * @param differences one per cluster, `[K]`
 * @param rng draws flips where K exceeds 16
 * @param alpha share of intervals that may miss
 */
export function signFlip(differences: ArrayLike<number>, rng: Rng, alpha = 0.05): SignFlip {
  assert(differences.length > 0, "signFlip of no clusters");
  const { means, total } = subsetMeans(differences, rng);
  // Flipping the signs of a subset leaves a sum no smaller exactly where the mean of the subset is at most 0.
  const slack = 1e-12 * Math.max(...Array.from(differences, Math.abs));
  let [below, above] = [1, 1];
  for (let i = 0; i < means.length; i++) {
    if (means[i]! <= slack) below++;
    if (means[i]! >= -slack) above++;
  }
  // The limit is the m-th subset mean from its end: the outermost shift that is not rejected.
  const m = Math.floor((alpha / 2) * total + 1e-9);
  const interval: Interval =
    m === 0 ? [-Infinity, Infinity] : [nth(means, m - 1, 0), nth(means, means.length - m, m - 1)];
  const [pGreater, pLess] = [Math.min(1, below / total), Math.min(1, above / total)];
  return { mean: mean(differences), p: Math.min(1, 2 * Math.min(pGreater, pLess)), pGreater, pLess, interval };
}

/**
 * Two one-sided tests: is the mean inside (−margin, margin)? The p-value is the larger of the two, so that equivalence
 * is shown only where both an effect above and one below the margin are rejected.
 *
 * Source: Schuirmann 1987.
 */
export function equivalence(differences: ArrayLike<number>, margin: number, rng: Rng): number {
  const shifted = (by: number) => Float64Array.from(differences, (value) => value + by);
  return Math.max(signFlip(shifted(margin), rng).pGreater, signFlip(shifted(-margin), rng).pLess);
}

/** Means of every nonempty subset, or of drawn ones; `total` counts the observed arrangement besides. */
function subsetMeans(values: ArrayLike<number>, rng: Rng): { means: Float64Array; total: number } {
  const k = values.length;
  if (k <= MOST_EXACT) {
    const sums = new Float64Array(2 ** k);
    const sizes = new Uint8Array(2 ** k);
    const means = new Float64Array(2 ** k - 1);
    // Each subset is a smaller one and the element of its highest bit.
    for (let i = 0, bit = 1; i < k; i++, bit *= 2) {
      for (let rest = 0; rest < bit; rest++) {
        const at = bit + rest;
        sums[at] = sums[rest]! + values[i]!;
        sizes[at] = sizes[rest]! + 1;
        means[at - 1] = sums[at]! / sizes[at]!;
      }
    }
    return { means, total: 2 ** k };
  }
  const means = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    let [sum, size] = [0, 0];
    while (size === 0) {
      for (let i = 0, bits = 0; i < k; i++, bits >>>= 1) {
        if (i % 32 === 0) bits = rng.bits();
        if ((bits & 1) === 1) {
          sum += values[i]!;
          size++;
        }
      }
    }
    means[draw] = sum / size;
  }
  return { means, total: DRAWS + 1 };
}

/**
 * The value that would stand at `at` if the array were sorted; reorders it (Hoare's selection). Pivots are guessed at the
 * share sought, from nine values, so that a limit far out is found in little more than one pass.
 *
 * @param from everything before it is known to be no greater than what follows
 */
function nth(values: Float64Array, at: number, from: number): number {
  let [left, right] = [from, values.length - 1];
  const guess = new Float64Array(9);
  while (left < right) {
    let pivot = values[(left + right) >> 1]!;
    if (right - left > 100) {
      for (let i = 0; i < 9; i++) guess[i] = values[left + Math.floor(((right - left) * (i + 0.5)) / 9)]!;
      guess.sort();
      // A little toward the middle: overshooting costs a second pass over few, undershooting one over many.
      const share = (at - left) / (right - left);
      pivot = guess[Math.max(0, Math.min(8, Math.round(share * 8 + (share < 0.5 ? 1 : -1))))]!;
    }
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const held = values[i]!;
      values[i++] = values[j]!;
      values[j--] = held;
    }
    if (at <= j) right = j;
    else if (at >= i) left = i;
    else break;
  }
  return values[at]!;
}
