/** @file The sign-flip test against every arrangement written out, and the interval against the test. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { equivalence, signFlip } from "./sign-flip.ts";

/** Share of the 2^K arrangements whose sum satisfies a condition. */
function share(d: readonly number[], holds: (sum: number) => boolean): number {
  let count = 0;
  for (let mask = 0; mask < 2 ** d.length; mask++) {
    if (holds(d.reduce((sum, value, i) => sum + ((mask >> i) & 1 ? -value : value), 0))) count++;
  }
  return count / 2 ** d.length;
}

const draw = (seed: number, k: number, shift = 0) => {
  const r = rng(seed);
  return Array.from({ length: k }, () => r.normal() + shift);
};

test("p-values are shares of all arrangements of signs", () => {
  for (const seed of [1, 2, 3, 4]) {
    const d = seed === 4 ? [0, 0.5, -0.5, 0.5, 0.25, 0, 0.5, -0.25] : draw(seed, 8, 0.4);
    const sum = d.reduce((a, b) => a + b, 0);
    const found = signFlip(d, rng(1));
    expect(found.pGreater).toBeCloseTo(
      share(d, (s) => s >= sum - 1e-9),
      12,
    );
    expect(found.pLess).toBeCloseTo(
      share(d, (s) => s <= sum + 1e-9),
      12,
    );
    expect(found.p).toBeCloseTo(
      Math.min(
        1,
        share(d, (s) => Math.abs(s) >= Math.abs(sum) - 1e-9),
      ),
      12,
    );
  }
});

test("the interval holds exactly the shifts that the test does not reject", () => {
  for (const seed of [1, 2, 3]) {
    const d = draw(seed, 10, 0.3);
    const { interval } = signFlip(d, rng(1));
    for (let shift = -2; shift <= 2; shift += 0.0137) {
      const isIn = shift >= interval[0] && shift <= interval[1];
      expect(
        signFlip(
          d.map((value) => value - shift),
          rng(1),
        ).p > 0.05,
      ).toBe(isIn);
    }
  }
});

test("fewer than six clusters reject nothing, and all differences on one side give the least p", () => {
  expect(signFlip([1, 2, 3, 4, 5], rng(1)).interval).toEqual([-Infinity, Infinity]);
  expect(signFlip([1, 2, 3, 4, 5, 6], rng(1)).p).toBeCloseTo(2 / 64, 12);
  expect(
    signFlip(
      Array.from({ length: 12 }, () => 0),
      rng(1),
    ).p,
  ).toBe(1);
});

test("many clusters: drawn flips agree with the normal approximation", () => {
  const d = draw(5, 60, 0.25);
  const n = d.length;
  const m = d.reduce((a, b) => a + b, 0) / n;
  const se = Math.sqrt(d.reduce((sum, value) => sum + (value - m) ** 2, 0) / (n - 1) / n);
  const { interval, p } = signFlip(d, rng(2));
  expect(interval[0]).toBeCloseTo(m - 2.0 * se, 1);
  expect(interval[1]).toBeCloseTo(m + 2.0 * se, 1);
  expect(p < 0.05).toBe(interval[0] > 0 || interval[1] < 0);
});

test("without an effect it rejects at most one time in twenty, however the clusters differ in spread", () => {
  let rejected = 0;
  const rounds = 4000;
  for (let round = 0; round < rounds; round++) {
    const r = rng(9).fork(round);
    if (
      signFlip(
        Array.from({ length: 12 }, (_, i) => r.normal() * (1 + i)),
        r,
      ).p <= 0.05
    )
      rejected++;
  }
  expect(rejected / rounds).toBeGreaterThan(0.04);
  expect(rejected / rounds).toBeLessThan(0.06);
});

test("equivalence needs both sides", () => {
  const tight = draw(3, 12).map((value) => value * 0.01);
  expect(equivalence(tight, 0.1, rng(1))).toBeLessThan(0.001);
  expect(
    equivalence(
      tight.map((value) => value + 0.2),
      0.1,
      rng(1),
    ),
  ).toBeGreaterThan(0.5);
  expect(
    equivalence(
      tight.map((value) => value - 0.2),
      0.1,
      rng(1),
    ),
  ).toBeGreaterThan(0.5);
});
