/** @file The executors: one contract, agreement with the oracle, repeatable training, fallback, cache. */
import { describe, expect, test } from "vitest";
import { bytesOf, hashBytes } from "../../core/hash.ts";
import { rng } from "../../core/rng.ts";
import {
  adam,
  add,
  conv2d,
  createTrainer,
  type Graph,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  relu,
  reshape,
  type Spec,
  sum,
  type Tensor,
  takeLast,
  tanh,
  trace,
  trainingGraph,
} from "../index.ts";
import { constantRate } from "../optim.ts";
import { type Engine, type EngineLoaders, installedEngines } from "./engine.ts";
import type { TensorData } from "./executor.ts";
import { onnxExecutor } from "./onnx-executor.ts";
import { openExecutor } from "./open.ts";
import { SessionCache } from "./sessions.ts";

const float32 = (...shape: number[]): Spec => ({ shape, dtype: "float32" });

/** A small convolutional policy: the kinds of products, nonlinearities and losses that training uses. */
const PARAMETERS = {
  "conv/w": float32(8, 3, 3, 3),
  "conv/b": float32(8, 1, 1),
  "dense/w": float32(8 * 25, 32),
  "dense/b": float32(32),
  "head/w": float32(32, 4),
} as const;

function forward(p: Readonly<Record<string, Tensor>>, observations: Tensor): Tensor {
  const hidden = relu(add(conv2d(observations, p["conv/w"]!, { padding: 1 }), p["conv/b"]!));
  const flat = reshape(hidden, [observations.shape[0]!, -1]);
  return matmul(tanh(add(matmul(flat, p["dense/w"]!), p["dense/b"]!)), p["head/w"]!);
}

const BATCH = 8;
const training = trainingGraph({
  parameters: PARAMETERS,
  inputs: { observations: float32(BATCH, 3, 5, 5), actions: { shape: [BATCH], dtype: "int32" }, gains: float32(BATCH) },
  loss: (p, { observations, actions, gains }) => {
    const chosen = takeLast(logSoftmax(forward(p, observations!)), actions!);
    return { loss: neg(mean(mul(chosen, gains!))) };
  },
  rule: adam(),
  rate: constantRate(3e-3),
  clipNorm: 0.5,
});

/** Uniform draws only: additions and products of integers, equal on every machine. */
const uniform = (seed: string, size: number, scale: number): Float32Array => {
  const random = rng(1).fork(seed);
  return Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * scale);
};

const sizeOf = ({ shape }: Spec) => shape.reduce((a, b) => a * b, 1);
const initial = Object.fromEntries(
  Object.entries(PARAMETERS).map(([name, spec]) => [name, uniform(name, sizeOf(spec), name.endsWith("w") ? 0.15 : 0)]),
);
const batchAt = (step: number): Record<string, TensorData> => {
  const random = rng(2).fork(step);
  return {
    observations: uniform(`observations ${step}`, BATCH * 75, 1),
    actions: Int32Array.from({ length: BATCH }, () => random.int(4)),
    gains: uniform(`gains ${step}`, BATCH, 2),
  };
};

const train = async (id: "native" | "wasm" | "reference", steps: number) => {
  const { executor } = await openExecutor(id);
  const trainer = await createTrainer(executor, training, initial);
  for (let step = 0; step < steps; step++) await trainer.step(batchAt(step));
  return trainer.state().parameters!;
};

const hashOf = (weights: Float32Array): string => hashBytes(bytesOf(weights));

/** `loss = Σ relu(x w)`, and a weight that is put out as it came in. */
const SMALL: Graph = trace({ x: float32(4, 3), w: float32(3, 2), idle: float32(2) }, ({ x, w }) => ({
  loss: sum(relu(matmul(x, w))),
  same: w,
}));

describe.each(["native", "wasm", "reference"] as const)("%s", (id) => {
  test("computes, keeps names, and ignores an input that nothing uses", async () => {
    const { executor } = await openExecutor(id);
    expect(executor.id).toBe(id);
    const program = await executor.load(SMALL);
    const x = Float32Array.from({ length: 12 }, (_, i) => i - 5);
    const w = Float32Array.of(1, 2, -1, 0.5, 0.25, 1);
    const outputs = await program.run({ x, w, idle: new Float32Array(2) });
    let expected = 0;
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 2; j++) {
        let dot = 0;
        for (let k = 0; k < 3; k++) dot += x[i * 3 + k]! * w[k * 2 + j]!;
        expected += Math.max(dot, 0);
      }
    expect(Object.keys(outputs).sort()).toEqual(["loss", "same"]);
    expect(outputs.loss).toEqual(Float32Array.of(expected));
    expect(outputs.same).toEqual(w);
    expect(outputs.same).not.toBe(w);
  });

  test("outputs are fresh: later runs leave earlier results alone", async () => {
    const program = await (await openExecutor(id)).executor.load(SMALL);
    const feeds = (seed: number) => ({
      x: uniform(`x${seed}`, 12, 1),
      w: uniform(`w${seed}`, 6, 1),
      idle: new Float32Array(2),
    });
    const kept: { same: Float32Array; expected: Float32Array }[] = [];
    for (let seed = 0; seed < 300; seed++) {
      const given = feeds(seed);
      const { same } = await program.run(given);
      kept.push({ same: same as Float32Array, expected: given.w.slice() });
      given.w.fill(Number.NaN);
    }
    for (const { same, expected } of kept) expect(same).toEqual(expected);
  });

  test("refuses feeds that do not fit", async () => {
    const program = await (await openExecutor(id)).executor.load(SMALL);
    const good = { x: new Float32Array(12), w: new Float32Array(6), idle: new Float32Array(2) };
    await expect(program.run({ ...good, x: new Float32Array(11) })).rejects.toThrow(/input "x" does not fit.*11/);
    await expect(program.run({ x: good.x, w: good.w })).rejects.toThrow(/input "idle"/);
  });
});

const oracle = lazily(() => train("reference", 20));

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

describe("20 steps of training agree with the oracle", () => {
  test.each(["native", "wasm"] as const)("%s", async (id) => {
    const [weights, expected] = [await train(id, 20), await oracle()];
    const start = training.layout.flatMap(({ name }) => Array.from(initial[name]!));
    const moved = Math.max(...expected.map((value, i) => Math.abs(value - start[i]!)));
    const distance = Math.max(...expected.map((value, i) => Math.abs(value - weights[i]!)));
    expect(moved).toBeGreaterThan(0.01);
    expect(distance).toBeLessThan(1e-4);
  });
});

describe("repeated training gives bit-identical weights", () => {
  test.each(["native", "wasm"] as const)("%s", async (id) => {
    const first = hashOf(await train(id, 20));
    // A second session, not the cached one.
    const again = onnxExecutor(await installedEngines[id]());
    const trainer = await createTrainer(again, training, initial);
    for (let step = 0; step < 20; step++) await trainer.step(batchAt(step));
    expect(hashOf(trainer.state().parameters!)).toBe(first);
    expect(hashOf(await train(id, 19))).not.toBe(first);
  });

  test("wasm: on every machine", async () => {
    // WebAssembly without relaxed instructions fixes every bit, so this hash holds on any processor.
    // It changes with the emitted graph or the version of onnxruntime; then reported numbers can
    // change too, and the commit that updates it is a `science:` change.
    expect(hashOf(await train("wasm", 20))).toBe("ec2b6273c32f4da7314af88ce151548591f8f6d53bc49581bd7d2bc7b8d1fdbc");
  });
});

describe("choosing", () => {
  const broken: EngineLoaders = {
    ...installedEngines,
    native: () => Promise.reject(new Error("libonnxruntime.so.1: cannot open shared object file\nsecond line")),
  };

  test("native without being asked", async () => {
    const { executor, notice } = await openExecutor();
    expect(executor.id).toBe("native");
    expect(notice).toBeUndefined();
  });

  test("wasm with a notice where native does not load", async () => {
    const { executor, notice } = await openExecutor(undefined, broken);
    expect(executor.id).toBe("wasm");
    expect(notice).toMatch(/native onnxruntime does not load.*libonnxruntime\.so\.1: cannot open.*WASM instead/);
    expect(notice).not.toContain("second line");
    const { loss } = await (await executor.load(SMALL)).run({
      x: new Float32Array(12).fill(1),
      w: new Float32Array(6).fill(0.5),
      idle: new Float32Array(2),
    });
    expect(loss).toEqual(Float32Array.of(12));
  });

  test("a refusal where native was asked for, or nothing loads", async () => {
    const none: EngineLoaders = { native: broken.native, wasm: () => Promise.reject(new Error("no wasm")) };
    await expect(openExecutor("native", broken)).rejects.toMatchObject({ code: "input/invalid" });
    await expect(openExecutor(undefined, none)).rejects.toThrow(/wasm onnxruntime does not load.*no wasm/);
  });

  test("one executor per thread", async () => {
    expect((await openExecutor("wasm")).executor).toBe((await openExecutor("wasm")).executor);
  });
});

describe("sessions", () => {
  test("equal graphs share one, even while it is being built", async () => {
    const real = await installedEngines.native();
    let built = 0;
    const counting: Engine = {
      ...real,
      createSession(model) {
        built++;
        return real.createSession(model);
      },
    };
    const executor = onnxExecutor(counting);
    const twin = trace({ x: float32(2) }, ({ x }) => ({ y: tanh(x) }));
    const same = trace({ x: float32(2) }, ({ x }) => ({ y: tanh(x) }));
    const other = trace({ x: float32(3) }, ({ x }) => ({ y: tanh(x) }));
    const programs = await Promise.all([twin, same, twin, other].map((graph) => executor.load(graph)));
    expect(built).toBe(2);
    expect(new Set(programs).size).toBe(2);
  });

  test("the least recently used is forgotten first, and a failure at once", async () => {
    const cache = new SessionCache<string>(2);
    const builds: string[] = [];
    const get = (key: string) =>
      cache.get(key, async () => {
        builds.push(key);
        if (key === "bad") throw new Error("bad");
        return key;
      });
    for (const key of ["a", "b", "a", "c", "a", "b"]) await get(key);
    expect(builds.join("")).toBe("abcb");
    await expect(get("bad")).rejects.toThrow("bad");
    await expect(get("bad")).rejects.toThrow("bad");
    expect(builds.filter((key) => key === "bad")).toHaveLength(2);
  });
});
