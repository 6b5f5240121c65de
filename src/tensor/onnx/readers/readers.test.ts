/**
 * @file Every reader against onnxruntime: one-node models, read into a graph and
 * evaluated by the oracle, give what onnxruntime gives on the same file.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../../../core/rng.ts";
import { dataOf } from "../../emit.ts";
import { evaluate } from "../../reference.ts";
import { openForeign } from "../../runtime/foreign.ts";
import { sizeOf } from "../../shape.ts";
import { encodeOnnx } from "../encode.ts";
import type { OnnxAttribute, OnnxModel, OnnxTensor } from "../model.ts";
import { READABLE_OPERATORS, readOnnx } from "../read.ts";

/** Stored in the file, fed when run, or left out. */
type Input = OnnxTensor | Fed | undefined;

interface Fed {
  readonly fed: readonly number[];
  readonly dtype: "float32" | "int64" | "int32" | "bool";
  readonly draw: (i: number, random: number) => number;
}

/** Fed at run time: reals in [−2, 2], positive reals, small integers, bools. */
const real = (...fed: number[]): Fed => ({ fed, dtype: "float32", draw: (_i, random) => 4 * random - 2 });
const positive = (...fed: number[]): Fed => ({ fed, dtype: "float32", draw: (_i, random) => random + 0.2 });
const whole = (below: number, ...fed: number[]): Fed => ({
  fed,
  dtype: "int64",
  draw: (_i, random) => Math.floor(random * below),
});
const truth = (...fed: number[]): Fed => ({ fed, dtype: "bool", draw: (_i, random) => (random < 0.5 ? 0 : 1) });

/** Stored in the file. */
const ints = (...values: number[]): OnnxTensor => ({
  name: "",
  dtype: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values, (value) => BigInt.asIntN(64, BigInt(Math.min(value, 2 ** 62)))),
});
const int = (value: number): OnnxTensor => ({ ...ints(value), dims: [] });
const float = (value: number): OnnxTensor => ({ name: "", dtype: "float32", dims: [], data: Float32Array.of(value) });
const floats = (...values: number[]): OnnxTensor => ({
  name: "",
  dtype: "float32",
  dims: [values.length],
  data: Float32Array.from(values),
});
const no = undefined;

type Attributes = Readonly<Record<string, number | readonly number[] | string | OnnxAttribute>>;
type Case = readonly [
  opType: string,
  inputs: readonly Input[],
  attributes?: Attributes,
  opset?: number,
  outputs?: number,
];

const f = (value: number): OnnxAttribute => ({ type: "float", value });
const stored = (value: OnnxTensor): OnnxAttribute => ({ type: "tensor", value });

const image = real(2, 4, 5, 6);

const cases: readonly Case[] = [
  ...["Identity", "Neg", "Exp", "Abs", "Reciprocal", "Erf", "Sin", "Cos", "Sign", "Floor", "Ceil", "Round", "Tanh"].map(
    (op): Case => [op, [real(3, 4)]],
  ),
  ...["Sigmoid", "Relu", "Softplus", "Softsign", "HardSwish", "Elu", "LeakyRelu", "Selu", "Celu", "HardSigmoid"].map(
    (op): Case => [op, [real(3, 4)]],
  ),
  ["Relu", [{ ...whole(5, 4), dtype: "int32", draw: (_i, random) => Math.floor(random * 5) - 2 }]],
  ["Mish", [real(3, 4)], {}, 18],
  ["Log", [positive(5)]],
  ["Sqrt", [positive(5)]],
  ["Elu", [real(5)], { alpha: f(0.5) }],
  ["LeakyRelu", [real(5)], { alpha: f(0.3) }],
  ["Selu", [real(5)], { alpha: f(1.5), gamma: f(0.9) }],
  ["Celu", [real(5)], { alpha: f(2) }],
  ["HardSigmoid", [real(5)], { alpha: f(0.4), beta: f(0.3) }],
  ["PRelu", [real(2, 3, 2), floats(0.1, 0.2)]],
  ["Gelu", [real(5)], {}, 20],
  ["Gelu", [real(5)], { approximate: "tanh" }, 20],
  ["Not", [truth(5)]],
  ...["Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"].map(
    (op): Case => [op, [real(2, 1, 3), positive(4, 1)]],
  ),
  ["Sum", [real(3), real(1), real(2, 3)]],
  ["Mean", [real(3), real(1), real(2, 3)]],
  ["Min", [real(3), real(1), real(2, 3)]],
  ["Add", [whole(9, 4), ints(3)]],
  ["Div", [ints(7, -7, 9), ints(2)]],
  ["Mod", [ints(7, -7, 9), ints(4)]],
  ["Pow", [real(3), float(2)]],
  ["Pow", [positive(3), float(-1.5)]],
  ["Pow", [positive(3, 1), floats(3, 3)]],
  ["Clip", [real(9), float(-0.5), float(0.75)]],
  ["Clip", [real(9), no, float(0.75)]],
  ["Clip", [real(9)]],
  ["Clip", [whole(9, 6), int(2), int(6)], {}, 12],
  ["Clip", [real(9)], { min: f(-0.25), max: f(1) }, 10],
  ["Equal", [whole(3, 9), int(1)]],
  ["And", [truth(8), truth(2, 1)]],
  ["Or", [truth(8), truth(2, 1)]],
  ["Xor", [truth(8), truth(2, 1)]],
  ["Where", [truth(2, 3), real(3), real(2, 1)]],
  ["Cast", [real(9)], { to: 7 }],
  ["Cast", [real(9)], { to: 9 }],
  ["Cast", [truth(9)], { to: 1 }],
  ["Cast", [whole(3, 4)], { to: 6 }],
  ["CastLike", [whole(3, 4), float(0)]],

  ["Constant", [], { value: stored(floats(1, 2)) }],
  ["Constant", [], { value_float: f(0.5) }],
  ["Constant", [], { value_floats: { type: "floats", value: [0.5, 1] } }],
  ["Constant", [], { value_int: 3 }],
  ["Constant", [], { value_ints: [3, 4] }],
  ["ConstantOfShape", [ints(2, 3)]],
  ["ConstantOfShape", [ints(2)], { value: stored(ints(7)) }],
  ["Range", [int(2), int(9), int(3)]],
  ["Range", [float(1), float(-1), float(-0.5)]],
  ["Shape", [real(2, 3, 4)]],
  ["Shape", [real(2, 3, 4)], { start: 1, end: -1 }],
  ["Size", [real(2, 3)]],
  ["Reshape", [real(2, 3, 4), ints(0, -1)]],
  ["Reshape", [real(2, 6), ints(3, 4)], { allowzero: 1 }],
  ["Flatten", [real(2, 3, 4)]],
  ["Flatten", [real(2, 3, 4)], { axis: 0 }],
  ["Flatten", [real(2, 3, 4)], { axis: -1 }],
  ["Squeeze", [real(1, 3, 1)]],
  ["Squeeze", [real(1, 3, 1), ints(-1)]],
  ["Squeeze", [real(1, 3, 1)], { axes: [0] }, 11],
  ["Unsqueeze", [real(2, 3), ints(0, -1)]],
  ["Unsqueeze", [real(2, 3)], { axes: [1] }, 11],
  ["Transpose", [real(2, 3, 4)]],
  ["Transpose", [real(2, 3, 4)], { perm: [1, 2, 0] }],
  ["Expand", [real(3, 1), ints(2, 1, 4)]],
  ["Expand", [real(2, 3), ints(1)]],
  ["Tile", [real(2, 3), ints(2, 3)]],
  ["Concat", [real(2, 3), real(2, 1)], { axis: -1 }],
  ["Concat", [ints(3), ints(), whole(3, 2)], { axis: 0 }],
  ["Split", [real(2, 7)], { axis: 1, num_outputs: 4 }, 18, 4],
  ["Split", [real(2, 6), ints(1, 5)], { axis: 1 }, 17, 2],
  ["Split", [real(6)], { split: [2, 4] }, 11, 2],
  ["Split", [real(6)], {}, 17, 3],
  ["Slice", [real(4, 6), ints(1), ints(-1), ints(1)]],
  ["Slice", [real(4, 6), ints(1, 0), ints(2 ** 63, 4)]],
  ["Slice", [real(4, 6), ints(5, -9), ints(0, 99), ints(1, 0), ints(-2, 2)]],
  ["Slice", [real(4, 6), ints(-1), ints(-99), ints(0), ints(-1)]],
  ["Slice", [real(4, 6)], { starts: [1], ends: [3], axes: [1] }, 9],
  ["Pad", [real(2, 3), ints(1, 0, 0, 2), float(0.5)]],
  ["Pad", [real(2, 3), ints(1, 2), no, ints(-1)], {}, 18],
  ["Pad", [real(2, 3)], { pads: [0, 1, 1, 0], value: f(2) }, 10],
  ["Gather", [real(4, 3), whole(4, 2, 2)]],
  ["Gather", [real(2, 4, 3), ints(-1, 0)], { axis: 1 }],
  ["Gather", [real(2, 4, 3), int(-2)], { axis: 1 }],
  ["Gather", [real(2, 3, 4), whole(4, 5, 2)], { axis: -1 }],
  ["GatherElements", [real(3, 4), whole(4, 3, 1)], { axis: 1 }],
  ["ScatterND", [real(4, 2), whole(4, 3, 1), real(3, 2)], { reduction: "add" }, 18],
  ["OneHot", [whole(3, 4), int(3), floats(-1, 2)]],
  ["Trilu", [real(3, 4)], { upper: 0 }],
  ["Trilu", [real(2, 3, 4), int(1)]],

  ...["ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"].flatMap(
    (op): Case[] => [
      [op, [real(2, 3, 4)], { axes: [1], keepdims: 0 }, 13],
      [op, [real(2, 3, 4), ints(0, -1)], {}, 18],
      [op, [real(2, 3, 4)], {}, 18],
    ],
  ),
  ["ReduceLogSum", [positive(2, 3)], { axes: [1] }, 13],
  ["ReduceSum", [real(2, 3), ints(1)], { keepdims: 0 }, 13],
  ["ReduceSum", [real(2, 3)], { axes: [0] }, 11],
  ["ReduceSum", [real(2, 3), ints()], { noop_with_empty_axes: 1 }],
  ["ReduceProd", [ints(2, 3, 4)], { keepdims: 0 }, 17],
  ["ArgMax", [real(3, 4)]],
  ["ArgMax", [real(3, 4)], { axis: -1, keepdims: 0 }],
  ["ArgMin", [real(3, 4)], { axis: 1 }],
  ["CumSum", [real(3, 4), int(1)]],
  ["CumSum", [real(3, 4), int(0)], { reverse: 1 }],
  ["Softmax", [real(2, 3, 4)]],
  ["Softmax", [real(2, 3, 4)], { axis: 1 }],
  ["Softmax", [real(2, 3, 4)], {}, 11],
  ["LogSoftmax", [real(2, 3, 4)], { axis: 0 }, 11],
  ["LogSoftmax", [real(2, 3, 4)], { axis: 0 }],
  ["BatchNormalization", [image, real(4), real(4), real(4), positive(4)], { epsilon: f(1e-3), momentum: f(0.9) }],
  ["BatchNormalization", [real(3, 4), real(4), real(4), real(4), positive(4)], {}, 15],
  ["InstanceNormalization", [image, real(4), real(4)], { epsilon: f(1e-2) }],
  ["LayerNormalization", [real(2, 3, 4), real(4), real(4)], {}, 17],
  ["LayerNormalization", [real(2, 3, 4), real(3, 4)], { axis: 1, epsilon: f(0.1) }, 17],
  ["Dropout", [real(4)]],
  ["Dropout", [real(4), float(0.3)]],
  ["Dropout", [real(4)], { ratio: f(0.3) }, 11],

  ["MatMul", [real(2, 3), real(3, 4)]],
  ["MatMul", [real(3), real(3, 4)]],
  ["MatMul", [real(2, 3), real(3)]],
  ["MatMul", [real(3), real(3)]],
  ["MatMul", [real(3), real(2, 3, 4)]],
  ["MatMul", [real(2, 1, 3, 2), real(4, 2, 3)]],
  ["Gemm", [real(2, 3), real(3, 4), real(4)]],
  ["Gemm", [real(3, 2), real(4, 3), real(2, 1)], { transA: 1, transB: 1, alpha: f(0.5), beta: f(-2) }],
  ["Gemm", [real(2, 3), real(3, 4)]],
  ["Conv", [image, real(3, 4, 3, 3), real(3)], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
  ["Conv", [image, real(3, 4, 2, 3)], { strides: [2, 1], pads: [0, 1, 1, 2] }],
  ["Conv", [image, real(3, 4, 2, 2)], { dilations: [2, 3] }],
  ["Conv", [image, real(4, 1, 3, 3)], { group: 4 }],
  ["Conv", [image, real(6, 2, 2, 2), real(6)], { group: 2, strides: [2, 2] }],
  ["Conv", [image, real(3, 4, 2, 2)], { auto_pad: "SAME_UPPER", strides: [2, 2] }],
  ["Conv", [image, real(3, 4, 2, 2)], { auto_pad: "SAME_LOWER" }],
  ["Conv", [image, real(3, 4, 2, 2)], { auto_pad: "VALID" }],
  ["Conv", [real(2, 4, 7), real(3, 4, 3), real(3)], { strides: [2], pads: [1, 0], dilations: [2] }],
  [
    "ConvTranspose",
    [image, real(4, 3, 3, 3), real(3)],
    { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
  ],
  ["ConvTranspose", [real(2, 4, 7), real(4, 3, 3)], { strides: [2] }],
  ["MaxPool", [image], { kernel_shape: [2, 2], strides: [2, 2] }],
  ["MaxPool", [image], { kernel_shape: [3, 2], pads: [1, 0, 1, 1] }, 17, 2],
  ["MaxPool", [image], { kernel_shape: [3, 3], auto_pad: "SAME_UPPER", strides: [2, 2] }],
  ["MaxPool", [real(2, 3, 9)], { kernel_shape: [3], strides: [2], ceil_mode: 1 }],
  ["AveragePool", [image], { kernel_shape: [2, 3], strides: [2, 1] }],
  ["AveragePool", [image], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
  ["AveragePool", [image], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
  ["RNN", [real(3, 2, 4), real(1, 5, 4), real(1, 5, 5), real(1, 10)], { hidden_size: 5 }, 14, 2],
  ["RNN", [real(3, 2, 4), real(2, 5, 4), real(2, 5, 5)], { hidden_size: 5, direction: "bidirectional" }, 14, 2],
  ["GRU", [real(3, 2, 4), real(1, 15, 4), real(1, 15, 5), real(1, 30)], { hidden_size: 5 }, 14, 2],
  [
    "GRU",
    [real(3, 2, 4), real(2, 15, 4), real(2, 15, 5), real(2, 30), no, real(2, 2, 5)],
    { hidden_size: 5, linear_before_reset: 1, direction: "bidirectional" },
    14,
    2,
  ],
  [
    "LSTM",
    [real(3, 2, 4), real(1, 20, 4), real(1, 20, 5), real(1, 40), no, real(1, 2, 5), real(1, 2, 5)],
    { hidden_size: 5, direction: "reverse" },
    14,
    3,
  ],
  ["LSTM", [real(1, 2, 4), real(2, 20, 4), real(2, 20, 5)], { hidden_size: 5, direction: "bidirectional" }, 14, 3],
  ["GlobalAveragePool", [image]],
  ["GlobalMaxPool", [image]],
];

function modelOf([opType, inputs, attributes = {}, opset = 17, outputs = 1]: Case): OnnxModel {
  const names = inputs.map((input, i) => (input ? `i${i}` : ""));
  return {
    opset,
    producer: "test",
    nodes: [
      {
        opType,
        inputs: names,
        outputs: Array.from({ length: outputs }, (_, i) => `y${i}`),
        attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
      },
    ],
    initializers: inputs.flatMap((input, i) => (input && "data" in input ? [{ ...input, name: names[i]! }] : [])),
    inputs: inputs.flatMap((input, i) =>
      input && "draw" in input ? [{ name: names[i]!, dtype: input.dtype, dims: input.fed }] : [],
    ),
    outputs: Array.from({ length: outputs }, (_, i) => ({ name: `y${i}`, dtype: "float32", dims: [] })),
    metadata: {},
  };
}

function attributeOf(value: Attributes[string]): OnnxAttribute {
  if (typeof value === "number") return { type: "int", value };
  if (typeof value === "string") return { type: "string", value };
  return "type" in value ? value : { type: "ints", value };
}

const titled = cases.map((each, i) => {
  const [opType, , attributes = {}, opset = 17] = each;
  return [`${i}: ${opType} ${opset} ${Object.keys(attributes).join(" ")}`, each] as const;
});

describe("readers agree with onnxruntime", () => {
  test.each(titled)("%s", async (title, each) => {
    const model = modelOf(each);
    const read = readOnnx(model, { parameters: "constants" });
    if (read.unknown.length > 0) expect.fail(`unreadable: ${read.unknown.join()}`);
    const { graph } = read as Extract<typeof read, { graph: unknown }>;
    const random = rng(5).fork(title);
    const feeds: Record<string, Float64Array> = {};
    for (const [i, input] of each[1].entries()) {
      if (!(input && "draw" in input)) continue;
      const draws = { length: sizeOf(input.fed) };
      // Rounded to float32 first, so that both sides see the same numbers.
      feeds[`i${i}`] = Float64Array.from(Float32Array.from(draws, (_, j) => input.draw(j, random.uniform())));
    }
    const ours = evaluate(graph, feeds);

    // Declaring the shapes that the reader found makes onnxruntime check them too.
    const outputs = Object.entries(graph.outputs).map(([name, { shape, dtype }]) => ({ name, dtype, dims: shape }));
    const foreign = await openForeign(encodeOnnx({ ...model, outputs }), "native");
    const theirs = await foreign.run(
      Object.fromEntries(
        foreign.inputs.map(({ name, dtype, dims }) => [
          name,
          { dims: dims as number[], data: dataOf(feeds[name]!, dtype as "float32") },
        ]),
      ),
    );
    for (const { name, dims } of outputs) {
      expect(theirs[name]!.dims).toEqual(dims);
      const expected = Array.from(theirs[name]!.data, Number);
      const got = Array.from(ours[name]!);
      expect(got.length).toBe(expected.length);
      got.forEach((value, i) => {
        const tolerance = 2e-5 * Math.max(1, Math.abs(expected[i]!));
        if (!(Math.abs(value - expected[i]!) <= tolerance))
          expect.fail(`${name}[${i}]: ${value} instead of ${expected[i]}`);
      });
    }
  });
});

test("every readable operator has a case", () => {
  const tried = new Set(cases.map(([opType]) => opType));
  expect(READABLE_OPERATORS.filter((opType) => !tried.has(opType))).toEqual([]);
});

describe("what a reader does not know is named, never guessed", () => {
  test.each<readonly [string, Case]>([
    ["Conv with 3 image axes", ["Conv", [real(1, 1, 3, 3, 3), real(1, 1, 2, 2, 2)]]],
    [
      "Dropout with training mode",
      ["Dropout", [real(3), float(0.5), { ...int(1), dtype: "bool", data: Uint8Array.of(1) }]],
    ],
    [
      "BatchNormalization with training mode",
      ["BatchNormalization", [image, real(4), real(4), real(4), real(4)], { training_mode: 1 }],
    ],
    ["Pad with mode reflect", ["Pad", [real(4), ints(1, 1)], { mode: "reflect" }]],
    [
      "MaxPool with windows that hang over",
      ["MaxPool", [image], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }],
    ],
    ["Tanh with attribute strength", ["Tanh", [real(2)], { strength: 3 }]],
    ["Pow with input 1 computed", ["Pow", [positive(2), positive(2)]]],
    ["Pow with several exponents", ["Pow", [positive(2), floats(1, 2)]]],
    ["Reshape with input 1 computed", ["Reshape", [real(4), whole(1, 2)]]],
    ["Div with integers", ["Div", [whole(9, 3), ints(2)]]],
    ["Cast with element type 8", ["Cast", [real(2)], { to: 8 }]],
    ["Dropout with output 1 in use", ["Dropout", [real(2)], {}, 17, 2]],
    ["ConstantOfShape with a result of shape [46116860", ["ConstantOfShape", [ints(2 ** 62, 4)]]],
    ["Add (add: shapes do not broadcast", ["Add", [real(2), real(3)]]],
    ["Reshape (reshape: sizes differ, got [7] to [3.5, 2]", ["Reshape", [real(7), ints(-1, 2)]]],
    ["LSTM with peepholes", ["LSTM", [real(1, 2, 4), real(1, 20, 4), real(1, 20, 5), no, no, no, no, real(1, 15)], {}]],
    [
      "GRU with direction sideways",
      ["GRU", [real(1, 2, 4), real(1, 15, 4), real(1, 15, 5)], { direction: "sideways" }],
    ],
    ["NonMaxSuppression", ["NonMaxSuppression", [real(1, 2, 4), real(1, 1, 2)]]],
  ])("%s", (expected, each) => {
    const [first] = readOnnx(modelOf(each)).unknown;
    expect(first).toContain(expected);
  });
});
