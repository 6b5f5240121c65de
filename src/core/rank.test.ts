/** @file Rank correlation against hand-computed values and exhaustive permutation. */
import { expect, test } from "vitest";
import { ranks, spearman, spearmanEstimate, spearmanPermutation } from "./rank.ts";
import { rng } from "./rng.ts";
import { logMeanExp, logSumExp, quantile } from "./stats.ts";

test("ties share their mean rank", () => {
  expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]);
});

test("Spearman's rho: the textbook IQ and television example is −29/165", () => {
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  expect(spearman([1, 2, 3], [2, 2, 2])).toBeNaN();
});

test("the permutation p-value agrees with all 120 orders of five pairs", () => {
  const x = [1, 2, 3, 4, 5];
  const y = [1, 3, 2, 5, 4];
  const observed = Math.abs(spearman(x, y));
  let [extreme, total] = [0, 0];
  const permute = (rest: number[], order: number[]) => {
    if (rest.length === 0) {
      total++;
      if (Math.abs(spearman(x, order)) >= observed - 1e-12) extreme++;
    }
    for (const item of rest)
      permute(
        rest.filter((other) => other !== item),
        [...order, item],
      );
  };
  permute(y, []);
  expect(total).toBe(120);
  expect(Math.abs(spearmanPermutation(x, y, rng(1), 20_000) - extreme / total)).toBeLessThan(0.01);
});

test("the interval contains the estimate, and tightens with more seeds", () => {
  const points = (seeds: number) => {
    const r = rng(3);
    const pairs = Array.from({ length: seeds * 6 }, (_, i) => [i % 6, (i % 6) + 2 * r.normal(), Math.floor(i / 6)]);
    const [x, y, clusters] = [0, 1, 2].map((column) => pairs.map((pair) => pair[column]!));
    return spearmanEstimate(x!, y!, { clusters: clusters!, rng: rng(4), resamples: 400 });
  };
  const [few, many] = [points(5), points(80)];
  for (const estimate of [few, many]) {
    expect(estimate.low).toBeLessThan(estimate.mean);
    expect(estimate.high).toBeGreaterThan(estimate.mean);
  }
  expect(few.n).toBe(5);
  expect(many.high - many.low).toBeLessThan(0.6 * (few.high - few.low));
});

test("sums on the log scale survive any offset", () => {
  for (const offset of [-1e5, 0, 1e5]) {
    expect(logSumExp([offset, offset + Math.log(3)]) - offset).toBeCloseTo(Math.log(4), 9);
    expect(logMeanExp([offset, offset + Math.log(3)]) - offset).toBeCloseTo(Math.log(2), 9);
  }
  expect(logSumExp([])).toBe(-Infinity);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
});
