/** @file Contracts: textbook numbers, optimality by grid and by perturbation, simulated agents, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { apply, solve } from "../numerics/dense.ts";
import { sampledMean } from "../numerics/sampled.ts";
import {
  distortedContract,
  type Multitask,
  multitaskContract,
  multitaskSurplus,
  singleContract,
  singleSurplus,
  squaredCosine,
} from "./moral-hazard.ts";

describe("one task, r = 2, c = 1, σ² = 0.5", () => {
  const task = { riskAversion: 2, cost: 1, noise: 0.5 };

  test("b* = 0.5, surplus 0.25, the best of a grid", () => {
    const { share, effort, surplus } = singleContract(task);
    expect([share, effort, surplus]).toEqual([0.5, 0.5, 0.25]);
    for (let b = 0; b <= 1; b += 0.01) expect(singleSurplus(task, b)).toBeLessThanOrEqual(0.25 + 1e-12);
    const other = { riskAversion: 0.7, cost: 3, noise: 0.2 };
    const best = singleContract(other);
    expect(best.surplus).toBeCloseTo(1 / (2 * 3 * (1 + 0.7 * 3 * 0.2)), 12);
  });

  test("the certainty equivalent is that of exponential utility, by simulation", () => {
    const random = rng(1);
    const b = 0.5;
    // Wage less cost of effort; the fixed part is left out on both sides.
    const utilities = Float64Array.from({ length: 100_000 }, () =>
      Math.exp(-2 * (b * (0.5 + Math.sqrt(0.5) * random.normal()) - 0.5 * 0.25)),
    );
    const { mean, standardError } = sampledMean(utilities);
    const agent = b * 0.5 - 0.125 - (2 / 2) * b * b * 0.5;
    expect(Math.abs(mean - Math.exp(-2 * agent))).toBeLessThan(3.5 * standardError);
    // With what the principal keeps it is the whole surplus.
    expect(agent + (1 - b) * 0.5).toBeCloseTo(singleSurplus(task, b), 12);
  });

  test("wrong versions: no risk premium, and σ for σ²", () => {
    expect(singleContract({ ...task, riskAversion: 0 }).share).toBe(1);
    expect(Math.abs(singleContract({ ...task, noise: Math.sqrt(0.5) }).share - 0.5)).toBeGreaterThan(0.05);
  });
});

describe("two tasks of which one is not measured, r = 1, σ₁² = 0.1", () => {
  const given = (t: number, secondNoise = Infinity): Multitask => ({
    tasks: 2,
    benefit: Float64Array.of(1, 1),
    cost: Float64Array.of(1, t, t, 1),
    noise: Float64Array.of(0.1, secondNoise),
    riskAversion: 1,
  });

  test.each([
    [0, 0.9091, 0.9091, 0],
    [0.5, 0.46512, 0.6202, -0.3101],
    [-0.5, 1.3953, 1.8605, 0.9302],
  ])("competition %f: incentive %f, efforts %f and %f", (t, incentive, first, second) => {
    const { incentives, effort } = multitaskContract(given(t));
    expect(incentives[0]).toBeCloseTo(incentive, 4);
    expect(incentives[0]).toBeCloseTo((1 - t) / (1 + 0.1 * (1 - t * t)), 12);
    expect(incentives[1]).toBe(0);
    expect(effort[0]).toBeCloseTo(first, 4);
    expect(effort[1]).toBeCloseTo(second, 4);
    // The measured task alone drives the other.
    expect(effort[1]).toBeCloseTo((-t * incentives[0]!) / (1 - t * t), 12);
  });

  test("t = 0.9: 0.09814; surplus 0.155 at t = 0.5, 0.5797 were both measured", () => {
    expect(multitaskContract(given(0.9)).incentives[0]).toBeCloseTo(0.09814, 5);
    expect(multitaskContract(given(0.5)).surplus).toBeCloseTo(0.155, 3);
    expect(multitaskContract(given(0.5, 0.1)).surplus).toBeCloseTo(0.5797, 4);
    expect(multitaskContract(given(0.9999)).incentives[0]).toBeLessThan(1e-3);
  });

  test("α* = (I + r C Σ)⁻¹ B′ where all is measured, and the limit of ever noisier signals where not", () => {
    const both = given(0.5, 0.3);
    const system = Float64Array.of(1 + 0.1, 0.5 * 0.3, 0.5 * 0.1, 1 + 0.3);
    const { incentives } = multitaskContract(both);
    const direct = solve(system, both.benefit, 2);
    for (const i of [0, 1]) expect(incentives[i]).toBeCloseTo(direct[i]!, 12);
    expect(multitaskContract(given(0.5, 1e9)).incentives[0]).toBeCloseTo(0.46512, 5);
    expect(Array.from(multitaskContract({ ...both, noise: Float64Array.of(Infinity, Infinity) }).incentives)).toEqual([
      0, 0,
    ]);
  });

  test("no perturbation of three random contracts does better; the effort is the agent's best", () => {
    const random = rng(2);
    for (let round = 0; round < 3; round++) {
      const root = Float64Array.from({ length: 9 }, () => random.normal());
      const cost = new Float64Array(9);
      for (let i = 0; i < 9; i++) {
        for (let k = 0; k < 3; k++) cost[i]! += root[3 * Math.floor(i / 3) + k]! * root[3 * (i % 3) + k]!;
        if (i % 4 === 0) cost[i]! += 0.5;
      }
      const three: Multitask = {
        tasks: 3,
        benefit: Float64Array.from({ length: 3 }, () => random.normal()),
        cost,
        noise: Float64Array.of(0.2, Infinity, 1),
        riskAversion: 1.5,
      };
      const best = multitaskContract(three);
      for (let i = 0; i < 50; i++) {
        const moved = best.incentives.map((each, k) => (k === 1 ? 0 : each + 0.1 * random.normal()));
        expect(multitaskSurplus(three, moved)).toBeLessThan(best.surplus + 1e-12);
      }
      const marginal = apply(cost, best.effort);
      for (let k = 0; k < 3; k++) expect(marginal[k]).toBeCloseTo(best.incentives[k]!, 10);
    }
    expect(multitaskSurplus(given(0.5), Float64Array.of(0.4, 0.1))).toBe(-Infinity);
  });

  test("wrong versions: the one-task incentive ignores the neglected task; (I + r ΣC)⁻¹ with the order turned", () => {
    const oneTask = singleContract({ riskAversion: 1, cost: 1, noise: 0.1 }).share;
    expect(Math.abs(oneTask - 0.46512)).toBeGreaterThan(0.4);
    expect(multitaskSurplus(given(0.5), Float64Array.of(oneTask, 0))).toBeLessThan(0.05);
    // (I + r Σ C)⁻¹ for (I + r C Σ)⁻¹
    const turned = solve(Float64Array.of(1.1, 0.05, 0.15, 1.3), Float64Array.of(1, 1), 2);
    expect(Math.abs(turned[0]! - multitaskContract(given(0.5, 0.3)).incentives[0]!)).toBeGreaterThan(0.05);
  });
});

describe("a measure at an angle to the value", () => {
  const given = {
    value: Float64Array.of(1, 1, 0),
    measure: Float64Array.of(1, 0, 1),
    riskAversion: 0,
    noise: 1,
  };

  test("f = (1, 1, 0), g = (1, 0, 1): b* = 0.5, V = 0.5 for 2, a quarter = cos²", () => {
    const { rate, value, surplus, firstBest, efficiency } = distortedContract(given);
    expect(rate).toBeCloseTo(0.5, 12);
    expect(value).toBeCloseTo(0.5, 12);
    // V is 2 in the first best, where a = f and half of it is cost.
    expect(2 * firstBest).toBeCloseTo(2, 12);
    expect(surplus).toBeCloseTo(0.25, 12);
    expect(efficiency).toBeCloseTo(0.25, 12);
    expect(squaredCosine(given.value, given.measure)).toBeCloseTo(0.25, 12);
  });

  test("random measures: efficiency is cos², whatever their scale; risk only lowers it; no rate does better", () => {
    const random = rng(3);
    for (let round = 0; round < 20; round++) {
      const value = Float64Array.from({ length: 4 }, () => random.normal());
      const measure = Float64Array.from({ length: 4 }, () => 5 * random.normal());
      const free = distortedContract({ ...given, value, measure });
      expect(free.efficiency).toBeCloseTo(squaredCosine(value, measure), 10);
      const risky = distortedContract({ ...given, value, measure, riskAversion: 2 });
      expect(risky.efficiency).toBeLessThan(free.efficiency);
      for (const factor of [0.9, 1.1]) {
        const a = measure.map((each) => factor * risky.rate * each);
        const gross = a.reduce((sum, each, i) => sum + each * value[i]! - each ** 2 / 2, 0);
        expect(gross - (factor * risky.rate) ** 2).toBeLessThan(risky.surplus);
      }
    }
  });

  test("wrong versions: the cosine itself, and value without its cost", () => {
    const cosine = Math.sqrt(squaredCosine(given.value, given.measure));
    expect(cosine).toBeCloseTo(0.5, 12);
    expect(Math.abs(cosine - distortedContract(given).efficiency)).toBeGreaterThan(0.2);
    const { value, firstBest } = distortedContract(given);
    expect(Math.abs(value / firstBest - 0.25)).toBeGreaterThan(0.2);
  });
});
