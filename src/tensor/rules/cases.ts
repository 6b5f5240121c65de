/**
 * @file Test cases: at least one for every operation, read by the tests of
 * gradients and of executors alike.
 */
import type { DType, Spec, Tensor } from "../graph.ts";
import * as ops from "../ops.ts";
import type { OpName } from "./table.ts";

/** A function to try, and how its inputs are drawn. */
export interface Case {
  readonly inputs: Readonly<Record<string, Drawn>>;
  build(inputs: Readonly<Record<string, Tensor>>): Tensor;
}

export interface Drawn extends Spec {
  /**
   * generic: distinct, spread over [−2, 2], none near 0 or another (kinks would spoil differences);
   * positive: in [0.3, 2]; index: below `below`; bit: 0 or 1; grid: few values, so that ties occur.
   */
  readonly draw: "generic" | "positive" | "index" | "bit" | "grid";
  readonly below?: number;
}

const real = (...shape: readonly number[]): Drawn => ({ shape, dtype: "float32", draw: "generic" });
const positive = (...shape: readonly number[]): Drawn => ({ shape, dtype: "float32", draw: "positive" });
const grid = (dtype: DType, ...shape: readonly number[]): Drawn => ({ shape, dtype, draw: "grid" });
const bit = (...shape: readonly number[]): Drawn => ({ shape, dtype: "bool", draw: "bit" });
const index = (dtype: DType, below: number, ...shape: readonly number[]): Drawn => ({
  shape,
  dtype,
  draw: "index",
  below,
});

const one = (f: (x: Tensor) => Tensor, x: Drawn = real(2, 3)): Case => ({ inputs: { x }, build: ({ x }) => f(x!) });
const two = (f: (a: Tensor, b: Tensor) => Tensor, a: Drawn = real(2, 3), b: Drawn = real(2, 3)): Case => ({
  inputs: { a, b },
  build: ({ a, b }) => f(a!, b!),
});

/** Equal shapes, a stretched row, a stretched column against a row, and two operands of rank 0. */
const stretched = (
  f: (a: Tensor, b: Tensor) => Tensor,
  draw: (...shape: readonly number[]) => Drawn = real,
): Case[] => [
  two(f, draw(2, 3), draw(2, 3)),
  two(f, draw(2, 3), draw(3)),
  two(f, draw(2, 1), draw(1, 3)),
  two(f, draw(), draw()),
  two(f, draw(), draw(2, 1, 2)),
];

const compared = (f: (a: Tensor, b: Tensor) => Tensor): Case[] => [
  two(f, grid("float32", 2, 6), grid("float32", 6)),
  two(f, grid("int32", 12), grid("int32", 12)),
  two(f, grid("int64", 12), grid("int64")),
];

const logical = (f: (a: Tensor, b: Tensor) => Tensor): Case => two(f, bit(4, 1), bit(6));

/** Images whose windows overlap, leave rows over, and are padded on some sides only. */
const windows = [
  { size: 2 },
  { size: 3, stride: 2, padding: 1 },
  { size: [2, 3], stride: [2, 1], padding: [0, 1, 1, 0] },
] as const;

export const cases: Readonly<Record<OpName, readonly Case[]>> = {
  input: [one((x) => x), one((x) => x, grid("int64", 3)), one((x) => x, grid("uint8", 3)), one((x) => x, bit(5))],
  constant: [
    one((x) => ops.add(x, ops.constant([1, 2.5, -3]))),
    one((x) => ops.mul(x, ops.constant([2, 3, 4], [3], "int32")), grid("int32", 2, 3)),
    one((x) => ops.equal(x, ops.constant(2, [3], "uint8")), grid("uint8", 2, 3)),
  ],

  neg: [one(ops.neg), one(ops.neg, grid("int32", 4)), one(ops.neg, grid("int64", 4))],
  exp: [one(ops.exp)],
  log: [one(ops.log, positive(2, 3))],
  sqrt: [one(ops.sqrt, positive(2, 3))],
  abs: [one(ops.abs), one(ops.abs, grid("int32", 6))],
  tanh: [one(ops.tanh)],
  sigmoid: [one(ops.sigmoid)],
  relu: [one(ops.relu), one((x) => ops.relu(ops.relu(x)))],
  softplus: [one(ops.softplus)],
  erf: [one(ops.erf)],
  sin: [one(ops.sin)],
  cos: [one(ops.cos)],
  sign: [one((x) => ops.sign(ops.stopGradient(x))), one(ops.sign, grid("int64", 6))],
  floor: [one((x) => ops.floor(ops.stopGradient(x)))],
  round: [
    one((x) => ops.round(ops.stopGradient(x))),
    one((x) => ops.round(ops.stopGradient(ops.mul(x, 0.5))), grid("float32", 9)),
  ],
  add: [...stretched(ops.add), two(ops.add, grid("int32", 4), grid("int32", 4)), one((x) => ops.add(x, x))],
  sub: [...stretched(ops.sub), two(ops.sub, grid("int64", 4), grid("int64", 1)), one((x) => ops.sub(2, x))],
  mul: [...stretched(ops.mul), two(ops.mul, grid("int32", 4), grid("int32", 4)), one((x) => ops.mul(x, ops.mul(x, x)))],
  div: [...stretched(ops.div), one((x) => ops.div(1, x))],
  pow: [
    one((x) => ops.pow(x, 3)),
    one((x) => ops.pow(x, -0.5), positive(5)),
    one((x) => ops.pow(x, -1)),
    one((x) => ops.pow(x, 2)),
  ],
  min: [...stretched(ops.min), two(ops.min, grid("int32", 6), grid("int32", 6))],
  max: [...stretched(ops.max), two(ops.max, grid("int64", 6), grid("int64", 6))],
  clip: [one((x) => ops.clip(x, -0.75, 0.75), real(4, 4)), one((x) => ops.clip(x, 0.05, Number.POSITIVE_INFINITY))],
  less: compared(ops.less),
  lessEqual: compared(ops.lessEqual),
  greater: compared(ops.greater),
  greaterEqual: compared(ops.greaterEqual),
  equal: [...compared(ops.equal), two(ops.equal, bit(8), bit(8)), two(ops.equal, grid("uint8", 8), grid("uint8", 8))],
  and: [logical(ops.and)],
  or: [logical(ops.or)],
  not: [one(ops.not, bit(4))],
  where: [
    { inputs: { c: bit(2, 3), a: real(3), b: real(2, 1) }, build: ({ c, a, b }) => ops.where(c!, ops.square(a!), b!) },
    { inputs: { c: bit(3), a: grid("int64", 3), b: grid("int64") }, build: ({ c, a, b }) => ops.where(c!, a!, b!) },
  ],
  cast: [
    one((x) => ops.cast(x, "float32"), bit(5)),
    one((x) => ops.cast(x, "float32"), grid("uint8", 5)),
    one((x) => ops.cast(x, "int64"), grid("int32", 5)),
    one((x) => ops.cast(ops.mul(x, 0.7), "int32"), grid("float32", 9)),
    one((x) => ops.cast(x, "bool"), grid("float32", 9)),
  ],
  stopGradient: [one((x) => ops.stopGradient(x), grid("int32", 3))],

  sum: [
    one((x) => ops.sum(ops.square(x))),
    one((x) => ops.sum(ops.square(x), { axes: 1 }), real(2, 3, 2)),
    one((x) => ops.sum(ops.square(x), { axes: [0, -1], keepDims: true }), real(2, 3, 2)),
    one((x) => ops.sum(ops.broadcastTo(ops.square(x), [4, 2, 3]), { axes: [0, 2] }), real(2, 1)),
    one((x) => ops.sum(x, { axes: 0 }), grid("int32", 3, 2)),
  ],
  maximum: [
    one((x) => ops.maximum(x)),
    one((x) => ops.maximum(x, { axes: -1, keepDims: true }), real(2, 3, 2)),
    one((x) => ops.maximum(x, { axes: [0, 1] }), grid("int64", 3, 2)),
  ],
  logSumExp: [one((x) => ops.logSumExp(x)), one((x) => ops.logSumExp(ops.mul(x, 60), { axes: 1 }), real(3, 4))],
  argmax: [one((x) => ops.argmax(x), grid("float32", 4, 5)), one((x) => ops.argmax(x, 0), grid("int32", 4, 5))],
  softmax: [one((x) => ops.softmax(x)), one((x) => ops.softmax(x, 1), real(2, 3, 2))],
  logSoftmax: [one((x) => ops.logSoftmax(x)), one((x) => ops.logSoftmax(x, 0), real(3, 2))],
  cumsum: [
    one((x) => ops.cumsum(ops.square(x), 1), real(2, 3, 2)),
    one((x) => ops.cumsum(ops.square(x), 0, { reverse: true })),
    one((x) => ops.cumsum(x, 0), grid("int64", 4)),
  ],

  matmul: [
    two(ops.matmul, real(2, 3), real(3, 4)),
    two((a, b) => ops.matmul(ops.transpose(a), b), real(3, 2), real(3, 4)),
    two((a, b) => ops.matmul(a, ops.transpose(b)), real(2, 3), real(4, 3)),
    two((a, b) => ops.matmul(a, b, { transposeA: true, transposeB: true }), real(3, 2), real(4, 3)),
    // Few columns: emitted the other way round.
    two((a, b) => ops.matmul(a, b, { transposeA: true }), real(3, 17), real(3, 2)),
    two((a, b) => ops.matmul(a, b, { transposeA: true, transposeB: true }), real(3, 17), real(2, 3)),
    two(ops.matmul, real(2, 2, 3), real(3, 2)),
    two(ops.matmul, real(2, 1, 2, 3), real(3, 3, 2)),
    two((a, b) => ops.matmul(a, b, { transposeA: true }), real(2, 3, 2), real(3, 2)),
    two((a, b) => ops.matmul(a, b, { transposeB: true }), real(2, 2, 3), real(1, 2, 3)),
    one((x) => ops.matmul(x, x, { transposeB: true })),
  ],

  reshape: [one((x) => ops.square(ops.reshape(x, [3, -1])), real(2, 3, 2))],
  transpose: [
    one((x) => ops.square(ops.transpose(x, [2, 0, 1])), real(2, 3, 2)),
    one((x) => ops.square(ops.transpose(ops.transpose(x), [1, 0, 2])), real(2, 3, 2)),
    one((x) => ops.square(ops.transpose(x, [1, 0, 2])), real(1, 3, 2)),
    one((x) => ops.transpose(x), grid("uint8", 2, 3)),
  ],
  broadcastTo: [
    one((x) => ops.square(ops.broadcastTo(x, [2, 3, 2])), real(3, 1)),
    one((x) => ops.matmul(ops.broadcastTo(x, [2, 3]), ops.constant([1, 2, 3], [3, 1])), real(2, 1)),
    one((x) => ops.broadcastTo(x, [2, 3]), grid("int64", 3)),
  ],
  concat: [
    two((a, b) => ops.square(ops.concat([a, b, a], 1)), real(2, 1), real(2, 3)),
    two((a, b) => ops.concat([a, b], 0), grid("uint8", 2), grid("uint8", 3)),
  ],
  slice: [
    one((x) => ops.square(ops.slice(x, { axis: 1, start: 1, end: 3 })), real(2, 4)),
    one((x) => ops.square(ops.slice(ops.slice(x, { axis: 0, start: 1 }), { axis: 1, end: -1 })), real(3, 3)),
    two((a, b) => ops.slice(ops.concat([a, ops.square(b)], 0), { axis: 0, start: 2 }), real(2, 2), real(3, 2)),
  ],
  pad: [one((x) => ops.square(ops.pad(x, [1, 0], [0, 2], 0.5))), one((x) => ops.pad(x, [1], [2]), grid("int32", 3))],

  gather: [
    { inputs: { t: real(4, 3), i: index("int32", 4, 2, 3) }, build: ({ t, i }) => ops.square(ops.gather(t!, i!)) },
    { inputs: { t: real(5), i: index("uint8", 5, 7) }, build: ({ t, i }) => ops.square(ops.gather(t!, i!)) },
    { inputs: { t: grid("uint8", 5, 2), i: index("int64", 5, 3) }, build: ({ t, i }) => ops.gather(t!, i!) },
  ],
  scatterAdd: [
    { inputs: { i: index("int64", 3, 5), u: real(5, 2) }, build: ({ i, u }) => ops.square(ops.scatterAdd(i!, u!, 4)) },
    {
      inputs: { i: index("int32", 3, 2, 2), u: real(2, 2) },
      build: ({ i, u }) => ops.square(ops.scatterAdd(i!, u!, 3)),
    },
  ],
  takeLast: [
    { inputs: { x: real(4, 3), i: index("int64", 3, 4) }, build: ({ x, i }) => ops.square(ops.takeLast(x!, i!)) },
    { inputs: { x: real(2, 2, 3), i: index("uint8", 3, 2, 2) }, build: ({ x, i }) => ops.exp(ops.takeLast(x!, i!)) },
  ],
  oneHot: [one((i) => ops.oneHot(i, 3), index("int32", 5, 2, 3)), one((i) => ops.oneHot(i, 4), index("uint8", 4, 6))],

  conv2d: [
    two((x, w) => ops.conv2d(x, w), real(2, 2, 3, 3), real(3, 2, 2, 2)),
    two((x, w) => ops.conv2d(x, w, { padding: 1 }), real(1, 2, 3, 3), real(2, 2, 3, 3)),
    two((x, w) => ops.conv2d(x, w, { stride: 2 }), real(1, 1, 4, 4), real(2, 1, 3, 3)),
    two((x, w) => ops.conv2d(x, w, { stride: [2, 3], padding: [1, 0, 0, 2] }), real(2, 1, 6, 5), real(1, 1, 2, 3)),
    {
      inputs: { x: real(2, 2, 3, 3), w: real(3, 2, 2, 2), b: real(3, 1, 1) },
      build: ({ x, w, b }) => ops.relu(ops.add(b!, ops.conv2d(x!, w!))),
    },
    {
      inputs: { x: real(1, 2, 3, 3), w: real(2, 2, 2, 2), b: real(2) },
      build: ({ x, w, b }) => ops.apply("conv2d", [x!, w!, b!], { stride: [1, 1], padding: [0, 1, 0, 0] }),
    },
  ],
  conv2dImage: [
    two((y, w) => ops.square(ops.conv2dImage(y, w, 3)), real(1, 2, 2, 2), real(2, 2, 2, 2)),
    two((y, w) => ops.conv2dImage(y, w, [6, 5], { stride: 2, padding: [1, 0] }), real(1, 2, 3, 2), real(2, 1, 3, 3)),
  ],
  conv2dKernel: [
    two((x, y) => ops.square(ops.conv2dKernel(x, y, 2)), real(2, 1, 3, 3), real(2, 2, 2, 2)),
    two((x, y) => ops.conv2dKernel(x, y, 3, { stride: 2, padding: 1 }), real(1, 2, 6, 5), real(1, 2, 3, 3)),
  ],
  maxPool2d: windows.map((window) => one((x) => ops.square(ops.maxPool2d(x, window)), real(2, 2, 5, 5))),
  maxPoolIndex: [
    ...windows.map((window) => one((x) => ops.maxPoolIndex(x, window), real(2, 2, 5, 5))),
    one((x) => ops.maxPoolIndex(x, { size: 2, stride: 1 }), grid("float32", 1, 2, 5, 5)),
  ],
  avgPool2d: windows.map((window) => one((x) => ops.square(ops.avgPool2d(x, window)), real(2, 2, 5, 5))),
};
