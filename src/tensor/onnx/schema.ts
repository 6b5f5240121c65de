/**
 * @file The part of the public `onnx.proto` that this project reads and writes,
 * as field numbers, and the message types built from it.
 *
 * Submessages that are kept and never looked into (subgraphs, sparse tensors,
 * sequence types) are declared as bytes: on the wire the two are the same, and
 * a hostile file cannot make the reader descend into them.
 */
import protobuf from "protobufjs/light.js";

/** `name: "type number"`, repeated fields with a leading `*`. */
const MESSAGES = {
  Model: {
    irVersion: "int64 1",
    producerName: "string 2",
    graph: "Graph 7",
    opsetImport: "*OperatorSet 8",
    metadataProps: "*Entry 14",
    functions: "*bytes 25",
  },
  OperatorSet: { domain: "string 1", version: "int64 2" },
  Entry: { key: "string 1", value: "string 2" },
  Graph: {
    node: "*Node 1",
    name: "string 2",
    initializer: "*Tensor 5",
    input: "*ValueInfo 11",
    output: "*ValueInfo 12",
    sparseInitializer: "*bytes 15",
  },
  Node: {
    input: "*string 1",
    output: "*string 2",
    name: "string 3",
    opType: "string 4",
    attribute: "*Attribute 5",
    domain: "string 7",
  },
  Attribute: {
    name: "string 1",
    f: "float 2",
    i: "int64 3",
    s: "bytes 4",
    t: "Tensor 5",
    g: "bytes 6",
    floats: "*float 7",
    ints: "*int64 8",
    strings: "*bytes 9",
    tensors: "*bytes 10",
    graphs: "*bytes 11",
    typeProto: "bytes 14",
    typeProtos: "*bytes 15",
    type: "int32 20",
    refAttrName: "string 21",
    sparseTensor: "bytes 22",
    sparseTensors: "*bytes 23",
  },
  Tensor: {
    dims: "*int64 1",
    dataType: "int32 2",
    floatData: "*float 4",
    int32Data: "*int32 5",
    stringData: "*bytes 6",
    int64Data: "*int64 7",
    name: "string 8",
    rawData: "bytes 9",
    doubleData: "*double 10",
    uint64Data: "*uint64 11",
    externalData: "*Entry 13",
    dataLocation: "int32 14",
  },
  ValueInfo: { name: "string 1", type: "Type 2" },
  Type: { tensorType: "TensorType 1" },
  TensorType: { elemType: "int32 1", shape: "Shape 2" },
  Shape: { dim: "*Dimension 1" },
  Dimension: { dimValue: "int64 1", dimParam: "string 2" },
} as const satisfies Record<string, Record<string, string>>;

/** The 64-bit integers of the wire. protobufjs uses `Long` where it is installed, else numbers. */
export type Wire64 = number | { readonly low: number; readonly high: number; readonly unsigned: boolean };

export interface WireEntry {
  readonly key?: string;
  readonly value?: string;
}

export interface WireTensor {
  readonly dims?: readonly Wire64[];
  readonly dataType?: number;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly stringData?: readonly Uint8Array[];
  readonly int64Data?: readonly Wire64[];
  readonly name?: string;
  readonly rawData?: Uint8Array;
  readonly doubleData?: readonly number[];
  readonly uint64Data?: readonly Wire64[];
  readonly externalData?: readonly WireEntry[];
  readonly dataLocation?: number;
}

export interface WireAttribute {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: Wire64;
  readonly s?: Uint8Array;
  readonly t?: WireTensor;
  readonly floats?: readonly number[];
  readonly ints?: readonly Wire64[];
  readonly strings?: readonly Uint8Array[];
}

export interface WireNode {
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly attribute?: readonly WireAttribute[];
  readonly domain?: string;
}

export interface WireDimension {
  readonly dimValue?: Wire64;
  readonly dimParam?: string;
}

export interface WireValue {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim?: readonly WireDimension[] };
    };
  };
}

export interface WireGraph {
  readonly node?: readonly WireNode[];
  readonly name?: string;
  readonly initializer?: readonly WireTensor[];
  readonly input?: readonly WireValue[];
  readonly output?: readonly WireValue[];
}

export interface WireModel {
  readonly irVersion?: Wire64;
  readonly producerName?: string;
  readonly graph?: WireGraph;
  readonly opsetImport?: readonly { readonly domain?: string; readonly version?: Wire64 }[];
  readonly metadataProps?: readonly WireEntry[];
}

/** Element type numbers of `TensorProto.DataType`; those without a name here cannot be represented. */
export const ELEMENT_CODES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

/** Attribute type numbers of `AttributeProto.AttributeType`. */
export const ATTRIBUTE_CODES = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

let root: protobuf.Root | undefined;

/** A message type of the schema, built on first use. */
export function messageType(name: keyof typeof MESSAGES): protobuf.Type {
  root ??= buildRoot();
  return root.lookupType(name);
}

/** Reflection objects of all messages, with the presence and packing rules of proto2, as ONNX has them. */
function buildRoot(): protobuf.Root {
  const built = new protobuf.Root();
  for (const [message, description] of Object.entries(MESSAGES)) {
    const type = new protobuf.Type(message);
    for (const [field, text] of Object.entries<string>(description)) {
      const [kind, id] = text.split(" ") as [string, string];
      const rule = kind.startsWith("*") ? "repeated" : undefined;
      type.add(new protobuf.Field(field, Number(id), kind.replace("*", ""), rule));
    }
    built.add(type);
  }
  return built;
}
