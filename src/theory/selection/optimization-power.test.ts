/** @file Published worked examples, the rank identity with exposure, and the null distribution by enumeration. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { optimizationPower, referenceBits, resolvableBits, sampledPower } from "./optimization-power.ts";

test("Armstrong's eight equiprobable states: X6 is 2 bits, X4 is 1 bit, X7 is 3 bits", () => {
  // Preference follows the number, from X0 to X7; at least as good as X6 are two of eight.
  expect([6, 4, 7].map((state) => optimizationPower((8 - state) / 8))).toEqual([2, 1, 3]);
});

test("ranking in a sample is Carlini's exposure: references 1 to 16 give 4, 2 and −0.0875 bits before the own rank is counted", () => {
  // Exposure is log2(|R|) − log2(rank) with rank counted in R alone; the sample rank adds the outcome to both.
  expect(sampledPower(0, 15)).toBe(4);
  expect(sampledPower(3, 15)).toBe(2);
  expect(Math.log2(16) - Math.log2(17)).toBeCloseTo(-0.0874628, 7);
  expect(sampledPower(16, 16)).toBe(0);
});

test("no sample shows more than log2(n + 1) bits", () => {
  for (const n of [1, 10, 255]) {
    expect(sampledPower(0, n)).toBe(resolvableBits(n));
    for (let k = 1; k <= n; k++) expect(sampledPower(k, n)).toBeLessThan(resolvableBits(n));
  }
});

test("reference play against itself has 1.4427 bits, and reaches b bits with probability at most 2^−b", () => {
  expect(referenceBits(100_000)).toBeCloseTo(Math.LOG2E, 3);
  const n = 31;
  const random = rng(1);
  const bits = Array.from({ length: 4000 }, () => {
    const own = random.uniform();
    let k = 0;
    for (let i = 0; i < n; i++) if (random.uniform() >= own) k++;
    return sampledPower(k, n);
  });
  expect(Math.abs(bits.reduce((a, b) => a + b) / bits.length - referenceBits(n))).toBeLessThan(0.06);
  for (const b of [1, 2, 3, 4]) {
    expect(bits.filter((each) => each >= b).length / bits.length).toBeLessThan(2 ** -b + 0.025);
  }
});
