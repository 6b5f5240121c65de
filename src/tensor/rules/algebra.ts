/**
 * @file Identities of arithmetic that make traced graphs smaller: neutral
 * elements, signs, chains of constant factors. Gradients are full of them.
 */
import type { Node, None, Tensor } from "../graph.ts";
import { sameShape } from "../shape.ts";
import type { Ops, Rule } from "./rule.ts";

export type Simplify<Arity extends number> = NonNullable<Rule<Arity, None>["simplify"]>;

/** The value of a constant with one element. */
const scalarOf = (x: Tensor): number | undefined =>
  x.op === "constant" && x.attrs.values.length === 1 ? x.attrs.values[0]! : undefined;

export const simplifyAdd: Simplify<2> = ([a, b], _attrs, { shape }, ops) => {
  const { mul, sub } = ops;
  if (a === b || (a.op === "mul" && b.op === "mul" && a.inputs.every((x, i) => x === b.inputs[i]))) return mul(a, 2);
  if (scalarOf(b) === 0 && sameShape(a.shape, shape)) return a;
  if (scalarOf(a) === 0 && sameShape(b.shape, shape)) return b;
  if (b.op === "neg") return sub(a, b.inputs[0]);
  if (a.op === "neg") return sub(b, a.inputs[0]);
  if (a.op === "conv2d") return withBias(a, b, ops);
  if (b.op === "conv2d") return withBias(b, a, ops);
  return a.op === "pad" && b.op === "pad" ? (joinPads(a, b, ops) ?? joinPads(b, a, ops)) : undefined;
};

/** A convolution and what is added to each of its channels: the engine adds it while the result is at hand. */
function withBias(convolution: Node<"conv2d">, bias: Tensor, { apply, reshape }: Ops): Tensor | undefined {
  const [x, w, present] = convolution.inputs;
  const channels = w!.shape[0]!;
  const isPerChannel =
    bias.shape.length <= 4 && bias.shape.at(-3) === channels && bias.shape.reduce((a, b) => a * b, 1) === channels;
  if (present || !isPerChannel) return undefined;
  return apply("conv2d", [x!, w!, reshape(bias, [channels])], convolution.attrs);
}

/**
 * The sum of two tensors, each zero where the other is not, and touching along
 * one axis: one tensor. What the parts of a cut tensor send back is a chain of these.
 */
function joinPads(a: Node<"pad">, b: Node<"pad">, { concat, pad }: Ops): Tensor | undefined {
  const { before, after, value } = a.attrs;
  const axis = before.findIndex((n, i) => n !== b.attrs.before[i]);
  const isAligned = before.every((n, i) => i === axis || (n === b.attrs.before[i] && after[i] === b.attrs.after[i]));
  const length = a.inputs[0].shape[axis];
  if (axis < 0 || !isAligned || value !== 0 || b.attrs.value !== 0) return undefined;
  if (b.attrs.before[axis] !== before[axis]! + length!) return undefined;
  return pad(concat([a.inputs[0], b.inputs[0]], axis), before, b.attrs.after);
}

export const simplifySub: Simplify<2> = ([a, b], _attrs, { shape }, { add, neg }) => {
  if (scalarOf(b) === 0 && sameShape(a.shape, shape)) return a;
  if (scalarOf(a) === 0 && sameShape(b.shape, shape)) return neg(b);
  return b.op === "neg" ? add(a, b.inputs[0]) : undefined;
};

export const simplifyMul: Simplify<2> = ([a, b], _attrs, { shape }, { mul, neg }) => {
  const factor = scalarOf(b);
  if (factor === undefined) return scalarOf(a) === undefined ? undefined : mul(b, a); // constants stand right
  if (!sameShape(a.shape, shape)) return undefined;
  if (factor === 1) return a;
  if (factor === -1) return neg(a);
  if (a.op === "neg") return mul(a.inputs[0], -factor);
  const inner = a.op === "mul" && a.dtype === "float32" ? scalarOf(a.inputs[1]) : undefined;
  return a.op === "mul" && inner !== undefined ? mul(a.inputs[0], inner * factor) : undefined;
};

export const simplifyDiv: Simplify<2> = ([a, b], _attrs, { shape }) =>
  scalarOf(b) === 1 && sameShape(a.shape, shape) ? a : undefined;

export const simplifyNeg: Simplify<1> = ([x], _attrs, _spec, { mul, sub }) => {
  if (x.op === "neg") return x.inputs[0];
  if (x.op === "sub") return sub(x.inputs[1], x.inputs[0]);
  const factor = x.op === "mul" ? scalarOf(x.inputs[1]) : undefined;
  return x.op === "mul" && factor !== undefined ? mul(x.inputs[0], -factor) : undefined;
};
