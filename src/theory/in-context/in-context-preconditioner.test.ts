/** @file Preconditioners in context: published values, Monte Carlo over tasks, limits, and the mistakes that miss them. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { apply, dot, scaledIdentity } from "../numerics/dense.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { bestStep, normalInputs } from "./in-context-gd.ts";
import {
  finiteTaskExcess,
  plainStep,
  preconditionedLoss,
  preconditioner,
  taskExcess,
  taskPreconditioner,
} from "./in-context-preconditioner.ts";

describe("inputs of unequal variance", () => {
  const eigenvalues = Float64Array.of(4, 1, 0.25);
  const n = 12;
  const best = preconditioner(eigenvalues, n);

  test("1 / (((n + 1)/n) λ + tr/n), stationary by finite differences", () => {
    expect(Array.from(best)).toEqual([4, 1, 0.25].map((each) => 1 / ((13 / 12) * each + 5.25 / 12)));
    for (const i of [0, 1, 2]) {
      const moved = (by: number) => best.map((each, k) => (k === i ? each + by : each));
      const slope =
        (preconditionedLoss(eigenvalues, n, moved(1e-5)) - preconditionedLoss(eigenvalues, n, moved(-1e-5))) / 2e-5;
      expect(Math.abs(slope)).toBeLessThan(1e-8);
    }
  });

  test("the loss is that of whole tasks", () => {
    const random = rng(3);
    const draw = () => eigenvalues.map((each) => Math.sqrt(each) * random.normal());
    const errors = Float64Array.from({ length: 20_000 }, () => {
      const w = Float64Array.from(eigenvalues, () => random.normal());
      const weighted = draw();
      const target = dot(w, weighted);
      for (let i = 0; i < weighted.length; i++) weighted[i]! *= best[i]! / n;
      let prediction = 0;
      for (let i = 0; i < n; i++) {
        const x = draw();
        prediction += dot(w, x) * dot(x, weighted);
      }
      return (prediction - target) ** 2;
    });
    const { mean, standardError } = sampledMean(errors);
    expect(Math.abs(mean - preconditionedLoss(eigenvalues, n, best))).toBeLessThan(3.5 * standardError);
  });

  test("isotropic: n / (n + d + 1), which is plain descent; many examples: Σ⁻¹", () => {
    const isotropic = new Float64Array(5).fill(1);
    for (const each of preconditioner(isotropic, 20)) expect(each).toBeCloseTo(20 / 26, 12);
    expect(plainStep(isotropic, 20)).toBeCloseTo(20 / 26, 12);
    // The same layer in the other file's units: half the MSE, and a step on the sum.
    const twin = bestStep({ law: normalInputs(1), dimensions: 5, examples: 20 });
    expect(twin.rate).toBeCloseTo(20 / 26, 12);
    expect(preconditionedLoss(isotropic, 20, preconditioner(isotropic, 20)) / 2).toBeCloseTo(twin.loss, 12);
    for (const [i, each] of preconditioner(eigenvalues, 1e9).entries()) {
      expect(each).toBeCloseTo(1 / eigenvalues[i]!, 6);
    }
  });

  test("anisotropic inputs part it from plain descent; wrong versions: Σ⁻¹, and n for n + 1", () => {
    const loss = preconditionedLoss(eigenvalues, n, best);
    const plain = eigenvalues.map(() => plainStep(eigenvalues, n));
    expect(preconditionedLoss(eigenvalues, n, plain)).toBeGreaterThan(1.05 * loss);
    expect(plainStep(eigenvalues, n)).toBeGreaterThan(best[0]!);
    const inverse = eigenvalues.map((each) => 1 / each);
    expect(preconditionedLoss(eigenvalues, n, inverse)).toBeGreaterThan(1.2 * loss);
    const total = 5.25;
    const short = eigenvalues.map((each) => 1 / (each + total / n));
    expect(preconditionedLoss(eigenvalues, n, short)).toBeGreaterThan(loss + 1e-4);
  });
});

describe("finite sets of tasks, d = 8, N = 16, σ² = 0.25", () => {
  const contexts = { dimensions: 8, examples: 16, noise: 0.25 };
  const everyTask = scaledIdentity(8);

  test("all tasks: 1 − N / (N + d + 1 + σ²) = 0.3663", () => {
    const gamma = taskPreconditioner(everyTask, contexts);
    expect(taskExcess(gamma, everyTask, contexts) / 8).toBeCloseTo(1 - 16 / 25.25, 12);
    expect(1 - 16 / 25.25).toBeCloseTo(0.3663, 4);
  });

  // Published from few sets of tasks; the tolerance is theirs, on memorized tasks mostly.
  test.each([
    [1, 0.109, 0.933],
    [2, 0.162, 0.856],
    [4, 0.222, 0.708],
    [8, 0.29, 0.534],
    [16, 0.323, 0.435],
    [32, 0.35, 0.392],
    [128, 0.362, 0.371],
  ])("%i tasks", (tasks, onTrained, onNew) => {
    const found = finiteTaskExcess({ ...contexts, tasks, sets: 300, rng: rng(1) });
    expect(Math.abs(found.onTrained.mean - onTrained)).toBeLessThan(3 * found.onTrained.standardError + 0.005);
    expect(Math.abs(found.onNew.mean - onNew)).toBeLessThan(3 * found.onNew.standardError + 0.001);
    expect(found.onTrained.high).toBeLessThan(found.onNew.low);
  });

  test("the excess is that of whole noisy tasks from a set of three", () => {
    const random = rng(7);
    const tasks = Array.from({ length: 3 }, () => Float64Array.from({ length: 8 }, () => random.normal()));
    const moment = new Float64Array(64);
    for (const w of tasks) for (let i = 0; i < 64; i++) moment[i]! += (w[i >> 3]! * w[i & 7]!) / 3;
    const gamma = taskPreconditioner(moment, contexts);
    const errors = Float64Array.from({ length: 10_000 }, () => {
      const w = tasks[random.int(3)]!;
      const h = new Float64Array(8);
      for (let n = 0; n < 16; n++) {
        const x = Float64Array.from({ length: 8 }, () => random.normal());
        const y = dot(w, x) + 0.5 * random.normal();
        for (let i = 0; i < 8; i++) h[i]! += (x[i]! * y) / 16;
      }
      const query = Float64Array.from({ length: 8 }, () => random.normal());
      return (dot(h, apply(gamma, query)) - dot(w, query)) ** 2;
    });
    const { mean, standardError } = sampledMean(errors);
    expect(Math.abs(mean - taskExcess(gamma, moment, contexts))).toBeLessThan(3.5 * standardError);
  });

  test("wrong versions: no shrinkage, and H without its trace term", () => {
    expect(taskExcess(everyTask, everyTask, contexts) / 8).toBeCloseTo(9.25 / 16, 12);
    const noTrace = scaledIdentity(8, 1 / (1 + 1 / 16));
    expect(taskExcess(noTrace, everyTask, contexts) / 8).toBeGreaterThan(0.5);
  });
});
