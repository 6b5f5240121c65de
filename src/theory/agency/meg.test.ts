/** @file Goal-directedness: closed forms of one decision, published values of a grid, the definition itself, and a known mistake. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { deterministic, occupancies, softOptimal } from "./mdp.ts";
import { classUtilityMeg, decisionFit, expectedGain, knownUtilityMeg } from "./meg.ts";
import {
  best,
  blend,
  choice,
  choosing,
  corner,
  elementwiseGain,
  firstEnd,
  grid,
  uniform,
  worst,
} from "./published-grid.ts";

describe("one binary decision", () => {
  test.each([0.1, 0.3, 0.5, 0.77, 0.9])("ln 2 − H(%d), with the sign of the preference", (p) => {
    const { meg, beta } = knownUtilityMeg(choice, choosing(p), firstEnd);
    expect(meg).toBeCloseTo(Math.LN2 + p * Math.log(p) + (1 - p) * Math.log(1 - p), 9);
    expect(Math.sign(beta)).toBe(Math.sign(p - 0.5));
    // π(a) ∝ exp(β γ U(a)).
    expect(beta).toBeCloseTo(Math.log(p / (1 - p)) / 0.5, 6);
  });

  test("a certain choice reaches ln 2 at the limit of β", () => {
    const { meg, beta } = knownUtilityMeg(choice, choosing(1), firstEnd);
    expect(meg).toBeCloseTo(Math.LN2, 12);
    expect(beta).toBeGreaterThan(50);
  });

  test("nothing is directed at a utility that no decision influences", () => {
    expect(knownUtilityMeg(choice, choosing(0.9), Float64Array.of(1, 0, 0)).meg).toBe(0);
    expect(knownUtilityMeg(choice, choosing(0.9), Float64Array.of(2, 2, 2)).meg).toBe(0);
  });
});

describe("a grid with a known utility", () => {
  test.each([
    ["optimal", best, 8.6206, undefined],
    ["four fifths optimal", blend(0.8), 4.6753, 2.267],
    ["half optimal", blend(0.5), 1.6099, 1.193],
    ["uniform", uniform, 0, 0],
    ["a random deterministic policy", deterministic(scattered(), 4), 0.0394, undefined],
    ["as bad as can be", worst(), 0.4936, undefined],
  ])("%s", (_, policy, meg, beta) => {
    const found = knownUtilityMeg(grid, policy, corner);
    expect(found.meg).toBeCloseTo(meg, 4);
    if (beta !== undefined) expect(found.beta).toBeCloseTo(beta, 3);
    // Scale and offset of the utility do not matter; its sign turns β only.
    const tenfold = knownUtilityMeg(
      grid,
      policy,
      corner.map((u) => 10 * u + 3),
    );
    expect(tenfold.meg).toBeCloseTo(found.meg, 6);
    const negated = knownUtilityMeg(
      grid,
      policy,
      corner.map((u) => -u),
    );
    expect(negated.meg).toBeCloseTo(found.meg, 6);
    expect(Math.sign(negated.beta)).toBe(-Math.sign(found.beta) + 0);
  });

  test("β is below 0 for who avoids the corner", () => {
    expect(knownUtilityMeg(grid, worst(), corner).beta).toBeLessThan(0);
  });

  test("equals the definition: what the soft policy with this β predicts, and no other β predicts more", () => {
    const policy = blend(0.8);
    const visits = occupancies(grid, policy);
    const at = (beta: number) =>
      expectedGain(
        visits,
        policy,
        softOptimal(
          grid,
          corner.map((u) => beta * u),
        ).gain,
      );
    const { meg, beta } = knownUtilityMeg(grid, policy, corner);
    expect(at(beta)).toBeCloseTo(meg, 10);
    for (const other of [-2, 0, 1, beta - 0.01, beta + 0.01, 4]) expect(at(other)).toBeLessThan(meg);
  });
});

describe("a grid with any utility of states", () => {
  test.each([
    // The maximum lies at infinity: the published 11.16 stopped a little before.
    ["optimal", best, 11.16, 0.02],
    ["four fifths optimal", blend(0.8), 5.344, 0.001],
    ["uniform", uniform, 0, 1e-9],
  ])("%s", (_, policy, meg, within) => {
    expect(Math.abs(classUtilityMeg(grid, policy).meg - meg)).toBeLessThan(within);
  });

  test("bounds every known utility from above, and ln 4 / (1 − γ) bounds it", () => {
    const random = rng(3);
    for (let i = 0; i < 3; i++) {
      const policy = new Float64Array(100);
      for (let s = 0; s < 25; s++) {
        const weights = Array.from({ length: 4 }, () => random.uniform() + 0.05);
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, a) => {
          policy[s * 4 + a] = weight / total;
        });
      }
      const any = classUtilityMeg(grid, policy).meg;
      expect(any).toBeGreaterThan(knownUtilityMeg(grid, policy, corner).meg);
      expect(any).toBeLessThan(Math.log(4) / 0.1);
    }
  });

  test("a gradient multiplied by the utility, elementwise, fails: a known mistake that this test must catch", () => {
    const wrong = elementwiseGain(blend(0.8));
    expect(wrong).toBeCloseTo(4.488, 3);
    // Worse than the one utility that the class contains.
    expect(wrong).toBeLessThan(knownUtilityMeg(grid, blend(0.8), corner).meg);
  });
});

test("the fit of decisions has visits minus soft visits for a gradient, and that of finite differences", () => {
  const random = rng(5);
  const utility = Float64Array.from({ length: 25 }, () => random.normal());
  const policy = blend(0.6);
  const visits = occupancies(grid, policy);
  const weights = policy.map((p, row) => p * visits[Math.floor(row / 4)]!);
  const { gradient } = decisionFit(grid, utility, weights);
  const soft = occupancies(grid, softOptimal(grid, utility).policy);
  gradient.forEach((each, s) => {
    expect(each).toBeCloseTo(visits[s]! - soft[s]!, 9);
  });

  const counts = Float64Array.from({ length: 100 }, () => random.int(3));
  const fit = decisionFit(grid, utility, counts);
  for (const s of [0, 7, 24]) {
    const value = (shift: number) =>
      decisionFit(
        grid,
        utility.map((u, i) => (i === s ? u + shift : u)),
        counts,
      ).value;
    expect(fit.gradient[s]).toBeCloseTo((value(1e-5) - value(-1e-5)) / 2e-5, 5);
  }
});

/** One action a cell, drawn at random. Which draw the published number belongs to is not known; a third of them give it. */
function scattered(): number[] {
  const random = rng(2);
  return Array.from({ length: 25 }, () => random.int(4));
}
