/** @file Readers of elementwise operators: arithmetic, activations, comparisons, casts. */
import type { DType, Tensor } from "../../graph.ts";
import * as ops from "../../ops.ts";
import { broadcastShapes } from "../../shape.ts";
import type { Reader, Readers, Site } from "./site.ts";

const unary =
  (f: (x: Tensor) => Tensor): Reader =>
  ({ x }) =>
    f(x());

/** Two operands that stretch. Before operator set 7 they stretched by attributes, which are refused as unread. */
const binary =
  (f: (a: Tensor, b: Tensor) => Tensor): Reader =>
  ({ x }) =>
    f(x(0), x(1));

/** Any number of operands. */
const variadic =
  (f: (a: Tensor, b: Tensor) => Tensor): Reader =>
  ({ inputs, refuse }) =>
    inputs.length > 0 ? inputs.reduce((total, input) => f(total, input)) : refuse("no inputs");

const { abs, add, and, clip, cos, div, equal, erf, exp, floor, greater, greaterEqual, less, lessEqual, log } = ops;
const { cast, max, min, mul, neg, not, or, pow, relu, round, sigmoid, sign, sin, softplus, sqrt, sub, tanh } = ops;

const ceil = (x: Tensor) => neg(floor(neg(x)));
/** `x` where negative, else 0. At 0 the gradient is that of the negative side, as in PyTorch. */
const negativePart = (x: Tensor) => min(x, 0);
/** `relu(x) + α (e^(min(x,0)/scale) − 1)`: never overflows. */
const elu = (x: Tensor, alpha: number, scale = 1) =>
  add(relu(x), mul(sub(exp(mul(negativePart(x), 1 / scale)), 1), alpha));
const hardSigmoid = (x: Tensor, alpha: number, beta: number) => clip(add(mul(x, alpha), beta), 0, 1);
const normalCdf = (x: Tensor) => mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);

export const elementwiseReaders: Readers = {
  Identity: unary((x) => x),
  Neg: unary(neg),
  Exp: unary(exp),
  Log: unary(log),
  Sqrt: unary(sqrt),
  Abs: unary(abs),
  Reciprocal: unary((x) => div(1, x)),
  Erf: unary(erf),
  Sin: unary(sin),
  Cos: unary(cos),
  Sign: unary(sign),
  Floor: unary(floor),
  Ceil: unary(ceil),
  Round: unary(round),
  Not: unary(not),
  Tanh: unary(tanh),
  Sigmoid: unary(sigmoid),
  Relu: unary((x) => (x.dtype === "float32" ? relu(x) : max(x, 0))),
  Softplus: unary(softplus),
  Softsign: unary((x) => div(x, add(abs(x), 1))),
  Mish: unary((x) => mul(x, tanh(softplus(x)))),
  HardSwish: unary((x) => mul(x, hardSigmoid(x, 1 / 6, 0.5))),
  HardSigmoid: ({ x, float }) => hardSigmoid(x(), float("alpha", 0.2), float("beta", 0.5)),
  LeakyRelu: ({ x, float }) => add(relu(x()), mul(negativePart(x()), float("alpha", 0.01))),
  PRelu: ({ x }) => add(relu(x(0)), mul(x(1), negativePart(x(0)))),
  Elu: ({ x, float }) => elu(x(), float("alpha", 1)),
  Selu: ({ x, float }) => {
    const alpha = float("alpha", 1.6732631921768188);
    return mul(elu(x(), alpha), float("gamma", 1.0507010221481323));
  },
  Celu: ({ x, float }) => {
    const alpha = float("alpha", 1);
    return elu(x(), alpha, alpha);
  },
  Gelu: ({ x, text, refuse }) => {
    const kind = text("approximate", "none");
    if (kind === "none") return mul(x(), normalCdf(x()));
    if (kind !== "tanh") return refuse(`approximate ${kind}`);
    const inner = mul(add(x(), mul(pow(x(), 3), 0.044715)), Math.sqrt(2 / Math.PI));
    return mul(mul(x(), 0.5), add(tanh(inner), 1));
  },

  Add: binary(add),
  Sub: binary(sub),
  Mul: binary(mul),
  Div: (site) => divide(site),
  Mod: (site) => modulo(site),
  Pow: (site) => power(site),
  Min: variadic(min),
  Max: variadic(max),
  Sum: variadic(add),
  Mean: (site) => {
    const total = variadic(add)(site) as Tensor;
    return mul(total, 1 / site.inputs.length);
  },
  Clip: (site) => limit(site),

  Equal: binary(equal),
  Less: binary(less),
  LessOrEqual: binary(lessEqual),
  Greater: binary(greater),
  GreaterOrEqual: binary(greaterEqual),
  And: binary(and),
  Or: binary(or),
  Xor: binary((a, b) => and(or(a, b), not(and(a, b)))),
  Where: ({ x }) => ops.where(x(0), x(1), x(2)),
  Cast: ({ x, int, refuse }) => {
    const to = int("to", 0);
    const dtype = DTYPE_OF_CODE[to] ?? refuse(`element type ${to}`);
    // A cast has no gradient; between floats of any width nothing is cast.
    return x().dtype === dtype ? x() : cast(x(), dtype);
  },
  CastLike: ({ x }) => cast(x(0), x(1).dtype),
};

/** By number in `TensorProto.DataType`; every float is computed as float32. */
const DTYPE_OF_CODE: Readonly<Record<number, DType>> = {
  1: "float32",
  2: "uint8",
  3: "int32",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float32",
  11: "float32",
};

/** Integers divide toward zero; only fixed ones are read, because float32 could not hold large ones. */
function divide({ x, refuse }: Site): Tensor {
  const [a, b] = [x(0), x(1)];
  if (a.dtype === "float32") return div(a, b);
  if (a.op !== "constant" || b.op !== "constant") return refuse("integers");
  return cast(div(cast(a, "float32"), cast(b, "float32")), a.dtype);
}

/** The remainder with the divisor's sign, or with `fmod` the dividend's. */
function modulo({ x, int, refuse }: Site): Tensor {
  const [a, b] = [x(0), x(1)];
  const isFixed = a.op === "constant" && b.op === "constant";
  if (int("fmod", 0) !== 0 || (a.dtype !== "float32" && !isFixed)) return refuse("this rounding");
  const [p, q] = [cast(a, "float32"), cast(b, "float32")];
  return cast(sub(p, mul(q, floor(div(p, q)))), a.dtype);
}

/** A fixed exponent is all that has a meaning for negative bases. */
function power({ x, numbers, refuse }: Site): Tensor {
  const base = x(0);
  const exponents = numbers(1);
  const [exponent] = exponents;
  if (exponent === undefined || exponents.some((other) => other !== exponent)) return refuse("several exponents");
  if (base.dtype !== "float32" && exponent !== 2) return refuse("an integer base");
  const result = exponent === 2 ? mul(base, base) : pow(base, exponent);
  const shape = broadcastShapes("Pow", base.shape, x(1).shape);
  return ops.broadcastTo(result, shape);
}

/** Bounds are attributes before operator set 11, inputs since. */
function limit({ opset, x, optional, numbers, float }: Site): Tensor {
  const bound = (i: number, name: string, open: number) => {
    if (opset < 11) return float(name, open);
    return optional(i) ? (numbers(i)[0] ?? open) : open;
  };
  const low = bound(1, "min", Number.NEGATIVE_INFINITY);
  const high = bound(2, "max", Number.POSITIVE_INFINITY);
  const input = x();
  if (input.dtype === "float32") return clip(input, low, high);
  const raised = Number.isFinite(low) ? max(input, low) : input;
  return Number.isFinite(high) ? min(raised, high) : raised;
}
