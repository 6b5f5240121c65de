/**
 * @file The forward pass of a file as ours: observations in the world's planes and
 * layout go in, scores in the world's order of actions come out, and every named
 * value on the way is a site.
 */
import { LabError } from "../core/errors.ts";
import type { Inside } from "../subject.ts";
import {
  cast,
  concat,
  inlineOnnx,
  log,
  max,
  maximum,
  type OnnxModel,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
} from "../tensor/index.ts";
import type { PolicyInterface } from "./interface.ts";
import { NEVER, type Scores } from "./scores.ts";

/** How a file is to be read. */
export interface FileReading {
  readonly fit: PolicyInterface;
  readonly scores: Scores;
  /** Name of the output with state values, where there may be one. */
  readonly value: string;
}

/**
 * {@link Inside.forward} of a model. Sites are the float32 values that the file
 * names, that depend on the observation, and whose first axis is the batch.
 *
 * It throws a {@link LabError} `onnx/unsupported` where the file cannot be read at
 * a batch size.
 */
export function fileForward(model: OnnxModel, { fit, scores, value: valueName }: FileReading): Inside["forward"] {
  const declared = model.inputs.find(({ name }) => name === fit.input)!.dtype;
  const isInteger = !declared.startsWith("float");
  return (parameters, planes) => {
    const batch = planes.shape[0]!;
    const asFile = arranged(planes, fit);
    const read = (observation: Tensor) => inlineOnnx(model, { ...parameters, [fit.input]: observation });
    // Integer inputs are mostly cast to floats at once: left as floats, they pass gradients on.
    let result = tolerant(() => read(asFile));
    if (isInteger && "unknown" in result && result.unknown.length > 0) {
      result = read(
        cast(asFile, declared === "uint8" || declared === "bool" || declared === "int64" ? declared : "int32"),
      );
    }
    if (!("values" in result)) {
      throw new LabError(
        "onnx/unsupported",
        `onnx: the file cannot be read for ${batch} observations, got ${result.unknown.join(", ")}; expected operators that we know`,
      );
    }
    const { values } = result;
    const sites: Record<string, Tensor> = {};
    const active = dependents(values.values(), planes);
    for (const [name, tensor] of values) {
      if (name === fit.input || tensor.dtype !== "float32" || tensor.shape[0] !== batch) continue;
      if (active.has(tensor)) sites[name] = tensor;
    }
    const own = usable(values.get(fit.output)!, scores);
    const critic = values.get(valueName);
    const isCritic =
      critic?.dtype === "float32" && valueName !== fit.output && critic.shape.reduce((a, b) => a * b, 1) === batch;
    return {
      logits: reordered(own, fit.actions),
      sites,
      ...(isCritic ? { value: reshape(critic, [batch]) } : {}),
    };
  };
}

/** Refusals of the trace say that an element type or shape does not fit: for the caller to try another way. */
function tolerant<T>(read: () => T): T | { readonly unknown: readonly [string] } {
  try {
    return read();
  } catch (error) {
    if (error instanceof LabError && error.code.startsWith("tensor/")) return { unknown: [error.message] };
    throw error;
  }
}

/** Observations in the file's own order of planes and layout. */
function arranged(planes: Tensor, { planes: order, layout }: PolicyInterface): Tensor {
  const [batch = 1, ...rest] = planes.shape;
  const isSorted = order.every((plane, i) => plane === i);
  const sorted = isSorted
    ? planes
    : concat(
        order.map((plane) => slice(planes, { axis: 1, start: plane, end: plane + 1 })),
        1,
      );
  switch (layout) {
    case "NCHW":
      return sorted;
    case "NHWC":
      return transpose(sorted, [0, 2, 3, 1]);
    case "flat":
      return reshape(sorted, [batch, rest.reduce((product, length) => product * length, 1)]);
  }
}

/** The file's scores as finite logits, as in `scores.ts`. */
function usable(values: Tensor, scores: Scores): Tensor {
  if (scores === "probabilities") return log(max(values, SMALLEST));
  return max(values, sub(maximum(values, { axes: 1, keepDims: true }), -NEVER));
}

/** The least normal float32: its logarithm, −87, stands for never. */
const SMALLEST = 2 ** -126;

/** Scores in the world's order of actions, where `actions` tells for each of the file's which of the world's it is. */
function reordered(scores: Tensor, actions: readonly number[]): Tensor {
  if (actions.every((action, i) => action === i)) return scores;
  const columns = actions.map((_, action) => {
    const own = actions.indexOf(action);
    return slice(scores, { axis: 1, start: own, end: own + 1 });
  });
  return concat(columns, 1);
}

/** The tensors that depend on one of them. */
function dependents(tensors: Iterable<Tensor>, source: Tensor): Set<Tensor> {
  const known = new Map<Tensor, boolean>([[source, true]]);
  const stack = [...tensors];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const inputs: readonly Tensor[] = node.inputs;
    const open = known.has(node) ? [] : inputs.filter((input) => !known.has(input));
    if (open.length > 0) stack.push(...open);
    else {
      stack.pop();
      if (!known.has(node))
        known.set(
          node,
          inputs.some((input) => known.get(input)),
        );
    }
  }
  return new Set([...known].flatMap(([node, depends]) => (depends ? [node] : [])));
}
