/**
 * @file Protobuf bytes as an ONNX model. Any bytes give a model or a `LabError`,
 * in time and memory proportional to their number.
 */
import { LabError } from "../../core/errors.ts";
import type { OnnxAttribute, OnnxData, OnnxDType, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";
import {
  ATTRIBUTE_CODES,
  ELEMENT_CODES,
  messageType,
  type Wire64,
  type WireAttribute,
  type WireModel,
  type WireNode,
  type WireTensor,
  type WireValue,
} from "./schema.ts";

const utf8 = new TextDecoder();

/** A parsed file before its tensors are looked at: enough to name its parts. */
export interface OnnxOutline {
  /** Version of the default operator set. */
  readonly opset: number;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Operator names that occur, sorted, with their domain where it is not the default one. */
  readonly opTypes: readonly string[];
  /** The names of all intermediate tensors and outputs, in file order. */
  readonly tensors: readonly string[];
  /** The names of the declared outputs. */
  readonly outputs: readonly string[];
}

/**
 * Read what a file says about itself, without looking at its constants; works on
 * every well-formed file, whatever element types and operators are in it.
 *
 * @throws {LabError} `onnx/malformed`
 */
export function outlineOnnx(bytes: Uint8Array): OnnxOutline {
  const { graph, ...header } = parse(bytes);
  const nodes = graph.node ?? [];
  return {
    ...header,
    opTypes: [...new Set(nodes.map((node) => (node.domain ? `${node.domain}::` : "") + (node.opType ?? "")))].sort(),
    tensors: nodes.flatMap((node) => node.output ?? []).filter((name) => name !== ""),
    outputs: (graph.output ?? []).map((output) => output.name ?? ""),
  };
}

/**
 * Read an `.onnx` file.
 *
 * @throws {LabError} `onnx/malformed` for bytes that are not a model, and
 *   `onnx/unsupported` for what {@link OnnxModel} cannot hold: strings, 16-bit
 *   brain floats, sequences, and constants kept in other files
 */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  const { graph, ...header } = parse(bytes);
  return {
    ...header,
    nodes: (graph.node ?? []).map(node),
    initializers: (graph.initializer ?? []).map((initializer) => tensor(initializer)),
    inputs: (graph.input ?? []).map(value),
    outputs: (graph.output ?? []).map(value),
  };
}

function parse(bytes: Uint8Array) {
  let model: WireModel;
  try {
    // Plain objects, because a message answers for absent fields with defaults.
    const type = messageType("Model");
    model = type.toObject(type.decode(bytes)) as WireModel;
  } catch (cause) {
    throw malformed(`${bytes.length} bytes are not a protobuf message (${reason(cause)})`, cause);
  }
  const { graph } = model;
  if (!graph?.output?.length) throw malformed(`the model has no ${graph ? "outputs" : "graph"}`);
  const defaultSet = model.opsetImport?.find((set) => !set.domain || set.domain === "ai.onnx");
  const opset = defaultSet?.version === undefined ? 0 : toNumber(defaultSet.version);
  if (opset < 1 || opset > 1000) throw malformed(`the version of the operator set is ${opset}`);
  const metadata = Object.fromEntries(
    (model.metadataProps ?? []).map(({ key, value: text }) => [key ?? "", text ?? ""]),
  );
  return { graph, opset, producer: model.producerName ?? "", metadata };
}

function malformed(problem: string, cause?: unknown): LabError {
  return new LabError("onnx/malformed", `onnx: ${problem}; expected a complete ONNX model`, {
    hint: "Check that the file is an ONNX model and was copied completely.",
    cause,
  });
}

const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

function unsupported(where: string, got: string, expected: string, hint: string): LabError {
  return new LabError("onnx/unsupported", `onnx: ${where} is ${got}; expected ${expected}`, { hint });
}

function node(wire: WireNode): OnnxNode {
  return {
    ...(wire.name ? { name: wire.name } : {}),
    ...(wire.domain && wire.domain !== "ai.onnx" ? { domain: wire.domain } : {}),
    opType: wire.opType ?? "",
    inputs: wire.input ?? [],
    outputs: wire.output ?? [],
    attributes: Object.fromEntries((wire.attribute ?? []).map((item) => [item.name ?? "", attribute(item)])),
  };
}

function attribute(wire: WireAttribute): OnnxAttribute {
  switch (wire.type || impliedType(wire)) {
    case ATTRIBUTE_CODES.int:
      return { type: "int", value: toNumber(wire.i ?? 0) };
    case ATTRIBUTE_CODES.ints:
      return { type: "ints", value: (wire.ints ?? []).map(toNumber) };
    case ATTRIBUTE_CODES.float:
      return { type: "float", value: wire.f ?? 0 };
    case ATTRIBUTE_CODES.floats:
      return { type: "floats", value: wire.floats ?? [] };
    case ATTRIBUTE_CODES.string:
      return { type: "string", value: utf8.decode(wire.s ?? new Uint8Array()) };
    case ATTRIBUTE_CODES.strings:
      return { type: "strings", value: (wire.strings ?? []).map((text) => utf8.decode(text)) };
    case ATTRIBUTE_CODES.tensor:
      return wire.t === undefined ? opaque(wire) : { type: "tensor", value: tensor(wire.t) };
    default:
      return opaque(wire);
  }
}

const opaque = (wire: WireAttribute): OnnxAttribute => ({
  type: "opaque",
  value: messageType("Attribute").encode(wire).finish(),
});

/** Old exporters left the type out; then the field that is there tells. */
function impliedType(wire: WireAttribute): number {
  const has = (field: keyof WireAttribute) => Object.hasOwn(wire, field);
  if (has("f")) return ATTRIBUTE_CODES.float;
  if (has("i")) return ATTRIBUTE_CODES.int;
  if (has("s")) return ATTRIBUTE_CODES.string;
  if (has("t")) return ATTRIBUTE_CODES.tensor;
  if (wire.floats?.length) return ATTRIBUTE_CODES.floats;
  if (wire.ints?.length) return ATTRIBUTE_CODES.ints;
  return wire.strings?.length ? ATTRIBUTE_CODES.strings : 0;
}

const DTYPE_OF_CODE = new Map<number, OnnxDType>(
  Object.entries(ELEMENT_CODES).map(([dtype, code]) => [code, dtype as OnnxDType]),
);

function dtype(where: string, code: number | undefined): OnnxDType {
  const found = DTYPE_OF_CODE.get(code ?? 0);
  if (found !== undefined) return found;
  throw unsupported(
    where,
    `of element type ${code ?? 0}`,
    `one of ${Object.keys(ELEMENT_CODES).join(", ")}`,
    "Convert the model to one of these types before exporting it.",
  );
}

function value(wire: WireValue): OnnxValue {
  const name = wire.name ?? "";
  const type = wire.type?.tensorType;
  const where = `"${name}"`;
  return {
    name,
    dtype: dtype(where, type?.elemType),
    dims: (type?.shape?.dim ?? []).map(({ dimValue, dimParam }) => {
      if (dimParam) return dimParam;
      return dimValue === undefined ? undefined : size(where, dimValue);
    }),
  };
}

/** Bytes of one element of each type, and the array that holds them. */
const STORAGE: Record<OnnxDType, { readonly bytes: number; readonly make: (from: ArrayBuffer) => OnnxData }> = {
  float32: { bytes: 4, make: (from) => new Float32Array(from) },
  float64: { bytes: 8, make: (from) => new Float64Array(from) },
  float16: { bytes: 2, make: (from) => new Uint16Array(from) },
  int8: { bytes: 1, make: (from) => new Int8Array(from) },
  uint8: { bytes: 1, make: (from) => new Uint8Array(from) },
  int32: { bytes: 4, make: (from) => new Int32Array(from) },
  int64: { bytes: 8, make: (from) => new BigInt64Array(from) },
  bool: { bytes: 1, make: (from) => new Uint8Array(from) },
};

function tensor(wire: WireTensor): OnnxTensor {
  const name = wire.name ?? "";
  const where = `constant "${name}"`;
  if (wire.dataLocation === 1 || wire.externalData?.length) {
    const file = wire.externalData?.find((entry) => entry.key === "location")?.value ?? "?";
    throw unsupported(
      where,
      `kept in another file (${file})`,
      "its data inside the model",
      "Save the model as one file; exporters split only models above 2 GB unless told to.",
    );
  }
  const type = dtype(where, wire.dataType);
  const dims = (wire.dims ?? []).map((dim) => size(where, dim));
  const count = dims.reduce((product, dim) => product * dim, 1);
  const data = wire.rawData?.length ? rawData(where, type, wire.rawData) : typedData(type, wire);
  if (data.length !== count) {
    throw malformed(`${where} has ${data.length} elements; its shape [${dims.join(", ")}] needs ${count}`);
  }
  return { name, dtype: type, dims, data };
}

function rawData(where: string, type: OnnxDType, raw: Uint8Array): OnnxData {
  const { bytes, make } = STORAGE[type];
  if (raw.length % bytes !== 0) throw malformed(`${where} has ${raw.length} bytes, not a multiple of ${bytes}`);
  // A copy, because the message gives no alignment and keeps the whole file alive.
  return make(new Uint8Array(raw).buffer);
}

function typedData(type: OnnxDType, wire: WireTensor): OnnxData {
  const ints = () => wire.int32Data ?? [];
  switch (type) {
    case "float32":
      return Float32Array.from(wire.floatData ?? []);
    case "float64":
      return Float64Array.from(wire.doubleData ?? []);
    case "int64":
      return BigInt64Array.from((wire.int64Data ?? []).map(toBigInt));
    case "float16":
      return Uint16Array.from(ints());
    case "int8":
      return Int8Array.from(ints());
    case "uint8":
    case "bool":
      return Uint8Array.from(ints());
    case "int32":
      return Int32Array.from(ints());
  }
}

function size(where: string, wire: Wire64): number {
  const dim = toNumber(wire);
  if (!Number.isSafeInteger(dim) || dim < 0) throw malformed(`a dimension of ${where} is ${dim}`);
  return dim;
}

function toNumber(wire: Wire64): number {
  return typeof wire === "number" ? wire : wire.high * 2 ** 32 + (wire.low >>> 0);
}

function toBigInt(wire: Wire64): bigint {
  return typeof wire === "number" ? BigInt(wire) : (BigInt(wire.high) << 32n) | BigInt(wire.low >>> 0);
}
