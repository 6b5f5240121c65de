/** @file Leaderboards under attack against the closed form, the Ladder by hand, and the wrong versions of the law. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { normalCdf } from "../numerics/normal.ts";
import { boostedLoss, boostingAttack, type Leaderboard, ladder, naiveLeaderboard, steppedLadder } from "./ladder.ts";

const attacks = (make: () => Leaderboard, items: number, submissions: number, runs: number) =>
  Array.from({ length: runs }, (_, seed) => boostingAttack(make(), { submissions, items }, rng(seed)));

/** Zeros and ones with a given number of ones. */
const losses = (ones: number, items: number) => Float64Array.from({ length: items }, (_, i) => (i < ones ? 1 : 0));

describe("the boosting attack", () => {
  test("1 − Φ(√(k/(π n))): .4292, .4645 and .3606", () => {
    expect(boostedLoss(400, 4000)).toBeCloseTo(0.4292, 4);
    expect(boostedLoss(100, 4000)).toBeCloseTo(0.4645, 4);
    expect(boostedLoss(400, 1000)).toBeCloseTo(0.3606, 4);
    expect(boostedLoss(1, 1e9)).toBeCloseTo(0.5, 4);
  });

  test("wrong versions: all submissions voted on, the bias of one vote doubled, π forgotten", () => {
    const law = (factor: number) =>
      [
        [400, 4000, 0.4292],
        [400, 1000, 0.3606],
      ].map(([k, n, expected]) => Math.abs(normalCdf(-Math.sqrt((factor * k!) / n!)) - expected!));
    expect(Math.max(...law(1 / Math.PI))).toBeLessThan(6e-5);
    for (const wrong of [2 / Math.PI, 4 / Math.PI, 1, 1 / (2 * Math.PI)]) {
      expect(Math.min(...law(wrong))).toBeGreaterThan(0.015);
    }
  });

  test.each([
    { items: 4000, submissions: 100, simulated: 0.461, spread: 0.0066 },
    { items: 1000, submissions: 400, simulated: 0.361, spread: 0.014 },
  ])("a naive leaderboard of $items after $submissions submissions", ({ items, submissions, simulated, spread }) => {
    const found = attacks(naiveLeaderboard, items, submissions, 10).map(({ loss }) => loss);
    const error = Math.sqrt(variance(found) / found.length);
    expect(Math.abs(mean(found) - boostedLoss(submissions, items))).toBeLessThan(4 * error);
    expect(Math.abs(mean(found) - simulated)).toBeLessThan(spread);
  });

  test("the Ladder: the vote is worth what it is worth, and the report is far from the naive one", () => {
    // .488 and .469 are single runs, in whose spread ours lie.
    for (const [items, submissions, single] of [
      [4000, 100, 0.488],
      [1000, 400, 0.469],
    ] as const) {
      const runs = attacks(ladder, items, submissions, 8);
      const vote = runs.map(({ loss }) => loss);
      const told = runs.map(({ reported }) => reported);
      expect(Math.abs(mean(vote) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / items / 8));
      expect(Math.abs(mean(told) - single)).toBeLessThan(3 * Math.sqrt(variance(told)));
      expect(mean(told)).toBeGreaterThan(boostedLoss(submissions, items) + 0.015);
    }
  });
});

describe("the Ladder by hand", () => {
  test("with a step: only what beats the best by more than it, rounded to it", () => {
    const board = steppedLadder(0.1);
    expect(board.submit(losses(46, 100))).toBeCloseTo(0.5, 12);
    expect(board.submit(losses(41, 100))).toBeCloseTo(0.5, 12);
    expect(board.submit(losses(33, 100))).toBeCloseTo(0.3, 12);
    expect(board.submit(losses(90, 100))).toBeCloseTo(0.3, 12);
    expect(() => steppedLadder(0)).toThrow("step");
  });

  test("without parameters: the bar is the standard error of the paired difference, not of the losses", () => {
    const board = ladder();
    expect(board.submit(losses(50, 100))).toBe(0.5);
    // Two items better and none worse: √(.0198/100) = .014 is beaten by .02, though one standard error is .05.
    expect(board.submit(losses(48, 100))).toBe(0.48);
    // Ten better and nine worse: .01 does not beat √(.19/100) = .044.
    const swapped = losses(48, 100).map((each, i) => (i < 10 ? 0 : i >= 91 ? 1 : each));
    expect(mean(swapped)).toBeCloseTo(0.47, 12);
    expect(board.submit(swapped)).toBe(0.48);
    expect(board.submit(losses(60, 100))).toBe(0.48);
    // The bar is that of the best submission, not of the first, from which .28 differs too much: .02 < .042.
    expect(board.submit(losses(30, 100))).toBe(0.3);
    expect(board.submit(losses(28, 100))).toBe(0.28);
  });

  test("what is really better gets through", () => {
    const random = rng(3);
    const board = ladder();
    for (const rate of [0.5, 0.4, 0.3, 0.2]) {
      const own = Float64Array.from({ length: 2000 }, () => (random.uniform() < rate ? 1 : 0));
      expect(board.submit(own)).toBe(mean(own));
    }
  });
});
