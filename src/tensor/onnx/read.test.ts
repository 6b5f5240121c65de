/** @file Whole models read into graphs: what the emitter writes, and what PyTorch exports look like. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LabError } from "../../core/errors.ts";
import { rng } from "../../core/rng.ts";
import { dataOf, emit } from "../emit.ts";
import { grad } from "../grad.ts";
import { type Graph, type Tensor, topological } from "../graph.ts";
import { constant, mul, sum } from "../ops.ts";
import { evaluate } from "../reference.ts";
import { type Case, cases } from "../rules/cases.ts";
import { openForeign } from "../runtime/foreign.ts";
import { sizeOf } from "../shape.ts";
import { trace } from "../trace.ts";
import { decodeOnnx } from "./decode.ts";
import { encodeOnnx } from "./encode.ts";
import type { OnnxModel, OnnxNode, OnnxTensor } from "./model.ts";
import { type ReadModel, type ReadOptions, readOnnx } from "./read.ts";

function mustRead(source: OnnxModel | Uint8Array, options: ReadOptions = {}): ReadModel {
  const read = readOnnx(source, options);
  if ("graph" in read) return read;
  throw new Error(`unread: ${read.unknown.join("; ")}`);
}

const draw = (graph: Graph, cased?: Case): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.entries(graph.inputs).map(([name, { shape }]) => {
      const random = rng(3).fork(name);
      const drawn = cased?.inputs[name];
      const next = (): number => {
        if (drawn?.draw === "index") return random.int(drawn.below!);
        if (drawn?.draw === "bit") return random.int(2);
        if (drawn?.draw === "grid") return random.int(5);
        return drawn?.draw === "positive" ? 0.3 + random.uniform() : random.normal();
      };
      return [name, Float64Array.from({ length: sizeOf(shape) }, next)];
    }),
  );

describe("everything that the emitter writes is read back", () => {
  const named = Object.entries(cases).flatMap(([op, list]) => list.map((each, i) => [`${op} ${i}`, each] as const));

  /** The function of a case, and its gradient where it has one. */
  const graphs = (each: Case): Graph[] => {
    const floats = Object.keys(each.inputs).filter((name) => each.inputs[name]!.dtype === "float32");
    const value = trace(each.inputs, (inputs) => ({ y: each.build(inputs) }));
    if (floats.length === 0 || value.outputs.y!.dtype !== "float32") return [value];
    const slope = trace(each.inputs, (inputs) => {
      const y = each.build(inputs);
      const weights = constant(
        Float64Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.fround(1 + Math.sin(i))),
        y.shape,
      );
      const wrt = floats.map((name) => inputs[name]!);
      const slopes = grad(sum(mul(y, weights)), wrt);
      return Object.fromEntries(slopes.map((slope, i) => [`d${i}`, slope]));
    });
    return [value, slope];
  };

  test.each(named)("%s", (_, each) => {
    for (const graph of graphs(each)) {
      const { graph: again, parameters } = mustRead(encodeOnnx(emit(graph)));
      expect(parameters).toEqual({});
      const feeds = draw(graph, each);
      const [ours, theirs] = [evaluate(again, feeds), evaluate(graph, feeds)];
      for (const [name, expected] of Object.entries(theirs)) {
        expect(again.outputs[name]!.shape).toEqual(graph.outputs[name]!.shape);
        // Constants were rounded to float32 on the way.
        expected.forEach((value, i) => {
          expect(Math.abs(ours[name]![i]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        });
      }
    }
  });

  test("emitting what was read changes nothing any more", () => {
    const graph = trace({ x: { shape: [2, 3], dtype: "float32" } }, ({ x }) => ({ y: sum(mul(x, x), { axes: 1 }) }));
    const once = mustRead(emit(graph)).graph;
    expect(mustRead(emit(once)).graph.hash).toBe(once.hash);
  });
});

const node = (opType: string, inputs: string[], output: string, attributes: OnnxNode["attributes"] = {}): OnnxNode => ({
  opType,
  inputs,
  outputs: [output],
  attributes,
});
const int = (value: number) => ({ type: "int", value }) as const;
const ints = (...value: number[]) => ({ type: "ints", value }) as const;
const int64 = (name: string, dims: number[], ...values: number[]): OnnxTensor => ({
  name,
  dtype: "int64",
  dims,
  data: BigInt64Array.from(values, BigInt),
});
const weights = (name: string, ...dims: number[]): OnnxTensor => {
  const random = rng(1).fork(name);
  return { name, dtype: "float32", dims, data: Float32Array.from({ length: sizeOf(dims) }, () => random.normal() / 2) };
};

/**
 * `x.view(x.size(0), -1)` between a convolution and two linear layers, as
 * PyTorch's exporter writes it: the shape is taken apart and put together.
 */
const POLICY: OnnxModel = {
  opset: 13,
  producer: "pytorch",
  nodes: [
    node("Conv", ["obs", "conv.weight", "conv.bias"], "/conv", {
      kernel_shape: ints(3, 3),
      pads: ints(1, 1, 1, 1),
      strides: ints(1, 1),
      dilations: ints(1, 1),
      group: int(1),
    }),
    node("Relu", ["/conv"], "/relu"),
    node("Shape", ["/relu"], "/shape"),
    node("Constant", [], "/zero", { value: { type: "tensor", value: int64("", [], 0) } }),
    node("Gather", ["/shape", "/zero"], "/rows", { axis: int(0) }),
    node("Constant", [], "/axes", { value: { type: "tensor", value: int64("", [1], 0) } }),
    node("Unsqueeze", ["/rows", "/axes"], "/rows1"),
    node("Constant", [], "/rest", { value: { type: "tensor", value: int64("", [1], -1) } }),
    node("Concat", ["/rows1", "/rest"], "/target", { axis: int(0) }),
    node("Reshape", ["/relu", "/target"], "/flat"),
    node("Gemm", ["/flat", "fc.weight", "fc.bias"], "/fc", {
      alpha: { type: "float", value: 1 },
      beta: { type: "float", value: 1 },
      transB: int(1),
    }),
    node("Tanh", ["/fc"], "/tanh"),
    node("Gemm", ["/tanh", "head.weight", "head.bias"], "logits", { transB: int(1) }),
  ],
  initializers: [
    weights("conv.weight", 4, 2, 3, 3),
    weights("conv.bias", 4),
    weights("fc.weight", 8, 4 * 5 * 5),
    weights("fc.bias", 8),
    weights("head.weight", 3, 8),
    weights("head.bias", 3),
  ],
  inputs: [{ name: "obs", dtype: "float32", dims: ["batch", 2, 5, 5] }],
  outputs: [{ name: "logits", dtype: "float32", dims: ["batch", 3] }],
  metadata: {},
};

describe("a model as PyTorch exports it", () => {
  test.each([1, 7])("agrees with onnxruntime at batch %i, outputs and taps", async (batch) => {
    const taps = ["/relu", "/tanh"];
    const { graph, parameters } = mustRead(encodeOnnx(POLICY), { batch, taps });
    const data = Float32Array.from(draw(graph).obs!);
    const ours = evaluate(graph, { ...parameters, obs: data });
    const foreign = await (await openForeign(encodeOnnx(POLICY), "native")).tap(taps);
    const theirs = await foreign.run({ obs: { dims: [batch, 2, 5, 5], data } });
    for (const name of ["logits", ...taps]) {
      expect(graph.outputs[name]!.shape).toEqual(theirs[name]!.dims);
      Array.from(theirs[name]!.data, Number).forEach((value, i) => {
        expect(Math.abs(ours[name]![i]! - value)).toBeLessThan(1e-5);
      });
    }
  });

  test("weights are inputs, shapes are gone", () => {
    const { graph, parameters } = mustRead(POLICY, { batch: 2 });
    expect(Object.keys(parameters).sort()).toEqual(POLICY.initializers.map(({ name }) => name).sort());
    expect(graph.nodes.some(({ dtype }) => dtype === "int64")).toBe(false);
    const closed = mustRead(POLICY, { batch: 2, parameters: "constants" });
    expect(Object.keys(closed.graph.inputs)).toEqual(["obs"]);
  });

  test("gains gradients, in weights and in observations", () => {
    const { graph, parameters } = mustRead(POLICY, { batch: 2 });
    const lossOf = ({ logits }: Readonly<Record<string, Tensor>>) =>
      sum(mul(logits!, constant([1, -2, 0.5, 3, 1, -1], [2, 3])));
    const wrt = ["obs", "fc.weight"];
    // Nodes are immutable, so the read graph's own inputs can be differentiated in.
    const slopes = grad(
      lossOf(graph.outputs),
      wrt.map((name) => graph.inputs[name]!),
    );
    const feeds = { ...draw(graph), ...parameters };
    const value = (changed: Record<string, ArrayLike<number>>) => {
      const { logits } = evaluate(graph, changed);
      return [1, -2, 0.5, 3, 1, -1].reduce((total, weight, i) => total + weight * logits![i]!, 0);
    };
    for (const [k, name] of wrt.entries()) {
      const slope = slopes[k]!;
      expect(slope.shape).toEqual(graph.inputs[name]!.shape);
      for (const i of [0, 3, 17]) {
        const moved = (h: number) => {
          const data = Float64Array.from(feeds[name]!);
          data[i]! += h;
          return value({ ...feeds, [name]: data });
        };
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        const exact = evaluateNode(graph, slope, feeds)[i]!;
        expect(Math.abs(exact - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
      }
    }
  });
});

/** A value built on top of a finished graph. */
function evaluateNode(graph: Graph, y: Tensor, feeds: Record<string, ArrayLike<number>>): Float64Array {
  return evaluate({ ...graph, nodes: topological([y]), outputs: { y } }, feeds).y!;
}

describe("dimensions", () => {
  const square = (...dims: (number | string | undefined)[]): OnnxModel => ({
    ...POLICY,
    nodes: [node("Tanh", ["x"], "y")],
    initializers: [],
    inputs: [{ name: "x", dtype: "float32", dims }],
    outputs: [{ name: "y", dtype: "float32", dims }],
  });

  test("the first free one is the batch, others are bound by name", () => {
    expect(mustRead(square("n", 2), { batch: 5 }).graph.inputs.x!.shape).toEqual([5, 2]);
    expect(mustRead(square(undefined, 2)).graph.inputs.x!.shape).toEqual([1, 2]);
    expect(mustRead(square("n", "width"), { sizes: { width: 4, n: 2 } }).graph.inputs.x!.shape).toEqual([2, 4]);
    expect(mustRead(square("n", undefined, 3), { shapes: { x: [2, 5, 9] } }).graph.inputs.x!.shape).toEqual([2, 5, 3]);
  });

  test("a free one without a length is refused", () => {
    expect(() => readOnnx(square(1, "width"))).toThrow(/dimension "width" of input "x" is free/);
    expect(() => readOnnx(square(1, undefined))).toThrow(/dimension 1 of input "x" is free/);
  });
});

describe("what cannot be read", () => {
  const withNodes = (...nodes: OnnxNode[]): OnnxModel => ({
    ...POLICY,
    nodes,
    inputs: [{ name: "x", dtype: "float32", dims: [2] }],
    outputs: [{ name: "y", dtype: "float32", dims: [2] }],
  });

  test("all unknown operators are named", () => {
    const model = withNodes(
      node("Teleport", ["x"], "a"),
      { ...node("Gelu", ["a"], "b"), domain: "com.microsoft" },
      node("Tanh", ["b"], "y"),
    );
    expect(readOnnx(model).unknown).toEqual(["Teleport", "com.microsoft::Gelu"]);
  });

  test("constants of other types are named", () => {
    const bytes = encodeOnnx(withNodes(node("Tanh", ["x"], "y")));
    // Element type 1 becomes 8, text: the last tensor type of the file is the output's.
    const text = bytes.slice();
    text[bytes.lastIndexOf(0x08, bytes.length - 12) + 1] = 8;
    const { unknown } = readOnnx(text);
    expect(unknown[0]).toContain("of element type 8");
  });

  test("nodes out of order are malformed", () => {
    const model = withNodes(node("Tanh", ["a"], "y"), node("Tanh", ["x"], "a"));
    expect(() => readOnnx(model)).toThrow(/no node makes "a" before it is used/);
  });

  test("damaged files give a graph, a reason or a LabError, nothing else", () => {
    // The nodes, in the first 900 bytes; behind them are weights, whose bits only change numbers.
    const good = encodeOnnx(POLICY);
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.noBias(fc.nat(900)), fc.nat(7)), { minLength: 1, maxLength: 2 }), (flips) => {
        const bytes = good.slice();
        for (const [at, bit] of flips) bytes[at]! ^= 1 << bit;
        try {
          outcomes.add("graph" in readOnnx(bytes) ? "graph" : "reason");
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          outcomes.add(error.code);
        }
      }),
      { numRuns: 1500, seed: 11 },
    );
    expect([...outcomes]).toEqual(expect.arrayContaining(["graph", "reason", "onnx/malformed"]));
  });
});

test("half and double precision are read as float32 graphs", async () => {
  const model: OnnxModel = {
    ...POLICY,
    nodes: [node("Mul", ["x", "w"], "y")],
    initializers: [{ name: "w", dtype: "float16", dims: [2], data: Uint16Array.of(0x3c00, 0xc000) }],
    inputs: [{ name: "x", dtype: "float16", dims: [2] }],
    outputs: [{ name: "y", dtype: "float16", dims: [2] }],
  };
  const { graph } = mustRead(decodeOnnx(encodeOnnx(model)));
  const x = Float32Array.of(0.5, 3);
  const theirs = await (await openForeign(encodeOnnx(model), "wasm")).run({ x: { dims: [2], data: x } });
  expect(Array.from(evaluate(graph, { x }).y!)).toEqual(Array.from(theirs.y!.data, Number));
  expect(dataOf([1], graph.outputs.y!.dtype)).toBeInstanceOf(Float32Array);
});
