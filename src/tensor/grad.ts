/**
 * @file Reverse-mode differentiation: gradients of a graph are more graph, so
 * they can be differentiated again.
 */
import { LabError } from "../core/errors.ts";
import { type Tensor, topological } from "./graph.ts";
import { add, constant, mul, ops, scalar, stopGradient, sum } from "./ops.ts";
import type { Rule } from "./rules/rule.ts";
import { rules } from "./rules/table.ts";
import { sameShape, showShape } from "./shape.ts";

/**
 * `∂ loss / ∂ w` for each `w` of `wrt`, shaped like it; zeros where the loss does not depend on it.
 *
 * @param loss float32 of rank 0
 * @param wrt float32 inputs or inner values of the trace
 * @throws {LabError} `tensor/shape` when the loss is not a scalar, `tensor/dtype` when something is not float32,
 *   `tensor/no-gradient` when a way back leads through an operation that is flat almost everywhere
 *
 * @example
 * import { mul } from "./ops.ts";
 * import { evaluate } from "./reference.ts";
 * import { trace } from "./trace.ts";
 * const cube = trace({ x: { shape: [], dtype: "float32" } }, ({ x }) => ({ slope: grad(mul(x, mul(x, x)), [x])[0]! }));
 * evaluate(cube, { x: [2] }).slope![0]; // => 12
 */
export function grad(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0) {
    const got = showShape(loss.shape);
    throw new LabError("tensor/shape", `grad: loss is not a scalar, got ${got}; expected []`, {
      hint: "Reduce it with sum or mean.",
    });
  }
  for (const { dtype } of [loss, ...wrt]) {
    if (dtype !== "float32")
      throw new LabError("tensor/dtype", `grad: not differentiable, got ${dtype}; expected float32`);
  }
  const order = topological([loss]);
  const active = dependents(order, wrt);
  const cotangents = new Map<Tensor, Tensor>([[loss, scalar(1)]]);
  for (const node of order.reverse()) {
    const g = cotangents.get(node);
    if (!g || !active.has(node) || node.inputs.length === 0) continue;
    const { gradient } = rules[node.op] as unknown as Rule<number, unknown>;
    if (gradient === "zero") continue;
    if (gradient === "none") throw noGradient(node);
    const contributions = gradient(g, { inputs: node.inputs, output: node, attrs: node.attrs }, ops);
    for (const [i, contribution] of contributions.entries()) {
      const input: Tensor = node.inputs[i]!;
      if (!contribution || !active.has(input)) continue;
      const earlier = cotangents.get(input);
      cotangents.set(input, earlier ? add(earlier, contribution) : contribution);
    }
  }
  return wrt.map((w) => cotangents.get(w) ?? constant(0, w.shape));
}

/**
 * `H v`: the Hessian of `loss` in `wrt` times a direction, by differentiating `⟨∇ loss, v⟩` (Pearlmutter 1994).
 *
 * @param direction one tensor for each of `wrt`, of its shape, treated as fixed
 */
export function hessianVectorProduct(loss: Tensor, wrt: readonly Tensor[], direction: readonly Tensor[]): Tensor[] {
  if (direction.length !== wrt.length || direction.some((v, i) => !sameShape(v.shape, wrt[i]!.shape))) {
    const shapes = (list: readonly Tensor[]) => list.map(({ shape }) => showShape(shape)).join(" ");
    const message = `hessianVectorProduct: direction does not fit, got ${shapes(direction)}; expected ${shapes(wrt)}`;
    throw new LabError("tensor/shape", message);
  }
  const products = grad(loss, wrt).map((g, i) => sum(mul(g, stopGradient(direction[i]!))));
  return grad(
    products.reduce((total, product) => add(total, product), scalar(0)),
    wrt,
  );
}

/** Float nodes of `order` that some `wrt` reaches through float nodes. */
function dependents(order: readonly Tensor[], wrt: readonly Tensor[]): Set<Tensor> {
  const active = new Set<Tensor>(wrt);
  for (const node of order) {
    const inputs: readonly Tensor[] = node.inputs;
    const flows = node.dtype === "float32" && rules[node.op].gradient !== "zero";
    if (flows && inputs.some((input) => active.has(input))) active.add(node);
  }
  return active;
}

function noGradient({ op }: Tensor): LabError {
  const message = `grad: operation is flat almost everywhere, got ${op}; expected a differentiable path to the loss`;
  return new LabError("tensor/no-gradient", message, {
    hint: "Wrap its input in stopGradient to say that zero is meant.",
  });
}
