/**
 * @file Graphs: what a traced function is.
 *
 * A function is traced once, with static shapes, into frozen nodes. A node knows
 * its operation and inputs, nothing of engines or gradients; `ops.ts` makes nodes,
 * `rules/` says what they mean. A finished graph is topologically ordered, holds
 * no dead node and no two equal ones, and is named by the hash of its content.
 */
import { LabError } from "../core/errors.ts";
import { bytesOf, hashBytes, hashJson } from "../core/hash.ts";
import type { OpName, OpTable } from "./rules/table.ts";
import { showShape } from "./shape.ts";

/** Element types. Gradients exist for float32 only. */
export type DType = "float32" | "int32" | "int64" | "uint8" | "bool";

/** What is known of a tensor before it is computed. */
export interface Spec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** One signature in a family of operations: number of inputs (`number` = any) and attributes. */
export interface Op<Arity extends number, Attrs = None> {
  readonly arity: Arity;
  readonly attrs: Attrs;
}

/** No attributes. */
export type None = Readonly<Record<never, never>>;

/** One `T` for each input of an operation. */
export type Inputs<Arity extends number, T> = number extends Arity
  ? readonly T[]
  : { 0: readonly []; 1: readonly [T]; 2: readonly [T, T]; 3: readonly [T, T, T] }[Arity & (0 | 1 | 2 | 3)];

/** A value of the traced function that `K` computes. */
export interface Node<K extends OpName> extends Spec {
  readonly op: K;
  readonly inputs: Inputs<OpTable[K]["arity"], Tensor>;
  readonly attrs: OpTable[K]["attrs"];
}

/** A value of the traced function; `op` tells which kind. */
export type Tensor = { [K in OpName]: Node<K> }[OpName];

/** A traced function: named inputs to named outputs. */
export interface Graph {
  /** Live nodes, inputs of a node before the node. */
  readonly nodes: readonly Tensor[];
  /** In the order of declaration; an input that nothing uses is still an input. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** SHA-256 of the content, names included: equal graphs, equal hash. */
  readonly hash: string;
}

/** A new node, frozen, unchecked: use `ops.ts` instead. */
export function makeNode<K extends OpName>(
  op: K,
  inputs: Inputs<OpTable[K]["arity"], Tensor>,
  attrs: OpTable[K]["attrs"],
  spec: Spec,
): Tensor {
  const shape = Object.freeze([...spec.shape]);
  return Object.freeze({ op, inputs: Object.freeze(inputs), attrs, shape, dtype: spec.dtype }) as unknown as Tensor;
}

/**
 * Run `build` once on placeholders and keep what its outputs need.
 *
 * @throws {LabError} `tensor/shape` on a shape that is not static and positive,
 *   `input/invalid` on a name used twice or an input of another trace
 *
 * @example
 * import { mul } from "mesascope/tensor";
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
  return finish(placeholders, build(placeholders as { [K in keyof I]: Tensor }));
}

/** All nodes that `roots` need, inputs first. Iterative: unrolled networks are deep. */
export function topological(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const entered = new Set<Tensor>();
  const done = new Set<Tensor>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (done.has(node)) {
      stack.pop();
    } else if (entered.has(node)) {
      stack.pop();
      done.add(node);
      order.push(node);
    } else {
      entered.add(node);
      for (let i = node.inputs.length - 1; i >= 0; i--) {
        const input: Tensor = node.inputs[i]!;
        if (!done.has(input)) stack.push(input);
      }
    }
  }
  return order;
}

function finish(inputs: Record<string, Tensor>, outputs: Readonly<Record<string, Tensor>>): Graph {
  for (const name of Object.keys(outputs)) {
    checkName(name);
    if (name in inputs) throw invalid(`output has the name of an input, got "${name}"; expected distinct names`);
  }
  const placeholders = new Set(Object.values(inputs));
  const ids = new Map<Tensor, number>();
  const canonical = new Map<Tensor, Tensor>();
  const byKey = new Map<string, Tensor>();
  const nodes: Tensor[] = [];
  const keys: string[] = [];
  for (const node of topological([...placeholders, ...Object.values(outputs)])) {
    if (node.op === "input" && !placeholders.has(node)) {
      throw invalid(`an output depends on another trace, got its input "${node.attrs.name}"; expected own inputs only`);
    }
    const operands = (node.inputs as readonly Tensor[]).map((input) => canonical.get(input)!);
    const key = `${node.op} ${node.dtype}${showShape(node.shape)} ${operands.map((x) => ids.get(x))} ${attrsText(node.attrs)}`;
    let kept = byKey.get(key);
    if (!kept) {
      const moved = operands.some((operand, i) => operand !== node.inputs[i]);
      kept = moved ? makeNode(node.op, operands as never, node.attrs as never, node) : node;
      byKey.set(key, kept);
      ids.set(kept, nodes.length);
      nodes.push(kept);
      keys.push(key);
    }
    canonical.set(node, kept);
  }
  const results = Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, canonical.get(node)!]));
  const named = Object.entries(results).map(([name, node]) => [name, ids.get(node)!]);
  const hash = hashJson([keys, named]);
  return Object.freeze({ nodes, inputs: Object.freeze(inputs), outputs: Object.freeze(results), hash });
}

/** Attributes as text: equal attributes, equal text. Infinities survive, unlike in JSON. */
function attrsText(attrs: object): string {
  return Object.entries(attrs)
    .map(([key, value]) => `${key}=${value instanceof Float64Array ? numbersText(value) : String(value)}`)
    .join(" ");
}

const numbersText = (values: Float64Array): string =>
  values.length > 8 ? hashBytes(bytesOf(values)) : Array.from(values, (v) => (Object.is(v, -0) ? "-0" : v)).join();

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
