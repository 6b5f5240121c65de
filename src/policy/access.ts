/**
 * @file What may be asked of a policy file beside its scores: gradients only
 * where our reading of the file says what onnxruntime says.
 */
import type { Access } from "../subject.ts";
import {
  type DType,
  type Executor,
  type ForeignData,
  type ReadModel,
  readOnnx,
  type TensorData,
} from "../tensor/index.ts";

/** One evaluation of a file by onnxruntime. */
export interface Example {
  readonly input: string;
  readonly dims: readonly number[];
  readonly packed: Float32Array;
  readonly output: string;
  readonly scores: ForeignData;
}

/**
 * Gradients come from reading the file into our own graph, which must then say
 * what onnxruntime says; where it cannot be read, or says something else, they
 * are not granted. Activations and weights need no reading.
 */
export async function fileAccess(
  bytes: Uint8Array,
  executor: Executor,
  example: Example,
  notes: string[],
): Promise<readonly Access[]> {
  const problem = await disagreement(bytes, executor, example);
  if (problem === undefined) return ["activations", "gradients", "weights"];
  notes.push(`Gradients are not available: ${problem}.`);
  return ["activations", "weights"];
}

/** Largest difference between our reading and onnxruntime's, relative to the largest score: kernels differ in rounding alone. */
const TOLERANCE = 1e-3;

/** Why our reading of the file cannot stand for it, if it cannot. */
async function disagreement(
  bytes: Uint8Array,
  executor: Executor,
  { input, dims, packed, output, scores }: Example,
): Promise<string | undefined> {
  const read = readOnnx(bytes, { shapes: { [input]: dims } });
  if (read.unknown.length > 0) return `no rule for ${read.unknown.join(", ")}`;
  const { graph, parameters } = read as ReadModel;
  let ours: ArrayLike<number | bigint>;
  try {
    const program = await executor.load(graph);
    const feed = ARRAY_OF[graph.inputs[input]!.dtype](packed);
    ours = (await program.run({ ...parameters, [input]: feed }))[output]!;
  } catch (error) {
    return `the file cannot be run as it was read (${error instanceof Error ? error.message : String(error)})`;
  }
  const theirs = Array.from(scores, Number);
  const scale = Math.max(1, ...theirs.filter(Number.isFinite).map(Math.abs));
  // Equal infinities have no difference.
  const apart = theirs.map((value, i) => (value === Number(ours[i]) ? 0 : Math.abs(value - Number(ours[i])) / scale));
  const worst = Math.max(...apart.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)));
  if (ours.length === theirs.length && worst <= TOLERANCE) return undefined;
  return `as it was read, the file scores actions differently than onnxruntime does, by ${worst.toPrecision(2)} of the largest score`;
}

/** Observations in the element type of a graph's input. */
const ARRAY_OF: Readonly<Record<DType, (values: Float32Array) => TensorData>> = {
  float32: (values) => values,
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, BigInt),
  uint8: (values) => Uint8Array.from(values),
  bool: (values) => Uint8Array.from(values),
};
