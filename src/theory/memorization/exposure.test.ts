/** @file Exposure: the reference implementation's test, the identity with optimization power, controls, extrapolation. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { drawSkewNormal, skewNormalLogCdf } from "../numerics/skew-normal.ts";
import { optimizationPower, referenceBits, sampledPower } from "../selection/optimization-power.ts";
import { exactExposure, extrapolatedExposure, rankedExposure } from "./exposure.ts";

const references = Array.from({ length: 16 }, (_, i) => i + 1);

describe("by rank among references", () => {
  test("perplexities 1 to 16: 4 bits, 2 bits, −0.0874628 bits", () => {
    expect(rankedExposure(0, references).bits).toBe(4);
    expect(rankedExposure(0.1, references).bits).toBe(4);
    expect(rankedExposure(3.5, references).bits).toBe(2);
    expect(rankedExposure(20, references).bits).toBeCloseTo(-0.0874628, 7);
    expect(rankedExposure(20, references).bits).toBeCloseTo(Math.log2(16) - Math.log2(17), 14);
  });

  test("wrong versions miss one of the three: ranks from 0, nats, the canary counted on both sides", () => {
    const target = [4, 2, -0.0874628];
    const k = [0, 3, 16];
    const wrong = [
      k.map((each) => Math.log2(16) - Math.log2(Math.max(each, 1))),
      k.map((each) => Math.log(16 / (1 + each))),
      k.map((each) => sampledPower(each, 16)),
      k.map((each) => Math.log2(16) - Math.log2(16 - each || 1)),
    ];
    for (const each of wrong) expect(each.every((bits, i) => Math.abs(bits - target[i]!) < 1e-6)).toBe(false);
  });

  test("ties count against the canary", () => {
    expect(rankedExposure(1, references).bits).toBe(3);
    expect(rankedExposure(5, new Float64Array(16).fill(5)).bits).toBeCloseTo(-0.0874628, 7);
  });

  test("the interval: open above where no reference is as likely, and closed by the size of the space", () => {
    const open = rankedExposure(0, references);
    expect([open.isBound, open.high, open.references]).toEqual([true, Infinity, 16]);
    expect(open.low).toBeLessThan(open.bits);
    expect(rankedExposure(0, references, 2 ** 14).high).toBe(14);
    expect(rankedExposure(3.5, references).isBound).toBe(false);
  });

  test("the interval holds the exposure by enumeration about as often as it says", () => {
    const random = rng(1);
    let [held, trials] = [0, 0];
    for (let t = 0; t < 600; t++) {
      // Perplexities uniform in [0, 1): exposure of p is −log₂ p.
      const canary = 0.01 + 0.5 * random.uniform();
      const sample = Array.from({ length: 100 }, () => random.uniform());
      const { low, high } = rankedExposure(canary, sample);
      trials++;
      if (low <= -Math.log2(canary) && -Math.log2(canary) <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.94);
  });
});

describe("by enumeration", () => {
  const random = rng(2);
  const space = Array.from({ length: 1024 }, () => random.normal());

  test("is optimization power over the canary space, and at most its size in bits", () => {
    const sorted = [...space].sort((a, b) => a - b);
    for (const rank of [1, 2, 100, 1024]) {
      const canary = space.indexOf(sorted[rank - 1]!);
      expect(exactExposure(space, canary)).toBeCloseTo(optimizationPower(rank / 1024), 12);
      expect(exactExposure(space, canary)).toBeCloseTo(10 - Math.log2(rank), 12);
    }
  });

  test("a canary that was never inserted has 1.4427 bits, not 0", () => {
    const all = space.map((_, i) => exactExposure(space, i));
    expect(mean(all)).toBeCloseTo(referenceBits(1023), 10);
    expect(Math.abs(mean(all) - Math.LOG2E)).toBeLessThan(0.01);
    const sampled = Array.from(
      { length: 3000 },
      () =>
        rankedExposure(
          random.normal(),
          Array.from({ length: 128 }, () => random.normal()),
        ).bits,
    );
    expect(Math.abs(mean(sampled) - Math.LOG2E)).toBeLessThan(0.04 + 4 * Math.sqrt(variance(sampled) / 3000));
  });
});

describe("by extrapolation", () => {
  const law = { location: 60, scale: 8, shape: -2 };
  const random = rng(3);
  const sample = Array.from({ length: 500 }, () => drawSkewNormal(law, random));

  test("agrees with the truth inside the sample and beyond what it resolves", () => {
    for (const canary of [55, 40, 20]) {
      const truth = -skewNormalLogCdf(law, canary) * Math.LOG2E;
      const { bits, low, high } = extrapolatedExposure(canary, sample, { rng: rng(4), resamples: 40 });
      expect(Math.abs(bits - truth)).toBeLessThan(0.15 * truth + 0.1);
      expect(low).toBeLessThan(bits);
      expect(high).toBeGreaterThan(bits);
    }
    // 500 references resolve 9 bits; the canary at 20 has more than 18.
    expect(rankedExposure(20, sample).bits).toBeLessThan(9);
    expect(extrapolatedExposure(20, sample, { rng: rng(4), resamples: 10 }).low).toBeGreaterThan(14);
  });

  test("agrees with the rank where both can see", () => {
    const canary = [...sample].sort((a, b) => a - b)[60]!;
    const ranked = rankedExposure(canary, sample);
    const { bits } = extrapolatedExposure(canary, sample, { rng: rng(5), resamples: 10 });
    expect(bits).toBeGreaterThan(ranked.low);
    expect(bits).toBeLessThan(ranked.high);
  });
});
