/** @file Poisson draws: mean and variance are equal, and none of zero. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { variance } from "../../core/stats.ts";
import { poisson } from "./poisson.ts";
import { sampledMean } from "./sampled.ts";

test("mean and variance, small and large", () => {
  for (const expected of [0.3, 4, 60]) {
    const random = rng(1).fork(`${expected}`);
    const draws = Array.from({ length: 20_000 }, () => poisson(expected, random));
    const { mean, standardError } = sampledMean(draws);
    expect(Math.abs(mean - expected)).toBeLessThan(3.5 * standardError);
    expect(Math.abs(variance(draws) / expected - 1)).toBeLessThan(0.05);
  }
  expect(poisson(0, rng(1))).toBe(0);
});
