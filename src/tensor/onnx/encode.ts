/**
 * @file An ONNX model as protobuf bytes. The same model gives the same bytes.
 *
 * Constants are written as `raw_data`, little-endian, which is also the byte
 * order of every platform that onnxruntime supports.
 */
import { bytesOf } from "../../core/hash.ts";
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";
import {
  ATTRIBUTE_CODES,
  ELEMENT_CODES,
  messageType,
  type Wire64,
  type WireAttribute,
  type WireDimension,
  type WireModel,
  type WireNode,
  type WireTensor,
  type WireValue,
} from "./schema.ts";

const utf8 = new TextEncoder();

/** The bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const domains = new Set(model.nodes.map((node) => node.domain ?? ""));
  domains.delete("");
  const message: WireModel = {
    irVersion: irVersion(model.opset),
    producerName: model.producer,
    graph: {
      name: "graph",
      node: model.nodes.map(node),
      initializer: model.initializers.map(tensor),
      input: model.inputs.map(value),
      output: model.outputs.map(value),
    },
    opsetImport: [
      { domain: "", version: model.opset },
      ...[...domains].sort().map((domain) => ({ domain, version: 1 })),
    ],
    metadataProps: Object.entries(model.metadata).map(([key, text]) => ({ key, value: text })),
  };
  // A plain array of its own, because protobufjs gives a Buffer, whose slices share memory.
  return new Uint8Array(messageType("Model").encode(message).finish());
}

/** The file format version that introduced an operator set. */
function irVersion(opset: number): number {
  if (opset <= 18) return 8;
  return opset <= 20 ? 9 : 10;
}

function node(source: OnnxNode): WireNode {
  return {
    input: source.inputs,
    output: source.outputs,
    opType: source.opType,
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(source.domain === undefined ? {} : { domain: source.domain }),
    attribute: Object.entries(source.attributes).map(([name, content]) => attribute(name, content)),
  };
}

function attribute(name: string, content: OnnxAttribute): WireAttribute {
  switch (content.type) {
    case "int":
      return { name, type: ATTRIBUTE_CODES.int, i: int64(content.value) };
    case "ints":
      return { name, type: ATTRIBUTE_CODES.ints, ints: content.value.map(int64) };
    case "float":
      return { name, type: ATTRIBUTE_CODES.float, f: content.value };
    case "floats":
      return { name, type: ATTRIBUTE_CODES.floats, floats: content.value };
    case "string":
      return { name, type: ATTRIBUTE_CODES.string, s: utf8.encode(content.value) };
    case "strings":
      return { name, type: ATTRIBUTE_CODES.strings, strings: content.value.map((text) => utf8.encode(text)) };
    case "tensor":
      return { name, type: ATTRIBUTE_CODES.tensor, t: tensor(content.value) };
    case "opaque":
      return messageType("Attribute").decode(content.value) as WireAttribute;
  }
}

/** 2^63 − 1 is exporters' word for "to the end" and no double: it is 2^63 here, and saturates back. */
function int64(value: number): Wire64 {
  if (value >= 2 ** 63) return { low: -1, high: 0x7fffffff, unsigned: false };
  if (value <= -(2 ** 63)) return { low: 0, high: -0x80000000, unsigned: false };
  return value;
}

function tensor(source: OnnxTensor): WireTensor {
  return {
    dims: source.dims,
    dataType: ELEMENT_CODES[source.dtype],
    name: source.name,
    rawData: bytesOf(source.data),
  };
}

function value(source: OnnxValue): WireValue {
  const dim = source.dims.map((size): WireDimension => {
    if (size === undefined) return {};
    return typeof size === "number" ? { dimValue: size } : { dimParam: size };
  });
  return { name: source.name, type: { tensorType: { elemType: ELEMENT_CODES[source.dtype], shape: { dim } } } };
}
