/** @file Linear fits against closed forms and against the conditions that hold at the optimum. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { classify, fitRidge, fitSoftmax, type Rows, scoreRow } from "./linear-fit.ts";

function draw(n: number, features: number, seed: number): Rows {
  const random = rng(seed);
  const x = Float32Array.from(
    { length: n * features },
    (_, i) => (1 + (i % features)) * random.normal() + (i % features),
  );
  return { x, features, rows: Int32Array.from({ length: n }, (_, i) => i) };
}

describe("ridge", () => {
  test("one standardized feature: the slope shrinks by 1 / (1 + penalty)", () => {
    const x = Float32Array.of(1, 3, 5, 7);
    const y = Float64Array.of(2, 6, 10, 14);
    const data: Rows = { x, features: 1, rows: Int32Array.of(0, 1, 2, 3) };
    for (const [i, penalty] of [0.5, 1, 3].entries()) {
      const fit = fitRidge(data, y, [0.5, 1, 3])[i]!;
      expect(fit.weights[0]).toBeCloseTo(2 / (1 + penalty), 10);
      expect(fit.bias[0]! + 4 * fit.weights[0]!).toBeCloseTo(8, 10);
    }
  });

  test("both systems give the same fit, and noiseless weights come back", () => {
    const wide = draw(12, 20, 1);
    const targets = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const penalty = 0.1;
    const dual = fitRidge(wide, targets, [penalty])[0]!;
    // Padding by repetition changes no mean, and makes the primal system the smaller one.
    const rows = Int32Array.from({ length: 36 }, (_, i) => i % 12);
    const primal = fitRidge({ ...wide, rows }, targets, [penalty])[0]!;
    for (let f = 0; f < 20; f++) expect(primal.weights[f]).toBeCloseTo(dual.weights[f]!, 6);
    const tall = draw(200, 3, 2);
    const exact = Float64Array.from({ length: 200 }, (_, i) => 4 + 2 * tall.x[3 * i]! - tall.x[3 * i + 2]!);
    const fit = fitRidge(tall, exact, [1e-9])[0]!;
    expect([...fit.weights, ...fit.bias].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([2, -0, -1, 4]);
  });

  test("a constant feature is left out", () => {
    const x = Float32Array.of(1, 9, 2, 9, 3, 9);
    const fit = fitRidge({ x, features: 2, rows: Int32Array.of(0, 1, 2) }, Float64Array.of(1, 2, 3), [1e-6])[0]!;
    expect(fit.weights[1]).toBe(0);
  });
});

describe("softmax regression", () => {
  test("the gradient vanishes: mean residual times feature equals the penalty times the weight", () => {
    const data = draw(300, 4, 3);
    const random = rng(9);
    const labels = Int32Array.from({ length: 300 }, (_, i) =>
      data.x[4 * i]! + 2 * random.normal() > 0 ? (i % 3 === 0 ? 2 : 1) : 0,
    );
    const penalty = 0.05;
    const fit = fitSoftmax(data, labels, 3, penalty, undefined, { steps: 500, tolerance: 1e-12 });
    const scores = new Float64Array(3);
    for (let f = 0; f < 4; f++) {
      const column = Array.from({ length: 300 }, (_, i) => data.x[4 * i + f]!);
      const center = column.reduce((a, b) => a + b) / 300;
      const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - center) ** 2, 0) / 300);
      for (let k = 0; k < 3; k++) {
        let slope = 0;
        for (let i = 0; i < 300; i++) {
          scoreRow(fit, data.x, i, scores);
          const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
          slope +=
            ((Math.exp(scores[k]!) / total - (labels[i] === k ? 1 : 0)) * (column[i]! - center)) / deviation / 300;
        }
        expect(slope + penalty * fit.weights[f * 3 + k]! * deviation).toBeCloseTo(0, 3);
      }
    }
  });

  test("separable classes are told apart, in the units of the features; a warm start ends in the same place", () => {
    const data = draw(400, 3, 5);
    const labels = Int32Array.from({ length: 400 }, (_, i) => (data.x[3 * i + 1]! > 1 ? 1 : 0));
    const fit = fitSoftmax(data, labels, 2, 1e-4);
    const right = classify(fit, data).filter((label, i) => label === labels[i]).length;
    expect(right / 400).toBeGreaterThan(0.98);
    const cold = fitSoftmax(data, labels, 2, 0.1, undefined, { steps: 500, tolerance: 1e-12 });
    const warm = fitSoftmax(data, labels, 2, 0.1, fit, { steps: 500, tolerance: 1e-12 });
    for (let j = 0; j < 6; j++) expect(warm.weights[j]).toBeCloseTo(cold.weights[j]!, 2);
  });

  test("only the rows asked for count", () => {
    const x = Float32Array.of(0, 1, 100, 101);
    const labels = Int32Array.of(0, 1, 1, 0);
    const fit = fitSoftmax({ x, features: 1, rows: Int32Array.of(0, 1) }, labels, 2, 1e-3);
    expect([...classify(fit, { x, features: 1, rows: Int32Array.of(0, 1) })]).toEqual([0, 1]);
  });
});
