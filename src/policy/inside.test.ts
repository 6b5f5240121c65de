/** @file The inside of subjects: it says what the subject says, for networks and files alike, and can be written. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, type World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize, type Network } from "../network.ts";
import { mlp } from "../networks/mlp.ts";
import { thinker } from "../networks/thinker.ts";
import type { Subject } from "../subject.ts";
import { add, encodeOnnx, grad, type OnnxModel, openExecutor, substitute, sum, type Tensor } from "../tensor/index.ts";
import { openPolicy, savePolicy } from "./file.ts";
import { networkSubject, policyShape } from "./inference.ts";
import { tracedInside } from "./inside.ts";

const { executor } = await openExecutor("native");
const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 5 }));
const shape = policyShape(world);
const N = 6;
const observations = observationsOf(world, N);
const planes = Float32Array.from(observations);

function observationsOf(of: World, n: number): Uint8Array {
  const batch = of.batch(n);
  for (const [slot, level] of batch.levels.entries()) {
    of.draw(level, rng(7).fork(slot), COUPLED, "train");
    batch.start(slot, rng(slot));
  }
  return batch.observations;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

/** Outputs of what is built on the inside, on the first `n` observations. */
async function ask(
  subject: Subject,
  build: (planes: Tensor, pass: ReturnType<NonNullable<Subject["inside"]>["forward"]>) => Record<string, Tensor>,
  n = N,
): Promise<Record<string, Float32Array>> {
  const inside = subject.inside!;
  const graph = tracedInside(inside, shape, n, (_, observed, pass) => build(observed, pass));
  const program = await inside.executor.load(graph);
  const given = await program.run({ ...inside.weights, planes: planes.slice(0, (planes.length / N) * n) });
  return given as Record<string, Float32Array>;
}

/** A network whose heads start small is all bias: scaled, so that differences show. */
const weightsOf = (network: Network) =>
  Object.fromEntries(
    Object.entries(initialize(network, rng(3))).map(([name, values]) => [name, values.map((v) => 3 * v)]),
  );

describe("a network of ours", () => {
  const small = thinker.build(shape, thinker.params.parse({ channels: 4, ticks: 3, maxTicks: 9 }));
  const subject = networkSubject(small, weightsOf(small), shape, executor);

  test("the inside gives the subject's own logits, and ticks change them together", async () => {
    for (const each of [subject, subject.thinking!(1), subject.thinking!(7)]) {
      const { logits } = await ask(each, (_, pass) => ({ logits: pass.logits }));
      expect(distance(logits!, (await each.logits!(observations, N)).slice(0, logits!.length))).toBeLessThan(1e-5);
    }
    const [few, many] = [await subject.thinking!(1).logits!(observations, N), await subject.logits!(observations, N)];
    expect(distance(few.slice(0, N * 4), many.slice(0, N * 4))).toBeGreaterThan(1e-3);
    expect(subject.ticks).toMatchObject({ trained: 3, max: 9 });
    expect(subject.thinking!(7).id).not.toBe(subject.id);
    expect(() => subject.thinking!(10)).toThrow("got 10; expected 1 to 9");
  });

  test("as many states as ticks", async () => {
    const names = await ask(subject.thinking!(5), (_, { sites, logits }) => {
      expect(Object.keys(sites).filter((site) => /^tick\.\d+\.state$/.test(site))).toHaveLength(5);
      return { logits };
    });
    expect(Object.keys(names)).toEqual(["logits"]);
  });

  test("networks without the knob have none", () => {
    const plain = mlp.build(shape, mlp.params.parse({ width: 4 }));
    const reflex = networkSubject(plain, initialize(plain, rng(1)), shape, executor);
    expect(reflex.ticks).toBeUndefined();
    expect(reflex.thinking).toBeUndefined();
  });
});

describe("a file", () => {
  const network = mlp.build(shape, mlp.params.parse({ width: 5 }));
  const weights = weightsOf(network);
  const task = { env: world.env, params: {} };
  const bytes = savePolicy({ network, weights, world, task, architecture: { id: "mlp", params: { width: 5 } } });

  test("of ours keeps its weights by name, its value, and a writable site for every layer", async () => {
    const { subject } = await openPolicy(bytes, world, executor);
    expect(Object.keys(subject.inside!.weights).sort()).toEqual(Object.keys(weights).sort());
    for (const [name, values] of Object.entries(weights)) expect(subject.inside!.weights[name]).toEqual(values);
    const own = networkSubject(network, weights, shape, executor);
    for (const n of [1, 5]) {
      const read = (of: Subject) => ask(of, (_, pass) => ({ logits: pass.logits, value: pass.value! }), n);
      const [ours, theirs] = [await read(subject), await read(own)];
      expect(distance(ours.logits!, theirs.logits!)).toBeLessThan(1e-5);
      expect(distance(ours.value!, theirs.value!)).toBeLessThan(1e-5);
    }
    // Every site is on the way: writing it moves the scores or the value.
    const moved = await ask(subject, (_, { sites, logits, value }) => {
      const outputs: Record<string, Tensor> = {};
      for (const [site, tensor] of Object.entries(sites)) {
        const [a, b] = substitute([logits, value!], new Map([[tensor, (from: Tensor) => add(from, 1)]]));
        outputs[`moved ${site.replaceAll("#", ".")}`] = add(sum(a!), sum(b!));
      }
      expect(Object.keys(outputs).length).toBeGreaterThan(4);
      return { ...outputs, still: add(sum(logits), sum(value!)) };
    });
    for (const [name, [total]] of Object.entries(moved)) {
      if (name !== "still") expect(Math.abs(total! - moved.still![0]!), name).toBeGreaterThan(1e-4);
    }
  });

  /** A two-layer policy made elsewhere: its own order of planes and actions, channels last, a critic. */
  function foreign(batch: number | string, dtype: "float32" | "uint8", rowsInside: number): Uint8Array {
    const cells = shape.height * shape.width;
    const size = shape.planes * cells;
    const random = rng(11);
    const draw = (n: number) => Float32Array.from({ length: n }, () => random.normal() / 2);
    const nodes: [string, string[], string, OnnxModel["nodes"][number]["attributes"]][] = [
      ["Cast", ["obs"], "cast", { to: { type: "int", value: 1 } }],
      ["Reshape", ["cast", "rows"], "x", {}],
      ["MatMul", ["x", "w1"], "pre", {}],
      ["Tanh", ["pre"], "hidden", {}],
      ["MatMul", ["hidden", "w2"], "logits", {}],
      ["MatMul", ["hidden", "w3"], "value", {}],
    ];
    return encodeOnnx({
      opset: 17,
      producer: "elsewhere",
      nodes: nodes.map(([opType, inputs, output, attributes]) => ({ opType, inputs, outputs: [output], attributes })),
      initializers: [
        { name: "w1", dtype: "float32", dims: [size, 8], data: draw(size * 8) },
        { name: "w2", dtype: "float32", dims: [8, 4], data: draw(32) },
        { name: "w3", dtype: "float32", dims: [8, 1], data: draw(8) },
        { name: "rows", dtype: "int64", dims: [2], data: BigInt64Array.of(BigInt(rowsInside), BigInt(size)) },
      ],
      inputs: [{ name: "obs", dtype, dims: [batch, shape.height, shape.width, shape.planes] }],
      outputs: [
        { name: "logits", dtype: "float32", dims: [batch, 4] },
        { name: "value", dtype: "float32", dims: [batch, 1] },
      ],
      metadata: {},
    });
  }
  const declared = { planes: ["CHEESE", "WALL", "MOUSE"], actions: ["right", "up", "down", "left"] };

  test.each(["float32", "uint8"] as const)(
    "made elsewhere takes our observations and gives our actions; %s input",
    async (dtype) => {
      const { subject } = await openPolicy(foreign("N", dtype, -1), world, executor, declared);
      expect([...subject.access]).toContain("gradients");
      for (const n of [1, N]) {
        const { logits, hidden } = await ask(
          subject,
          (_, pass) => ({ logits: pass.logits, hidden: pass.sites.hidden!, value: pass.value! }),
          n,
        );
        expect(distance(logits!, (await subject.logits!(observations, n)).slice(0, n * 4))).toBeLessThan(1e-5);
        expect(hidden).toHaveLength(8 * n);
      }
      const { slope } = await ask(subject, (observed, pass) => ({ slope: grad(sum(pass.value!), [observed])[0]! }));
      expect(slope!.some((value) => Math.abs(value) > 1e-3)).toBe(true);
      await ask(subject, (_, { sites, logits }) => {
        expect(Object.keys(sites).sort()).toEqual(["cast", "hidden", "logits", "pre", "value", "x"].sort());
        return { logits };
      });
    },
  );

  test("that insists on a number of rows inside says so", async () => {
    const { subject } = await openPolicy(foreign(4, "float32", 4), world, executor, declared);
    expect(subject.inside!.rows).toBe(4);
    const { logits } = await ask(subject, (_, pass) => ({ logits: pass.logits }), 4);
    expect(distance(logits!, (await subject.logits!(observations, 4)).slice(0, 16))).toBeLessThan(1e-5);
    const loose = await openPolicy(foreign(4, "float32", -1), world, executor, declared);
    expect(loose.subject.inside!.rows).toBeUndefined();
  });
});
