/** @file Sequences and what continues them: rotations, Proposition 1 against differences, causality, closed candidates. */
import { expect, test } from "vitest";
import { auditLearner, gradeLearner, nameAlgorithm } from "../../audit/in-context.ts";
import { rng } from "../../core/rng.ts";
import type { TaskLaw } from "../../in-context.ts";
import { parseParams } from "../../plugin.ts";
import { openExecutor, trace } from "../../tensor/index.ts";
import { initialWeights } from "../attention.ts";
import { growLearner, inContextSpec } from "../grow.ts";
import { inContextInstruments } from "../instruments.ts";
import { attentionLearner, openLearner } from "../learner.ts";
import { lawOf } from "../recipe.ts";
import { findInContextRecipe } from "../recipes.ts";
import { causalStack, sequenceDescentWeights, sequenceTokens, sequenceWeightSpecs, widened } from "./attention.ts";
import { bestSequenceStep, descentDirections, layerSums, preconditioned, sequenceRidge } from "./descent.ts";
import { drawSequences, lastOf, lastTargets, orthogonal, sequenceLosses } from "./draw.ts";
import { sequenceLearner } from "./learner.ts";

const law: TaskLaw = { dimensions: 4, examples: 9, inputs: "normal", scale: 0.5, condition: 1, tasks: 0, noise: 0.01 };
const shape = { dimensions: 4, layers: 1, tied: false, heads: 1, attention: "linear" as const };
const { executor } = await openExecutor("wasm");
const d = law.dimensions;

test("W is orthogonal, and without noise it takes every token to the next", () => {
  const w = orthogonal(5, rng(3));
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      let inner = 0;
      for (let k = 0; k < 5; k++) inner += w[i * 5 + k]! * w[j * 5 + k]!;
      expect(inner).toBeCloseTo(i === j ? 1 : 0, 12);
    }
  }
  const { tokens } = drawSequences({ ...law, noise: 0 }, { count: 3, rng: rng(4) });
  const norm = (at: number) => Math.hypot(...tokens.subarray(at * d, at * d + d));
  for (let c = 0; c < 3; c++) for (let t = 0; t < 10; t++) expect(norm(c * 10 + t)).toBeCloseTo(norm(c * 10), 5);
});

test("Proposition 1: the constructed layer is Φ₀ − step ∇L_t(Φ₀) at every position, the gradient by differences", async () => {
  const sequences = drawSequences(law, { count: 4, rng: rng(5) });
  const { tokens, length, count } = sequences;
  const [step, random] = [0.3, rng(6)];
  const start = Float64Array.from({ length: d * d }, () => 0.5 * random.normal());
  const token = (c: number, t: number) => Float64Array.from(tokens.subarray((c * 10 + t) * d, (c * 10 + t + 1) * d));
  const times = (matrix: Float64Array, x: Float64Array) =>
    x.map((_, i) => x.reduce((sum, each, k) => sum + matrix[i * d + k]! * each, 0));
  // L_t(Φ) = Σ_{j<t} ½ ‖s_{j+1} − Φ s_j‖², written out.
  const loss = (c: number, t: number, phi: Float64Array) => {
    let sum = 0;
    for (let j = 0; j < t; j++) {
      const next = token(c, j + 1);
      times(phi, token(c, j)).forEach((each, i) => {
        sum += 0.5 * (next[i]! - each) ** 2;
      });
    }
    return sum;
  };
  const guesses = Float32Array.from({ length: count * length * d }, (_, at) => {
    const [c, t] = [Math.floor(at / (length * d)), Math.floor(at / d) % length];
    return times(start, token(c, t))[at % d]!;
  });
  const graph = trace(
    {
      ...sequenceWeightSpecs(shape),
      tokens: { shape: [count, length + 1, d], dtype: "float32" },
      guess: { shape: [count, length, d], dtype: "float32" },
    },
    (inputs) => ({
      out: causalStack(inputs, shape, sequenceTokens(inputs.tokens!, inputs.guess!)).at(-1)!,
      before: sequenceTokens(inputs.tokens!, inputs.guess!),
    }),
  );
  const program = await executor.load(graph);
  const { out, before } = await program.run({
    ...sequenceDescentWeights(d, step, start),
    tokens,
    guess: guesses,
  });
  for (let c = 0; c < count; c++) {
    for (let t = 0; t < length; t++) {
      // Central differences of a quadratic are exact but for rounding.
      const moved = start.map((each, at) => {
        const [up, down] = [start.slice(), start.slice()];
        up[at]! += 0.5;
        down[at]! -= 0.5;
        return each - step * (loss(c, t, up) - loss(c, t, down));
      });
      const expected = times(moved, token(c, t));
      const row = (c * length + t) * 3 * d;
      for (let i = 0; i < d; i++) expect(Math.abs((out as Float32Array)[row + i]! - expected[i]!)).toBeLessThan(1e-5);
      // The rest of the token stays.
      for (let i = d; i < 3 * d; i++) expect((out as Float32Array)[row + i]).toBe((before as Float32Array)[row + i]);
    }
  }
});

test("attention is causal, and answers do not see what comes next", async () => {
  const deep = { ...shape, layers: 2, heads: 2 };
  for (const attention of ["linear", "softmax"] as const) {
    const weights = initialWeights(widened({ ...deep }), { init: 4, silent: false }, rng(7));
    const { sequences: learner } = sequenceLearner("", { ...deep, attention }, weights, executor);
    const sequences = drawSequences(law, { count: 2, rng: rng(8) });
    const changed = sequences.tokens.slice();
    for (let i = 6 * d; i < 10 * d; i++) changed[i]! += 1;
    const [one, other] = [await learner!.respond(sequences), await learner!.respond({ ...sequences, tokens: changed })];
    const same = (t: number) => one.predictions[t * d] === other.predictions[t * d];
    expect([0, 3, 5].map(same)).toEqual([true, true, true]);
    expect(same(6)).toBe(false);
  }
});

test("candidates: descent is one of the eight sums, ridge is what the normal equations say, the step is the best", async () => {
  const sequences = drawSequences(law, { count: 50, rng: rng(9) });
  const learner = sequenceLearner("", shape, sequenceDescentWeights(d, 1), executor);
  const { predictions } = await learner.sequences!.respond(sequences);
  const direction = descentDirections(sequences);
  lastOf(predictions, sequences).forEach((each, i) => {
    expect(each).toBeCloseTo(direction[i]!, 5);
  });
  expect(layerSums(sequences)).toHaveLength(8);
  // As 1/λ grows, ridge is descent with step λ; without noise and with none, it is exact.
  const far = sequenceRidge(sequences, 1e6);
  for (let i = 0; i < 40; i++) expect(far[i]! * 1e6).toBeCloseTo(direction[i]!, 4);
  const clean = drawSequences({ ...law, noise: 0 }, { count: 20, rng: rng(10) });
  const [exact, target] = [sequenceRidge(clean, 1e-9), lastTargets(clean)];
  for (let i = 0; i < 80; i++) expect(Math.abs(exact[i]! - target[i]!)).toBeLessThan(2e-3);
  expect(preconditioned(clean, 1e6)[0]! * 1e6).toBeCloseTo(clean.tokens[8 * d]!, 4);
  const best = bestSequenceStep(law);
  const many = drawSequences(law, { count: 2048, rng: rng(0).fork("best step") });
  const lossAt = async (step: number) => {
    const { sequences: layer } = sequenceLearner("", shape, sequenceDescentWeights(d, step), executor);
    const losses = sequenceLosses((await layer!.respond(many)).predictions, many);
    return losses.reduce((sum, each) => sum + each, 0);
  };
  const middle = await lossAt(best);
  expect(middle).toBeLessThan(await lossAt(0.9 * best));
  expect(middle).toBeLessThan(await lossAt(1.1 * best));
});

async function examine(recipe: string, params: Readonly<Record<string, unknown>>, every = false) {
  const files: Uint8Array[] = [];
  const spec = inContextSpec(recipe, { seed: 1, params, executor: "wasm" });
  const put = async (bytes: Uint8Array) => {
    files.push(bytes);
    return "file";
  };
  const record = await growLearner(spec, { executor, put, clock: () => 0, code: "test" });
  const audit = await auditLearner({
    learner: openLearner(files[0]!, executor),
    law: lawOf(parseParams(findInContextRecipe(recipe), spec.recipe.params)),
    ...(every ? { instruments: inContextInstruments } : {}),
    params: Object.fromEntries(inContextInstruments.map(({ id }) => [id, { contexts: 512 }])),
    seed: 1,
    clock: () => 0,
    code: "test",
    executor: executor.id,
    command: "",
  });
  return { record, audit, graded: gradeLearner(audit.findings, record.constructed) };
}

test("descent written in is named, solves nothing, and conditions nothing; regression instruments decline", async () => {
  const { audit, graded } = await examine("in-context-autoregressive-constructed", {}, true);
  expect(graded?.correct).toBe(true);
  expect(nameAlgorithm(audit.findings).algorithm).toBe("gradient-descent");
  const declined = audit.findings
    .filter(({ summary }) => /asks regressions/.test(summary))
    .map(({ detector }) => detector);
  expect(declined).toHaveLength(inContextInstruments.length - 2);
  expect(audit.findings.find(({ detector }) => detector === "in-context-preconditioning")?.finding).toBe("does-not");
  const answer = (id: string) => audit.answers.find(({ question }) => question === id)!.answer;
  expect(answer("optimizer")).toMatch(/^It runs one step of gradient descent/);
  expect(answer("intended")).toMatch(/^It does not solve the task/);
});

test("a trained layer emerges as one step of descent; an untrained one is none", { timeout: 30_000 }, async () => {
  const trained = await examine("in-context-autoregressive", { steps: 300 });
  expect(trained.record.status).toBe("emerged");
  expect(trained.record.curve.at(-1)!.cosine).toBeGreaterThan(0.97);
  const untrained = await examine("in-context-autoregressive", { steps: 0 });
  expect(untrained.record.status).toBe("unasked");
  expect(untrained.graded?.correct).toBe(true);
});

test("a learner of regressions is asked no sequences", async () => {
  const regressions = { ...shape, dimensions: 4 };
  const weights = initialWeights(regressions, { init: 0.02, silent: true }, rng(1));
  const audit = await auditLearner({
    learner: attentionLearner("", regressions, weights, executor),
    law,
    instruments: inContextInstruments.filter(({ asks }) => asks === "sequences"),
    seed: 1,
    clock: () => 0,
    code: "test",
    executor: executor.id,
    command: "",
  });
  expect(audit.findings.map(({ reading }) => reading.status)).toEqual(["unscored", "unscored"]);
});
