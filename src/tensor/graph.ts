/**
 * @file Graphs: what a traced function is.
 *
 * A node is frozen and knows its operation and inputs, nothing of engines or
 * gradients: `ops.ts` makes nodes, `rules/` says what they mean, `trace.ts`
 * finishes graphs.
 */
import type { OpName, OpTable } from "./rules/table.ts";

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
  /** Live nodes, no two alike, inputs of a node before the node. */
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
 * All nodes that `roots` need, inputs first, without those known `before` and
 * what only they need. Iterative: unrolled networks are deep.
 */
export function topological(roots: readonly Tensor[], before?: { has(node: Tensor): boolean }): Tensor[] {
  const order: Tensor[] = [];
  const entered = new Set<Tensor>();
  const done = new Set<Tensor>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (done.has(node) || before?.has(node)) {
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
