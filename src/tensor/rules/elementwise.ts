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
    ...unary("Neg", { value: (x) => -x, gradient: (g, _at, { neg }) => neg(g), on: numbers }),
    simplify: simplifyNeg,
  },
  exp: unary("Exp", { value: Math.exp, gradient: (g, { y }, { mul }) => mul(g, y) }),
  log: unary("Log", { value: Math.log, gradient: (g, { x }, { div }) => div(g, x) }),
  sqrt: unary("Sqrt", { value: Math.sqrt, gradient: (g, { y }, { div, mul }) => div(mul(g, 0.5), y) }),
  abs: unary("Abs", {
    value: Math.abs,
    gradient: (g, { x }, { mul, sign, stopGradient }) => mul(g, stopGradient(sign(x))),
    on: numbers,
  }),
  tanh: unary("Tanh", { value: Math.tanh, gradient: (g, { y }, { mul, sub, square }) => mul(g, sub(1, square(y))) }),
  sigmoid: unary("Sigmoid", { value: logistic, gradient: (g, { y }, { mul, sub }) => mul(g, mul(y, sub(1, y))) }),
  // y ≥ 0, so y ≠ 0 says the same as y > 0, and a cast to bool is cheaper than a comparison.
  relu: unary("Relu", {
    value: (x) => Math.max(x, 0),
    gradient: (g, { y }, { cast, mask, mul }) => mul(g, mask(cast(y, "bool"))),
  }),
  softplus: unary("Softplus", { value: softplus, gradient: (g, { x }, { mul, sigmoid }) => mul(g, sigmoid(x)) }),
  erf: unary("Erf", {
    value: erf,
    gradient: (g, { x }, { mul, exp, neg, square }) => mul(mul(g, 2 / Math.sqrt(Math.PI)), exp(neg(square(x)))),
  }),
  sin: unary("Sin", { value: Math.sin, gradient: (g, { x }, { mul, cos }) => mul(g, cos(x)) }),
  cos: unary("Cos", { value: Math.cos, gradient: (g, { x }, { mul, neg, sin }) => mul(g, neg(sin(x))) }),
  sign: unary("Sign", { value: Math.sign, gradient: "none", on: numbers }),
  floor: unary("Floor", { value: Math.floor, gradient: "none" }),
  round: unary("Round", { value: roundHalfEven, gradient: "none" }),
  pow: {
    stretches: true,
    infer: ([x], _attrs, op) => ({ shape: x.shape, dtype: checkDType(op, [x], floats) }),
    simplify: ([x], { exponent }, _spec, { div, mul, sqrt }) => {
      if (exponent === 1) return x;
      if (exponent === 2) return mul(x, x);
      if (exponent === -1) return div(1, x);
      if (exponent === -0.5) return div(1, sqrt(x));
      return exponent === 0.5 ? sqrt(x) : undefined;
    },
    gradient: (g, { inputs: [x], attrs: { exponent } }, { mul, pow }) => [mul(mul(g, exponent), pow(x, exponent - 1))],
    emit: (to, [x], { attrs }) => to.node("Pow", [x, to.constant([attrs.exponent], [], "float32")]),
    evaluate: ([x], { attrs }) => x.map((value) => value ** attrs.exponent),
  },

  add: binary("Add", { value: (a, b) => a + b, gradient: (g) => [g, g], simplify: simplifyAdd }),
  sub: binary("Sub", { value: (a, b) => a - b, gradient: (g, _at, { neg }) => [g, neg(g)], simplify: simplifySub }),
  mul: binary("Mul", {
    value: (a, b) => a * b,
    gradient: (g, { a, b }, { mul }) => [mul(g, b), mul(g, a)],
    simplify: simplifyMul,
  }),
  div: binary("Div", {
    value: (a, b) => a / b,
    gradient: (g, { b, y }, { div, mul, neg }) => {
      const toNumerator = div(g, b);
      return [toNumerator, neg(mul(toNumerator, y))];
    },
    on: floats,
    simplify: simplifyDiv,
  }),
  // Ties go to the first operand, so that the two masks always add to one.
  min: binary("Min", { value: Math.min, gradient: (g, { a, b }, ops) => share(g, ops.lessEqual(a, b), ops) }),
  max: binary("Max", { value: Math.max, gradient: (g, { a, b }, ops) => share(g, ops.greaterEqual(a, b), ops) }),
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
  and: binary("And", { value: (a, b) => a * b, gradient: "zero", on: ["bool"] }),
  or: binary("Or", { value: Math.max, gradient: "zero", on: ["bool"] }),
  not: unary("Not", { value: (x) => 1 - x, gradient: "zero", on: ["bool"] }),
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
  stopGradient: { ...unary("Identity", { value: (x) => x, gradient: "zero", on: anything }), emit: (_to, [x]) => x },
};

/** `TensorProto.DataType` of the ONNX schema. */
const onnxType: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };

interface Unary {
  value(x: number): number;
  readonly gradient: Flow<(g: Tensor, at: { readonly x: Tensor; readonly y: Tensor }, ops: Ops) => Tensor>;
  /** Element types; float32 unless said. */
  readonly on?: readonly DType[];
}

function unary(onnx: string, { value, gradient, on = floats }: Unary): Rule<1, None> {
  return {
    stretches: true,
    infer: ([x], _attrs, op) => ({ shape: x.shape, dtype: checkDType(op, [x], on) }),
    gradient:
      typeof gradient === "string" ? gradient : (g, { inputs: [x], output: y }, ops) => [gradient(g, { x, y }, ops)],
    emit: (to, [x]) => to.node(onnx, [x]),
    evaluate: ([x]) => x.map(value),
  };
}

interface Binary {
  value(a: number, b: number): number;
  /** Of stretched operands: the sum back to their shapes is added here. */
  readonly gradient: Flow<
    (
      g: Tensor,
      at: { readonly a: Tensor; readonly b: Tensor; readonly y: Tensor },
      ops: Ops,
    ) => readonly [Tensor, Tensor]
  >;
  /** Element types; numbers unless said. */
  readonly on?: readonly DType[];
  /** Element type of the result, where it is not that of the operands. */
  readonly to?: DType;
  readonly simplify?: Simplify<2>;
}

function binary(onnx: string, { value, gradient, on = numbers, to: result, simplify }: Binary): Rule<2, None> {
  return {
    stretches: true,
    infer: ([a, b], _attrs, op) => {
      const dtype = checkDType(op, [a, b], on);
      return { shape: broadcastShapes(op, a.shape, b.shape), dtype: result ?? dtype };
    },
    ...(simplify && { simplify }),
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

function comparison(onnx: string, holds: (a: number, b: number) => boolean, on = numbers): Rule<2, None> {
  return binary(onnx, { value: (a, b) => (holds(a, b) ? 1 : 0), gradient: "zero", on, to: "bool" });
}

/** Split a cotangent by a condition: `[g where it holds, g where it does not]`. */
function share(g: Tensor, condition: Tensor, { mul, sub, mask }: Ops): readonly [Tensor, Tensor] {
  const held = mul(g, mask(condition));
  return [held, sub(g, held)];
}
