/** @file Update rules against their recursions written out by hand, and training runs that stop, continue and repeat. */
import { describe, expect, test } from "vitest";
import { bytesOf, hashBytes } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import { crossEntropy, linear } from "./compose.ts";
import type { Spec } from "./graph.ts";
import { concat, constant, mul, reshape, square, sub, sum, tanh } from "./ops.ts";
import {
  adam,
  adamW,
  constantRate,
  cosineRate,
  linearRate,
  type Schedule,
  sgd,
  type TrainingSpec,
  trainingGraph,
  type UpdateRule,
} from "./optim.ts";
import { evaluate } from "./reference.ts";
import type { Executor } from "./runtime/executor.ts";
import { openExecutor } from "./runtime/open.ts";
import { referenceExecutor } from "./runtime/reference.ts";
import { createTrainer } from "./trainer.ts";

const f = (...shape: number[]): Spec => ({ shape, dtype: "float32" });

/** `½ Σ d (w − 1)²` over two parameters `a` and `b`, with d = 1, 4 and ¼: the gradient is `d (w − 1)`. */
const curvature = [1, 4, 0.25];
const bowl = (rule: UpdateRule, rate: Schedule, clipNorm?: number) =>
  trainingGraph({
    parameters: { a: f(2), b: f(1, 1) },
    inputs: {},
    loss({ a, b }) {
      const w = concat([a!, reshape(b!, [1])], 0);
      return { loss: mul(sum(mul(square(sub(w, 1)), constant(curvature))), 0.5), metrics: { first: a! } };
    },
    rule,
    rate,
    ...(clipNorm === undefined ? {} : { clipNorm }),
  });

const START = [3, -2, 0.5];

/** Run the graph for `steps` updates in float64; the flat parameters and loss of each. */
function descend(training: ReturnType<typeof bowl>, steps: number) {
  let state: Record<string, Float64Array> = Object.fromEntries(
    Object.entries(training.state).map(([name, length]) => [`state/${name}`, new Float64Array(length)]),
  );
  state["state/parameters"] = Float64Array.from(START);
  const path: { w: number[]; loss: number; norm: number | undefined }[] = [];
  for (let i = 0; i < steps; i++) {
    const out = evaluate(training.graph, state);
    state = Object.fromEntries(Object.keys(training.state).map((name) => [`state/${name}`, out[`next/${name}`]!]));
    path.push({ w: Array.from(out["next/parameters"]!), loss: out.loss![0]!, norm: out.gradientNorm?.[0] });
  }
  return path;
}

const gradientAt = (w: readonly number[]) => w.map((x, i) => curvature[i]! * (x - 1));

/** The same by hand: `update(w, g, t)` for t = 1, 2, … */
function byHand(steps: number, update: (w: number[], g: number[], t: number) => number[]) {
  let w = START;
  return Array.from({ length: steps }, (_, i) => {
    w = update(w, gradientAt(w), i + 1);
    return w;
  });
}

function expectPath(actual: readonly { w: number[] }[], expected: readonly number[][]) {
  for (const [i, { w }] of actual.entries()) {
    for (const [k, value] of w.entries()) expect(value).toBeCloseTo(expected[i]![k]!, 11);
  }
}

/** Textbook Adam: corrected moments, no rearrangement. */
function handAdam(rate: (t: number) => number, decay = 0, [b1, b2, epsilon] = [0.9, 0.999, 1e-8]) {
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  return (w: number[], g: number[], t: number) =>
    w.map((x, i) => {
      m[i] = b1! * m[i]! + (1 - b1!) * g[i]!;
      v[i] = b2! * v[i]! + (1 - b2!) * g[i]! ** 2;
      const [mHat, vHat] = [m[i]! / (1 - b1! ** t), v[i]! / (1 - b2! ** t)];
      return x - rate(t) * decay * x - (rate(t) * mHat) / (Math.sqrt(vHat) + epsilon!);
    });
}

describe("update rules follow their recursions", () => {
  test("gradient descent", () => {
    const expected = byHand(20, (w, g) => w.map((x, i) => x - 0.1 * g[i]!));
    expectPath(descend(bowl(sgd(), constantRate(0.1)), 20), expected);
  });

  test("momentum", () => {
    const v = [0, 0, 0];
    const expected = byHand(20, (w, g) =>
      w.map((x, i) => {
        v[i] = 0.9 * v[i]! + g[i]!;
        return x - 0.05 * v[i]!;
      }),
    );
    expectPath(descend(bowl(sgd({ momentum: 0.9 }), constantRate(0.05)), 20), expected);
  });

  test("Adam, whose bias correction is exact at the first steps", () => {
    expectPath(
      descend(bowl(adam(), constantRate(0.01)), 50),
      byHand(
        50,
        handAdam(() => 0.01),
      ),
    );
    const options = { beta1: 0.5, beta2: 0.9, epsilon: 0.1 };
    expectPath(
      descend(bowl(adam(options), constantRate(0.3)), 20),
      byHand(
        20,
        handAdam(() => 0.3, 0, [0.5, 0.9, 0.1]),
      ),
    );
  });

  test("AdamW decays the weights, not the gradient", () => {
    expectPath(
      descend(bowl(adamW({ decay: 0.2 }), constantRate(0.05)), 30),
      byHand(
        30,
        handAdam(() => 0.05, 0.2),
      ),
    );
  });

  test("schedules", () => {
    const ramp = { from: 0.1, to: 0.02, steps: 8 };
    const linear = (t: number) => 0.1 + (0.02 - 0.1) * Math.min((t - 1) / 8, 1);
    const cosine = (t: number) => 0.02 + (0.08 / 2) * (1 + Math.cos(Math.PI * Math.min((t - 1) / 8, 1)));
    expectPath(descend(bowl(adam(), linearRate(ramp)), 12), byHand(12, handAdam(linear)));
    expectPath(descend(bowl(adam(), cosineRate(ramp)), 12), byHand(12, handAdam(cosine)));
  });

  test("clipping by the global norm", () => {
    const path = descend(bowl(sgd(), constantRate(0.5), 1.5), 20);
    const expected = byHand(20, (w, g) => {
      const norm = Math.hypot(...g);
      return w.map((x, i) => x - 0.5 * g[i]! * Math.min(1, 1.5 / (norm + 1e-6)));
    });
    expectPath(path, expected);
    expect(path[0]!.norm).toBeCloseTo(Math.hypot(2, 12, 0.125), 12);
  });
});

/** A small classifier with two metrics, to be trained by every engine. */
const classifier: TrainingSpec = {
  parameters: { w1: f(3, 8), b1: f(8), w2: f(8, 4), b2: f(4) },
  inputs: { x: f(16, 3), label: { shape: [16], dtype: "uint8" } },
  loss({ w1, b1, w2, b2 }, { x, label }) {
    const logits = linear(tanh(linear(x!, w1!, b1!)), w2!, b2!);
    return { loss: crossEntropy(logits, label!), metrics: { logits } };
  },
  rule: adamW({ decay: 0.01 }),
  rate: linearRate({ from: 0.05, to: 0, steps: 60 }),
  clipNorm: 0.5,
};

const training = trainingGraph(classifier);

const initial = (): Record<string, Float32Array> => {
  const random = rng(5);
  return Object.fromEntries(
    training.layout.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.5 * random.normal()),
    ]),
  );
};

/** Batch `i`: points labeled by the quadrant of their first two coordinates. */
function batch(i: number) {
  const random = rng(6).fork(i);
  const x = Float32Array.from({ length: 48 }, () => random.normal());
  const label = Uint8Array.from({ length: 16 }, (_, row) => (x[3 * row]! > 0 ? 2 : 0) + (x[3 * row + 1]! > 0 ? 1 : 0));
  return { x, label };
}

async function train(executor: Executor, from: number, to: number, state?: Readonly<Record<string, Float32Array>>) {
  const trainer = await createTrainer(executor, training, initial());
  if (state) trainer.restore(state);
  let loss = Number.NaN;
  for (let i = from; i < to; i++) loss = (await trainer.step(batch(i))).loss![0] as number;
  return { trainer, loss, hash: hashBytes(bytesOf(trainer.state().parameters!)) };
}

describe.each(["native", "wasm", "reference"] as const)("a trainer on the %s executor", (id) => {
  test("learns, names its parameters, and reports its metrics", async () => {
    const { executor } = await openExecutor(id);
    const { trainer, loss } = await train(executor, 0, 60);
    expect(loss).toBeLessThan(0.35);
    expect(Object.entries(trainer.parameters()).map(([name, { length }]) => [name, length])).toEqual([
      ["w1", 24],
      ["b1", 8],
      ["w2", 32],
      ["b2", 4],
    ]);
    const reported = await trainer.step(batch(60));
    expect(Object.keys(reported)).toEqual(["loss", "logits", "gradientNorm"]);
    expect(reported.logits).toHaveLength(64);
    expect(trainer.state().step![0]).toBe(61);
  });

  test("repeats bit for bit, and a continued run equals an uninterrupted one", async () => {
    const { executor } = await openExecutor(id);
    const whole = await train(executor, 0, 20);
    expect((await train(executor, 0, 20)).hash).toBe(whole.hash);
    const half = await train(executor, 0, 9);
    const kept = structuredClone(half.trainer.state());
    await half.trainer.step(batch(9));
    expect((await train(executor, 9, 20, kept)).hash).toBe(whole.hash);
    expect((await train(executor, 0, 19)).hash).not.toBe(whole.hash);
  });

  test("follows the float64 run to float32", async () => {
    const { executor } = await openExecutor(id);
    const [actual, expected] = [await train(executor, 0, 10), await train(referenceExecutor, 0, 10)];
    for (const [i, value] of actual.trainer.state().parameters!.entries()) {
      expect(Math.abs(value - expected.trainer.state().parameters![i]!)).toBeLessThan(1e-4);
    }
  });
});

describe("refusals", () => {
  test("a state of another network", async () => {
    const trainer = await createTrainer(referenceExecutor, training, initial());
    expect(() => trainer.restore({ ...trainer.state(), mean: new Float32Array(3) })).toThrow(
      'trainer: state "mean" does not fit the graph, got 3 values; expected 68 values',
    );
    await expect(createTrainer(referenceExecutor, training, {})).rejects.toThrow(
      'trainer: parameter "w1" does not fit the graph, got nothing; expected 24 values',
    );
  });

  test("an integer parameter", () => {
    const parameters = { n: { shape: [1], dtype: "int32" } as const };
    expect(() => trainingGraph({ ...classifier, parameters })).toThrow('parameter "n" cannot be trained, got int32');
  });
});
