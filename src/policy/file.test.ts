/** @file Policies as files: what is saved opens as the same policy, and files made elsewhere open rightly or are refused. @long one foreign file in all its variations, which share its maker. */
import { describe, expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import { COUPLED, type EnvPlugin, type World } from "../env.ts";
import { envs } from "../envs/index.ts";
import { initialize, type NetworkPlugin } from "../network.ts";
import { networks } from "../networks/index.ts";
import { recurrent } from "../networks/recurrent.ts";
import { drawLevels, rollout } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { decodeOnnx, type Executor, encodeOnnx, type OnnxModel, openExecutor } from "../tensor/index.ts";
import { type OpenedPolicy, openPolicy, savePolicy } from "./file.ts";
import { networkSubject, policyShape } from "./inference.ts";
import type { PolicyDeclaration } from "./interface.ts";

const { executor: native } = await openExecutor("native");
const { executor: wasm } = await openExecutor("wasm");

/** The world of an environment with its smallest parameters, unless told otherwise. */
function small(id: string, params?: Record<string, unknown>): World {
  const env = (envs as readonly unknown[] as readonly EnvPlugin[]).find((each) => each.id === id)!;
  return env.make(env.params.parse(params ?? env.tiny));
}

/** Present observations of `n` training levels. */
function observationsOf(world: World, n: number): Uint8Array {
  const batch = world.batch(n);
  for (const [slot, level] of batch.levels.entries()) {
    world.draw(level, rng(7).fork(slot), COUPLED, "train");
    batch.start(slot, rng(slot));
  }
  return batch.observations;
}

/** Largest difference between two lists of numbers of equal length. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

describe("saved and opened again", () => {
  const cases = envs.flatMap((env) =>
    networks.filter(({ id }) => id !== "recurrent").map((network) => [network.id, env.id] as const),
  );
  test.each(cases)("%s on %s: the same logits, any number of rows, every access", async (networkId, envId) => {
    const world = small(envId);
    const plugin = (networks as readonly unknown[] as readonly NetworkPlugin[]).find(({ id }) => id === networkId)!;
    const network = plugin.build(policyShape(world), plugin.params.parse({}));
    const weights = initialize(network, rng(3));
    const task = { env: envId, params: {} };
    const bytes = savePolicy({ network, weights, world, task, architecture: { id: networkId, params: {} } });
    expect(decodeOnnx(bytes).inputs[0]!.dims[0]).toBe("batch");
    const { subject, metadata, notes } = await openPolicy(bytes, world, native);
    expect(notes).toEqual([]);
    expect([...subject.access]).toEqual(["act", "logits", "activations", "gradients", "weights"]);
    expect(metadata).toMatchObject({ task, actions: world.actions, observation: { planes: world.planes } });
    const own = networkSubject(network, weights, policyShape(world), native);
    const observations = observationsOf(world, 64);
    for (const n of [1, 7, 64]) {
      const expected = Float32Array.from(await own.logits!(observations, n)).subarray(0, n * world.actions.length);
      expect(distance(await subject.logits!(observations, n), expected)).toBeLessThan(1e-5);
    }
  });

  test("a policy that remembers: memory in and out, kept by seat, wiped where an episode begins", async () => {
    const world = small("cheese-corner");
    const network = recurrent.build(policyShape(world), recurrent.params.parse({ width: 8, units: 5 }));
    const weights = Object.fromEntries(
      Object.entries(initialize(network, rng(3))).map(([name, values]) => [
        name,
        values.map((value) => 3 * value + 0.1),
      ]),
    );
    const task = { env: "cheese-corner", params: {} };
    const bytes = savePolicy({ network, weights, world, task, architecture: { id: "recurrent", params: {} } });
    const model = decodeOnnx(bytes);
    expect(model.inputs.map(({ name, dims }) => [name, ...dims])).toContainEqual(["memory", "batch", 5]);
    expect(model.outputs.map(({ name, dims }) => [name, ...dims])).toContainEqual(["memory.next", "batch", 5]);
    const own = networkSubject(network, weights, policyShape(world), native);
    for (const executor of [native, wasm]) {
      const { subject, notes } = await openPolicy(bytes, world, executor);
      expect(notes).toEqual([expect.stringMatching(/remembers 5 numbers/)]);
      expect([...subject.access]).toEqual(["act"]);
      expect(subject.logits ?? subject.inside).toBeUndefined();
      expect(subject.memory).toBe(5);
      const levels = drawLevels(world, 90, COUPLED, "test", rng(1));
      // 40 seats for 90 episodes: seats are used again, and run at different steps side by side.
      const play = ({ act }: Subject) => rollout({ world, levels, act, rng: rng(2), slots: 40, paths: true });
      expect((await play(subject)).paths).toEqual((await play(own)).paths);
      const wiped: Subject = { ...subject, act: (seen, n, random, actions) => subject.act(seen, n, random, actions) };
      expect((await play(wiped)).paths).not.toEqual((await play(own)).paths);
    }
    const { metadata } = model;
    const renamed = { ...metadata, "mesascope.memory": metadata["mesascope.memory"]!.replace("memory.next", "state") };
    await expect(openPolicy(encodeOnnx({ ...model, metadata: renamed }), world, native)).rejects.toThrow(
      /memory that the metadata name is not there.*expected memory and state, \[batch, 5\]/,
    );
    const { "mesascope.memory": _, ...silent } = metadata;
    await expect(openPolicy(encodeOnnx({ ...model, metadata: silent }), world, native)).rejects.toThrow(
      /not a policy of one observation/,
    );
  });

  test("native and WASM agree, also on more rows than one call takes", async () => {
    const world = small("cheese-corner");
    const network = networks[1].build(policyShape(world), networks[1].params.parse({}));
    const weights = initialize(network, rng(3));
    const bytes = savePolicy({
      network,
      weights,
      world,
      task: { env: "cheese-corner", params: {} },
      architecture: { id: "mlp", params: {} },
    });
    const observations = observationsOf(world, 5000);
    const expected = await networkSubject(network, weights, policyShape(world), native).logits!(observations, 5000);
    expect(new Set(expected).size).toBeGreaterThan(1000);
    for (const executor of [native, wasm]) {
      const { subject } = await openPolicy(bytes, world, executor);
      expect(distance(await subject.logits!(observations, 5000), expected)).toBeLessThan(1e-5);
    }
  });
});

interface Foreign {
  readonly world?: World;
  readonly layout?: "flat" | "NCHW" | "NHWC";
  /** The file's channels and actions, as indices of the world's. */
  readonly planes?: readonly number[];
  readonly actions?: readonly number[];
  readonly batch?: number | string;
  /** Replaces the whole shape of the input. */
  readonly dims?: readonly (number | string)[];
  readonly dtype?: "float32" | "float64" | "uint8" | "float16" | "int64";
  /** Nodes from `scores` to the outputs, instead of naming the scores `logits`. */
  readonly tail?: readonly (readonly [opType: string, inputs: readonly string[], output: string])[];
  readonly outputs?: OnnxModel["outputs"];
  readonly inputs?: OnnxModel["inputs"];
  readonly weights?: Float32Array;
  readonly initializers?: OnnxModel["initializers"];
  readonly metadata?: Readonly<Record<string, string>>;
}

const corner = small("cheese-corner");
/** Weights in the world's own order, `[planes · cells, actions]`. */
const matrixOf = ({ planes, actions, height, width }: World) =>
  Float32Array.from({ length: planes.length * height * width * actions.length }, (_, i) => Math.sin(1 + i));

/** A linear policy as somebody else might have exported it: its scores are known in closed form. */
function foreign(given: Foreign = {}): Uint8Array {
  const { world = corner, layout = "NCHW", batch = "N", dtype = "float32" } = given;
  const { height, width } = world;
  const planes = given.planes ?? world.planes.map((_, i) => i);
  const actions = given.actions ?? world.actions.map((_, i) => i);
  const cells = height * width;
  const size = planes.length * cells;
  const own = given.weights ?? matrixOf(world);
  const data = Float32Array.from({ length: size * actions.length }, (_, k) => {
    const [row, j] = [Math.floor(k / actions.length), k % actions.length];
    const [plane, cell] =
      layout === "NHWC"
        ? [row % planes.length, Math.floor(row / planes.length)]
        : [Math.floor(row / cells), row % cells];
    return own[(planes[plane]! * cells + cell) * world.actions.length + actions[j]!]!;
  });
  const rest = { flat: [size], NCHW: [planes.length, height, width], NHWC: [height, width, planes.length] }[layout];
  const tail = given.tail ?? [["Identity", ["scores"], "logits"]];
  return encodeOnnx({
    opset: 17,
    producer: "elsewhere",
    nodes: [
      { opType: "Cast", inputs: ["obs"], outputs: ["cast"], attributes: { to: { type: "int", value: 1 } } },
      { opType: "Reshape", inputs: ["cast", "rows"], outputs: ["x"], attributes: {} },
      { opType: "MatMul", inputs: ["x", "w"], outputs: ["scores"], attributes: {} },
      ...tail.map(([opType, inputs, output]) => ({ opType, inputs, outputs: [output], attributes: {} })),
    ],
    initializers: [
      { name: "w", dtype: "float32", dims: [size, actions.length], data },
      { name: "rows", dtype: "int64", dims: [2], data: BigInt64Array.of(-1n, BigInt(size)) },
      ...(given.initializers ?? []),
    ],
    inputs: given.inputs ?? [{ name: "obs", dtype, dims: given.dims ?? [batch, ...rest] }],
    outputs: given.outputs ?? [{ name: tail.at(-1)![2], dtype: "float32", dims: [batch, actions.length] }],
    metadata: given.metadata ?? {},
  });
}

/** The scores in closed form, `[n, actions]`. */
function scoresOf(world: World, observations: Uint8Array, n: number): Float64Array {
  const [actions, matrix] = [world.actions.length, matrixOf(world)];
  const size = observations.length / n;
  return Float64Array.from({ length: n * actions }, (_, k) => {
    const [row, j] = [Math.floor(k / actions), k % actions];
    let sum = 0;
    for (let i = 0; i < size; i++) sum += observations[row * size + i]! * matrix[i * actions + j]!;
    return sum;
  });
}

const open = (file: Foreign, declared: PolicyDeclaration = {}, executor: Executor = native): Promise<OpenedPolicy> =>
  openPolicy(foreign(file), file.world ?? corner, executor, declared);

describe("a file made elsewhere", () => {
  const N = 9;
  const observations = observationsOf(corner, N);
  const expected = scoresOf(corner, observations, N);
  const named = { planes: ["cheese", "wall", "mouse"], actions: ["right", "up", "down", "left"] };
  const asMetadata = (layout: string) => ({
    "mesascope.format": '"mesascope/1"',
    "mesascope.observation": JSON.stringify({ layout, planes: named.planes, height: 5, width: 5, dtype: "float32" }),
    "mesascope.actions": JSON.stringify(named.actions),
  });
  const permuted = { planes: [2, 0, 1], actions: [3, 0, 2, 1] } as const;

  const accepted: readonly (readonly [string, Foreign, PolicyDeclaration])[] = [
    ["NCHW", {}, {}],
    ["NHWC", { layout: "NHWC" }, {}],
    ["flat", { layout: "flat" }, {}],
    ["uint8", { dtype: "uint8" }, {}],
    ["int64", { dtype: "int64" }, {}],
    ["float16", { dtype: "float16" }, {}],
    ["float64, NHWC", { dtype: "float64", layout: "NHWC" }, {}],
    ["one row at a time", { batch: 1 }, {}],
    ["four rows at a time", { batch: 4 }, {}],
    ["more rows at a time than are asked for", { batch: 32, layout: "NHWC" }, {}],
    ["free image axes", { dims: ["N", 3, "H", "W"] }, {}],
    ["all axes free, layout declared", { dims: ["N", "A", "B", "C"], layout: "NHWC" }, { layout: "NHWC" }],
    ["planes and actions in another order, declared", permuted, named],
    ["another order and NHWC, declared", { ...permuted, layout: "NHWC" }, named],
    ["another order, as its metadata say", { ...permuted, metadata: asMetadata("NCHW") }, {}],
    ["flat, as its metadata say", { ...permuted, layout: "flat", metadata: asMetadata("flat") }, {}],
    [
      "weights among the inputs, as old files list them",
      {
        inputs: [
          { name: "obs", dtype: "float32", dims: ["N", 3, 5, 5] },
          { name: "w", dtype: "float32", dims: [75, 4] },
        ],
      },
      {},
    ],
    [
      "scores under another name, beside other outputs",
      {
        tail: [
          ["Identity", ["scores"], "pi"],
          ["ReduceMax", ["scores"], "v"],
        ],
        outputs: [
          { name: "v", dtype: "float32", dims: [1, 1] },
          { name: "pi", dtype: "float32", dims: ["N", 4] },
        ],
      },
      {},
    ],
    [
      "two outputs that fit, one declared",
      {
        tail: [
          ["Identity", ["scores"], "q"],
          ["Neg", ["scores"], "p"],
        ],
        outputs: ["p", "q"].map((name) => ({ name, dtype: "float32" as const, dims: ["N", 4] })),
      },
      { output: "q" },
    ],
  ];
  test.each(accepted)("%s", async (_, file, declared) => {
    for (const executor of [native, wasm]) {
      const { subject } = await open(file, declared, executor);
      expect(distance(await subject.logits!(observations, N), expected)).toBeLessThan(2e-5);
      expect(subject.access.has("gradients")).toBe(true);
    }
  });

  test("what was inferred is said, and nothing more", async () => {
    const unnamed = [
      "The file does not name its planes: taken as WALL,MOUSE,CHEESE. Another order is said with --planes.",
      "The file does not name its actions: taken as up,left,down,right. Another order is said with --actions.",
    ];
    expect((await open({ batch: 4 })).notes).toEqual([
      'The layout NCHW was inferred from the shape of "obs".',
      ...unnamed,
      "The file takes exactly 4 observations; fewer are padded.",
    ]);
    const { notes } = await open({ tail: [["Neg", ["scores"], "pi"]], batch: 1 }, { layout: "NCHW" });
    expect(notes).toEqual([
      'Output "pi" is taken for the scores of the actions.',
      ...unnamed,
      "The file takes one observation at a time, which is slow.",
    ]);
    const away = { ...asMetadata("NCHW"), "mesascope.task": JSON.stringify({ env: "cheese-dish", params: {} }) };
    expect((await open({ ...permuted, metadata: away })).notes).toEqual([
      "The file says that it was made for cheese-dish, not for cheese-corner.",
    ]);
  });

  describe("probabilities", () => {
    const softmax: Foreign = { tail: [["Softmax", ["scores"], "probs"]] };
    /** Subtracting each row's log-sum-exp makes logits comparable. */
    const normalized = (values: ArrayLike<number>) =>
      Float64Array.from({ length: values.length }, (_, k) => {
        const row = Array.from({ length: 4 }, (_, j) => values[k - (k % 4) + j]!);
        return values[k]! - Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      });

    test("are told from their values, said, and become the logits they came from", async () => {
      const { subject, notes } = await open(softmax);
      expect(notes).toContainEqual(expect.stringMatching(/"probs" holds probabilities.*--scores logits/));
      expect(distance(normalized(await subject.logits!(observations, N)), normalized(expected))).toBeLessThan(1e-4);
    });

    test("can be declared not to be, and declared to be where the file's metadata are silent", async () => {
      const { subject, notes } = await open(softmax, { scores: "logits" });
      const raw = await subject.logits!(observations, N);
      expect(raw.every((value) => value > 0 && value < 1)).toBe(true);
      expect(notes.join()).not.toMatch(/probabilities/);
      expect((await open(softmax, { scores: "probabilities" })).notes.join()).not.toMatch(/probabilities/);
      const ours = await open({ ...softmax, metadata: asMetadata("NCHW") }, { scores: "probabilities" });
      const logits = await ours.subject.logits!(observations, N);
      expect(logits.every((value) => value < 0)).toBe(true);
    });

    test("an action with probability 0, or ruled out by a mask, is never taken and stays a number", async () => {
      for (const [value, scores] of [
        [Number.NEGATIVE_INFINITY, "logits"],
        [0, "probabilities"],
      ] as const) {
        const { subject } = await open(
          {
            tail:
              scores === "logits"
                ? [["Add", ["scores", "mask"], "logits"]]
                : [
                    ["Add", ["scores", "mask"], "masked"],
                    ["Softmax", ["masked"], "probs"],
                  ],
            initializers: [
              {
                name: "mask",
                dtype: "float32",
                dims: [4],
                data: Float32Array.of(0, Number.NEGATIVE_INFINITY, 0, 0),
              },
            ],
          },
          { scores },
        );
        const logits = await subject.logits!(observations, N);
        expect(logits.every(Number.isFinite), `${value}`).toBe(true);
        const actions = new Uint8Array(N * 50);
        for (let i = 0; i < 50; i++) await subject.act(observations, N, rng(i), actions.subarray(i * N));
        expect(new Set(actions)).toEqual(new Set([0, 2, 3]));
      }
    });
  });

  test("an operator that is not read lowers the access, by name", async () => {
    const tail: Foreign["tail"] = [
      ["Det", ["square"], "one"],
      ["Add", ["scores", "one"], "logits"],
    ];
    const initializers = [{ name: "square", dtype: "float32" as const, dims: [1, 1], data: Float32Array.of(0) }];
    const { subject, notes } = await open({ tail, initializers });
    expect([...subject.access]).toEqual(["act", "logits", "weights"]);
    expect(subject.inside).toBeUndefined();
    expect(notes).toContainEqual(
      expect.stringMatching(/^The inside is not available: no rule for Det\. .*cannot be asked/),
    );
    expect(distance(await subject.logits!(observations, N), expected)).toBeLessThan(2e-5);
  });

  test.each([
    ["a step, which has no gradient", "Floor", /^Gradients are not available: grad: operation is flat.*got floor/],
    [
      "a comparison, past which nothing flows",
      "Greater",
      /^Gradients are not available: no gradient of the scores reaches/,
    ],
  ])("%s: the inside stays, gradients go, and the notes say which questions are lost", async (_, opType, note) => {
    const tail: Foreign["tail"] =
      opType === "Greater"
        ? [
            ["Greater", ["scores", "zero"], "is"],
            ["Where", ["is", "one", "zero"], "logits"],
          ]
        : [[opType, ["scores"], "logits"]];
    const scalar = (name: string, value: number) => ({
      name,
      dtype: "float32" as const,
      dims: [],
      data: Float32Array.of(value),
    });
    const { subject, notes } = await open({ tail, initializers: [scalar("zero", 0), scalar("one", 1)] });
    expect([...subject.access]).toEqual(["act", "logits", "activations", "weights"]);
    expect(subject.inside).toBeDefined();
    expect(notes).toContainEqual(expect.stringMatching(note));
    expect(notes.join()).toMatch(/saliency.*cannot be asked of this file; probes, patching/);
  });

  test("the inside is opened only where the file as it was read says what onnxruntime says", async () => {
    const reading = (change: (value: number) => number): Executor => ({
      id: "native",
      async load(graph) {
        const program = await native.load(graph);
        return {
          async run(feeds) {
            const { logits } = await program.run(feeds);
            return { logits: (logits as Float32Array).map(change) };
          },
        };
      },
    });
    const notesOf = async (executor: Executor) => {
      const named = {
        layout: "NCHW",
        planes: ["WALL", "MOUSE", "CHEESE"],
        actions: ["up", "left", "down", "right"],
      } as const;
      const { subject, notes } = await open({}, named, executor);
      expect(subject.access.has("gradients")).toBe(notes.length === 0);
      expect(subject.inside !== undefined).toBe(subject.access.has("activations"));
      return notes.join();
    };
    expect(await notesOf(reading((value) => value * (1 + 1e-5)))).toBe("");
    expect(await notesOf(reading((value) => value * 1.01))).toMatch(/scores actions differently .* by 0\.010 of/);
    expect(await notesOf(reading(() => Number.NaN))).toMatch(/by Infinity of/);
    const failing = { ...native, load: () => Promise.reject(new Error("cannot be built")) };
    expect(await notesOf(failing)).toMatch(/cannot be run as it was read \(cannot be built\)/);
  });
});

describe("a file that does not fit is refused with what was found, what was expected, and what to do", () => {
  const two = (dims: readonly (number | string)[]): OnnxModel["outputs"] =>
    ["p", "q"].map((name) => ({ name, dtype: "float32", dims }));
  const weights = matrixOf(corner);
  const holed = Float32Array.from(weights, (value, i) => (i === 0 ? Number.NaN : value));
  const keys = small("keys-chests", { size: 5, mazeSize: 5 });

  const refused: readonly (readonly [string, Foreign, PolicyDeclaration, RegExp, RegExp])[] = [
    [
      "another size",
      { dims: ["N", 3, 7, 7] },
      {},
      /does not fit cheese-corner, got obs\[N, 3, 7, 7\]; expected \[batch, 75\] \(flat\) or \[batch, 3, 5, 5\] \(NCHW\) or \[batch, 5, 5, 3\] \(NHWC\)/,
      /--task, or its size with --task-set size=….*WALL, MOUSE, CHEESE/,
    ],
    ["another number of planes", { dims: ["N", 4, 5, 5] }, {}, /got obs\[N, 4, 5, 5\]; expected/, /--task/],
    ["no batch axis", { dims: [3, 5, 5] }, {}, /got obs\[3, 5, 5\]; expected/, /--task/],
    [
      "a layout declared that another one is",
      { layout: "NHWC" },
      { layout: "NCHW" },
      /not NCHW of cheese-corner, got obs\[N, 5, 5, 3\]; expected \[batch, 3, 5, 5\] \(NCHW\)/,
      /Declare it with --layout NHWC/,
    ],
    [
      "a shape that fits two layouts",
      { world: keys },
      {},
      /layout cannot be told from the shape, got obs\[N, 5, 5, 5\]; it fits NCHW and NHWC/,
      /--layout NCHW or --layout NHWC/,
    ],
    ["all axes free", { dims: ["N", "A", "B", "C"] }, {}, /fits NCHW and NHWC/, /--layout/],
    [
      "planes of other names",
      {},
      { planes: ["wall", "mouse", "dish"] },
      /planes do not fit, got wall, mouse, dish; expected an order of WALL, MOUSE, CHEESE/,
      /--planes WALL,MOUSE,CHEESE/,
    ],
    ["a plane twice", {}, { planes: ["wall", "mouse", "mouse"] }, /planes do not fit/, /--planes/],
    [
      "too few actions",
      {},
      { actions: ["up", "down"] },
      /actions do not fit, got up, down; expected an order of up, left, down, right/,
      /--actions up,left,down,right/,
    ],
    [
      "several inputs",
      {
        inputs: [
          { name: "obs", dtype: "float32", dims: ["N", 3, 5, 5] },
          { name: "state", dtype: "float32", dims: ["N", 4] },
        ],
        tail: [["Add", ["scores", "state"], "logits"]],
      },
      { input: "obs" },
      /not a policy of one observation, got inputs: obs\[N, 3, 5, 5\], state\[N, 4\]; expected one/,
      /as constants; a state that is carried along cannot be audited/,
    ],
    ["an input that is not there", {}, { input: "x" }, /input "x" does not exist, got inputs: obs\[/, /--input/],
    [
      "an output that is not there",
      {},
      { output: "x" },
      /output "x" does not exist, got outputs: logits\[N, 4\]; expected a score for each action, \[batch, 4\]/,
      /--output/,
    ],
    [
      "two outputs that fit",
      {
        tail: [
          ["Neg", ["scores"], "p"],
          ["Abs", ["scores"], "q"],
        ],
        outputs: two(["N", 4]),
      },
      {},
      /more than one output fits, got outputs: p\[N, 4\], q\[N, 4\]; expected/,
      /--output/,
    ],
    [
      "scores and value in one output",
      {
        tail: [["MatMul", ["scores", "wide"], "both"]],
        initializers: [{ name: "wide", dtype: "float32", dims: [4, 5], data: new Float32Array(20) }],
        outputs: [{ name: "both", dtype: "float32", dims: ["N", 5] }],
      },
      {},
      /no output fits, got outputs: both\[N, 5\]; expected a score for each action, \[batch, 4\]/,
      /the scores of the 4 actions as an output of their own/,
    ],
    [
      "an output whose shape shows only when it runs",
      { tail: [["NonZero", ["scores"], "logits"]], outputs: [{ name: "logits", dtype: "int64", dims: [2, "A"] }] },
      {},
      /output "logits" does not score the actions, got \[2, 16\]; expected \[4, 4\]/,
      /--output/,
    ],
    [
      "one chosen action instead of scores",
      {
        tail: [["ArgMax", ["scores"], "action"]],
        outputs: [{ name: "action", dtype: "int64", dims: [1, 4] }],
      },
      { output: "action" },
      /does not score the actions, got \[1, 4\]; expected \[4, 4\]/,
      /--output/,
    ],
    [
      "scores that are not numbers",
      { weights: holed },
      {},
      /output "logits" scores no action, got NaN, .*; expected numbers/,
      /Check the weights for values that are not finite/,
    ],
    [
      "logits declared to be probabilities",
      {},
      { scores: "probabilities" },
      /output "logits" holds no probabilities, got .*; expected numbers from 0 that sum to 1/,
      /--scores/,
    ],
    [
      "metadata that do not fit themselves",
      { metadata: { "mesascope.format": '"mesascope/9"' } },
      {},
      /metadata "mesascope.format" does not fit/,
      /Save the policy again/,
    ],
  ];
  test.each(refused)("%s", async (_, file, declared, message, hint) => {
    const error = await open(file, declared).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LabError);
    const { code, message: told, hint: advice } = error as LabError;
    expect(told).toMatch(message);
    expect(advice).toMatch(hint);
    expect(code).toBe("onnx/interface");
  });
});
