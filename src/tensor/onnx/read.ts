/**
 * @file A foreign model as a graph of our own, which gives it gradients.
 *
 * Shapes are fixed first: free dimensions are bound to numbers, and everything
 * computed from shapes alone becomes a constant. What no reader knows is named,
 * not refused: the file can still be run as it is.
 */
import { LabError } from "../../core/errors.ts";
import type { Graph, Spec, Tensor } from "../graph.ts";
import { trace } from "../trace.ts";
import { decodeOnnx } from "./decode.ts";
import type { OnnxModel, OnnxTensor, OnnxValue } from "./model.ts";
import { elementwiseReaders } from "./readers/elementwise.ts";
import { layoutReaders } from "./readers/layout.ts";
import { productReaders } from "./readers/product.ts";
import { recurrentReaders } from "./readers/recurrent.ts";
import { reduceReaders } from "./readers/reduce.ts";
import { constantOf, DTYPE_OF, type Readers, readNode, type Scope, Unreadable } from "./readers/site.ts";

const READERS: Readers = {
  ...elementwiseReaders,
  ...layoutReaders,
  ...productReaders,
  ...recurrentReaders,
  ...reduceReaders,
};

/** Operators that become graph operations, sorted. */
export const READABLE_OPERATORS: readonly string[] = Object.keys(READERS).sort();

export interface ReadOptions {
  /** Length of every free first dimension. 1 by default. */
  readonly batch?: number;
  /** Lengths of other free dimensions, by symbol. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Whole shapes of inputs, by name, where their free dimensions are known otherwise. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Inner tensors to put out beside the outputs, by name. */
  readonly taps?: readonly string[];
  /** Whether weights are inputs of the graph (to differentiate in them) or part of it. Inputs by default. */
  readonly parameters?: "inputs" | "constants";
}

/** A model that was read. */
export interface ReadModel {
  readonly unknown: readonly [];
  /** The model's inputs and, unless they are constants, its weights, to its outputs and taps. */
  readonly graph: Graph;
  /** The weights that are inputs of the graph. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/** A model that was not, and what stood in the way. */
export interface UnreadModel {
  readonly unknown: readonly [string, ...string[]];
}

/**
 * Read a model, or the bytes of one.
 *
 * @throws {LabError} `onnx/malformed` when it is no model, `onnx/interface` when a free dimension has no length
 */
export function readOnnx(source: OnnxModel | Uint8Array, options: ReadOptions = {}): ReadModel | UnreadModel {
  try {
    return read(source instanceof Uint8Array ? decodeOnnx(source) : source, options);
  } catch (error) {
    if (error instanceof Unreadable) return { unknown: [error.message] };
    // A type that we do not hold, or an interface that a trace does not allow, such as an output that is an input.
    const isBeyondUs =
      error instanceof LabError && ["onnx/unsupported", "input/invalid", "tensor/shape"].includes(error.code);
    if (isBeyondUs) return { unknown: [error.message] };
    throw error;
  }
}

/**
 * Every named value of a model, in the trace under way, exactly as the file
 * computes it: unlike in the graph of {@link readOnnx}, nothing is merged or
 * simplified, so that each value lies on the way to what depends on it and can be
 * replaced there.
 *
 * @param inputs tensors for the model's inputs, and for those of its weights that are not to be constants
 */
export function inlineOnnx(
  model: OnnxModel,
  inputs: Readonly<Record<string, Tensor>>,
): { readonly unknown: readonly []; readonly values: ReadonlyMap<string, Tensor> } | UnreadModel {
  try {
    const [first, ...rest] = unknownOperators(model);
    if (first !== undefined) return { unknown: [first, ...rest] };
    const stored = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
    return { unknown: [], values: replay(model, stored, inputs, new Set()).values };
  } catch (error) {
    if (error instanceof Unreadable) return { unknown: [error.message] };
    if (error instanceof LabError && error.code === "onnx/unsupported") return { unknown: [error.message] };
    throw error;
  }
}

function read(model: OnnxModel, options: ReadOptions): ReadModel | UnreadModel {
  const [first, ...rest] = unknownOperators(model);
  if (first !== undefined) return { unknown: [first, ...rest] };
  const stored = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const specs: Record<string, Spec> = {};
  for (const input of model.inputs) {
    // Old files list their weights among the inputs.
    if (!stored.has(input.name)) specs[input.name] = { shape: shapeOf(input, options), dtype: DTYPE_OF[input.dtype] };
  }
  const wanted = [...model.outputs.map(({ name }) => name), ...(options.taps ?? [])];

  const build = (weights: readonly OnnxTensor[], touched: Set<string>): Graph => {
    const weightSpecs = weights.map(({ name, dims }) => [name, { shape: dims, dtype: "float32" }] as const);
    return trace<Record<string, Spec>>({ ...specs, ...Object.fromEntries(weightSpecs) }, (inputs) => {
      const { tensor } = replay(model, stored, inputs, touched);
      return Object.fromEntries(wanted.map((name) => [name, tensor(name)]));
    });
  };
  if (options.parameters === "constants") return { unknown: [], graph: build([], new Set()), parameters: {} };
  // Twice: only the first pass can tell which constants are weights and which are shapes or settings.
  const touched = new Set<string>();
  const candidates = model.initializers.filter((tensor) => isWeight(tensor) && !(tensor.name in specs));
  build(candidates, touched);
  const weights = candidates.filter(({ name }) => touched.has(name));
  const parameters = Object.fromEntries(weights.map(({ name, data }) => [name, data as Float32Array]));
  return { unknown: [], graph: build(weights, touched), parameters };
}

/** Numbers that training could have changed. The emitter's own names have a "#" and are settings. */
function isWeight({ name, dtype, dims, data }: OnnxTensor): boolean {
  return dtype === "float32" && dims.length > 0 && data.length > 0 && name !== "" && !name.includes("#");
}

function unknownOperators({ nodes }: OnnxModel): string[] {
  const names = nodes.map(({ domain, opType }) => (domain ? `${domain}::${opType}` : opType));
  return [...new Set(names)].filter((name) => !Object.hasOwn(READERS, name)).sort();
}

/** Run through the nodes, putting each into the graph. */
function replay(
  model: OnnxModel,
  stored: ReadonlyMap<string, OnnxTensor>,
  inputs: Readonly<Record<string, Tensor>>,
  touched: Set<string>,
): { readonly values: ReadonlyMap<string, Tensor>; tensor(name: string): Tensor } {
  const values = new Map(Object.entries(inputs));
  const constants = new Map<string, Tensor>();
  const known = (name: string): Tensor | undefined => {
    const initializer = stored.get(name);
    if (initializer === undefined) return values.get(name);
    const found = constants.get(name) ?? constantOf(initializer);
    constants.set(name, found);
    return found;
  };
  const tensor = (name: string): Tensor => {
    touched.add(name);
    const found = values.get(name) ?? known(name);
    if (found) return found;
    throw new LabError("onnx/malformed", `onnx: no node makes "${name}" before it is used; expected nodes in order`);
  };
  const scope: Scope = { tensor, known };
  for (const node of model.nodes) {
    const made = reading(node.opType, () => readNode(node, model.opset, scope, READERS[node.opType]!));
    for (const [i, name] of node.outputs.entries()) {
      if (name === "") continue;
      const value = made[i];
      if (value) values.set(name, value);
      else if (isUsed(model, name)) throw new Unreadable(`${node.opType} with output ${i} in use`);
    }
  }
  return { values, tensor };
}

/** Refusals of our own operations say that the file means something that they do not. */
function reading<T>(opType: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isRefusal = error instanceof LabError && error.code.startsWith("tensor/");
    throw isRefusal ? new Unreadable(`${opType} (${error.message})`) : error;
  }
}

const isUsed = (model: OnnxModel, name: string): boolean =>
  model.outputs.some((output) => output.name === name) || model.nodes.some(({ inputs }) => inputs.includes(name));

/** Every dimension as a number. */
function shapeOf({ name, dims }: OnnxValue, { batch = 1, sizes = {}, shapes = {} }: ReadOptions): number[] {
  return dims.map((dim, axis) => {
    if (typeof dim === "number" && dim > 0) return dim;
    const length = shapes[name]?.[axis] ?? (typeof dim === "string" ? sizes[dim] : undefined);
    if (length !== undefined) return length;
    if (axis === 0) return batch;
    const symbol = typeof dim === "string" ? `"${dim}"` : `${axis}`;
    throw new LabError("onnx/interface", `onnx: dimension ${symbol} of input "${name}" is free; expected its length`, {
      hint: "Give its length, or export the model with a fixed one.",
    });
  });
}
