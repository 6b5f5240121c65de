/**
 * @file Central differences on the oracle: what gradients are checked against.
 */

import { grad, hessianVectorProduct } from "./grad.ts";
import type { Graph, Spec, Tensor } from "./graph.ts";
import { constant, mul, sum } from "./ops.ts";
import { evaluate } from "./reference.ts";
import { trace } from "./trace.ts";

export type Feeds = Readonly<Record<string, Float64Array>>;

/** A function under test: named inputs, one float32 result of any shape. */
export interface Subject {
  readonly inputs: Readonly<Record<string, Spec>>;
  build(inputs: Readonly<Record<string, Tensor>>): Tensor;
}

/** Of each derivative, the largest error over the largest entry of the true one (or over 1, if that is smaller). */
export interface DerivativeErrors {
  readonly gradient: number;
  readonly hessianVectorProduct: number;
}

/** Truncation h² and rounding 1e-16/h balance near 1e-5. */
const STEP = 1e-5;

/**
 * Compare `grad` and `hessianVectorProduct` with central differences of the
 * value and of the gradient, for a fixed generic weighting of the result.
 */
export function derivativeErrors(subject: Subject, feeds: Feeds): DerivativeErrors {
  const names = Object.keys(subject.inputs).filter((name) => subject.inputs[name]!.dtype === "float32");
  const lossOf = (inputs: Readonly<Record<string, Tensor>>) => {
    const y = subject.build(inputs);
    const weights = Float64Array.from(
      { length: y.shape.reduce((a, b) => a * b, 1) },
      (_, i) => 1 + Math.sin(7 * i + 1),
    );
    return sum(mul(y, constant(weights, y.shape)));
  };
  const value = trace(subject.inputs, (inputs) => ({ loss: lossOf(inputs) }));
  const first = trace(subject.inputs, (inputs) =>
    named(
      "d_",
      names,
      grad(
        lossOf(inputs),
        names.map((name) => inputs[name]!),
      ),
    ),
  );
  const direction = (name: string) => feeds[name]!.map((_, i) => Math.cos(3 * i + 2));
  const second = trace(subject.inputs, (inputs) => {
    const wrt = names.map((name) => inputs[name]!);
    const along = names.map((name) => constant(direction(name), inputs[name]!.shape));
    return named("h_", names, hessianVectorProduct(lossOf(inputs), wrt, along));
  });

  const gradients = evaluate(first, feeds);
  let gradient = 0;
  for (const name of names) {
    const expected = feeds[name]!.map((_, i) => {
      const moved = (by: number) => withEntry(feeds, name, i, by);
      return (evaluate(value, moved(STEP)).loss![0]! - evaluate(value, moved(-STEP)).loss![0]!) / (2 * STEP);
    });
    gradient = Math.max(gradient, relativeError(gradients[`d_${name}`]!, expected));
  }

  const shifted = (by: number): Record<string, Float64Array> => {
    const moved = names.map((name) => [name, feeds[name]!.map((x, i) => x + by * direction(name)[i]!)]);
    return evaluate(first, { ...feeds, ...Object.fromEntries(moved) });
  };
  const [ahead, behind, products] = [shifted(STEP), shifted(-STEP), evaluate(second, feeds)];
  let hessian = 0;
  for (const name of names) {
    const expected = ahead[`d_${name}`]!.map((x, i) => (x - behind[`d_${name}`]![i]!) / (2 * STEP));
    hessian = Math.max(hessian, relativeError(products[`h_${name}`]!, expected));
  }
  return { gradient, hessianVectorProduct: hessian };
}

/** Largest difference over the largest expected entry, or over 1 if that is smaller. NaN counts as infinite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [error, scale] = [actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY, 1];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!Object.is(actual[i], expected[i]))
      error = Math.max(error, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    if (Number.isFinite(expected[i]!)) scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return error / scale;
}

function withEntry(feeds: Feeds, name: string, i: number, by: number): Feeds {
  const moved = feeds[name]!.slice();
  moved[i]! += by;
  return { ...feeds, [name]: moved };
}

const named = (prefix: string, names: readonly string[], tensors: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(names.map((name, i) => [`${prefix}${name}`, tensors[i]!]));

/** The graph of a subject's value alone. */
export const graphOf = (subject: Subject): Graph => trace(subject.inputs, (inputs) => ({ y: subject.build(inputs) }));
