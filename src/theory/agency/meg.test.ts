import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { deterministic, occupancies, optimal, softOptimal, stateReward, tabular, uniformPolicy } from "./mdp.ts";
import { classUtilityMeg, decisionFit, expectedGain, knownUtilityMeg } from "./meg.ts";

/** Five by five, 0.9 as meant and 0.1 in the opposite direction, γ = 0.9, uniform start; up, left, down, right. */
const SIDE = 5;
const MOVES = [
  [-1, 0],
  [0, -1],
  [1, 0],
  [0, 1],
] as const;
const beside = (s: number, a: number) => {
  const row = Math.floor(s / SIDE) + MOVES[a]![0];
  const column = (s % SIDE) + MOVES[a]![1];
  return row < 0 || column < 0 || row >= SIDE || column >= SIDE ? s : row * SIDE + column;
};
const grid = tabular({
  states: 25,
  actions: 4,
  gamma: 0.9,
  step: (s, a) => [
    [beside(s, a), 0.9],
    [beside(s, (a + 2) % 4), 0.1],
  ],
});
const corner = new Float64Array(25);
corner[24] = 1;
const uniform = uniformPolicy(grid);
// Down and right are equally good; the published numbers need the ties to be broken as they were there.
const best = deterministic(Array.from("2223232222222222222233332", Number), 4);
const blend = (share: number) => best.map((p, i) => share * p + (1 - share) * uniform[i]!);

describe("one binary decision", () => {
  /** State 0 leads to an end that is worth 1, or to one that is worth nothing. */
  const choice = tabular({
    states: 3,
    actions: 2,
    gamma: 0.5,
    start: Float64Array.of(1, 0, 0),
    step: (s, a) => (s === 0 ? [[1 + a, 1]] : []),
  });
  const utility = Float64Array.of(0, 1, 0);
  const policyOf = (p: number) => Float64Array.of(p, 1 - p, 0.5, 0.5, 0.5, 0.5);

  test.each([0.1, 0.3, 0.5, 0.77, 0.9])("ln 2 − H(%d), with the sign of the preference", (p) => {
    const { meg, beta } = knownUtilityMeg(choice, policyOf(p), utility);
    expect(meg).toBeCloseTo(Math.LN2 + p * Math.log(p) + (1 - p) * Math.log(1 - p), 9);
    expect(Math.sign(beta)).toBe(Math.sign(p - 0.5));
    // π(a) ∝ exp(β γ U(a)).
    expect(beta).toBeCloseTo(Math.log(p / (1 - p)) / 0.5, 6);
  });

  test("a certain choice reaches ln 2 at the limit of β", () => {
    const { meg, beta } = knownUtilityMeg(choice, policyOf(1), utility);
    expect(meg).toBeCloseTo(Math.LN2, 12);
    expect(beta).toBeGreaterThan(50);
  });

  test("nothing is directed at a utility that no decision influences", () => {
    expect(knownUtilityMeg(choice, policyOf(0.9), Float64Array.of(1, 0, 0)).meg).toBe(0);
    expect(knownUtilityMeg(choice, policyOf(0.9), Float64Array.of(2, 2, 2)).meg).toBe(0);
  });
});

describe("a grid with a known utility", () => {
  test.each([
    ["optimal", best, 8.6206, undefined],
    ["four fifths optimal", blend(0.8), 4.6753, 2.267],
    ["half optimal", blend(0.5), 1.6099, 1.193],
    ["uniform", uniform, 0, 0],
    ["a random deterministic policy", deterministic(scattered(), 4), 0.0394, undefined],
    ["as bad as can be", deterministic(worst(), 4), 0.4936, undefined],
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
    expect(knownUtilityMeg(grid, deterministic(worst(), 4), corner).beta).toBeLessThan(0);
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
        const weights = MOVES.map(() => random.uniform() + 0.05);
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
    const wrong = wrongAscent(blend(0.8));
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

/** Optimal for staying away from the corner. */
function worst(): Uint8Array {
  return optimal(
    grid,
    stateReward(
      grid,
      corner.map((u) => -u),
    ),
  ).action;
}

/** Ascent in the utilities of states with (d_π − d_soft) · U in the place of d_π − d_soft. */
function wrongAscent(policy: Float64Array): number {
  const visits = occupancies(grid, policy);
  const random = rng(0);
  let utility = Float64Array.from({ length: 25 }, () => random.uniform());
  for (let step = 0; step < 200; step++) {
    const reached = occupancies(grid, softOptimal(grid, utility).policy);
    utility = utility.map((u, s) => u + (visits[s]! - reached[s]!) * u);
  }
  return expectedGain(visits, policy, softOptimal(grid, utility).gain);
}
