/** @file Bits beyond a sample: exact tails, known laws, coverage, a tail that ends, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { normalCdf } from "../numerics/normal.ts";
import { fitParetoTail, paretoTail, tailPower } from "./tail-power.ts";

const exponential = (random: Rng) => -Math.log(1 - random.uniform());
/** P(X > x) = (1 + x/3)^−4: ξ = ¼. */
const pareto = (random: Rng) => 3 * ((1 - random.uniform()) ** -0.25 - 1);

describe("the fitted tail", () => {
  test("shape of an exponential 0, of a Pareto ¼, of a uniform −1; the sample's own share at the threshold", () => {
    for (const [draw, shape] of [
      [exponential, 0],
      [pareto, 0.25],
      [(random: Rng) => random.uniform(), -1],
    ] as const) {
      const random = rng(1);
      const fitted = fitParetoTail(
        Float64Array.from({ length: 40_000 }, () => draw(random)),
        0.1,
      );
      expect(Math.abs(fitted.shape - shape)).toBeLessThan(0.08);
      expect(paretoTail(fitted, fitted.threshold)).toBeCloseTo(0.1, 12);
    }
  });

  test("it is continuous where the shape is 0, and ends where it is below", () => {
    const flat = { threshold: 1, shape: 0, scale: 2, share: 0.1 };
    expect(paretoTail(flat, 5)).toBeCloseTo(paretoTail({ ...flat, shape: 1e-7 }, 5), 6);
    expect(paretoTail({ ...flat, shape: -0.5 }, 5)).toBe(0);
    expect(() => paretoTail(flat, 0)).toThrow("tail");
    expect(() => fitParetoTail([1, 2, 3], 0.5)).toThrow("20 values");
  });
});

describe("bits of an outcome among 2,000 references", () => {
  const sample = (draw: (random: Rng) => number, seed: number) => {
    const random = rng(seed);
    return Float64Array.from({ length: 2000 }, () => draw(random));
  };

  test("beyond the sample: 20 bits of a normal and of a heavy tail, within the interval; the sample resolves 11", () => {
    // 4.76 deviations, and 3 (2⁵ − 1) of the Pareto law.
    for (const [draw, outcome, truth] of [
      [(random: Rng) => random.normal(), 4.763, -Math.log2(normalCdf(-4.763))],
      [pareto, 93, 20],
    ] as const) {
      const found = tailPower(outcome, sample(draw, 3), { rng: rng(4) });
      expect(truth).toBeCloseTo(20, 1);
      expect(found.low).toBeLessThan(truth);
      expect(found.high).toBeGreaterThan(truth);
      expect(found.isExtrapolated).toBe(true);
      expect(found.resolvable).toBeCloseTo(Math.log2(2001), 12);
      expect(found.low).toBeLessThanOrEqual(found.resolvable);
    }
    // Wrong version: a normal tail for a heavy one.
    expect(-Math.log2(normalCdf(-93))).toBeGreaterThan(1000);
  });

  test("inside it: by rank, and by the tail just as well", () => {
    const reference = sample(exponential, 5);
    const half = tailPower(Math.LN2, reference, { rng: rng(6) });
    expect(Math.abs(half.bits - 1)).toBeLessThan(0.1);
    expect(half.isExtrapolated).toBe(false);
    const six = tailPower(6 * Math.LN2, reference, { rng: rng(6) });
    // 31 references are as good: a standard error of .26 bits.
    expect(Math.abs(six.bits - 6)).toBeLessThan(0.8);
    expect(six.high - six.low).toBeLessThan(2);
  });

  test("where the tail ends before the outcome the sample's bound is all there is", () => {
    const found = tailPower(
      2,
      sample((random) => random.uniform(), 7),
      { rng: rng(8) },
    );
    expect(found.bits).toBe(found.resolvable);
    expect(found.high).toBe(Number.POSITIVE_INFINITY);
  });

  test("the interval holds the truth about as often as it says", () => {
    let covered = 0;
    for (let run = 0; run < 60; run++) {
      const { low, high } = tailPower(14 * Math.LN2, sample(exponential, 100 + run), { rng: rng(run), resamples: 60 });
      if (low <= 14 && 14 <= high) covered++;
    }
    // A percentile interval of an extrapolation: 85 to 95 of 100.
    expect(covered).toBeGreaterThan(46);
  });
});
