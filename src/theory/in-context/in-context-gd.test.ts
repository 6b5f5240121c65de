/** @file One step of gradient descent in context: published constants, Monte Carlo, and the mistakes that miss them. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { dot } from "../numerics/dense.ts";
import { sampledMean } from "../numerics/sampled.ts";
import {
  bestStep,
  type Contexts,
  normalInputs,
  oneStepLoss,
  scaledInputs,
  scaledLoss,
  stalledLoss,
  uniformInputs,
  zeroLoss,
} from "./in-context-gd.ts";

const half: Contexts = { law: uniformInputs(0.5), dimensions: 10, examples: 10 };

describe("constants", () => {
  test.each([
    ["U(−½, ½)", half, 0.606061, 0.206229, 0.416667],
    ["U(−1, 1)", { ...half, law: uniformInputs(1) }, 0.151515, 0.824916, 1.666667],
    ["N(0, 1)", { ...half, law: normalInputs(1) }, 1 / 21, 2.619048, 5],
    ["N(0, 1), d = 5, N = 20", { law: normalInputs(1), dimensions: 5, examples: 20 }, 1 / 26, 0.576923, 2.5],
  ] as const)("%s", (_, contexts, step, loss, zero) => {
    const best = bestStep(contexts);
    expect(best.step).toBeCloseTo(step, 6);
    expect(best.rate).toBeCloseTo(step * contexts.examples, 5);
    expect(best.loss).toBeCloseTo(loss, 6);
    expect(zeroLoss(contexts)).toBeCloseTo(zero, 6);
    expect(oneStepLoss(contexts, best.step)).toBeCloseTo(best.loss, 12);
    expect(oneStepLoss(contexts, 0)).toBe(zeroLoss(contexts));
  });

  test("the step is where the loss is least", () => {
    const { step } = bestStep(half);
    const slope = (oneStepLoss(half, step + 1e-5) - oneStepLoss(half, step - 1e-5)) / 2e-5;
    expect(Math.abs(slope)).toBeLessThan(1e-9);
    expect(oneStepLoss(half, step * 1.01)).toBeGreaterThan(bestStep(half).loss);
  });

  test("out of distribution", () => {
    for (const [factor, loss] of [
      [0.5, 0.0814],
      [1, 0.2062],
      [1.5, 1.2038],
      [2, 8.4007],
    ] as const) {
      expect(Math.abs(scaledLoss(half, factor) - loss)).toBeLessThan(3e-4);
    }
  });

  test("one example in one dimension: E (1 − a x²)² x² by hand", () => {
    const one: Contexts = { law: normalInputs(1), dimensions: 1, examples: 1 };
    for (const a of [0, 0.1, 0.5]) expect(oneStepLoss(one, a)).toBeCloseTo(0.5 * (1 - 2 * a + 3 * a * a), 12);
  });
});

test("one coordinate learned of ten: 0.3956, by simulation of a layer that looks at one only", () => {
  expect(stalledLoss(half, 1)).toBeCloseTo(0.3956, 4);
  expect(stalledLoss(half, 10)).toBeCloseTo(bestStep(half).loss, 12);
  const random = rng(8);
  const { step } = bestStep(half);
  const errors = Float64Array.from({ length: 6000 }, () => {
    const w = Float64Array.from({ length: 10 }, () => random.normal());
    let seen = 0;
    for (let i = 0; i < 10; i++) {
      const x = w.map(() => random.uniform() - 0.5);
      seen += x.reduce((sum, each, k) => sum + each * w[k]!, 0) * x[0]!;
    }
    const query = w.map(() => random.uniform() - 0.5);
    return 0.5 * (step * seen * query[0]! - query.reduce((sum, each, k) => sum + each * w[k]!, 0)) ** 2;
  });
  const { mean, standardError } = sampledMean(errors);
  expect(Math.abs(mean - stalledLoss(half, 1))).toBeLessThan(3.5 * standardError);
});

/** ½ squared errors of ŷ = a Σ yᵢ xᵢ·x_q on sampled tasks, example by example. */
function simulate({ dimensions: d, examples: n }: Contexts, step: number, scale: number, tasks: number): Float64Array {
  const random = rng(5).fork(`scale:${scale}`);
  const [w, x, query] = [new Float64Array(d), new Float64Array(d), new Float64Array(d)];
  const fill = (out: Float64Array) => {
    for (let k = 0; k < d; k++) out[k] = scale * (random.uniform() - 0.5);
  };
  return Float64Array.from({ length: tasks }, () => {
    for (let k = 0; k < d; k++) w[k] = random.normal();
    fill(query);
    let prediction = 0;
    for (let i = 0; i < n; i++) {
      fill(x);
      prediction += step * dot(w, x) * dot(x, query);
    }
    return 0.5 * (prediction - dot(w, query)) ** 2;
  });
}

test("Monte Carlo over whole tasks agrees, in and out of distribution", () => {
  const { step } = bestStep(half);
  for (const scale of [0.5, 1, 1.5]) {
    const { mean, standardError } = sampledMean(simulate(half, step, scale, 8000));
    expect(Math.abs(mean - scaledLoss(half, scale))).toBeLessThan(3.5 * standardError);
  }
});

describe("wrong versions", () => {
  test("the law that the plots name is not the law that the code draws", () => {
    expect(bestStep({ ...half, law: uniformInputs(1) }).loss / bestStep(half).loss).toBeCloseTo(4, 10);
  });

  test("the loss without its half, and normal moments for uniform inputs", () => {
    expect(2 * bestStep(half).loss).toBeCloseTo(0.412458, 6);
    const s = half.law.second;
    const asNormal = bestStep({ ...half, law: { second: s, fourth: 3 * s * s } });
    expect(Math.abs(asNormal.step - 0.606061)).toBeGreaterThan(0.02);
    expect(Math.abs(asNormal.loss - 0.206229)).toBeGreaterThan(0.001);
  });

  test("a step fitted anew at each scale hides the failure out of distribution", () => {
    const refitted = bestStep({ ...half, law: scaledInputs(half.law, 2) }).loss;
    expect(refitted).toBeCloseTo(4 * bestStep(half).loss, 10);
    expect(Math.abs(refitted - 8.4007)).toBeGreaterThan(7);
  });
});
