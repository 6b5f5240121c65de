/** @file The learning coefficient: quadrature, exact biases of the sampler, what corrects them, and the wrong targets. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import type { Slope } from "../numerics/ascent.ts";
import { crossing, NB, sampledCrossing } from "./crossing-valleys.ts";
import {
  crossingAtTemperature,
  learningCoefficient,
  normalCrossing,
  reducedRankCoefficient,
  stepBias,
} from "./learning-coefficient.ts";

describe("quadrature at n = 1000", () => {
  // The published values carry the error of a grid with its ends counted fully, up to 3e-4.
  test.each([
    [0, 1, 0.5],
    [1, 1, 0.3801],
    [0, 2, 0.25],
    [1, 2, 0.2225],
    [2, 2, 0.1558],
    [3, 3, 0.0881],
  ])("(%i, %i): %f", (a, b, published) => {
    expect(Math.abs(crossingAtTemperature(a, b, NB) - published)).toBeLessThan(3e-4);
    // Wrong version: the asymptotic coefficient, which multiplicity makes far too large at this n.
    const { coefficient, multiplicity } = normalCrossing(a, b);
    if (multiplicity === 2) expect(coefficient - published).toBeGreaterThan(0.07);
  });

  test("midpoint sums agree to 1e-6", () => {
    for (const [a, b] of [
      [1, 1],
      [3, 3],
    ] as const) {
      let [total, energy] = [0, 0];
      for (let i = 0; i < 1000; i++) {
        for (let j = 0; j < 1000; j++) {
          const value = 4 * NB * (((i + 0.5) / 1000) ** a * ((j + 0.5) / 1000) ** b) ** 2;
          total += Math.exp(-value);
          energy += value * Math.exp(-value);
        }
      }
      expect(Math.abs(crossingAtTemperature(a, b, NB) - energy / total)).toBeLessThan(1e-6);
    }
  });

  test("it tends to λ, with multiplicity 2 as slowly as 1 / ln n", () => {
    expect(crossingAtTemperature(0, 1, 1e5)).toBeCloseTo(0.5, 4);
    const gaps = [1e2, 1e3, 1e4].map((nb) => 0.5 - crossingAtTemperature(1, 1, nb));
    for (const [i, gap] of gaps.entries()) {
      expect(gap * Math.log(10 ** (i + 2))).toBeGreaterThan(0.5);
      expect(gap * Math.log(10 ** (i + 2))).toBeLessThan(1);
    }
  });
});

describe("Langevin dynamics", () => {
  test.each([
    [2e-4, 0.531],
    [1e-3, 0.704],
  ])("step %f on a regular direction reads %f for 0.5, and Metropolis puts it right", (stepSize, reads) => {
    const exact = stepBias(stepSize, 8 * NB);
    expect(exact).toBeCloseTo(reads, 3);
    const plain = sampledCrossing(0, 1, { stepSize, draws: 8000 });
    expect(Math.abs(plain.value.mean - exact)).toBeLessThan(3.5 * plain.value.standardError);
    expect(plain.value.standardError).toBeLessThan(0.02);
    const corrected = sampledCrossing(0, 1, { stepSize, draws: 8000, isCorrected: true });
    expect(Math.abs(corrected.value.mean - 0.5)).toBeLessThan(3.5 * corrected.value.standardError);
    expect(plain.isDiverged).toBe(false);
    // The larger step shows in the acceptance.
    if (stepSize === 1e-3) {
      expect(plain.acceptance).toBeLessThan(0.93);
      // Wrong version: the bias with its sign turned, or none.
      expect(Math.abs(plain.value.mean - 0.5)).toBeGreaterThan(10 * plain.value.standardError);
      expect(plain.value.mean).toBeGreaterThan(0.5 * (1 + (stepSize * 8 * NB) / 4));
    } else expect(plain.acceptance).toBeGreaterThan(0.98);
  });

  test("at εh ≥ 4 it diverges, and says so", () => {
    expect(stepBias(4 / (8 * NB), 8 * NB)).toBe(Infinity);
    const steep = learningCoefficient(crossing(0, 1), new Float64Array(2), {
      inverseTemperature: NB,
      stepSize: 5 / (8 * NB),
      draws: 5000,
      chains: 2,
      rng: rng(2),
    });
    expect(steep.isDiverged).toBe(true);
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
  ])("(%i, %i) agrees with quadrature and not with the asymptotic coefficient", (a, b) => {
    const found = sampledCrossing(a, b, { stepSize: 1e-3, draws: 15_000, isCorrected: true });
    const target = crossingAtTemperature(a, b, NB);
    expect(Math.abs(found.value.mean - target)).toBeLessThan(3.5 * found.value.standardError);
    expect(normalCrossing(a, b).coefficient - found.value.mean).toBeGreaterThan(4 * found.value.standardError);
    expect(found.negativeChains).toBe(0);
    expect(Math.abs(found.drift)).toBeLessThan(4);
  });

  test("localization is a regular prior: ½ h / (h + γ) of a direction with curvature h", () => {
    const pulled = learningCoefficient(crossing(0, 1), new Float64Array(2), {
      inverseTemperature: NB,
      stepSize: 2e-4,
      localization: 8 * NB,
      draws: 8000,
      burnIn: 200,
      chains: 8,
      isCorrected: true,
      rng: rng(3),
    });
    expect(Math.abs(pulled.value.mean - 0.25)).toBeLessThan(3.5 * pulled.value.standardError);
  });

  test("reflection keeps a flat density flat: E w² = 1/3 in a box of 1, which clamping would raise", () => {
    const bowl = (w: Float64Array): Slope => ({ value: w[0]! ** 2, gradient: Float64Array.of(2 * w[0]!) });
    const flat = learningCoefficient(bowl, new Float64Array(1), {
      inverseTemperature: 1e-6,
      stepSize: 0.5,
      box: 1,
      draws: 2000,
      burnIn: 50,
      chains: 20,
      rng: rng(6),
    });
    const square = flat.value.mean / 1e-6;
    expect(Math.abs(square - 1 / 3)).toBeLessThan((3.5 * flat.value.standardError) / 1e-6);
    expect(flat.value.standardError / 1e-6).toBeLessThan(0.01);
  });

  test("a point that is no minimum reads negative; a start far from equilibrium drifts", () => {
    const at = Float64Array.of(0, 0.9);
    const options = { inverseTemperature: NB, stepSize: 1e-4, draws: 4000, chains: 4, rng: rng(4) };
    const slope = learningCoefficient(crossing(0, 1), at, options);
    expect(slope.negativeChains).toBe(4);
    expect(slope.value.high).toBeLessThan(0);
    const short = learningCoefficient(crossing(0, 1), new Float64Array(2), {
      ...options,
      stepSize: 1e-6,
      draws: 400,
      chains: 300,
    });
    expect(short.drift).toBeGreaterThan(4);
  });
});

describe("reduced rank regression", () => {
  test("closed forms agree on their borders, and are symmetric", () => {
    // One of each: (ab)², λ = ½, the crossing of multiplicity 2.
    expect(reducedRankCoefficient(1, 1, 1)).toBe(normalCrossing(1, 1).coefficient);
    for (const [m, h, n] of [
      [2, 3, 5],
      [4, 2, 2],
      [3, 1, 9],
      [2, 9, 3],
    ] as const) {
      expect(reducedRankCoefficient(m, h, n)).toBe(reducedRankCoefficient(n, h, m));
      // Never above half the parameters, nor half of those of the product.
      expect(reducedRankCoefficient(m, h, n)).toBeLessThanOrEqual(Math.min((m + n) * h, m * n) / 2);
    }
    expect(reducedRankCoefficient(2, 3, 5)).toBe(3);
    expect(reducedRankCoefficient(3, 1, 9)).toBe(1.5);
  });

  test("one hidden unit, five outputs: sampled at low temperature", () => {
    // y = b a x, b in R⁵: λ = ½, the volume of small |a| and not of small |b|.
    const loss = (w: Float64Array): Slope => {
      const square = w.slice(1).reduce((sum, each) => sum + each * each, 0);
      return {
        value: w[0]! ** 2 * square,
        gradient: w.map((each, i) => (i === 0 ? 2 * each * square : 2 * w[0]! ** 2 * each)),
      };
    };
    const found = learningCoefficient(loss, new Float64Array(6), {
      inverseTemperature: 2000,
      stepSize: 3e-4,
      box: 1,
      draws: 15_000,
      burnIn: 3000,
      chains: 6,
      isCorrected: true,
      rng: rng(5),
    });
    expect(reducedRankCoefficient(1, 1, 5)).toBe(0.5);
    expect(Math.abs(found.value.mean - 0.5)).toBeLessThan(0.06);
  });
});
