/** @file Counterfactual memorization against learners whose memorization is known exactly: nearest neighbor and ridge. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { dot, gramOf, solve } from "../numerics/dense.ts";
import {
  counterfactualInfluence,
  counterfactualMemorization,
  drawSubsets,
  greatestStandardError,
  leaveOneOutPrediction,
} from "./memorization.ts";

/** The label of the nearest point of a subset, the first of equally near ones; points on a line. */
function nearest(
  points: readonly number[],
  labels: ArrayLike<number>,
  has: (i: number) => boolean,
  at: number,
): number {
  let [best, label] = [Infinity, -1];
  for (const [i, point] of points.entries()) {
    const distance = Math.abs(point - at);
    if (has(i) && distance < best) [best, label] = [distance, labels[i]!];
  }
  return label;
}

/** Every way of labeling n points with c classes. */
const labelings = (n: number, c: number) =>
  Array.from({ length: c ** n }, (_, code) => Array.from({ length: n }, (_, i) => Math.floor(code / c ** i) % c));

describe("nearest neighbor on random labels", () => {
  test("an isolated point is memorized by 1 − 1/c, exactly; a point with a twin by 0", () => {
    for (const c of [2, 3]) {
      const points = [0, 10, 25, 70, 70];
      const memorized = (i: number, twins: boolean) =>
        mean(
          labelings(5, c)
            .filter((labels) => !twins || labels[3] === labels[4])
            .map((labels) => {
              const right = (has: (j: number) => boolean) =>
                nearest(points, labels, has, points[i]!) === labels[i] ? 1 : 0;
              return right(() => true) - right((j) => j !== i);
            }),
        );
      expect(memorized(1, true)).toBeCloseTo(1 - 1 / c, 12);
      expect(memorized(4, true)).toBe(0);
    }
  });

  // Twelve points, the last two twins of one label.
  const points = [0, 1, 2.1, 3.3, 4.6, 6, 7.5, 9.1, 10.8, 12.6, 14.5, 14.5];
  const share = 8 / 12;

  /** Trainings on subsets, labels drawn anew for each: means are those over labels and subsets. */
  function trainings(count: number, seed: number, classes: number) {
    const random = rng(seed);
    const included = drawSubsets({ trainings: count, examples: 12, share }, random);
    const scores = new Float64Array(count * 12);
    for (let t = 0; t < count; t++) {
      const labels = Array.from({ length: 12 }, () => random.int(classes));
      labels[11] = labels[10]!;
      for (let i = 0; i < 12; i++) {
        const label = nearest(points, labels, (j) => included[t * 12 + j] === 1, points[i]!);
        scores[t * 12 + i] = label === labels[i] ? 1 : 0;
      }
    }
    return { examples: 12, targets: 12, included, scores };
  }

  test("the estimator over subsets: 1 − 1/c for isolated points; a twin counts only where it is left out too", () => {
    const all = trainings(6000, 1, 4);
    const estimate = (i: number) => counterfactualMemorization(all, i, { range: [0, 1], rng: rng(2) });
    for (const i of [0, 3, 6]) {
      const { mean: value, low, high, with: seen, without } = estimate(i);
      expect(Math.abs(value - 0.75)).toBeLessThan(4 * greatestStandardError(6000, share));
      expect([low < 0.75, high > 0.75, seen + without]).toEqual([true, true, 6000]);
    }
    // Without it, its twin is there 8 times in 11.
    const twin = estimate(11);
    expect(Math.abs(twin.mean - 0.75 * (3 / 11))).toBeLessThan(4 * greatestStandardError(6000, share));
    // Wrong versions: the model's own success alone, and the difference to all models instead of those without it.
    const right = Array.from({ length: 6000 }, (_, t) => t).filter((t) => all.included[t * 12 + 3] === 1);
    const own = mean(right.map((t) => all.scores[t * 12 + 3]!));
    const overall = mean(Array.from({ length: 6000 }, (_, t) => all.scores[t * 12 + 3]!));
    expect(own).toBe(1);
    expect(Math.abs(own - overall - 0.75)).toBeGreaterThan(0.3);
  });

  test("influence falls on the neighbor; on the far end only as much as one place fewer in the subset does", () => {
    const all = trainings(6000, 3, 4);
    const between = (i: number, on: number) => counterfactualInfluence(all, i, on, { range: [0, 1], rng: rng(4) });
    expect(between(10, 11).low).toBeGreaterThan(0.05);
    // Both twins are left out with probability 4 · 3/110 where a stranger is in, and 3 · 2/110 where it is out.
    const { low, high } = between(0, 11);
    expect(low).toBeLessThan((-0.75 * 6) / 110);
    expect(high).toBeGreaterThan((-0.75 * 6) / 110);
  });

  test("the interval holds the truth about as often as it says", () => {
    let held = 0;
    for (let trial = 0; trial < 200; trial++) {
      const { low, high } = counterfactualMemorization(trainings(60, 100 + trial, 2), 5, {
        range: [0, 1],
        rng: rng(5),
      });
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.92);
  });
});

describe("ridge regression", () => {
  const random = rng(6);
  const [n, d, penalty] = [14, 3, 0.4];
  const x = Float64Array.from({ length: n * d }, () => random.normal());
  const y = Float64Array.from({ length: n }, (_, i) => x[i * d]! - x[i * d + 1]! + random.normal());

  /** Weights from the rows that count, and (XᵀX + λ)⁻¹x of a row. */
  function ridge(has: (i: number) => boolean) {
    const rows = Array.from({ length: n }, (_, i) => i).filter(has);
    const gram = gramOf(Float64Array.from(rows.flatMap((i) => [...x.subarray(i * d, i * d + d)])), d);
    for (let f = 0; f < d; f++) gram[f * d + f]! += penalty;
    const right = new Float64Array(d);
    for (const i of rows) for (let f = 0; f < d; f++) right[f]! += x[i * d + f]! * y[i]!;
    return { weights: solve(gram, right, d), inverse: (row: Float64Array) => solve(gram, row, d) };
  }

  test("predictions without an example follow from the leverage, as from training again", () => {
    const all = ridge(() => true);
    for (let i = 0; i < n; i++) {
      const row = x.slice(i * d, i * d + d);
      const leverage = dot(row, all.inverse(row));
      const again = dot(ridge((j) => j !== i).weights, row);
      expect(leaveOneOutPrediction(dot(all.weights, row), leverage, y[i]!)).toBeCloseTo(again, 10);
    }
    expect(() => leaveOneOutPrediction(1, 1, 1)).toThrow("leverage");
  });

  test("scores without bounds: the interval over trainings holds the mean over every subset", () => {
    // Score: negative squared error on the example. Exact: all C(8, 6) subsets of the first eight examples.
    const score = (has: (i: number) => boolean, i: number) =>
      -((dot(ridge(has).weights, x.slice(i * d, i * d + d)) - y[i]!) ** 2);
    const subsets: number[] = [];
    for (let code = 0; code < 256; code++)
      if ([...code.toString(2)].filter((b) => b === "1").length === 6) subsets.push(code);
    const exact = (i: number) => {
      const arm = (bit: number) =>
        mean(subsets.filter((c) => ((c >> i) & 1) === bit).map((c) => score((j) => ((c >> j) & 1) === 1, i)));
      return arm(1) - arm(0);
    };
    const included = drawSubsets({ trainings: 300, examples: 8, share: 0.75 }, rng(7));
    const scores = new Float64Array(300 * 8);
    for (let t = 0; t < 300; t++)
      for (let i = 0; i < 8; i++) scores[t * 8 + i] = score((j) => j < 8 && included[t * 8 + j] === 1, i);
    let held = 0;
    for (let i = 0; i < 8; i++) {
      const { low, high } = counterfactualMemorization({ examples: 8, targets: 8, included, scores }, i, {
        rng: rng(8),
      });
      if (low <= exact(i) && exact(i) <= high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(7);
  });
});

test("what 200 and 1000 trainings can tell: .077 and .035", () => {
  expect(greatestStandardError(200, 0.7)).toBeCloseTo(0.077, 3);
  expect(greatestStandardError(1000, 0.7)).toBeCloseTo(0.035, 3);
});

test("subsets have the size asked for, and an example nobody left out is refused", () => {
  const included = drawSubsets({ trainings: 40, examples: 10, share: 0.7 }, rng(9));
  for (let t = 0; t < 40; t++) expect(included.subarray(t * 10, t * 10 + 10).reduce((a, b) => a + b)).toBe(7);
  expect(included.reduce((a, b) => a + b)).toBe(280);
  expect(() => drawSubsets({ trainings: 2, examples: 3, share: 1 }, rng(1))).toThrow("leave something out");
  const few = { examples: 2, targets: 2, included: Uint8Array.from([1, 0, 1, 0]), scores: new Float64Array(4) };
  expect(() => counterfactualMemorization(few, 0, { rng: rng(1) })).toThrow("expected at least 2");
});
