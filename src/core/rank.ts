/**
 * @file Rank correlation: Spearman's ρ with a bootstrap interval over clusters
 * and a permutation p-value.
 */
import { clusterBootstrap } from "./bootstrap.ts";
import { assert } from "./errors.ts";
import type { Estimate, Unit } from "./estimate.ts";
import type { Rng } from "./rng.ts";
import { mean } from "./stats.ts";

/** Ranks from 1, ties sharing their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(values.length);
  for (let i = 0; i < order.length; ) {
    let j = i + 1;
    while (j < order.length && values[order[j]!] === values[order[i]!]) j++;
    for (let k = i; k < j; k++) out[order[k]!] = (i + j + 1) / 2;
    i = j;
  }
  return out;
}

/** Spearman's ρ: Pearson's correlation of ranks. NaN when one side is constant. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(x.length === y.length && x.length > 0, "spearman needs pairs");
  const [a, b] = [ranks(x), ranks(y)];
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - ma, b[i]! - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? Number.NaN : ab / Math.sqrt(aa * bb);
}

/**
 * Spearman's ρ with a percentile interval that resamples clusters (seeds).
 *
 * @param clusters one per pair; pairs of one cluster are drawn together
 */
export function spearmanEstimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: {
    readonly clusters: ArrayLike<number>;
    readonly rng: Rng;
    readonly unit?: Unit;
    readonly resamples?: number;
  },
): Estimate {
  return clusterBootstrap({
    ...options,
    unit: options.unit ?? "seeds",
    statistic: (items) =>
      spearman(
        Float64Array.from(items, (i) => x[i]!),
        Float64Array.from(items, (i) => y[i]!),
      ),
  });
}

/**
 * Two-sided permutation p-value of Spearman's ρ: the share of shufflings of `y`
 * at least as extreme, the observed order counted among them.
 */
export function spearmanPermutation(x: ArrayLike<number>, y: ArrayLike<number>, rng: Rng, shuffles = 2000): number {
  const observed = Math.abs(spearman(x, y));
  const shuffled = Array.from(y);
  let extreme = 1;
  for (let s = 0; s < shuffles; s++) {
    rng.shuffle(shuffled);
    if (Math.abs(spearman(x, shuffled)) >= observed - 1e-12) extreme++;
  }
  return extreme / (shuffles + 1);
}
