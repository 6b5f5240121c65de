/**
 * @file Rewriting: an equal graph that costs less.
 *
 * Equal expressions are computed once; constants are folded; the identities of
 * each rule apply; and stretches are delayed: an elementwise operation on a
 * stretched tensor works on the small one and stretches the result, which is
 * where most of the cost of naive gradients goes away.
 */
import { bytesOf, hashBytes } from "../core/hash.ts";
import { makeNode, type Tensor, topological } from "./graph.ts";
import { apply, broadcastTo, ops } from "./ops.ts";
import type { Rule } from "./rules/rule.ts";
import { rules } from "./rules/table.ts";
import { showShape, sizeOf } from "./shape.ts";

/** Rewrites nodes of one trace; equal nodes come out as the same node. */
export class Rewriter {
  /** What each seen node became. */
  readonly #settled = new Map<Tensor, Tensor>();
  readonly #byText = new Map<string, Tensor>();
  readonly #places = new Map<Tensor, number>();

  /** A node that computes what `root` computes, for less. */
  rewrite(root: Tensor): Tensor {
    for (const node of topological([root], this.#settled)) this.#settled.set(node, this.#settle(node));
    return this.#settled.get(root)!;
  }

  #settle(written: Tensor): Tensor {
    const inputs = written.inputs.map((input) => this.#settled.get(input)!);
    const moved = inputs.some((input, i) => input !== written.inputs[i]);
    const node = moved ? makeNode(written.op, inputs as never, written.attrs as never, written) : written;
    const text = textOf(node, this.#places);
    const known = this.#byText.get(text);
    if (known) return known;
    const cheaper = simplify(node);
    const result = cheaper ? this.rewrite(cheaper) : node;
    this.#byText.set(text, result);
    if (!cheaper) {
      this.#settled.set(node, node);
      this.#places.set(node, this.#places.size);
    }
    return result;
  }
}

/** One step: an expression that is equal to `node` and closer to the cheapest form, or undefined there. */
function simplify({ op, inputs: operands, attrs, shape, dtype }: Tensor): Tensor | undefined {
  const rule = rules[op] as unknown as Rule<number, unknown>;
  const inputs: readonly Tensor[] = operands;
  const isFolded = inputs.length > 0 && sizeOf(shape) === 1 && inputs.every((x) => x.op === "constant");
  if (isFolded && op !== "stopGradient") {
    const values = rule.evaluate(
      inputs.map((x) => (x.op === "constant" ? x.attrs.values : new Float64Array())),
      { shape, dtype, inputs, attrs },
    );
    return makeNode("constant", [], { values, spec: { shape, dtype } }, { shape, dtype });
  }
  if (rule.stretches && inputs.some((x) => x.op === "broadcastTo")) {
    const small = inputs.map((x) => (x.op === "broadcastTo" ? x.inputs[0] : x));
    return broadcastTo(apply(op, small as never, attrs as never), shape);
  }
  return rule.simplify?.(inputs, attrs, { shape, dtype }, ops);
}

/** A node as text: equal text, equal value. Inputs by their place, so the text is short. */
export function textOf(node: Tensor, places: ReadonlyMap<Tensor, number>): string {
  const inputs = node.inputs.map((input) => places.get(input)!);
  return `${node.op} ${node.dtype}${showShape(node.shape)} ${inputs} ${attrsText(node.attrs)}`;
}

/** Infinities survive, unlike in JSON. */
function attrsText(attrs: object): string {
  return Object.entries(attrs)
    .map(([key, value]) => `${key}=${value instanceof Float64Array ? numbersText(value) : String(value)}`)
    .join(" ");
}

function numbersText(values: Float64Array): string {
  if (values.length > 8) return hashBytes(bytesOf(values));
  return Array.from(values, (value) => (Object.is(value, -0) ? "-0" : value)).join();
}
