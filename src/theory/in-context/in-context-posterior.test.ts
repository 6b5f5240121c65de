/** @file The posterior in context: published errors and bits, brute-force posteriors, identities, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { dot } from "../numerics/dense.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { finiteSetErrors, posteriorErrors, ridgeWeights, taskPosteriorMean } from "./in-context-posterior.ts";

const D = 8;
const sequences = { dimensions: D, length: 16, noise: 0.25 };
const found = posteriorErrors({ ...sequences, sequences: 2000, rng: rng(1) });

const normals = (n: number, seed: number) => {
  const random = rng(seed);
  return Float64Array.from({ length: n }, () => random.normal());
};

describe("ridge, d = 8, K = 16, σ² = 0.25", () => {
  test("0.3758 per dimension, 22.18 bits", () => {
    // Published from 2,000 to 40,000 sequences with their noise in them.
    expect(Math.abs(found.meanPerDimension.mean - 0.3758)).toBeLessThan(0.003);
    expect(Math.abs(found.bits.mean - 22.18)).toBeLessThan(0.15);
    expect(found.bits.standardError).toBeLessThan(0.05);
  });

  test("position by position", () => {
    const published = [
      8.28, 7.33, 6.3, 5.36, 4.5, 3.69, 2.89, 2.22, 1.72, 1.31, 1.05, 0.883, 0.756, 0.675, 0.593, 0.546,
    ];
    for (const [k, each] of published.entries()) {
      expect(Math.abs(found.byPosition[k]!.mean - each)).toBeLessThan(0.03 * each + 0.01);
    }
    expect(found.byPosition[0]!.mean).toBe(8.25);
  });

  test("the errors are those of ridge on whole sequences", () => {
    const random = rng(2);
    for (const k of [3, 10]) {
      const errors = Float64Array.from({ length: 4000 }, () => {
        const w = Float64Array.from({ length: D }, () => random.normal());
        const x = Float64Array.from({ length: (k + 1) * D }, () => random.normal());
        const y = Float64Array.from(
          { length: k + 1 },
          (_, n) => dot(w, x.subarray(n * D, (n + 1) * D)) + 0.5 * random.normal(),
        );
        const context = { x: x.subarray(0, k * D), y: y.subarray(0, k) };
        return (y[k]! - dot(ridgeWeights(context, D, 0.25), x.subarray(k * D))) ** 2;
      });
      const { mean, standardError } = sampledMean(errors);
      expect(Math.abs(mean - found.byPosition[k]!.mean)).toBeLessThan(3.5 * standardError);
    }
  });

  test("the bits are what the predictions gain one by one: ½ log₂ of predicted over noise variance", () => {
    // One dimension, where the inputs of a position enter the posterior variance v as 1 / (1 + Σ x² / σ²).
    const random = rng(3);
    const gains = Float64Array.from({ length: 4000 }, () => {
      let [v, bits] = [1, 0];
      for (let k = 0; k < 5; k++) {
        const x = random.normal();
        bits += 0.5 * Math.log2(1 + (x * x * v) / 0.25);
        v /= 1 + (x * x * v) / 0.25;
      }
      return bits;
    });
    const { mean, standardError } = sampledMean(gains);
    const whole = posteriorErrors({ dimensions: 1, length: 5, noise: 0.25, sequences: 4000, rng: rng(4) }).bits;
    expect(Math.abs(mean - whole.mean)).toBeLessThan(3.5 * Math.hypot(standardError, whole.standardError));
  });

  test("wrong versions: σ for σ², natural logarithms, a determinant without its half", () => {
    const wrongNoise = posteriorErrors({ ...sequences, noise: 0.5, sequences: 500, rng: rng(1) });
    expect(Math.abs(wrongNoise.meanPerDimension.mean - 0.3758)).toBeGreaterThan(0.02);
    expect(Math.abs(found.bits.mean * Math.LN2 - 22.18)).toBeGreaterThan(5);
    expect(Math.abs(found.bits.mean * 2 - 22.18)).toBeGreaterThan(20);
  });
});

describe("a finite set of tasks", () => {
  test("one task is known at once; two tasks by Bayes' rule", () => {
    const tasks = normals(2 * D, 5);
    const x = normals(3 * D, 6);
    const y = Float64Array.of(0.3, -1, 2);
    expect(Array.from(taskPosteriorMean(tasks.subarray(0, D), { x, y }, D, 0.25))).toEqual(
      Array.from(tasks.subarray(0, D)),
    );
    const likelihood = (i: number) =>
      y.reduce((product, each, n) => {
        const residual = each - dot(tasks.subarray(i * D, (i + 1) * D), x.subarray(n * D, (n + 1) * D));
        return (product * Math.exp(-(residual ** 2) / 0.5)) / Math.sqrt(0.5 * Math.PI);
      }, 1);
    const share = likelihood(0) / (likelihood(0) + likelihood(1));
    const posterior = taskPosteriorMean(tasks, { x, y }, D, 0.25);
    for (let c = 0; c < D; c++) expect(posterior[c]).toBeCloseTo(share * tasks[c]! + (1 - share) * tasks[D + c]!, 10);
  });

  test("very many tasks: the posterior mean tends to ridge", () => {
    // In two dimensions, where 40,000 tasks are dense.
    const x = normals(6, 8);
    const y = Float64Array.of(0.5, -0.2, 1);
    const dense = taskPosteriorMean(normals(80_000, 9), { x, y }, 2, 0.25);
    const ridge = ridgeWeights({ x, y }, 2, 0.25);
    for (const c of [0, 1]) expect(Math.abs(dense[c]! - ridge[c]!)).toBeLessThan(0.03);
  });

  // One set of tasks each was published: to 15 %, or to 3 deviations between sets where that is more. For 4 tasks the
  // published set lies at the edge of what sets give.
  test.each([
    [4, 24, 0.127, 1.78],
    [16, 8, 0.153, 1.19],
    [64, 4, 0.186, 0.887],
    [256, 2, 0.219, 0.744],
  ])("%i tasks, %i sets", (count, sets, onTrained, onNew) => {
    const each = Array.from({ length: sets }, (_, seed) =>
      finiteSetErrors({ ...sequences, tasks: normals(count * D, 100 + seed), sequences: 150, rng: rng(seed) }),
    );
    for (const [pick, published] of [
      ["onTrained", onTrained],
      ["onNew", onNew],
    ] as const) {
      const over = sampledMean(each.map((set) => set[pick].mean));
      const spread = over.standardError * Math.sqrt(sets);
      expect(Math.abs(over.mean - published)).toBeLessThan(Math.max(0.15 * published, 3 * spread));
      // Better than ridge on its own tasks, worse on others.
      if (pick === "onTrained") expect(over.mean).toBeLessThan(found.meanPerDimension.low);
      else expect(over.mean).toBeGreaterThan(found.meanPerDimension.high);
    }
  });

  test("wrong version: an exponent without its half is overconfident", () => {
    const tasks = normals(64 * D, 10);
    const right = finiteSetErrors({ ...sequences, tasks, sequences: 400, rng: rng(1) });
    // σ² / 2 in the weights; the sequences are the same, so that the difference is paired.
    const random = rng(1).fork("trained");
    const errors = Float64Array.from({ length: 400 }, () => {
      const at = random.int(64);
      const w = tasks.subarray(at * D, (at + 1) * D);
      const x = new Float64Array(16 * D);
      const y = new Float64Array(16);
      let total = 0;
      for (let k = 0; k < 16; k++) {
        const guess = taskPosteriorMean(tasks, { x: x.subarray(0, k * D), y: y.subarray(0, k) }, D, 0.125);
        for (let i = 0; i < D; i++) x[k * D + i] = random.normal();
        y[k] = dot(w, x.subarray(k * D, (k + 1) * D)) + 0.5 * random.normal();
        total += (y[k]! - dot(guess, x.subarray(k * D, (k + 1) * D))) ** 2;
      }
      return total / (16 * D);
    });
    expect(sampledMean(errors).mean).toBeGreaterThan(1.02 * right.onTrained.mean);
  });
});
