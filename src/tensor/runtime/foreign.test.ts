/** @file Foreign models: run, tap, and refuse, on both engines. */
import { describe, expect, test } from "vitest";
import { LabError } from "../../core/errors.ts";
import { encodeOnnx } from "../onnx/encode.ts";
import { fromFloat16, toFloat16 } from "../onnx/float16.ts";
import type { OnnxDType, OnnxModel } from "../onnx/model.ts";
import { openForeign } from "./foreign.ts";

/** `hidden = relu(x · w)`, `logits = hidden · v`, with a free batch dimension. */
const MLP: OnnxModel = {
  opset: 17,
  producer: "test",
  nodes: [
    { opType: "MatMul", inputs: ["x", "w"], outputs: ["pre"], attributes: {} },
    { opType: "Relu", inputs: ["pre"], outputs: ["hidden"], attributes: {} },
    { opType: "MatMul", inputs: ["hidden", "v"], outputs: ["logits"], attributes: {} },
  ],
  initializers: [
    { name: "w", dtype: "float32", dims: [2, 2], data: Float32Array.of(1, -1, 2, 1) },
    { name: "v", dtype: "float32", dims: [2, 1], data: Float32Array.of(10, 100) },
  ],
  inputs: [{ name: "x", dtype: "float32", dims: ["batch", 2] }],
  outputs: [{ name: "logits", dtype: "float32", dims: ["batch", 1] }],
  metadata: { author: "someone" },
};

const refusal = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LabError) return `${error.code}: ${error.message}`;
  throw error ?? new Error("nothing was refused");
};

describe.each(["native", "wasm"] as const)("%s", (engine) => {
  test("describes and runs a model, at any batch size", async () => {
    const model = await openForeign(encodeOnnx(MLP), engine);
    expect(model.inputs).toEqual([{ name: "x", dtype: "float32", dims: ["batch", 2] }]);
    expect(model.outputs).toEqual([{ name: "logits", dtype: "float32", dims: ["batch", 1] }]);
    expect(model.metadata).toEqual({ author: "someone" });
    expect(model.opTypes).toEqual(["MatMul", "Relu"]);
    const { logits } = await model.run({ x: { dims: [2, 2], data: Float32Array.of(1, 1, -3, 1) } });
    // (1,1)·w = (3,0); (−3,1)·w = (−1,4) → relu (0,4).
    expect(logits).toEqual({ dims: [2, 1], data: Float32Array.of(30, 400) });
  });

  test("taps a tensor inside", async () => {
    const tapped = await (await openForeign(encodeOnnx(MLP), engine)).tap(["pre", "hidden", "logits"]);
    expect(tapped.outputs.map(({ name }) => name)).toEqual(["logits", "pre", "hidden"]);
    const { pre, hidden, logits } = await tapped.run({ x: { dims: [1, 2], data: Float32Array.of(-3, 1) } });
    expect(pre?.data).toEqual(Float32Array.of(-1, 4));
    expect(hidden?.data).toEqual(Float32Array.of(0, 4));
    expect(logits?.data).toEqual(Float32Array.of(400));
    expect(await refusal(tapped.tap(["nope"]))).toContain('no tensor "nope"; known: pre, hidden, logits');
  });

  test.each<OnnxDType>(["float32", "float64", "float16", "int8", "uint8", "int32", "int64", "bool"])(
    "feeds %s from numbers",
    async (dtype) => {
      const cast: OnnxModel = {
        ...MLP,
        nodes: [{ opType: "Cast", inputs: ["x"], outputs: ["logits"], attributes: { to: { type: "int", value: 1 } } }],
        initializers: [],
        inputs: [{ name: "x", dtype, dims: [3] }],
        outputs: [{ name: "logits", dtype: "float32", dims: [3] }],
      };
      const model = await openForeign(encodeOnnx(cast), engine);
      const { logits } = await model.run({ x: { dims: [3], data: Float64Array.of(0, 1, 1) } });
      expect(logits?.data).toEqual(Float32Array.of(0, 1, 1));
    },
  );

  test("half floats come out as numbers", async () => {
    const half: OnnxModel = {
      ...MLP,
      nodes: [{ opType: "Cast", inputs: ["x"], outputs: ["logits"], attributes: { to: { type: "int", value: 10 } } }],
      initializers: [],
      outputs: [{ name: "logits", dtype: "float16", dims: ["batch", 2] }],
    };
    const { logits } = await (await openForeign(encodeOnnx(half), engine)).run({
      x: { dims: [1, 2], data: Float32Array.of(1 / 3, -1.5) },
    });
    expect(logits?.data).toEqual(Float32Array.of(fromFloat16(toFloat16(1 / 3)), -1.5));
  });

  test("refuses feeds that do not fit", async () => {
    const model = await openForeign(encodeOnnx(MLP), engine);
    const x = (dims: number[], length: number) => model.run({ x: { dims, data: new Float32Array(length) } });
    expect(await refusal(model.run({}))).toBe('onnx/interface: onnx: input "x" is missing; expected float32[batch, 2]');
    expect(await refusal(x([1, 3], 3))).toContain("got 3 elements as [1, 3]; expected float32[batch, 2]");
    expect(await refusal(x([2], 2))).toContain("got 2 elements as [2]");
    expect(await refusal(x([1, 2], 3))).toContain("got 3 elements as [1, 2]");
  });

  test("says what onnxruntime says about a model that it refuses, or that stops", async () => {
    const unknown: OnnxModel = { ...MLP, nodes: [{ ...MLP.nodes[0]!, opType: "Teleport", outputs: ["logits"] }] };
    expect(await refusal(openForeign(encodeOnnx(unknown), engine))).toMatch(/^onnx\/unsupported: .*Teleport/);
    const fixed: OnnxModel = {
      ...MLP,
      nodes: [{ opType: "Reshape", inputs: ["x", "two"], outputs: ["logits"], attributes: {} }],
      initializers: [{ name: "two", dtype: "int64", dims: [1], data: BigInt64Array.of(2n) }],
      outputs: [{ name: "logits", dtype: "float32", dims: [2] }],
    };
    const model = await openForeign(encodeOnnx(fixed), engine);
    const stop = await refusal(model.run({ x: { dims: [2, 2], data: new Float32Array(4) } }));
    expect(stop).toMatch(/^onnx\/interface: .*stops on these inputs/);
  });

  test("truncated files are malformed", async () => {
    const bytes = encodeOnnx(MLP);
    for (const length of [0, 10, bytes.length >> 1, bytes.length - 1]) {
      expect(await refusal(openForeign(bytes.subarray(0, length), engine))).toMatch(/^onnx\/malformed/);
    }
  });
});
