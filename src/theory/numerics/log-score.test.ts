/** @file The logarithmic score: proper by brute force, entropy and distance by closed forms. */
import { describe, expect, test } from "vitest";
import { entropyNats, logScore, totalVariation, trembling } from "./log-score.ts";

/** Every distribution over three outcomes on a grid of fiftieths, zeros excluded. */
const STEPS = 50;
const grid = Array.from({ length: STEPS }, (_, i) => i + 1).flatMap((a) =>
  Array.from({ length: STEPS }, (_, j) => j + 1).flatMap((b) =>
    a + b < STEPS ? [[a / STEPS, b / STEPS, (STEPS - a - b) / STEPS]] : [],
  ),
);
const expected = (truth: readonly number[], said: ArrayLike<number>) =>
  truth.reduce((sum, p, outcome) => sum + p * logScore(said, outcome), 0);

describe("log score", () => {
  test("nobody scores better than who says the truth, and everybody else worse", () => {
    expect(grid.length).toBeGreaterThan(1000);
    for (const truth of [grid[0]!, grid[500]!, [0.2, 0.5, 0.3]]) {
      const own = expected(truth, truth);
      expect(own).toBeCloseTo(-entropyNats(truth), 12);
      for (const said of grid) {
        const distance = totalVariation(truth, said);
        if (distance > 1e-9) expect(expected(truth, said)).toBeLessThan(own);
      }
    }
  });

  test("uniform over k outcomes scores −ln k whatever happens", () => {
    for (const k of [2, 3, 7]) {
      const uniform = new Array<number>(k).fill(1 / k);
      for (let outcome = 0; outcome < k; outcome++) expect(logScore(uniform, outcome)).toBeCloseTo(-Math.log(k), 12);
      expect(entropyNats(uniform)).toBeCloseTo(Math.log(k), 12);
    }
  });

  test("an impossible outcome costs everything, and trembling bounds the cost", () => {
    expect(logScore([1, 0], 1)).toBe(Number.NEGATIVE_INFINITY);
    const said = trembling([1, 0], 0.02);
    expect(said[0]! + said[1]!).toBeCloseTo(1, 12);
    expect(logScore(said, 1)).toBeCloseTo(Math.log(0.01), 12);
    expect(() => logScore([1, 0], 2)).toThrow(/an outcome of 2/);
  });

  test("total variation is the largest difference in the probability of an event", () => {
    const [a, b] = [grid[3]!, grid[700]!];
    let most = 0;
    for (let event = 0; event < 8; event++) {
      const of = (p: readonly number[]) => p.reduce((sum, each, i) => sum + ((event >> i) & 1 ? each : 0), 0);
      most = Math.max(most, of(a) - of(b));
    }
    expect(totalVariation(a, b)).toBeCloseTo(most, 12);
  });
});
