/** @file Intervals against independent values, against each other, and against their own promise: coverage. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { resample } from "./bootstrap.ts";
import {
  bernstein,
  boundedMean,
  clopperPearson,
  overSeeds,
  pairedDifference,
  pooledOverSeeds,
  wilson,
} from "./intervals.ts";
import { type Rng, rng } from "./rng.ts";
import { mean, variance } from "./stats.ts";

const file = new URL("../../../shared/oracles/statistics.json", import.meta.url);
const oracle = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;

describe.skipIf(!oracle)(`independent values from ${file.pathname}${oracle ? "" : " (absent: skipped)"}`, () => {
  test("Wilson", () => {
    for (const { k, n, ci } of oracle.wilson95) {
      const { low, high } = wilson(k, n, "levels");
      expect(low).toBeCloseTo(ci[0], 10);
      expect(high).toBeCloseTo(ci[1], 10);
    }
  });

  test("Clopper and Pearson", () => {
    for (const { k, n, ci } of oracle.clopper_pearson95) {
      const { low, high } = clopperPearson(k, n, "levels");
      expect(low).toBeCloseTo(ci[0], 10);
      expect(high).toBeCloseTo(ci[1], 10);
    }
  });

  test("the interval of values pooled over seeds is the clustered standard error's", () => {
    const { data, mean: center, se_clustered } = oracle.clustered_standard_error;
    const groups = Map.groupBy(data as number[][], ([group]) => group!);
    const pooled = pooledOverSeeds([...groups.values()].map((rows) => rows.map(([, value]) => value!)));
    expect(pooled.mean).toBeCloseTo(center, 12);
    // Student's t of 5 degrees of freedom.
    expect((pooled.high - center) / se_clustered).toBeCloseTo(2.5705818, 6);
  });

  test("the cluster bootstrap spreads like the clustered standard error", () => {
    const { data, se_clustered, se_naive } = oracle.clustered_standard_error;
    const clusters = data.map((row: number[]) => row[0]);
    const values = data.map((row: number[]) => row[1]);
    const { values: means } = resample({
      clusters,
      statistic: (items) => mean(Float64Array.from(items, (i) => values[i]!)),
      rng: rng(1),
      resamples: 20_000,
    });
    // Resampling G clusters has variance (G − 1) / G of the unbiased one; here G = 6.
    const spread = Math.sqrt((variance(means) * 6) / 5);
    expect(spread / se_clustered).toBeGreaterThan(0.97);
    expect(spread / se_clustered).toBeLessThan(1.03);
    expect(spread).toBeGreaterThan(1.3 * se_naive);
  });
});

test("Student's t over five seeds, against the tabled 2.776", () => {
  const estimate = overSeeds([1, 2, 3, 4, 5]);
  expect(estimate.mean).toBe(3);
  expect(estimate.high - 3).toBeCloseTo(2.7764451 * Math.sqrt(2.5 / 5), 6);
  expect(overSeeds([0.9, 1, 1], [0, 1]).high).toBe(1);
  expect(() => overSeeds([1])).toThrow(/at least 2/);
});

describe("pooledOverSeeds", () => {
  test("with as many values of each seed is overSeeds of their means", () => {
    const pooled = pooledOverSeeds([
      [0, 1],
      [1, 1],
      [0.5, 1],
    ]);
    const plain = overSeeds([0.5, 1, 0.75]);
    expect(pooled.mean).toBeCloseTo(plain.mean, 12);
    expect(pooled.low).toBeCloseTo(plain.low, 12);
    expect(pooled.high).toBeCloseTo(plain.high, 12);
  });

  test("weighs a seed by its values, and is clipped", () => {
    const { mean: center, low, high, n } = pooledOverSeeds([[1, 1, 1], [0]], [0, 1]);
    expect([center, low, high, n]).toEqual([0.75, 0, 1, 2]);
    expect(() => pooledOverSeeds([[1, 2, 3]])).toThrow(/at least 2/);
  });

  test("covers the true mean of clustered values about as often as it says", () => {
    let covered = 0;
    for (let repeat = 0; repeat < 400; repeat++) {
      const random = rng(7).fork(repeat);
      const { low, high } = pooledOverSeeds(
        Array.from({ length: 8 }, (_, seed) => {
          const own = random.normal();
          return Array.from({ length: 4 + (seed % 3) }, () => own + random.normal());
        }),
      );
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.91);
    expect(covered / 400).toBeLessThan(0.985);
  });
});

describe("boundedMean", () => {
  test("is Clopper and Pearson's interval on zeros and ones, also by its general path", () => {
    const values = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const { low, high } = clopperPearson(3, 12, "levels");
    const exact = boundedMean(values, { range: [0, 1], rng: rng(1) });
    expect([exact.low, exact.high]).toEqual([low, high]);
    // A value that is not quite 0 forces the Monte Carlo path.
    const drawn = boundedMean([...values.slice(0, 11), 1e-9], { range: [0, 1], rng: rng(1), draws: 40_000 });
    expect(drawn.low).toBeCloseTo(low, 2);
    expect(drawn.high).toBeCloseTo(high, 2);
  });

  test("is never a point, and stays in range", () => {
    for (const value of [-1, 0, 0.3, 1]) {
      const { low, high } = boundedMean(new Float64Array(50).fill(value), { range: [-1, 1], rng: rng(2) });
      expect(low).toBeLessThan(high);
      expect(low).toBeGreaterThanOrEqual(-1);
      expect(high).toBeLessThanOrEqual(1);
    }
  });

  test("counts a cluster once, however often its value is repeated", () => {
    const r = rng(3);
    const once = Array.from({ length: 20 }, () => r.uniform());
    const thrice = [...once, ...once, ...once];
    const clusters = thrice.map((_, i) => i % 20);
    const a = boundedMean(once, { range: [0, 1], rng: rng(4) });
    const b = boundedMean(thrice, { range: [0, 1], clusters, rng: rng(4) });
    const naive = boundedMean(thrice, { range: [0, 1], rng: rng(4) });
    expect([a.n, b.n, naive.n]).toEqual([20, 20, 60]);
    expect(b.low).toBeCloseTo(a.low, 8);
    expect(b.high).toBeCloseTo(a.high, 8);
    expect(naive.high - naive.low).toBeLessThan(0.7 * (a.high - a.low));
  });

  const draws: readonly [string, number, (r: Rng) => number][] = [
    ["skewed, values in {0, 0.01, 1}", 0.02 + 0.009, (r) => (r.uniform() < 0.02 ? 1 : r.uniform() < 0.918 ? 0.01 : 0)],
    ["uniform", 0.5, (r) => r.uniform()],
    ["squares", 1 / 3, (r) => r.uniform() ** 2],
  ];
  test.each(draws)("covers the mean at least 95 % of the time: %s", (_, truth, draw) => {
    const r = rng(5);
    let hits = 0;
    for (let i = 0; i < 400; i++) {
      const { low, high } = boundedMean(
        Array.from({ length: 30 }, () => draw(r)),
        { range: [0, 1], rng: r, draws: 400 },
      );
      if (low <= truth && truth <= high) hits++;
    }
    // 400 trials at 95 %: fewer than 368 has probability below 0.005.
    expect(hits).toBeGreaterThanOrEqual(368);
  });

  test("is tighter than empirical Bernstein, and near the normal interval for many values", () => {
    const r = rng(6);
    const values = Array.from({ length: 400 }, () => r.uniform());
    const a = boundedMean(values, { range: [0, 1], rng: rng(7) });
    const b = bernstein(values, [0, 1], "levels");
    const normal = 2 * 1.96 * Math.sqrt(variance(values) / 400);
    expect(a.high - a.low).toBeLessThan(b.high - b.low);
    expect((a.high - a.low) / normal).toBeGreaterThan(0.93);
    expect((a.high - a.low) / normal).toBeLessThan(1.12);
  });
});

test("empirical Bernstein, by hand: four values, half-width √(2·V·ln 80/4) + 7·ln 80/9, clipped", () => {
  const values = [0, 0, 10, 10];
  const half = Math.sqrt((2 * (100 / 3) * Math.log(80)) / 4) + (7 * 1000 * Math.log(80)) / 9;
  expect(bernstein(values, [-500, 500], "seeds").high).toBe(500);
  expect(half).toBeGreaterThan(500);
  const many = Array.from({ length: 1000 }, (_, i) => i % 2);
  const expected = Math.sqrt((2 * (250 / 999) * Math.log(80)) / 1000) + (7 * Math.log(80)) / (3 * 999);
  expect(bernstein(many, [0, 1], "seeds").high).toBeCloseTo(0.5 + expected, 12);
});

test("pairing removes what the pairs share", () => {
  const r = rng(8);
  const shared = Array.from({ length: 100 }, () => r.uniform() * 0.9);
  const lifted = shared.map((value) => value + 0.05);
  const { mean: difference, low, high } = pairedDifference(lifted, shared, { range: [0, 1], rng: rng(9) });
  expect(difference).toBeCloseTo(0.05, 12);
  expect(low).toBeGreaterThan(0);
  expect(high).toBeLessThan(0.12);
});
