/** @file ONNX bytes: round trips, hand-written wire bytes as an oracle, and hostile input. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LabError } from "../../core/errors.ts";
import { decodeOnnx, outlineOnnx } from "./decode.ts";
import { encodeOnnx } from "./encode.ts";
import type { OnnxAttribute, OnnxModel, OnnxTensor, OnnxValue } from "./model.ts";
import { messageType } from "./schema.ts";

const name = fc.string({ unit: "grapheme", maxLength: 8 });
const safeInt = fc.maxSafeInteger();
const float32 = fc.float({ noNaN: true });

const tensor: fc.Arbitrary<OnnxTensor> = fc
  .record({ name, dims: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }) })
  .chain((head) => {
    const length = head.dims.reduce((product, dim) => product * dim, 1);
    const exact = { minLength: length, maxLength: length };
    return fc
      .oneof(
        fc.record({ dtype: fc.constant("float32" as const), data: fc.float32Array(exact) }),
        fc.record({ dtype: fc.constant("float64" as const), data: fc.float64Array(exact) }),
        fc.record({ dtype: fc.constant("float16" as const), data: fc.uint16Array(exact) }),
        fc.record({ dtype: fc.constant("int8" as const), data: fc.int8Array(exact) }),
        fc.record({ dtype: fc.constantFrom("uint8" as const, "bool" as const), data: fc.uint8Array(exact) }),
        fc.record({ dtype: fc.constant("int32" as const), data: fc.int32Array(exact) }),
        fc.record({ dtype: fc.constant("int64" as const), data: fc.bigInt64Array(exact) }),
      )
      .map((body): OnnxTensor => ({ ...head, ...body }));
  });

const attribute: fc.Arbitrary<OnnxAttribute> = fc.oneof(
  safeInt.map((value) => ({ type: "int" as const, value })),
  fc.array(safeInt).map((value) => ({ type: "ints" as const, value })),
  float32.map((value) => ({ type: "float" as const, value })),
  fc.array(float32).map((value) => ({ type: "floats" as const, value })),
  name.map((value) => ({ type: "string" as const, value })),
  fc.array(name).map((value) => ({ type: "strings" as const, value })),
  tensor.map((value) => ({ type: "tensor" as const, value })),
);

const value: fc.Arbitrary<OnnxValue> = fc.record({
  name,
  dtype: fc.constantFrom("float32", "float64", "float16", "int8", "uint8", "int32", "int64", "bool"),
  dims: fc.array(
    fc.oneof(fc.nat(), fc.constant(undefined), fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 })),
    { maxLength: 4 },
  ),
});

const model: fc.Arbitrary<OnnxModel> = fc.record({
  opset: fc.integer({ min: 1, max: 21 }),
  producer: name,
  nodes: fc.array(
    fc.record(
      {
        name: fc.string({ unit: "grapheme", minLength: 1 }),
        domain: fc.constantFrom("com.microsoft", "a.b"),
        opType: name,
        inputs: fc.array(name, { maxLength: 3 }),
        outputs: fc.array(name, { maxLength: 3 }),
        attributes: fc.dictionary(name, attribute, { maxKeys: 3 }),
      },
      { requiredKeys: ["opType", "inputs", "outputs", "attributes"] },
    ),
    { maxLength: 4 },
  ),
  initializers: fc.array(tensor, { maxLength: 3 }),
  inputs: fc.array(value, { maxLength: 3 }),
  outputs: fc.array(value, { minLength: 1, maxLength: 3 }),
  metadata: fc.dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 3 }),
});

/** Float attributes keep their sign of zero, dictionaries from fast-check have no prototype: compare as plain data. */
const plain = (from: OnnxModel) => structuredClone(from);

test("decode undoes encode for every model", () => {
  fc.assert(
    fc.property(model, (original) => {
      expect(plain(decodeOnnx(encodeOnnx(original)))).toEqual(plain(original));
    }),
    { numRuns: 300 },
  );
});

test("the bytes are plain, and a model read from them keeps none of them", () => {
  const bytes = encodeOnnx(SMALL);
  expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  const buffer = Buffer.from(bytes);
  const read = decodeOnnx(buffer);
  buffer.fill(0);
  expect(read).toEqual(decodeOnnx(bytes));
});

test("equal models have equal bytes", () => {
  fc.assert(
    fc.property(model, (original) => {
      expect(encodeOnnx(decodeOnnx(encodeOnnx(original)))).toEqual(encodeOnnx(original));
    }),
    { numRuns: 50 },
  );
});

/** One small real model: `y = x · w`. */
const SMALL: OnnxModel = {
  opset: 17,
  producer: "p",
  nodes: [{ opType: "MatMul", inputs: ["x", "w"], outputs: ["y"], attributes: {} }],
  initializers: [{ name: "w", dtype: "float32", dims: [2, 1], data: Float32Array.of(1, 2) }],
  inputs: [{ name: "x", dtype: "float32", dims: ["batch", 2] }],
  outputs: [{ name: "y", dtype: "float32", dims: ["batch", 1] }],
  metadata: {},
};

test("the bytes follow the public field numbers", () => {
  // Written by hand from onnx.proto: tag = number << 3 | wire type.
  const text = (tag: number, content: string | readonly number[]) => {
    const bytes = typeof content === "string" ? [...new TextEncoder().encode(content)] : content;
    return [tag, bytes.length, ...bytes];
  };
  const dims = (first: readonly number[], second: number) =>
    text(0x0a, [...text(0x0a, [0x08, 1, ...text(0x12, [...text(0x0a, first), ...text(0x0a, [0x08, second])])])]).slice(
      2,
    );
  const batch = text(0x12, "batch");
  const io = (id: string, columns: number) => [...text(0x0a, id), ...text(0x12, dims(batch, columns))];
  const graph = [
    ...text(0x0a, [...text(0x0a, "x"), ...text(0x0a, "w"), ...text(0x12, "y"), ...text(0x22, "MatMul")]),
    ...text(0x12, "graph"),
    ...text(0x2a, [0x08, 2, 0x08, 1, 0x10, 1, ...text(0x42, "w"), ...text(0x4a, [0, 0, 128, 63, 0, 0, 0, 64])]),
    ...text(0x5a, io("x", 2)),
    ...text(0x62, io("y", 1)),
  ];
  const expected = [0x08, 8, ...text(0x12, "p"), ...text(0x3a, graph), ...text(0x42, [...text(0x0a, ""), 0x10, 17])];
  expect([...encodeOnnx(SMALL)]).toEqual(expected);
});

/** A model with one constant given on the wire. */
function withTensor(wire: object): Uint8Array {
  return messageType("Model")
    .encode({
      irVersion: 8,
      graph: { name: "g", initializer: [wire], output: [{ name: "y", type: { tensorType: { elemType: 1 } } }] },
      opsetImport: [{ version: 17 }],
    })
    .finish();
}

describe("constants in typed fields", () => {
  const max = { low: -1, high: 0x7fffffff, unsigned: false };
  test.each([
    [1, { floatData: [1.5, -2] }, Float32Array.of(1.5, -2)],
    [11, { doubleData: [0.1, -2] }, Float64Array.of(0.1, -2)],
    [7, { int64Data: [max, -3] }, BigInt64Array.of(2n ** 63n - 1n, -3n)],
    [6, { int32Data: [-5, 2 ** 31 - 1] }, Int32Array.of(-5, 2 ** 31 - 1)],
    [3, { int32Data: [-5, 127] }, Int8Array.of(-5, 127)],
    [2, { int32Data: [5, 255] }, Uint8Array.of(5, 255)],
    [9, { int32Data: [1, 0] }, Uint8Array.of(1, 0)],
    [10, { int32Data: [0x3c00, 0xc000] }, Uint16Array.of(0x3c00, 0xc000)],
  ])("element type %i", (dataType, fields, data) => {
    const [initializer] = decodeOnnx(withTensor({ dims: [2], dataType, ...fields })).initializers;
    expect(initializer?.data).toEqual(data);
  });
});

describe("refusals", () => {
  const refusal = (bytes: Uint8Array) => {
    try {
      decodeOnnx(bytes);
    } catch (error) {
      if (error instanceof LabError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return "accepted";
  };

  test.each([
    ["nothing", new Uint8Array(), "malformed: onnx: the model has no graph"],
    ["text", new TextEncoder().encode("<html>not a model</html>"), "malformed: onnx: 24 bytes are not a protobuf"],
    [
      "another file's data",
      withTensor({ dims: [1], dataType: 1, dataLocation: 1, externalData: [{ key: "location", value: "w.bin" }] }),
      'unsupported: onnx: constant "" is kept in another file (w.bin)',
    ],
    [
      "strings",
      withTensor({ dims: [1], dataType: 8, stringData: [new Uint8Array(1)] }),
      'unsupported: onnx: constant "" is of element type 8',
    ],
    [
      "too few elements",
      withTensor({ dims: [3], dataType: 1, floatData: [1, 2] }),
      'malformed: onnx: constant "" has 2 elements; its shape [3] needs 3',
    ],
    [
      "a huge shape",
      withTensor({ dims: [2 ** 50, 2 ** 50], dataType: 1 }),
      'malformed: onnx: constant "" has 0 elements; its shape',
    ],
    ["a negative shape", withTensor({ dims: [-1], dataType: 1 }), 'malformed: onnx: a dimension of constant "" is -1'],
    [
      "odd bytes",
      withTensor({ dims: [1], dataType: 1, rawData: new Uint8Array(3) }),
      'malformed: onnx: constant "" has 3 bytes',
    ],
  ])("%s", (_, bytes, expected) => {
    expect(refusal(bytes)).toContain(expected);
  });

  test("every truncation that cuts into the model is refused", () => {
    const bytes = encodeOnnx({ ...SMALL, metadata: {} });
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(bytes.subarray(0, length)), `${length} of ${bytes.length} bytes`).toContain("onnx/malformed");
    }
  });

  test("flipped bits and random bytes give a model or a LabError, nothing else", () => {
    const good = encodeOnnx({ ...SMALL, metadata: { task: "{}" } });
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.tuple(fc.noBias(fc.nat(good.length - 1)), fc.nat(7)), { minLength: 1, maxLength: 4 }).map((flips) => {
        const bytes = good.slice();
        for (const [at, bit] of flips) bytes[at]! ^= 1 << bit;
        return bytes;
      }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (bytes) => {
        const said = refusal(bytes);
        expect(said).toMatch(/^(accepted|onnx\/(malformed|unsupported): )/);
        if (said === "accepted") accepted++;
      }),
      { numRuns: 5000, seed: 11 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test("deep nesting is not followed", () => {
    // 100,000 opened groups, then as many length prefixes: neither may overflow the stack or take long.
    expect(refusal(new Uint8Array(100_000).fill(0x0b))).toContain("onnx/malformed");
    expect(refusal(new Uint8Array(100_000).fill(0x3a))).toContain("onnx/malformed");
  });
});

test("an opaque attribute survives", () => {
  const subgraph = Uint8Array.of(1, 2, 3);
  const bytes = messageType("Model")
    .encode({
      graph: {
        node: [{ opType: "If", output: ["y"], attribute: [{ name: "then_branch", type: 5, g: subgraph }] }],
        output: [{ name: "y", type: { tensorType: { elemType: 1 } } }],
      },
      opsetImport: [{ domain: "ai.onnx", version: 17 }],
    })
    .finish();
  const once = decodeOnnx(bytes);
  expect(once.nodes[0]?.attributes.then_branch?.type).toBe("opaque");
  const again = messageType("Model").decode(encodeOnnx(once)) as unknown as {
    graph: { node: { attribute: { g: Uint8Array }[] }[] };
  };
  expect([...again.graph.node[0]!.attribute[0]!.g]).toEqual([1, 2, 3]);
});

test("the largest 64-bit integer saturates instead of wrapping", () => {
  const ends: OnnxModel = {
    ...SMALL,
    nodes: [
      { opType: "Slice", inputs: ["x"], outputs: ["y"], attributes: { ends: { type: "ints", value: [2 ** 63] } } },
    ],
  };
  expect(decodeOnnx(encodeOnnx(ends)).nodes[0]?.attributes.ends).toEqual({ type: "ints", value: [2 ** 63] });
});

test("the outline reads files whose constants cannot be represented", () => {
  const bytes = withTensor({ dims: [1], dataType: 16, rawData: new Uint8Array(2) });
  expect(() => decodeOnnx(bytes)).toThrow(LabError);
  expect(outlineOnnx(bytes)).toEqual({
    opset: 17,
    producer: "",
    metadata: {},
    opTypes: [],
    tensors: [],
    outputs: ["y"],
  });
});
