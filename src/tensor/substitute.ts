/**
 * @file Surgery on a trace under way: chosen values are replaced, and whatever
 * depends on them is computed anew from the replacements.
 */
import { LabError } from "../core/errors.ts";
import { makeNode, type Tensor, topological } from "./graph.ts";
import { sameShape, showShape } from "./shape.ts";

/** A replacement, from the value as it comes out after every edit upstream of it. */
export type Edit = (value: Tensor) => Tensor;

/**
 * `outputs` as they would be if each edited value were what its edit makes of it.
 *
 * An edit is told the value as recomputed under the edits upstream of it, so that
 * adding a direction at every tick compounds. Whatever else it builds on is taken
 * as it stands: values of the unedited trace stay unedited, which is how one
 * computation is patched with the activations of another.
 *
 * @param edits by the value to be replaced; values that no output needs are ignored
 * @throws {LabError} `tensor/shape` when a replacement has another shape or element type
 *
 * @example
 * import { add, mul } from "./ops.ts";
 * import { evaluate } from "./reference.ts";
 * import { trace } from "./trace.ts";
 * const graph = trace({ x: { shape: [], dtype: "float32" } }, ({ x }) => {
 *   const inner = mul(x, 2);
 *   const [y] = substitute([mul(inner, inner)], new Map([[inner, (value) => add(value, 1)]]));
 *   return { y: y! };
 * });
 * evaluate(graph, { x: [3] }).y![0]; // => 49
 */
export function substitute(outputs: readonly Tensor[], edits: ReadonlyMap<Tensor, Edit>): Tensor[] {
  const copies = new Map<Tensor, Tensor>();
  for (const node of topological(outputs)) {
    const inputs: readonly Tensor[] = node.inputs.map((input) => copies.get(input)!);
    const moved = inputs.some((input, i) => input !== node.inputs[i]);
    const value = moved ? makeNode(node.op, inputs as never, node.attrs as never, node) : node;
    const edit = edits.get(node);
    copies.set(node, edit ? fitting(edit(value), node) : value);
  }
  return outputs.map((output) => copies.get(output)!);
}

function fitting(replacement: Tensor, { shape, dtype, op }: Tensor): Tensor {
  if (replacement.dtype === dtype && sameShape(replacement.shape, shape)) return replacement;
  const got = `${replacement.dtype}${showShape(replacement.shape)}`;
  throw new LabError(
    "tensor/shape",
    `substitute: replacement of ${op} does not fit, got ${got}; expected ${dtype}${showShape(shape)}`,
  );
}
