/** @file The difference of two estimates against published values and against its promise: coverage. */
import { expect, test } from "vitest";
import { excludesZero, independentDifference } from "./difference.ts";
import { wilson } from "./intervals.ts";
import { rng } from "./rng.ts";

const share = (k: number, n: number) => wilson(k, n, "levels");

test("shares: the score interval of Newcombe 1998, table II, method 10", () => {
  const published: readonly (readonly [number, number, number, number, number, number])[] = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ];
  for (const [k, n, l, m, low, high] of published) {
    const difference = independentDifference(share(l, m), share(k, n));
    expect(difference.mean).toBeCloseTo(k / n - l / m, 12);
    expect(difference.low).toBeCloseTo(low, 4);
    expect(difference.high).toBeCloseTo(high, 4);
  }
});

test("turned around it changes its sign and nothing else", () => {
  const [a, b] = [share(7, 40), share(31, 50)];
  const [forth, back] = [independentDifference(a, b), independentDifference(b, a)];
  expect([back.mean, back.low, back.high]).toEqual([-forth.mean, -forth.high, -forth.low]);
  expect([excludesZero(forth), excludesZero(back), excludesZero(independentDifference(a, a))]).toEqual([
    true,
    true,
    false,
  ]);
});

test("covers the true difference about as often as it says", () => {
  const random = rng(3);
  const count = (n: number, p: number) => Array.from({ length: n }, () => random.uniform()).filter((u) => u < p).length;
  let covered = 0;
  const trials = 4000;
  for (let t = 0; t < trials; t++) {
    const { low, high } = independentDifference(share(count(60, 0.3), 60), share(count(40, 0.55), 40));
    if (low <= 0.25 && 0.25 <= high) covered++;
  }
  // Newcombe reports .95 on average; the Monte Carlo error is .0034.
  expect(covered / trials).toBeGreaterThan(0.935);
  expect(covered / trials).toBeLessThan(0.97);
});
