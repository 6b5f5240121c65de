/** @file The best of n against published digits, closed forms of small n, simulation, and the wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { normalQuantile } from "../numerics/normal.ts";
import {
  approximateNormalMaximum,
  bestOfBits,
  bestOfKl,
  bestOfWinRate,
  expectedMaximum,
  harmonic,
  normalMaximum,
  winnersCurse,
} from "./order-statistics.ts";

describe("the greatest of n normal draws", () => {
  test("expectations to five digits", () => {
    const published: readonly (readonly [number, number])[] = [
      [1, 0],
      [2, 0.56419],
      [3, 0.84628],
      [4, 1.02938],
      [5, 1.16296],
      [8, 1.4236],
      [10, 1.53875],
      [16, 1.76599],
      [20, 1.86748],
      [32, 2.06967],
      [50, 2.24907],
      [64, 2.34373],
      [100, 2.50759],
      [128, 2.5946],
      [256, 2.82686],
      [1000, 3.24144],
      [1024, 3.24824],
      [10_000, 3.85162],
    ];
    for (const [n, expected] of published) expect(Math.abs(normalMaximum(n).mean - expected)).toBeLessThan(6e-6);
  });

  test("closed forms of small n, and standard deviations", () => {
    expect(normalMaximum(2).mean).toBeCloseTo(1 / Math.sqrt(Math.PI), 13);
    expect(normalMaximum(3).mean).toBeCloseTo(1.5 / Math.sqrt(Math.PI), 13);
    expect(normalMaximum(2).square).toBeCloseTo(1, 13);
    expect(normalMaximum(1).sd).toBeCloseTo(1, 13);
    expect(normalMaximum(10).sd).toBeCloseTo(0.58681, 5);
    expect(normalMaximum(100).sd).toBeCloseTo(0.42942, 5);
    expect(normalMaximum(1000).sd).toBeCloseTo(0.35136, 5);
    expect(() => normalMaximum(0)).toThrow("draws");
  });

  test("simulation agrees", () => {
    const random = rng(1);
    const bests = Array.from({ length: 20_000 }, () => Math.max(...Array.from({ length: 10 }, () => random.normal())));
    const error = Math.sqrt(variance(bests) / bests.length);
    expect(Math.abs(mean(bests) - normalMaximum(10).mean)).toBeLessThan(4 * error);
  });

  test("the approximation of the deflated score has its published digits, and is not the expectation", () => {
    const published: readonly (readonly [number, number])[] = [
      [10, 1.5746],
      [100, 2.5306],
      [1000, 3.25512],
    ];
    for (const [n, expected] of published) {
      expect(approximateNormalMaximum(n)).toBeCloseTo(expected, 5);
      expect(approximateNormalMaximum(n) - normalMaximum(n).mean).toBeGreaterThan(0.013);
    }
  });

  test("stays below the envelope √(2 KL) of exponential tilting: 93 % of it at n = 100", () => {
    for (const n of [2, 10, 100, 1000, 100_000]) {
      expect(normalMaximum(n).mean).toBeLessThan(Math.sqrt(2 * bestOfKl(n)));
    }
    expect(normalMaximum(100).mean / Math.sqrt(2 * bestOfKl(100))).toBeCloseTo(2.5076 / 2.6889, 4);
  });
});

describe("the greatest of n draws of any distribution", () => {
  test.each([1, 2, 10, 1000])(
    "n = %d: uniform n/(n + 1), exponential H_n, Pareto by its beta integral, normal",
    (n) => {
      expect(expectedMaximum(n, (p) => 1 - p)).toBeCloseTo(n / (n + 1), 10);
      expect(expectedMaximum(n, (p) => -Math.log(p))).toBeCloseTo(harmonic(n), 9);
      expect(expectedMaximum(n, (p) => -normalQuantile(p))).toBeCloseTo(normalMaximum(n).mean, 9);
      // x(p) = p^(−1/3): n B(2/3, n) = Π k/(k − 1/3).
      let pareto = 1;
      for (let k = 1; k <= n; k++) pareto *= k / (k - 1 / 3);
      expect(expectedMaximum(n, (p) => p ** (-1 / 3)) / pareto).toBeCloseTo(1, 9);
    },
  );

  test("outcomes with ties: their greatest is that of the selected distribution", () => {
    const coin = expectedMaximum(3, (p) => (p < 0.3 ? 1 : 0));
    expect(coin).toBeCloseTo(1 - 0.7 ** 3, 1);
  });
});

describe("three counts of bits", () => {
  test("the table, to every digit it has", () => {
    const table: readonly (readonly [number, number, number, number])[] = [
      [2, 1, 0.27865, 2.164],
      [4, 2, 0.91798, 3.0056],
      [10, 3.3219, 2.0235, 4.2256],
      [16, 4, 2.64747, 4.8774],
      [100, 6.6439, 5.21559, 7.4838],
      [1000, 9.9658, 8.52453, 10.7993],
      [1024, 10, 8.55871, 10.8335],
      [60_000, 15.8727, 14.43, 16.7054],
    ];
    for (const [n, nominal, kl, tail] of table) {
      const bits = bestOfBits(n);
      expect(Math.abs(bits.nominal - nominal)).toBeLessThan(6e-5);
      expect(Math.abs(bits.kl - kl)).toBeLessThan(n === 60_000 ? 6e-5 : 6e-6);
      expect(Math.abs(bits.tail - tail)).toBeLessThan(6e-5);
    }
  });

  test("KL in nats; the nominal count, the bits, and log n − n/(n + 1) are other numbers", () => {
    const published: readonly (readonly [number, number])[] = [
      [10, 1.40259],
      [100, 3.61517],
      [1000, 5.90876],
    ];
    for (const [n, expected] of published) {
      expect(Math.abs(bestOfKl(n) - expected)).toBeLessThan(6e-6);
      for (const wrong of [Math.log(n), bestOfBits(n).kl, Math.log(n) - 1]) {
        expect(Math.abs(wrong - expected)).toBeGreaterThan(9e-4);
      }
    }
    // Indistinguishable at n = 1000, not at 10.
    expect(Math.abs(Math.log(10) - 10 / 11 - 1.40259)).toBeGreaterThan(0.009);
  });

  test("the tail count is the mean surprisal of the winner, and 1.4427 for one draw that nobody chose", () => {
    expect(bestOfBits(1)).toEqual({ nominal: 0, kl: 0, tail: Math.LOG2E });
    const random = rng(2);
    const surprisals = Array.from({ length: 20_000 }, () => {
      let best = 0;
      for (let i = 0; i < 16; i++) best = Math.max(best, random.uniform());
      return -Math.log2(1 - best);
    });
    const error = Math.sqrt(variance(surprisals) / surprisals.length);
    expect(Math.abs(mean(surprisals) - bestOfBits(16).tail)).toBeLessThan(4 * error);
    // Surprisal of the mean rank is not the mean surprisal.
    expect(Math.log2(17)).toBeLessThan(bestOfBits(16).tail - 0.5);
  });

  test("harmonic numbers grow as ln n + γ", () => {
    expect(harmonic(4)).toBeCloseTo(25 / 12, 14);
    expect(harmonic(100_000)).toBeCloseTo(Math.log(100_000) + 0.5772156649015329 + 0.5e-5, 9);
  });

  test("the best of n beats a fresh draw n/(n + 1) of the time", () => {
    const random = rng(3);
    let wins = 0;
    const trials = 20_000;
    for (let t = 0; t < trials; t++) {
      let best = 0;
      for (let i = 0; i < 4; i++) best = Math.max(best, random.uniform());
      if (best > random.uniform()) wins++;
    }
    expect(Math.abs(wins / trials - bestOfWinRate(4))).toBeLessThan(4 * Math.sqrt(0.16 / trials));
    expect(bestOfWinRate(4)).toBe(0.8);
  });
});

describe("the winner's curse", () => {
  test("simulation agrees on value and optimism", () => {
    const given = { valueSd: 1, errorSd: 2 };
    const random = rng(4);
    const values: number[] = [];
    const scores: number[] = [];
    for (let t = 0; t < 10_000; t++) {
      let [best, value] = [-Infinity, 0];
      for (let i = 0; i < 20; i++) {
        const own = given.valueSd * random.normal();
        const score = own + given.errorSd * random.normal();
        if (score > best) [best, value] = [score, own];
      }
      values.push(value);
      scores.push(best);
    }
    const { value, score, optimism } = winnersCurse(20, given);
    expect(Math.abs(mean(values) - value)).toBeLessThan(4 * Math.sqrt(variance(values) / values.length));
    expect(Math.abs(mean(scores) - score)).toBeLessThan(4 * Math.sqrt(variance(scores) / scores.length));
    expect(optimism).toBeCloseTo(score - value, 12);
    // ρ instead of ρ²: the correlation of score and value is not what shrinks the lead.
    expect(Math.abs(mean(values) - score / Math.sqrt(5))).toBeGreaterThan(0.5);
  });

  test("limits: without error no optimism, without differences nothing but", () => {
    expect(winnersCurse(100, { valueSd: 1, errorSd: 0 }).optimism).toBeCloseTo(0, 12);
    expect(winnersCurse(100, { valueSd: 0, errorSd: 1 }).value).toBe(0);
    expect(winnersCurse(100, { valueSd: 0, errorSd: 0 })).toEqual({ score: 0, value: 0, optimism: 0 });
    // Equal variances: E[max]/√2.
    expect(winnersCurse(100, { valueSd: 1, errorSd: 1 }).value).toBeCloseTo(2.50759 / Math.SQRT2, 5);
  });
});
