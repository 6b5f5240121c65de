/**
 * @file Model files that take any number of rows, from graphs that are traced
 * for a fixed one.
 *
 * The graph is traced for two batch sizes. Where the two models differ only in
 * the batch axis of inputs, outputs and Reshape targets, the axis becomes
 * symbolic; where they differ elsewhere, the file keeps a fixed batch.
 */
import { emit } from "./emit.ts";
import type { Graph } from "./graph.ts";
import type { OnnxModel, OnnxTensor, OnnxValue } from "./onnx/model.ts";

/** Row counts compared; primes, so that no product of other axes equals one by accident. */
const [SMALL, LARGE] = [7, 11];

/**
 * A model whose batch axis is named `batch`, or one with the fixed batch
 * `fallback` where some operation depends on the number of rows.
 *
 * @param build traces the graph for a batch size
 */
export function emitBatched(
  build: (batch: number) => Graph,
  fallback: number,
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel {
  const small = emit(build(SMALL), metadata);
  const large = emit(build(LARGE), metadata);
  return merge(small, large) ?? emit(build(fallback), metadata);
}

/**
 * The model with some of its inputs stored in it under their own names: how a
 * network's weights stay recognizable in a file.
 */
export function storeInputs(model: OnnxModel, values: Readonly<Record<string, Float32Array>>): OnnxModel {
  const stored = model.inputs.filter(({ name }) => Object.hasOwn(values, name));
  const tensors = stored.map(({ name, dims }): OnnxTensor => {
    const fixed = dims.map((dim) => (typeof dim === "number" ? dim : 0));
    return { name, dtype: "float32", dims: fixed, data: values[name]! };
  });
  return {
    ...model,
    initializers: [...tensors, ...model.initializers],
    inputs: model.inputs.filter((input) => !stored.includes(input)),
  };
}

function merge(small: OnnxModel, large: OnnxModel): OnnxModel | undefined {
  const sameNodes =
    small.nodes.length === large.nodes.length &&
    small.initializers.length === large.initializers.length &&
    small.nodes.every((node, i) => JSON.stringify(node) === JSON.stringify(large.nodes[i]));
  if (!sameNodes) return undefined;
  const initializers: OnnxTensor[] = [];
  for (const [i, initializer] of small.initializers.entries()) {
    const merged = mergeConstant(initializer, large.initializers[i]!, small);
    if (merged === undefined) return undefined;
    initializers.push(merged);
  }
  const symbolic = (values: readonly OnnxValue[], others: readonly OnnxValue[]) =>
    values.map((value, i) => ({
      ...value,
      dims: value.dims.map((dim, axis) => (dim === others[i]!.dims[axis] ? dim : "batch")),
    }));
  return {
    ...small,
    initializers,
    inputs: symbolic(small.inputs, large.inputs),
    outputs: symbolic(small.outputs, large.outputs),
  };
}

/** Equal constants stay; a Reshape target that differs in one place infers it. */
function mergeConstant(a: OnnxTensor, b: OnnxTensor, model: OnnxModel): OnnxTensor | undefined {
  if (a.dtype !== b.dtype || a.data.length !== b.data.length) return undefined;
  const [left, right]: readonly ArrayLike<number | bigint>[] = [a.data, b.data];
  const differing = [...a.data.keys()].filter((i) => left![i] !== right![i]);
  if (differing.length === 0) return a;
  const users = model.nodes.filter(({ inputs }) => inputs.includes(a.name));
  const onlyReshapes = users.every(({ opType, inputs }) => opType === "Reshape" && inputs[1] === a.name);
  if (differing.length > 1 || !onlyReshapes || !(a.data instanceof BigInt64Array)) return undefined;
  const data = a.data.slice();
  data[differing[0]!] = -1n;
  return { ...a, data };
}
