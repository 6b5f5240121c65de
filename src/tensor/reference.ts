/**
 * @file The oracle: a graph evaluated by definition in float64, without an engine.
 */
import { LabError } from "../core/errors.ts";
import type { Graph, Tensor } from "./graph.ts";
import type { Rule } from "./rules/rule.ts";
import { rules } from "./rules/table.ts";
import { showShape, sizeOf } from "./shape.ts";

/**
 * Evaluate every node once. Float32 nodes are computed in float64 and never
 * rounded; integers and bools are exact up to 2^53.
 *
 * @param feeds row-major values by input name
 * @returns row-major values by output name
 * @throws {LabError} `tensor/shape` on a feed that is absent or of another size
 */
export function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, ArrayLike<number | bigint>>>,
): Record<string, Float64Array> {
  const values = new Map<Tensor, Float64Array>();
  for (const node of graph.nodes) {
    if (node.op === "input") {
      values.set(node, feed(node, feeds[node.attrs.name], node.attrs.name));
      continue;
    }
    const rule = rules[node.op] as unknown as Rule<number, unknown>;
    values.set(
      node,
      rule.evaluate(
        node.inputs.map((input) => values.get(input)!),
        node,
      ),
    );
  }
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node)!]));
}

function feed(node: Tensor, data: ArrayLike<number | bigint> | undefined, name: string): Float64Array {
  if (data?.length === sizeOf(node.shape)) return Float64Array.from(data, Number);
  const got = data ? `${data.length} values` : "nothing";
  throw new LabError(
    "tensor/shape",
    `evaluate: input "${name}" does not fit, got ${got}; expected ${showShape(node.shape)}`,
  );
}
