/**
 * @file What a reader sees of one ONNX node, and how it refuses what it does not know.
 *
 * A reader turns a node into graph operations. It must look at every attribute:
 * one that it leaves unread is refused, so that a meaning is never guessed.
 */
import type { DType, Tensor } from "../../graph.ts";
import { constant } from "../../ops.ts";
import { evaluate } from "../../reference.ts";
import { showShape, sizeOf } from "../../shape.ts";
import { trace } from "../../trace.ts";
import { fromFloat16 } from "../float16.ts";
import type { OnnxAttribute, OnnxDType, OnnxNode, OnnxTensor } from "../model.ts";

/** A node, a meaning of it, or a value in it that no reader knows: the file is run opaquely instead. */
export class Unreadable extends Error {}

/** One ONNX node with its inputs already in the graph. */
export interface Site {
  readonly opset: number;
  readonly opType: string;
  /** How many outputs the node declares. */
  readonly outputs: number;
  /** All inputs that are given. */
  readonly inputs: readonly Tensor[];
  /** Input `i`. */
  x(i?: number): Tensor;
  /** Input `i`, if it is given. */
  optional(i: number): Tensor | undefined;
  /** The numbers of input `i`, which must not depend on what is fed. */
  numbers(i: number): readonly number[];
  /** Attributes by name. Asking for one marks it as read. */
  int(name: string, fallback: number): number;
  ints(name: string): readonly number[] | undefined;
  float(name: string, fallback: number): number;
  floats(name: string): readonly number[] | undefined;
  text(name: string, fallback: string): string;
  texts(name: string): readonly string[] | undefined;
  tensor(name: string): OnnxTensor | undefined;
  /** @throws {Unreadable} always */
  refuse(what: string): never;
}

/** From a node to its outputs, the first ones if not all. */
export type Reader = (site: Site) => Tensor | readonly Tensor[];

export type Readers = Readonly<Record<string, Reader>>;

/** How the values of a model are looked up while it is read. */
export interface Scope {
  tensor(name: string): Tensor;
  /** The constant that a name stands for, even where it is also a parameter. */
  known(name: string): Tensor | undefined;
}

/**
 * Read one node.
 *
 * @throws {Unreadable} when an attribute or value is beyond the reader
 */
export function readNode(node: OnnxNode, opset: number, scope: Scope, reader: Reader): readonly Tensor[] {
  const unread = new Set(Object.keys(node.attributes));
  const refuse = (what: string): never => {
    throw new Unreadable(`${node.opType} with ${what}`);
  };
  const attribute = (name: string, type: OnnxAttribute["type"]): unknown => {
    const found = node.attributes[name];
    if (found === undefined) return undefined;
    unread.delete(name);
    return found.type === type ? found.value : refuse(`${name} of type ${found.type}`);
  };
  const optional = (i: number) => (node.inputs[i] ? scope.tensor(node.inputs[i]) : undefined);
  const x = (i = 0) => optional(i) ?? refuse(`input ${i} missing`);
  const result = reader({
    opset,
    opType: node.opType,
    outputs: node.outputs.length,
    get inputs() {
      return node.inputs.filter((name) => name !== "").map((name) => scope.tensor(name));
    },
    x,
    optional,
    numbers(i) {
      const known = scope.known(node.inputs[i] ?? "");
      return known?.op === "constant" ? Array.from(known.attrs.values) : refuse(`input ${i} computed`);
    },
    int: (name, fallback) => (attribute(name, "int") as number | undefined) ?? fallback,
    ints: (name) => attribute(name, "ints") as readonly number[] | undefined,
    float: (name, fallback) => (attribute(name, "float") as number | undefined) ?? fallback,
    floats: (name) => attribute(name, "floats") as readonly number[] | undefined,
    text: (name, fallback) => (attribute(name, "string") as string | undefined) ?? fallback,
    texts: (name) => attribute(name, "strings") as readonly string[] | undefined,
    tensor: (name) => attribute(name, "tensor") as OnnxTensor | undefined,
    refuse,
  });
  const [left] = unread;
  if (left !== undefined) refuse(`attribute ${left}`);
  const outputs = "op" in result ? [result] : result;
  for (const { shape } of outputs) checkShape(shape, refuse);
  // What needs no feed is computed once, here: shapes taken apart and put together, masks, folded weights.
  return node.inputs.every((name) => name === "" || scope.tensor(name).op === "constant") ? outputs.map(fold) : outputs;
}

/** Elements of the largest tensor that is read: a gigabyte of float32. Hostile shapes stop here, before memory does. */
const LARGEST = 2 ** 28;

/** Refuse shapes that cannot be, and that cannot be held. */
export function checkShape(shape: readonly number[], refuse: Site["refuse"]): void {
  const isShape = shape.every((length) => Number.isInteger(length) && length >= 0);
  if (!isShape || sizeOf(shape) > LARGEST) refuse(`a result of shape ${showShape(shape)}`);
}

/** A tensor that depends on nothing fed, as a constant. */
export function fold(x: Tensor): Tensor {
  if (x.op === "constant") return x;
  const { y } = evaluate(
    trace({}, () => ({ y: x })),
    {},
  );
  return constant(y!, x.shape, x.dtype);
}

/** The element type that stands for one of ONNX: all floats are computed as float32, small integers as int32. */
export const DTYPE_OF: Readonly<Record<OnnxDType, DType>> = {
  float32: "float32",
  float64: "float32",
  float16: "float32",
  int8: "int32",
  uint8: "uint8",
  int32: "int32",
  int64: "int64",
  bool: "bool",
};

/** A stored constant, whatever its element type. */
export function constantOf({ dtype, dims, data }: OnnxTensor): Tensor {
  const values =
    dtype === "float16" ? Float64Array.from(data as Uint16Array, fromFloat16) : Float64Array.from(data, Number);
  return constant(values, dims, DTYPE_OF[dtype]);
}
