/** @file Underspecification: the pipeline of two equal features in closed form, coverage, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { splitWeightsError, underspecification } from "./underspecification.ts";

const errorOf = (firstWeight: number) => 2 * (1 - firstWeight) ** 2;

describe("two features that are equal in training", () => {
  const tau = 0.2;
  const random = rng(1);
  const seeds = Array.from({ length: 4000 }, () => 0.5 + tau * random.normal());

  test("mean and spread of the error where they part, by simulation of whole test sets", () => {
    const { mean: expected, sd } = splitWeightsError(tau);
    const errors = seeds.map(errorOf);
    expect(Math.abs(mean(errors) - expected)).toBeLessThan((4 * sd) / Math.sqrt(errors.length));
    expect(Math.abs(Math.sqrt(variance(errors)) / sd - 1)).toBeLessThan(0.06);
    // One run on 50,000 inputs.
    const w = 0.7;
    let sum = 0;
    for (let i = 0; i < 50_000; i++) sum += ((1 - w) * random.normal() - (1 - w) * random.normal()) ** 2;
    expect(sum / 50_000).toBeCloseTo(errorOf(w), 2);
  });

  test("validation sees nothing of it: a large ratio, ranks unrelated; noise of the test set is taken off", () => {
    // A validation error differs between runs by 1e-4, half of that variance the noise of its test set.
    const noise = 0.5e-8;
    const validation = seeds.slice(0, 60).map(() => 0.01 + 1e-4 * random.normal());
    const stress = seeds.slice(0, 60).map(errorOf);
    const plain = underspecification({ validation, stress }, { rng: rng(2) });
    expect(plain.ratio.low).toBeGreaterThan(1000);
    expect(plain.rankCorrelation.low).toBeLessThan(0);
    expect(plain.rankCorrelation.high).toBeGreaterThan(0);
    expect(plain.stressSd / splitWeightsError(tau).sd).toBeGreaterThan(0.75);
    const cleaned = underspecification({ validation, stress, validationNoise: noise }, { rng: rng(2) });
    expect(cleaned.validationSd).toBeCloseTo(Math.sqrt(plain.validationSd ** 2 - noise), 12);
    expect(cleaned.ratio.mean).toBeGreaterThan(1.2 * plain.ratio.mean);
    // All of it noise: nothing is left to divide by.
    expect(underspecification({ validation, stress, validationNoise: 1e-6 }, { rng: rng(2) }).ratio.mean).toBe(
      Infinity,
    );
  });

  test("wrong version: means instead of spreads call runs that agree underspecified", () => {
    const validation = seeds.slice(0, 40).map((w) => 0.001 * w);
    const agreeing = validation.map((each) => 1 + each);
    const { ratio, rankCorrelation } = underspecification(
      { validation, stress: agreeing },
      { rng: rng(3), resamples: 50 },
    );
    expect(ratio.mean).toBeCloseTo(1, 6);
    expect(rankCorrelation.mean).toBeCloseTo(1, 12);
    expect(mean(agreeing) / mean(validation)).toBeGreaterThan(100);
  });
});

test("a pipeline that is specified has ratio 1 and correlated ranks; the interval covers", () => {
  let covered = 0;
  for (let run = 0; run < 100; run++) {
    const random = rng(100 + run);
    const skill = Array.from({ length: 30 }, () => random.normal());
    const scores = {
      validation: skill.map((s) => s + 0.3 * random.normal()),
      stress: skill.map((s) => s + 0.3 * random.normal()),
    };
    const found = underspecification(scores, { rng: rng(run), resamples: 100 });
    if (found.ratio.low <= 1 && found.ratio.high >= 1) covered++;
    expect(found.rankCorrelation.low).toBeGreaterThan(0.3);
    expect([found.ratio.n, found.ratio.unit]).toEqual([30, "seeds"]);
  }
  expect(covered).toBeGreaterThan(84);
  expect(() => underspecification({ validation: [1, 2], stress: [1, 2] }, { rng: rng(1) })).toThrow("10 seeds");
});
