/**
 * @file What a rule is: everything the project knows about one operation, in one place.
 *
 * A rule says which shapes and element types fit, how gradients flow back, how
 * the operation is written in ONNX, and what it computes in plain float64. A
 * family of operations declares its signatures in an interface and its rules as
 * `Rules<Family>`, so that a missing rule, or one gradient too few, does not compile.
 */
import { LabError } from "../../core/errors.ts";
import type { DType, Inputs, Op, Spec, Tensor } from "../graph.ts";
import type { Ops } from "../ops.ts";

/** The graph-building functions, handed to rules so that rules import no operation. */
export type { Ops };

/** A node as rules see it. */
export interface Applied<Arity extends number, Attrs> extends Spec {
  readonly inputs: Inputs<Arity, Spec>;
  readonly attrs: Attrs;
}

/**
 * How a cotangent flows. "zero": nothing flows, by intent. "none": flat almost
 * everywhere, so that asking is likely a mistake and is refused.
 */
export type Flow<Gradient> = "zero" | "none" | Gradient;

/** The same node, where a rule may build on its inputs and its output. */
export interface Site<Arity extends number, Attrs> {
  readonly inputs: Inputs<Arity, Tensor>;
  readonly output: Tensor;
  readonly attrs: Attrs;
}

/** Writes ONNX. Names are chosen here, so they are the same in every run. */
export interface Emitter {
  /** Append a node and name its last output. Attributes are integers, lists of integers, or strings. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, number | readonly number[] | string>>,
    outputs?: number,
  ): string;
  /** An initializer; equal ones are shared. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: DType): string;
  /** A one-dimensional int64 initializer: axes, pads, shapes. */
  ints(values: readonly number[]): string;
}

export interface Rule<Arity extends number, Attrs> {
  /** Works element by element on stretched inputs, so that a stretch can be delayed until after it. */
  readonly stretches?: true;
  /** Shape and element type of the result. Throws {@link LabError} `tensor/shape` or `tensor/dtype`. */
  infer(inputs: Inputs<Arity, Spec>, attrs: Attrs, op: string): Spec;
  /** A cheaper equal expression, if there is one. */
  simplify?(inputs: Inputs<Arity, Tensor>, attrs: Attrs, spec: Spec, ops: Ops): Tensor | undefined;
  /** Cotangents of the inputs from the cotangent `g` of the output, as graph nodes; undefined where nothing flows. */
  readonly gradient: Flow<(g: Tensor, site: Site<Arity, Attrs>, ops: Ops) => Inputs<Arity, Tensor | undefined>>;
  /** Write the operation; the name of the result. */
  emit(to: Emitter, inputs: Inputs<Arity, string>, node: Applied<Arity, Attrs>): string;
  /** The oracle: every element type as float64, row-major. */
  evaluate(inputs: Inputs<Arity, Float64Array>, node: Applied<Arity, Attrs>): Float64Array;
}

/** One rule for each operation of a family. */
export type Rules<Family> = {
  readonly [K in keyof Family]: Family[K] extends Op<infer Arity, infer Attrs> ? Rule<Arity, Attrs> : never;
};

/**
 * Refuse element types that an operation cannot work on.
 *
 * @throws {LabError} `tensor/dtype`
 */
export function checkDType(where: string, inputs: readonly Spec[], allowed: readonly DType[]): DType {
  const [first] = inputs;
  const got = inputs.map((input) => input.dtype);
  if (first && allowed.includes(first.dtype) && got.every((dtype) => dtype === first.dtype)) return first.dtype;
  const expected = inputs.length > 1 ? `one element type out of ${allowed.join(", ")}` : allowed.join(" or ");
  throw new LabError(
    "tensor/dtype",
    `${where}: element types do not fit, got ${got.join(" and ")}; expected ${expected}`,
    {
      hint: "Convert with cast(x, dtype).",
    },
  );
}

export const floats: readonly DType[] = ["float32"];
export const numbers: readonly DType[] = ["float32", "int32", "int64"];
export const indices: readonly DType[] = ["int32", "int64"];
export const anything: readonly DType[] = ["float32", "int32", "int64", "uint8", "bool"];

/** @throws {LabError} `tensor/shape`, always */
export function refuseShape(where: string, problem: string, got: string, expected: string): never {
  throw new LabError("tensor/shape", `${where}: ${problem}, got ${got}; expected ${expected}`);
}
