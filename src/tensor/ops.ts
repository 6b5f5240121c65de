/**
 * @file The functions that build graphs: one for each operation, checked when called.
 *
 * Shapes stretch as in NumPy. A number stands for a constant of the other
 * operand's element type. Nothing is rewritten here: see `rewrite.ts`.
 */
import { type DType, type Inputs, makeNode, type Spec, type Tensor } from "./graph.ts";
import type { Reduction } from "./rules/reduce.ts";
import type { Rule } from "./rules/rule.ts";
import { type OpName, type OpTable, rules } from "./rules/table.ts";
import { padShape, resolveAxes, resolveAxis, sameShape, sizeOf } from "./shape.ts";

/** A tensor, or a number that takes the element type of its company. */
export type Operand = Tensor | number;

/**
 * Any operation by name: what every function below comes to.
 *
 * @throws {LabError} `tensor/shape` or `tensor/dtype`
 */
export function apply<K extends OpName>(
  op: K,
  inputs: Inputs<OpTable[K]["arity"], Tensor>,
  attrs: OpTable[K]["attrs"],
): Tensor {
  const rule = rules[op] as unknown as Rule<number, unknown>;
  return makeNode(op, inputs, attrs, rule.infer(inputs as readonly Tensor[], attrs, op));
}

// Sources

/** Fixed values; a single one fills the whole shape. Float32 values keep double precision until emitted. */
export function constant(
  values: number | ArrayLike<number>,
  shape?: readonly number[],
  dtype: DType = "float32",
): Tensor {
  if (typeof values === "number") return broadcastTo(scalar(values, dtype), shape ?? []);
  const spec: Spec = { shape: shape ?? [values.length], dtype };
  return apply("constant", [], { values: Float64Array.from(values), spec });
}

/** One fixed number, of rank 0. */
export function scalar(value: number, dtype: DType = "float32"): Tensor {
  const spec: Spec = { shape: [], dtype };
  return makeNode("constant", [], { values: Float64Array.of(value), spec }, spec);
}

// Elementwise, one operand

export const neg = (x: Tensor): Tensor => apply("neg", [x], {});
export const exp = (x: Tensor): Tensor => apply("exp", [x], {});
export const log = (x: Tensor): Tensor => apply("log", [x], {});
export const sqrt = (x: Tensor): Tensor => apply("sqrt", [x], {});
export const square = (x: Tensor): Tensor => mul(x, x);
export const abs = (x: Tensor): Tensor => apply("abs", [x], {});
export const tanh = (x: Tensor): Tensor => apply("tanh", [x], {});
export const sigmoid = (x: Tensor): Tensor => apply("sigmoid", [x], {});
export const relu = (x: Tensor): Tensor => apply("relu", [x], {});
/** `log(1 + e^x)`. */
export const softplus = (x: Tensor): Tensor => apply("softplus", [x], {});
/** The error function. */
export const erf = (x: Tensor): Tensor => apply("erf", [x], {});
export const sin = (x: Tensor): Tensor => apply("sin", [x], {});
export const cos = (x: Tensor): Tensor => apply("cos", [x], {});
/** −1, 0 or 1. Has no gradient. */
export const sign = (x: Tensor): Tensor => apply("sign", [x], {});
/** Has no gradient. */
export const floor = (x: Tensor): Tensor => apply("floor", [x], {});
/** Nearest integer, halves to even. Has no gradient. */
export const round = (x: Tensor): Tensor => apply("round", [x], {});
/** `x` raised to a fixed power. */
export const pow = (x: Tensor, exponent: number): Tensor => apply("pow", [x], { exponent });
/** `x` limited to `[low, high]`; no gradient flows where the limit holds. */
export const clip = (x: Tensor, low: number, high: number): Tensor => apply("clip", [x], { low, high });
export const not = (x: Tensor): Tensor => apply("not", [x], {});
/** Another element type; bool becomes 0 and 1, floats lose their fraction. No gradient flows. */
export const cast = (x: Tensor, dtype: DType): Tensor => apply("cast", [x], { to: dtype });
/** A condition as float32 zeros and ones: what to multiply by instead of selecting. */
export const mask = (condition: Tensor): Tensor => cast(condition, "float32");
/** The same value, through which no gradient flows. */
export const stopGradient = (x: Tensor): Tensor => apply("stopGradient", [x], {});

// Elementwise, more operands

export const add = (a: Operand, b: Operand): Tensor => apply("add", pair(a, b), {});
export const sub = (a: Operand, b: Operand): Tensor => apply("sub", pair(a, b), {});
export const mul = (a: Operand, b: Operand): Tensor => apply("mul", pair(a, b), {});
export const div = (a: Operand, b: Operand): Tensor => apply("div", pair(a, b), {});
/** The smaller; on a tie the gradient goes to `a`. */
export const min = (a: Operand, b: Operand): Tensor => apply("min", pair(a, b), {});
/** The larger; on a tie the gradient goes to `a`. */
export const max = (a: Operand, b: Operand): Tensor => apply("max", pair(a, b), {});
export const less = (a: Operand, b: Operand): Tensor => apply("less", pair(a, b), {});
export const lessEqual = (a: Operand, b: Operand): Tensor => apply("lessEqual", pair(a, b), {});
export const greater = (a: Operand, b: Operand): Tensor => apply("greater", pair(a, b), {});
export const greaterEqual = (a: Operand, b: Operand): Tensor => apply("greaterEqual", pair(a, b), {});
export const equal = (a: Operand, b: Operand): Tensor => apply("equal", pair(a, b), {});
export const and = (a: Tensor, b: Tensor): Tensor => apply("and", [a, b], {});
export const or = (a: Tensor, b: Tensor): Tensor => apply("or", [a, b], {});
/** `condition ? a : b`, element by element. Slow in hot paths: prefer a product with {@link mask}. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [left, right] = pair(a, b);
  return apply("where", [condition, left, right], {});
}

// Reductions

interface ReduceOptions {
  /** All axes when absent; negative ones count from the back. */
  readonly axes?: number | readonly number[];
  /** Keep reduced axes as ones. Off by default. */
  readonly keepDims?: boolean;
}

const reduction = (where: string, x: Tensor, { axes, keepDims = false }: ReduceOptions): Reduction => ({
  axes: resolveAxes(where, axes, x.shape.length),
  keepDims,
});

export const sum = (x: Tensor, options: ReduceOptions = {}): Tensor => apply("sum", [x], reduction("sum", x, options));
/** The largest element; equal ones share the gradient. */
export const maximum = (x: Tensor, options: ReduceOptions = {}): Tensor =>
  apply("maximum", [x], reduction("maximum", x, options));
/** `log Σ e^x`, stable. */
export const logSumExp = (x: Tensor, options: ReduceOptions = {}): Tensor =>
  apply("logSumExp", [x], reduction("logSumExp", x, options));
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const count = resolveAxes("mean", options.axes, x.shape.length).reduce(
    (product, axis) => product * x.shape[axis]!,
    1,
  );
  return mul(sum(x, options), 1 / count);
}
/** Index of the first largest element along `axis`, int64; the axis is removed. */
export const argmax = (x: Tensor, axis = -1): Tensor =>
  apply("argmax", [x], { axis: resolveAxis("argmax", axis, x.shape.length) });
export const softmax = (x: Tensor, axis = -1): Tensor =>
  apply("softmax", [x], { axis: resolveAxis("softmax", axis, x.shape.length) });
export const logSoftmax = (x: Tensor, axis = -1): Tensor =>
  apply("logSoftmax", [x], { axis: resolveAxis("logSoftmax", axis, x.shape.length) });
/** Running sum along `axis`, from its end when `reverse`. */
export const cumsum = (x: Tensor, axis: number, { reverse = false } = {}): Tensor =>
  apply("cumsum", [x], { axis: resolveAxis("cumsum", axis, x.shape.length), reverse });

/** Sum of a stretched tensor back to the `shape` it was stretched from: the gradient of stretching. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const padded = padShape(shape, x.shape.length);
  const axes = padded.flatMap((length, axis) => (length === 1 && x.shape[axis] !== 1 ? [axis] : []));
  return reshape(sum(x, { axes, keepDims: true }), shape);
}

// Products

/**
 * Matrix product over the last two axes, `[…, m, k] · […, k, n] → […, m, n]`;
 * leading axes stretch.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  // Rows of all batches in one product: one large kernel call instead of many small ones.
  if (a.shape.length > 2 && b.shape.length === 2 && !transposeA) {
    const rows = reshape(a, [-1, a.shape.at(-1)!]);
    const result = matmul(rows, b, { transposeB });
    return reshape(result, [...a.shape.slice(0, -1), result.shape[1]!]);
  }
  return apply("matmul", [a, b], { transposeA, transposeB });
}

// Layout

/** The same elements in another shape; one length may be −1 and is then computed. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return apply("reshape", [x], { shape: shape.map((length) => (length === -1 ? sizeOf(x.shape) / known : length)) });
}

/** Axis `i` of the result is axis `perm[i]` of `x`; without `perm`, the last two axes are exchanged. */
export function transpose(x: Tensor, perm?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const order = perm ?? x.shape.map((_n, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return apply("transpose", [x], { perm: order.map((axis) => resolveAxis("transpose", axis, rank)) });
}

/** `x` repeated along axes of length 1, and along new ones in front. */
export const broadcastTo = (x: Tensor, shape: readonly number[]): Tensor => apply("broadcastTo", [x], { shape });

export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  apply("concat", parts, { axis: resolveAxis("concat", axis, parts[0]?.shape.length ?? 0) });

/** Elements `start` to `end` (exclusive) along one axis; negative bounds count from the back. */
export function slice(
  x: Tensor,
  { axis, start = 0, end }: { readonly axis: number; readonly start?: number; readonly end?: number },
): Tensor {
  const along = resolveAxis("slice", axis, x.shape.length);
  const length = x.shape[along]!;
  const bound = (at: number) => (at < 0 ? at + length : at);
  const starts = x.shape.map((_n, i) => (i === along ? bound(start) : 0));
  const ends = x.shape.map((n, i) => (i === along ? bound(end ?? length) : n));
  return cut(x, starts, ends);
}

/** Elements `start[i]` to `end[i]` (exclusive) of every axis. */
export const cut = (x: Tensor, start: readonly number[], end: readonly number[]): Tensor =>
  apply("slice", [x], { start, end });

/** `value` added before and after every axis. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor =>
  apply("pad", [x], { before, after, value });

// Indexing; uint8 indices are widened

const asIndex = (index: Tensor): Tensor => (index.dtype === "uint8" ? cast(index, "int32") : index);

/** Rows `table[index]`: shape `[...index, ...row]`. */
export const gather = (table: Tensor, index: Tensor): Tensor => apply("gather", [table, asIndex(index)], {});
/** Zeros `[rows, ...row]` with `updates` added at rows `index`. */
export const scatterAdd = (index: Tensor, updates: Tensor, rows: number): Tensor =>
  apply("scatterAdd", [asIndex(index), updates], { rows });
/** One element of each last line: `x[..., index[...]]`, such as the log-probability of the action taken. */
export const takeLast = (x: Tensor, index: Tensor): Tensor => apply("takeLast", [x, asIndex(index)], {});
/** A new last axis with a one at the index. */
export const oneHot = (index: Tensor, size: number): Tensor => apply("oneHot", [asIndex(index)], { size });

// Images, channels first

/** Both axes alike, or rows then columns. */
type Pair = number | readonly number[];

export interface WindowOptions {
  readonly stride?: Pair;
  /** One number for all sides, `[rows, columns]`, or `[top, left, bottom, right]`. */
  readonly padding?: Pair;
}

const both = (n: Pair): readonly number[] => (typeof n === "number" ? [n, n] : n);
const windowOf = ({ stride = 1, padding = 0 }: WindowOptions) => {
  const sides = both(padding);
  return { stride: both(stride), padding: sides.length === 2 ? [...sides, ...sides] : sides };
};

/** Cross-correlation of `x [n, c, h, w]` with `w [o, c, kh, kw]`. */
export const conv2d = (x: Tensor, w: Tensor, options: WindowOptions = {}): Tensor =>
  apply("conv2d", [x, w], windowOf(options));
/** The transpose of {@link conv2d} in its image: `y [n, o, h′, w′]` back to an image of `size`. */
export const conv2dImage = (y: Tensor, w: Tensor, size: Pair, options: WindowOptions = {}): Tensor =>
  apply("conv2dImage", [y, w], { ...windowOf(options), size: both(size) });
/** The transpose of {@link conv2d} in its kernel. */
export const conv2dKernel = (x: Tensor, y: Tensor, size: Pair, options: WindowOptions = {}): Tensor =>
  apply("conv2dKernel", [x, y], { ...windowOf(options), size: both(size) });

export interface PoolOptions extends WindowOptions {
  readonly size: Pair;
}

/** The stride is the size unless given. */
const poolOf = ({ size, stride = size, padding = 0 }: PoolOptions) => ({
  ...windowOf({ stride, padding }),
  size: both(size),
});

/** Largest element of each window; the first one on a tie. */
export const maxPool2d = (x: Tensor, options: PoolOptions): Tensor => apply("maxPool2d", [x], poolOf(options));
/** Flat index into `x` of each window's largest element, int64. */
export const maxPoolIndex = (x: Tensor, options: PoolOptions): Tensor => apply("maxPoolIndex", [x], poolOf(options));
/** Mean of each window, padding counted as zeros. */
export const avgPool2d = (x: Tensor, options: PoolOptions): Tensor => apply("avgPool2d", [x], poolOf(options));

/** Operands as tensors; a number takes the other's element type. */
function pair(a: Operand, b: Operand): readonly [Tensor, Tensor] {
  if (typeof a !== "number") return [a, typeof b === "number" ? scalar(b, a.dtype) : b];
  return typeof b === "number" ? [scalar(a), scalar(b)] : [scalar(a, b.dtype), b];
}

/** What rules may build with. */
export const ops = {
  apply,
  scalar,
  constant,
  neg,
  exp,
  log,
  sqrt,
  square,
  sign,
  cos,
  sin,
  sigmoid,
  pow,
  mask,
  cast,
  stopGradient,
  add,
  sub,
  mul,
  div,
  equal,
  lessEqual,
  greaterEqual,
  sum,
  sumTo,
  cumsum,
  matmul,
  reshape,
  transpose,
  broadcastTo,
  concat,
  slice,
  cut,
  pad,
  gather,
  scatterAdd,
  oneHot,
  conv2d,
  conv2dImage,
  conv2dKernel,
  maxPoolIndex,
};

export type Ops = typeof ops;
