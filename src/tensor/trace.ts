/**
 * @file Tracing: a function is run once on placeholders, and what its outputs need becomes a graph.
 *
 * While a function is traced, nodes are exactly what was written, so gradients
 * with respect to inner values mean what they say. Only the finished graph is
 * rewritten: dead nodes go, equal ones merge, cheaper equal expressions take over.
 */
import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { type Graph, makeNode, type Spec, type Tensor, topological } from "./graph.ts";
import { Rewriter, textOf } from "./rewrite.ts";
import { sameShape, showShape } from "./shape.ts";

/**
 * The graph of `build`.
 *
 * @throws {LabError} `tensor/shape` on a shape that is not static and positive,
 *   `input/invalid` on a name used twice or an input of another trace
 *
 * @example
 * import { mul } from "./ops.ts";
 * trace({ x: { shape: [2], dtype: "float32" } }, ({ x }) => ({ y: mul(x, 2) })).nodes.length; // => 3
 */
export function trace<I extends Readonly<Record<string, Spec>>>(
  inputs: I,
  build: (inputs: { readonly [K in keyof I]: Tensor }) => Readonly<Record<string, Tensor>>,
): Graph {
  const placeholders: Record<string, Tensor> = {};
  for (const [name, spec] of Object.entries(inputs)) {
    checkName(name);
    checkSpec(name, spec);
    placeholders[name] = makeNode("input", [], { name }, spec);
  }
  const outputs = build(placeholders as { [K in keyof I]: Tensor });
  for (const name of Object.keys(outputs)) {
    checkName(name);
    if (name in placeholders) throw invalid(`output has the name of an input, got "${name}"; expected distinct names`);
  }
  const own = new Set(Object.values(placeholders));
  for (const node of topological(Object.values(outputs))) {
    if (node.op === "input" && !own.has(node)) {
      throw invalid(`an output depends on another trace, got its input "${node.attrs.name}"; expected own inputs only`);
    }
  }
  return finish(placeholders, outputs);
}

/**
 * The outputs of a finished graph as values of the trace under way, for its inputs' tensors: how a graph becomes a
 * part of another one, so that a model read from a file can be differentiated or patched.
 *
 * @throws {LabError} `tensor/shape` when a tensor is absent or of another shape or element type
 */
export function inline(graph: Graph, inputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const copies = new Map<Tensor, Tensor>();
  for (const [name, { shape, dtype }] of Object.entries(graph.inputs)) {
    const given = inputs[name];
    if (given?.dtype !== dtype || !sameShape(given.shape, shape)) {
      const got = given ? `${given.dtype}${showShape(given.shape)}` : "nothing";
      const expected = `${dtype}${showShape(shape)}`;
      throw new LabError("tensor/shape", `inline: input "${name}" does not fit, got ${got}; expected ${expected}`);
    }
    copies.set(graph.inputs[name]!, given);
  }
  for (const node of graph.nodes) {
    if (copies.has(node)) continue;
    const operands = node.inputs.map((input) => copies.get(input)!);
    copies.set(node, makeNode(node.op, operands as never, node.attrs as never, node));
  }
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, copies.get(node)!]));
}

function finish(inputs: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Graph {
  const rewriter = new Rewriter();
  const results: Record<string, Tensor> = {};
  for (const [name, node] of Object.entries(outputs)) results[name] = rewriter.rewrite(node);
  const nodes = topological([...Object.values(inputs), ...Object.values(results)]);
  const places = new Map(nodes.map((node, i) => [node, i] as const));
  const text = nodes.map((node) => textOf(node, places));
  const hash = hashJson([text, Object.entries(results).map(([name, node]) => [name, places.get(node)!])]);
  return Object.freeze({ nodes, inputs: Object.freeze(inputs), outputs: Object.freeze(results), hash });
}

function checkName(name: string): void {
  // The emitter names inner values with "#", so that no user name can clash with them.
  if (name === "" || name.includes("#"))
    throw invalid(`name is empty or contains "#", got "${name}"; expected another`);
}

function checkSpec(name: string, { shape }: Spec): void {
  if (shape.every((length) => Number.isInteger(length) && length >= 1)) return;
  const got = showShape(shape);
  throw new LabError("tensor/shape", `trace: input "${name}" has no static shape, got ${got}; expected integers ≥ 1`);
}

const invalid = (message: string): LabError => new LabError("input/invalid", `trace: ${message}`);
