/**
 * @file What runs a graph: one interface, several engines behind it.
 *
 * Tensors cross it as flat row-major typed arrays; bool travels as Uint8Array
 * of zeros and ones.
 */
import type { Graph } from "../graph.ts";

/** The elements of one tensor, row-major: float32, int32, int64, and uint8 or bool. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A loaded graph. Calls must not overlap. */
export interface Program {
  /**
   * One evaluation: named inputs in, named outputs out.
   *
   * @param spare arrays that an executor may overwrite with the outputs of those names, which saves allocating
   *   them; none may be among the feeds. Outputs without one are fresh arrays.
   * @throws {LabError} `tensor/shape` or `tensor/dtype` on a missing or misfitting feed
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    spare?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>>;
}

/** An engine. `load` caches by `graph.hash`, so loading twice is cheap. */
export interface Executor {
  readonly id: "native" | "wasm" | "reference";
  load(graph: Graph): Promise<Program>;
}
