/**
 * @file An ONNX model as plain data: what `emit` produces, `encode` turns into
 * bytes, `decode` reads back and `read` turns into a differentiable graph.
 */

/** Element types this project reads and writes. */
export type OnnxDType = "float32" | "float64" | "float16" | "int8" | "uint8" | "int32" | "int64" | "bool";

export type OnnxData = Float32Array | Float64Array | Uint16Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A constant. `data` has the product of `dims` elements; float16 is kept as raw bits. */
export interface OnnxTensor {
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly dims: readonly number[];
  readonly data: OnnxData;
}

/** A graph input or output. A dimension is a number, a symbol, or unknown. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly dims: readonly (number | string | undefined)[];
}

export type OnnxAttribute =
  | { readonly type: "int"; readonly value: number }
  | { readonly type: "ints"; readonly value: readonly number[] }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensor"; readonly value: OnnxTensor }
  /** Subgraphs, sparse tensors and the like: kept as bytes, run opaquely. */
  | { readonly type: "opaque"; readonly value: Uint8Array };

export interface OnnxNode {
  readonly name?: string;
  readonly domain?: string;
  readonly opType: string;
  /** Value names; an omitted optional input is the empty string. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxModel {
  readonly opset: number;
  readonly producer: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Key-value metadata: task, observation layout, action names. */
  readonly metadata: Readonly<Record<string, string>>;
}
