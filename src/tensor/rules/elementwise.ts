/**
 * @file Elementwise operations: arithmetic, activations, comparisons, logic, masks.
 *
 * One line says the ONNX name, the value and the gradient. `g` is the cotangent
 * of the output `y`. Masks are multiplied, never selected: onnxruntime's `Where`
 * is slow and erratic, a product with a cast comparison is not.
 */
import type { DType, None, Op, Tensor } from "../graph.ts";
import { broadcastShapes } from "../shape.ts";
import { type Simplify, simplifyAdd, simplifyDiv, simplifyMul, simplifyNeg, simplifySub } from "./algebra.ts";
import { stretch, zip } from "./nd.ts";
import { anything, checkDType, type Flow, floats, numbers, type Ops, type Rule, type Rules } from "./rule.ts";
import { erf, logistic, roundHalfEven, softplus } from "./special.ts";

export interface Elementwise {
  neg: Op<1>;
  exp: Op<1>;
  log: Op<1>;
  sqrt: Op<1>;
  abs: Op<1>;
  tanh: Op<1>;
  sigmoid: Op<1>;
  relu: Op<1>;
  softplus: Op<1>;
  erf: Op<1>;
  sin: Op<1>;
  cos: Op<1>;
  sign: Op<1>;
  floor: Op<1>;
  round: Op<1>;
  add: Op<2>;
  sub: Op<2>;
  mul: Op<2>;
  div: Op<2>;
  /** `x ** exponent` for x > 0, or any x and an integer exponent. */
  pow: Op<1, { readonly exponent: number }>;
  min: Op<2>;
  max: Op<2>;
  clip: Op<1, { readonly low: number; readonly high: number }>;
  less: Op<2>;
  lessEqual: Op<2>;
  greater: Op<2>;
  greaterEqual: Op<2>;
  equal: Op<2>;
  and: Op<2>;
  or: Op<2>;
  not: Op<1>;
  /** `condition ? a : b`. */
  where: Op<3>;
  cast: Op<1, { readonly to: DType }>;
  stopGradient: Op<1>;
}

export const elementwise: Rules<Elementwise> = {
  neg: {
    ...unary(
      "Neg",
      (x) => -x,
      (g, _x, _y, { neg }) => neg(g),
      numbers,
    ),
    simplify: simplifyNeg,
  },
  exp: unary("Exp", Math.exp, (g, _x, y, { mul }) => mul(g, y)),
  log: unary("Log", Math.log, (g, x, _y, { div }) => div(g, x)),
  sqrt: unary("Sqrt", Math.sqrt, (g, _x, y, { div, mul }) => div(mul(g, 0.5), y)),
  abs: unary("Abs", Math.abs, (g, x, _y, { mul, sign, stopGradient }) => mul(g, stopGradient(sign(x))), numbers),
  tanh: unary("Tanh", Math.tanh, (g, _x, y, { mul, sub, square }) => mul(g, sub(1, square(y)))),
  sigmoid: unary("Sigmoid", logistic, (g, _x, y, { mul, sub }) => mul(g, mul(y, sub(1, y)))),
  relu: unary(
    "Relu",
    (x) => Math.max(x, 0),
    (g, _x, y, { mul, positive }) => mul(g, positive(y)),
  ),
  softplus: unary("Softplus", softplus, (g, x, _y, { mul, sigmoid }) => mul(g, sigmoid(x))),
  erf: unary("Erf", erf, (g, x, _y, { mul, exp, neg, square }) =>
    mul(mul(g, 2 / Math.sqrt(Math.PI)), exp(neg(square(x)))),
  ),
  sin: unary("Sin", Math.sin, (g, x, _y, { mul, cos }) => mul(g, cos(x))),
  cos: unary("Cos", Math.cos, (g, x, _y, { mul, neg, sin }) => mul(g, neg(sin(x)))),
  sign: unary("Sign", Math.sign, "none", numbers),
  floor: unary("Floor", Math.floor, "none"),
  round: unary("Round", roundHalfEven, "none"),
  pow: {
    stretches: true,
    infer: ([x], _attrs, op) => ({ shape: x.shape, dtype: checkDType(op, [x], floats) }),
    simplify: ([x], { exponent }, _spec, { div, mul, sqrt }) => {
      if (exponent === 1) return x;
      if (exponent === 2) return mul(x, x);
      if (exponent === -1) return div(1, x);
      return exponent === 0.5 ? sqrt(x) : undefined;
    },
    gradient: (g, { inputs: [x], attrs: { exponent } }, { mul, pow }) => [mul(mul(g, exponent), pow(x, exponent - 1))],
    emit: (to, [x], { attrs }) => to.node("Pow", [x, to.constant([attrs.exponent], [], "float32")]),
    evaluate: ([x], { attrs }) => x.map((value) => value ** attrs.exponent),
  },

  add: binary(
    "Add",
    (a, b) => a + b,
    (g) => [g, g],
    { simplify: simplifyAdd },
  ),
  sub: binary(
    "Sub",
    (a, b) => a - b,
    (g, _at, { neg }) => [g, neg(g)],
    { simplify: simplifySub },
  ),
  mul: binary(
    "Mul",
    (a, b) => a * b,
    (g, { a, b }, { mul }) => [mul(g, b), mul(g, a)],
    { simplify: simplifyMul },
  ),
  div: binary(
    "Div",
    (a, b) => a / b,
    (g, { b, y }, { div, mul, neg }) => {
      const toNumerator = div(g, b);
      return [toNumerator, neg(mul(toNumerator, y))];
    },
    { allowed: floats, simplify: simplifyDiv },
  ),
  // Ties go to the first operand, so that the two masks always add to one.
  min: binary("Min", Math.min, (g, { a, b }, ops) => share(g, ops.lessEqual(a, b), ops)),
  max: binary("Max", Math.max, (g, { a, b }, ops) => share(g, ops.greaterEqual(a, b), ops)),
  clip: {
    stretches: true,
    infer: ([x], _attrs, op) => ({ shape: x.shape, dtype: checkDType(op, [x], floats) }),
    gradient: (g, { inputs: [x], output: y }, { mul, mask, equal }) => [mul(g, mask(equal(x, y)))],
    emit: (to, [x], { attrs }) =>
      to.node("Clip", [x, to.constant([attrs.low], [], "float32"), to.constant([attrs.high], [], "float32")]),
    evaluate: ([x], { attrs }) => x.map((value) => Math.min(Math.max(value, attrs.low), attrs.high)),
  },

  less: comparison("Less", (a, b) => a < b),
  lessEqual: comparison("LessOrEqual", (a, b) => a <= b),
  greater: comparison("Greater", (a, b) => a > b),
  greaterEqual: comparison("GreaterOrEqual", (a, b) => a >= b),
  equal: comparison("Equal", (a, b) => a === b, anything),
  and: binary("And", (a, b) => a * b, "zero", { allowed: ["bool"] }),
  or: binary("Or", Math.max, "zero", { allowed: ["bool"] }),
  not: unary("Not", (x) => 1 - x, "zero", ["bool"]),
  where: {
    stretches: true,
    infer: ([condition, a, b], _attrs, op) => {
      checkDType(`${op}: condition`, [condition], ["bool"]);
      const dtype = checkDType(op, [a, b], anything);
      return { shape: broadcastShapes(op, condition.shape, a.shape, b.shape), dtype };
    },
    gradient: (g, { inputs: [condition, a, b] }, ops) => {
      const [toA, toB] = share(g, condition, ops);
      return [undefined, ops.sumTo(toA, a.shape), ops.sumTo(toB, b.shape)];
    },
    emit: (to, inputs) => to.node("Where", inputs),
    evaluate: ([condition, a, b], { inputs, shape }) => {
      const [c, x, y] = [condition, a, b].map((data, i) => stretch(data, inputs[i]!.shape, shape));
      return c!.map((value, i) => (value ? x![i]! : y![i]!));
    },
  },

  cast: {
    stretches: true,
    infer: ([x], { to }) => ({ shape: x.shape, dtype: to }),
    simplify: ([x], { to }) => (x.dtype === to ? x : undefined),
    gradient: "zero",
    emit: (to, [x], { attrs }) => to.node("Cast", [x], { to: onnxType[attrs.to] }),
    evaluate: ([x], { attrs }) => {
      if (attrs.to === "bool") return x.map((value) => (value === 0 ? 0 : 1));
      return attrs.to === "float32" ? x : x.map(Math.trunc);
    },
  },
  // Nothing to compute: readers of the output read the input.
  stopGradient: { ...unary("Identity", (x) => x, "zero", anything), emit: (_to, [x]) => x },
};

/** `TensorProto.DataType` of the ONNX schema. */
const onnxType: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };

type UnaryGradient = (g: Tensor, x: Tensor, y: Tensor, ops: Ops) => Tensor;
type BinaryGradient = (g: Tensor, at: { a: Tensor; b: Tensor; y: Tensor }, ops: Ops) => readonly [Tensor, Tensor];

function unary(
  onnx: string,
  value: (x: number) => number,
  gradient: Flow<UnaryGradient>,
  allowed = floats,
): Rule<1, None> {
  return {
    stretches: true,
    infer: ([x], _attrs, op) => ({ shape: x.shape, dtype: checkDType(op, [x], allowed) }),
    gradient:
      typeof gradient === "string" ? gradient : (g, { inputs: [x], output }, ops) => [gradient(g, x, output, ops)],
    emit: (to, [x]) => to.node(onnx, [x]),
    evaluate: ([x]) => x.map(value),
  };
}

function binary(
  onnx: string,
  value: (a: number, b: number) => number,
  gradient: Flow<BinaryGradient>,
  options: { allowed?: readonly DType[]; to?: DType; simplify?: Simplify<2> } = {},
): Rule<2, None> {
  return {
    stretches: true,
    infer: ([a, b], _attrs, op) => {
      const dtype = checkDType(op, [a, b], options.allowed ?? numbers);
      return { shape: broadcastShapes(op, a.shape, b.shape), dtype: options.to ?? dtype };
    },
    ...(options.simplify && { simplify: options.simplify }),
    gradient:
      typeof gradient === "string"
        ? gradient
        : (g, { inputs: [a, b], output: y }, ops) => {
            const [toA, toB] = gradient(g, { a, b, y }, ops);
            return [ops.sumTo(toA, a.shape), ops.sumTo(toB, b.shape)];
          },
    emit: (to, inputs) => to.node(onnx, inputs),
    evaluate: ([a, b], { inputs }) => zip(a, inputs[0].shape, b, inputs[1].shape, value),
  };
}

function comparison(onnx: string, holds: (a: number, b: number) => boolean, allowed = numbers): Rule<2, None> {
  return binary(onnx, (a, b) => (holds(a, b) ? 1 : 0), "zero", { allowed, to: "bool" });
}

/** Split a cotangent by a condition: `[g where it holds, g where it does not]`. */
function share(g: Tensor, condition: Tensor, { mul, sub, mask }: Ops): readonly [Tensor, Tensor] {
  const held = mul(g, mask(condition));
  return [held, sub(g, held)];
}
