/** @file The deflated score: the published example, every wrong version in circulation, and candidates without merit. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { variance } from "../../core/stats.ts";
import { normalCdf } from "../numerics/normal.ts";
import { chanceScore, deflatedScore, itemScore, probabilisticScore } from "./deflated-score.ts";
import { normalMaximum } from "./order-statistics.ts";

/** 1250 days, 2.5 a year of 250 days, scores of candidates with variance ½ a year. */
const best = { score: 2.5 / Math.sqrt(250), items: 1250, skew: -3, kurtosis: 10 };
const among = (candidates: number) => ({ candidates, variance: 0.5 / 250 });

describe("the published example", () => {
  test("100, 88 and 46 candidates", () => {
    expect(deflatedScore(best, among(100)).chance).toBeCloseTo(0.113172, 6);
    expect(deflatedScore(best, among(100)).probability).toBeCloseTo(0.900397, 6);
    expect(deflatedScore(best, among(88)).probability).toBeCloseTo(0.910153, 6);
    expect(deflatedScore(best, among(46)).chance).toBeCloseTo(0.100362, 6);
    expect(deflatedScore(best, among(46)).probability).toBeCloseTo(0.950502, 6);
  });

  test("normal returns: .942771", () => {
    expect(deflatedScore({ ...best, skew: 0, kurtosis: 3 }, among(100)).probability).toBeCloseTo(0.942771, 6);
  });

  test.each<readonly [string, () => number]>([
    ["excess kurtosis", () => deflatedScore({ ...best, kurtosis: 7 }, among(100)).probability],
    ["the sign of the skew", () => deflatedScore({ ...best, skew: 3 }, among(100)).probability],
    ["T instead of T − 1", () => deflatedScore({ ...best, items: 1251 }, among(100)).probability],
    ["an annual score with daily items", () => deflatedScore({ ...best, score: 2.5 }, among(100)).probability],
    ["an annual variance", () => deflatedScore(best, { candidates: 100, variance: 0.5 }).probability],
    ["variance for its root", () => probabilisticScore(best, chanceScore(100, among(100).variance ** 2))],
    ["the exact E[max]", () => probabilisticScore(best, Math.sqrt(among(100).variance) * normalMaximum(100).mean)],
    ["no deflation", () => probabilisticScore(best, 0)],
  ])("wrong: %s", (_, probability) => {
    expect(Math.abs(probability() - 0.900397)).toBeGreaterThan(5e-5);
  });
});

describe("scores of items", () => {
  test("moments of a known distribution", () => {
    // 0 three times, 4 once: mean 1, variance 3, third moment 6, fourth 21.
    const { score, items, skew, kurtosis } = itemScore([0, 0, 0, 4]);
    expect([score, items]).toEqual([1 / Math.sqrt(3), 4]);
    expect(skew).toBeCloseTo(6 / 3 ** 1.5, 12);
    expect(kurtosis).toBeCloseTo(21 / 9, 12);
    expect(() => itemScore([2, 2])).toThrow("differ");
  });

  test("one candidate needs no deflation: Φ(S √(T − 1)/√(1 + S²/2)) for normal items", () => {
    const { probability, chance } = deflatedScore({ score: 0.1, items: 401, skew: 0, kurtosis: 3 }, among(1));
    expect(chance).toBe(0);
    expect(probability).toBeCloseTo(normalCdf(2 / Math.sqrt(1.005)), 12);
  });

  test("the standard error is that of mean/sd: skewed items by simulation", () => {
    const random = rng(1);
    const draw = () => -Math.log(1 - random.uniform());
    // Exponential items: S = 1, skew 2, kurtosis 9, so the variance is (1 − 2 + 2)/T.
    const scores = Array.from({ length: 3000 }, () => itemScore(Array.from({ length: 200 }, draw)).score);
    expect(variance(scores) * 200).toBeGreaterThan(0.85);
    expect(variance(scores) * 200).toBeLessThan(1.15);
    // For normal items of that score it would be 1.5.
    const half = probabilisticScore({ score: 1, items: 201, skew: 2, kurtosis: 9 }, 1 - 1 / Math.sqrt(200));
    expect(half).toBeCloseTo(normalCdf(1), 12);
  });

  test("the best of 30 without merit seldom passes .95; undeflated it mostly does", () => {
    const random = rng(2);
    let [passed, naive] = [0, 0];
    const trials = 300;
    for (let t = 0; t < trials; t++) {
      const all = Array.from({ length: 30 }, () =>
        itemScore(Float64Array.from({ length: 100 }, () => random.normal())),
      );
      const top = all.reduce((a, b) => (b.score > a.score ? b : a));
      const scores = all.map(({ score }) => score);
      if (deflatedScore(top, { candidates: 30, variance: variance(scores) }).probability > 0.95) passed++;
      if (probabilisticScore(top, 0) > 0.95) naive++;
    }
    expect(passed / trials).toBeLessThan(0.05);
    expect(naive / trials).toBeGreaterThan(0.7);
  });
});
