/** @file Learners as things that answer: constructed weights, gradients by differences, repetition, the mesa-layer, files. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import type { AttentionShape, TaskLaw } from "../in-context.ts";
import { openExecutor } from "../tensor/index.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { answersOf, correlations, ridge, rowCosines } from "./algorithms.ts";
import { gradientDescentWeights, initialWeights } from "./attention.ts";
import { drawContexts, lossesOf } from "./contexts.ts";
import { attentionLearner, encodeLearner, openLearner } from "./learner.ts";
import { bestPlainStep } from "./optima.ts";
import { answersOfProducts, descentProducts, fixGauge, productsOf } from "./products.ts";
import { repeatedDescent } from "./repeated-descent.ts";

const law: TaskLaw = { dimensions: 10, examples: 10, inputs: "uniform", scale: 1, condition: 1, tasks: 0, noise: 0 };
const shape: AttentionShape = { dimensions: 10, layers: 1, tied: true, heads: 1, attention: "linear" };
const { executor } = await openExecutor("wasm");
const step = bestPlainStep(law);
const contexts = drawContexts(law, { count: 2000, rng: rng(1) });

test("constructed weights: cosine 1 to 1e-12 and the loss L*", async () => {
  const learner = attentionLearner("", shape, gradientDescentWeights(10, step), executor);
  const { predictions, sensitivities } = await learner.respond(contexts);
  const h = correlations(contexts);
  let worst = 0;
  for (let c = 0; c < 2000; c++) {
    let [inner, aa, bb] = [0, 0, 0];
    for (let k = c * 10; k < c * 10 + 10; k++) {
      inner += sensitivities[k]! * h[k]!;
      aa += sensitivities[k]! ** 2;
      bb += h[k]! ** 2;
    }
    worst = Math.max(worst, Math.abs(1 - inner / Math.sqrt(aa * bb)));
  }
  expect(worst).toBeLessThan(1e-12);
  const { mean: loss, standardError } = sampledMean(lossesOf(predictions, contexts));
  expect(Math.abs(loss - 0.206229)).toBeLessThan(3.5 * standardError);
});

test("constructed weights repeated are gradient descent repeated", async () => {
  const learner = attentionLearner("", shape, gradientDescentWeights(10, step), executor);
  const ours = await learner.inside!.iterate!(contexts, 10, 0.75);
  const theirs = repeatedDescent(contexts, correlations(contexts), { step: 0.75 * step, applications: 10 });
  for (const k of [0, 4, 9]) {
    for (let c = 0; c < 50; c++) expect(ours[k]![c]).toBeCloseTo(theirs[k]![c]!, 4);
  }
  expect(mean(lossesOf(ours[9]!, contexts))).toBeLessThan(0.5 * mean(lossesOf(ours[0]!, contexts)));
});

test.each([
  shape,
  { ...shape, layers: 2 },
  { ...shape, layers: 2, tied: false, heads: 2 },
  { ...shape, heads: 2, attention: "softmax" as const },
])("sensitivities are the differences of answers: $layers layers, $heads heads, $attention", async (given) => {
  const weights = initialWeights(given, { init: 2, silent: false }, rng(4));
  const learner = attentionLearner("", given, weights, executor);
  const few = drawContexts(law, { count: 8, rng: rng(5) });
  const { sensitivities } = await learner.respond(few);
  const h = 2 ** -6;
  for (const k of [0, 9]) {
    const moved = (by: number) => {
      const query = few.query.slice();
      for (let c = 0; c < 8; c++) query[c * 10 + k]! += by;
      return learner.respond({ ...few, query });
    };
    const [above, below] = [await moved(h), await moved(-h)];
    for (let c = 0; c < 8; c++) {
      const slope = (above.predictions[c]! - below.predictions[c]!) / (2 * h);
      expect(Math.abs(slope - sensitivities[c * 10 + k]!)).toBeLessThan(2e-3 * (1 + Math.abs(slope)));
    }
  }
});

test("one layer is its two products, whatever their gauge", async () => {
  const weights = initialWeights(shape, { init: 2, silent: false }, rng(6));
  const { predictions } = await attentionLearner("", shape, weights, executor).respond(contexts);
  const products = productsOf(weights, 10);
  const fixed = fixGauge(products, 10);
  const [raw, gauged] = [answersOfProducts(products, contexts), answersOfProducts(fixed, contexts)];
  for (let c = 0; c < 100; c++) {
    expect(Math.abs(raw[c]! - predictions[c]!)).toBeLessThan(1e-4 * (1 + Math.abs(raw[c]!)));
    expect(Math.abs(raw[c]! - gauged[c]!)).toBeLessThan(1e-9 * (1 + Math.abs(raw[c]!)));
  }
  expect(fixGauge(descentProducts(10, step), 10).clarity).toBeCloseTo(1, 12);
});

test("a mesa-layer is ridge with λ⁻¹, and descent as λ vanishes", async () => {
  const layer = openLearner(encodeLearner({ kind: "mesa-layer", lambda: 10 }), executor);
  const { predictions, sensitivities } = await layer.respond(contexts);
  const theirs = ridge(contexts, 0.1);
  for (let i = 0; i < 500; i++) expect(sensitivities[i]).toBeCloseTo(theirs[i]!, 6);
  expect(predictions[7]).toBeCloseTo(answersOf(theirs, contexts)[7]!, 6);
  const small = await openLearner(encodeLearner({ kind: "mesa-layer", lambda: 1e-4 }), executor).respond(contexts);
  expect(mean(rowCosines(small.sensitivities, correlations(contexts), 10))).toBeGreaterThan(0.9999);
});

test("a file holds the learner and nothing of its making", async () => {
  const weights = initialWeights({ ...shape, heads: 2 }, { init: 0.02, silent: true }, rng(7));
  const bytes = encodeLearner({ kind: "attention", shape: { ...shape, heads: 2 }, weights });
  const learner = openLearner(bytes, executor);
  const before = await attentionLearner("", { ...shape, heads: 2 }, weights, executor).respond(contexts);
  expect((await learner.respond(contexts)).predictions).toEqual(before.predictions);
  expect(learner.inside!.shape).toEqual({ ...shape, heads: 2 });
  expect(new TextDecoder().decode(bytes)).not.toMatch(/recipe|seed|steps/);
});
