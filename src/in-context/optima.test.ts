/** @file Optimal single steps: against the closed forms of equal variances and of normal inputs, and by simulation. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { TaskLaw } from "../in-context.ts";
import { bestStep, normalInputs, scaledLoss, uniformInputs } from "../theory/in-context/in-context-gd.ts";
import { preconditioner } from "../theory/in-context/in-context-preconditioner.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { answersOf, correlations } from "./algorithms.ts";
import { drawContexts, inputVariances, lossesOf, taskSet, zeroLossOf } from "./contexts.ts";
import { bestPlainStep, bestPreconditioner, stepsLossOf } from "./optima.ts";

const plain: TaskLaw = {
  dimensions: 10,
  examples: 10,
  inputs: "uniform",
  scale: 1,
  condition: 1,
  tasks: 0,
  noise: 0,
};

test("equal variances: a* = .606061, L* = .206229, and out of distribution", () => {
  const contexts = { law: uniformInputs(0.5), dimensions: 10, examples: 10 };
  const step = bestPlainStep(plain);
  expect(step).toBeCloseTo(0.606061, 6);
  expect(step).toBeCloseTo(bestStep(contexts).step, 12);
  const steps = new Float64Array(10).fill(step);
  for (const factor of [0.5, 1, 1.5, 2])
    expect(stepsLossOf(plain, steps, factor)).toBeCloseTo(scaledLoss(contexts, factor), 12);
  expect(stepsLossOf(plain, new Float64Array(10))).toBeCloseTo(zeroLossOf(plain), 12);
  const normal = { ...plain, inputs: "normal" as const };
  expect(bestPlainStep(normal)).toBeCloseTo(bestStep({ ...contexts, law: normalInputs(1) }).step, 12);
});

test("normal inputs of unequal variance: the preconditioner of Ahn et al.", () => {
  const law: TaskLaw = { ...plain, inputs: "normal", condition: 16, scale: 0.3 };
  const theirs = preconditioner(inputVariances(law), law.examples);
  // Theirs is for the mean over examples, ours for the sum.
  for (const [k, each] of bestPreconditioner(law).entries()) expect(each * law.examples).toBeCloseTo(theirs[k]!, 10);
});

test.each([
  { ...plain, condition: 9 },
  { ...plain, inputs: "normal" as const, condition: 9, noise: 0.1, scale: 0.4 },
])("the loss is that of simulated contexts, and least at the optimum: $inputs inputs", (law) => {
  const best = bestPreconditioner(law);
  const contexts = drawContexts(law, { count: 8000, rng: rng(3) });
  const h = correlations(contexts).map((each, i) => each * best[i % 10]!);
  const { mean, standardError } = sampledMean(lossesOf(answersOf(h, contexts), contexts));
  expect(Math.abs(mean - stepsLossOf(law, best))).toBeLessThan(3.5 * standardError);
  for (let k = 0; k < 10; k++) {
    for (const factor of [0.98, 1.02]) {
      const moved = best.slice();
      moved[k]! *= factor;
      expect(stepsLossOf(law, moved)).toBeGreaterThan(stepsLossOf(law, best));
    }
  }
  const common = bestPlainStep(law);
  for (const step of [common * 0.98, common * 1.02]) {
    expect(stepsLossOf(law, new Float64Array(10).fill(step))).toBeGreaterThan(
      stepsLossOf(law, new Float64Array(10).fill(common)),
    );
  }
});

test("contexts: variances as asked, targets of their tasks, sets of tasks drawn from", () => {
  const law: TaskLaw = { ...plain, condition: 4, tasks: 3 };
  const tasks = taskSet(law, rng(1));
  const contexts = drawContexts(law, { count: 4000, rng: rng(2), tasks });
  const variances = inputVariances(law);
  expect(variances[9]! / variances[0]!).toBeCloseTo(4, 10);
  for (const k of [0, 9]) {
    const squares = Float64Array.from({ length: 4000 }, (_, c) => contexts.query[c * 10 + k]! ** 2);
    const { mean, standardError } = sampledMean(squares);
    expect(Math.abs(mean - variances[k]!)).toBeLessThan(3.5 * standardError);
  }
  const seen = new Set(Array.from({ length: 4000 }, (_, c) => contexts.task[c * 10]!));
  expect([...seen].sort()).toEqual([tasks[0]!, tasks[10]!, tasks[20]!].sort());
  for (const c of [0, 17]) {
    let sum = 0;
    for (let k = 0; k < 10; k++) sum += contexts.task[c * 10 + k]! * contexts.query[c * 10 + k]!;
    expect(contexts.target[c]).toBeCloseTo(sum, 5);
  }
});
