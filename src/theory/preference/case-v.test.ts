/** @file Case V against its closed form for two options, finite differences, and options that always win. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { logNormalCdf, normalCdf } from "../numerics/normal.ts";
import { caseVSlope, fitCaseV } from "./case-v.ts";
import type { PairChoices } from "./thurstone.ts";

const pair = (first: number, second: number, share: number, count = 4): PairChoices => ({
  first,
  second,
  share,
  count,
});
const random = rng(1);
const pairs = Array.from({ length: 20 }, (_, i) => pair(i % 5, (i % 5) + 1 + random.int(2), random.uniform(), 1 + i));

test("slope and curvature are those of the log-posterior, by finite differences", () => {
  const at = Float64Array.from({ length: 7 }, () => random.normal());
  const value = (u: Float64Array) =>
    pairs.reduce((sum, { first, second, share, count }) => {
      const d = u[first]! - u[second]!;
      return sum + count * (share * logNormalCdf(d) + (1 - share) * logNormalCdf(-d));
    }, 0) - u.reduce((sum, each) => sum + each ** 2 / 8, 0);
  const { slope, curvature } = caseVSlope(at, pairs);
  const moved = (i: number, by: number) => at.map((each, k) => each + (k === i ? by : 0));
  for (let i = 0; i < 7; i++) {
    expect(slope[i]).toBeCloseTo((value(moved(i, 1e-5)) - value(moved(i, -1e-5))) / 2e-5, 5);
    const [up, down] = [caseVSlope(moved(i, 1e-5), pairs).slope, caseVSlope(moved(i, -1e-5), pairs).slope];
    for (let k = 0; k < 7; k++) expect(curvature[k * 7 + i]).toBeCloseTo((down[k]! - up[k]!) / 2e-5, 5);
  }
});

test("the mode has no slope; with many choices of two options it is the quantile of their share", () => {
  const fit = fitCaseV(7, pairs);
  for (const each of caseVSlope(fit, pairs).slope) expect(each).toBeCloseTo(0, 8);
  const [a, b] = fitCaseV(2, [pair(0, 1, 0.8, 1e6)]);
  expect(normalCdf(a! - b!)).toBeCloseTo(0.8, 4);
  expect(a! + b!).toBeCloseTo(0, 10);
});

test("an option that always wins is at a finite place, one without pairs at 0", () => {
  const fit = fitCaseV(4, [pair(0, 1, 1, 1000), pair(1, 2, 1, 1000), pair(0, 2, 1, 1000)]);
  expect(fit.every(Number.isFinite)).toBe(true);
  expect(fit[0]).toBeGreaterThan(fit[1]!);
  expect(fit[1]).toBeGreaterThan(fit[2]!);
  expect(fit[3]).toBe(0);
});
