/**
 * @file From a graph to an ONNX model.
 *
 * Values are named after the operation and its place in the graph (`matmul#4`),
 * inputs and outputs as the graph names them, so equal graphs give equal bytes.
 */
import { bytesOf, hashBytes } from "../core/hash.ts";
import type { DType, Graph, Tensor } from "./graph.ts";
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from "./onnx/model.ts";
import type { Emitter, Rule } from "./rules/rule.ts";
import { rules } from "./rules/table.ts";
import type { TensorData } from "./runtime/executor.ts";

/** ReduceMax with axes as an input is the newest thing used; later versions disable fusions in older runtimes. */
const OPSET = 18;

/**
 * The graph as an ONNX model that any runtime with the standard operators runs.
 *
 * @param metadata key-value pairs stored in the model: task, observation layout, action names
 */
export function emit(graph: Graph, metadata: Readonly<Record<string, string>> = {}): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const names = new Map<Tensor, string>();
  let stem = "";
  let parts = 0;

  const to: Emitter = {
    node(opType, inputs, attributes = {}, outputs = 1) {
      const name = parts === 0 ? stem : `${stem}.${parts}`;
      parts++;
      const unused = Array.from({ length: outputs - 1 }, (_, i) => `${name}:${i}`);
      nodes.push({ opType, inputs, outputs: [...unused, name], attributes: mapValues(attributes, attributeOf) });
      return name;
    },
    constant(values, shape, dtype) {
      const data = dataOf(values, dtype);
      const key = `${dtype}${shape}:${data.length > 8 ? hashBytes(bytesOf(data)) : data.join()}`;
      const found = initializers.get(key)?.name;
      if (found) return found;
      const name = `constant#${initializers.size}`;
      initializers.set(key, { name, dtype, dims: shape, data });
      return name;
    },
    ints: (values) => to.constant(values, [values.length], "int64"),
  };

  for (const [i, node] of graph.nodes.entries()) {
    stem = `${node.op}#${i}`;
    parts = 0;
    const rule = rules[node.op] as unknown as Rule<number, unknown>;
    const inputs = node.inputs.map((input) => names.get(input)!);
    names.set(node, rule.emit(to, inputs, node));
  }

  const rename = new Map<string, string>();
  const produced = new Set(nodes.flatMap(({ outputs }) => outputs));
  for (const [name, node] of Object.entries(graph.outputs)) {
    const value = names.get(node)!;
    // An output that is an input, a constant, or a second name for another output needs a copy.
    if (!produced.has(value) || rename.has(value)) {
      nodes.push({ opType: "Identity", inputs: [value], outputs: [name], attributes: {} });
    } else {
      rename.set(value, name);
    }
  }
  const renamed = (list: readonly string[]) => list.map((name) => rename.get(name) ?? name);
  const interfaceOf = ([name, { dtype, shape }]: readonly [string, Tensor]) => ({ name, dtype, dims: shape });
  return {
    opset: OPSET,
    producer: "mesascope",
    nodes: nodes.map((node) => ({ ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) })),
    initializers: [...initializers.values()],
    inputs: Object.entries(graph.inputs).map(interfaceOf),
    outputs: Object.entries(graph.outputs).map(interfaceOf),
    metadata,
  };
}

function attributeOf(value: number | readonly number[] | string): OnnxAttribute {
  if (typeof value === "number") return { type: "int", value };
  return typeof value === "string" ? { type: "string", value } : { type: "ints", value };
}

/** Values in the array type of their element type. */
export function dataOf(values: ArrayLike<number>, dtype: DType): TensorData {
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
  }
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
