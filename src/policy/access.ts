/**
 * @file What may be asked of a policy file beside its scores: its inside, where
 * our reading of the file says what onnxruntime says.
 */
import { LabError } from "../core/errors.ts";
import type { PolicyShape } from "../network.ts";
import type { Access, Inside } from "../subject.ts";
import { decodeOnnx, type Executor, grad, readOnnx, type Spec, sum } from "../tensor/index.ts";
import { type FileReading, fileForward } from "./forward.ts";
import { tracedInside } from "./inside.ts";

/** What onnxruntime says about a few observations, `[rows, planes, height, width]`. */
export interface Example {
  readonly observations: Uint8Array;
  readonly rows: number;
  /** In our order of actions. */
  readonly logits: Float32Array;
}

export interface OpenedInside {
  readonly access: readonly Access[];
  readonly inside?: Inside;
}

/** Questions that are lost with an access, in the words of a report. */
const LOST = {
  inside:
    "What is represented inside (probes, plans, goals), whether it is used (writes, patching, retargeting) and what " +
    "the scores are sensitive to (saliency) cannot be asked of this file; what it does can",
  gradients:
    "What the scores are sensitive to (saliency, attribution, gradient-based writes) cannot be asked of this file; " +
    "probes, patching and writes of directions can",
} as const;

/**
 * The inside comes from reading the file into our own graph, which must then say
 * what onnxruntime says; where it cannot be read, or says something else, neither
 * activations nor gradients are granted. Weights need no reading.
 *
 * @param notes receives what is missing, why, and which questions are lost with it
 */
export async function openInside(
  bytes: Uint8Array,
  executor: Executor,
  shape: PolicyShape,
  reading: FileReading,
  example: Example,
  notes: string[],
): Promise<OpenedInside> {
  const opened = await attempt(() => readInside(bytes, executor, shape, reading, example));
  if (typeof opened === "string") {
    notes.push(`The inside is not available: ${opened}. ${LOST.inside}.`);
    return { access: ["weights"] };
  }
  const problem = obstacle(opened, shape);
  if (problem === undefined) return { access: ["activations", "gradients", "weights"], inside: opened };
  notes.push(`Gradients are not available: ${problem}. ${LOST.gradients}.`);
  return { access: ["activations", "weights"], inside: opened };
}

/** Largest difference between our reading and onnxruntime's, relative to the largest score: kernels differ in rounding alone. */
const TOLERANCE = 1e-3;

/** The inside, or why our reading of the file cannot stand for it. */
async function readInside(
  bytes: Uint8Array,
  executor: Executor,
  shape: PolicyShape,
  reading: FileReading,
  { observations, rows, logits }: Example,
): Promise<Inside | string> {
  const { input, rowDims, rows: fixed } = reading.fit;
  const read = readOnnx(bytes, { shapes: { [input]: [fixed ?? rows, ...rowDims] } });
  if (!("graph" in read)) return `no rule for ${read.unknown.join(", ")}`;
  const { graph, parameters: weights } = read;
  const specs: Record<string, Spec> = {};
  for (const name of Object.keys(weights)) specs[name] = { shape: graph.inputs[name]!.shape, dtype: "float32" };
  const inside: Inside = { weights, specs, executor, forward: fileForward(decodeOnnx(bytes), reading) };
  const difference = async (batch: number) => {
    const program = await executor.load(tracedInside(inside, shape, batch, (_, __, { logits }) => ({ logits })));
    const planes = new Float32Array(batch * (observations.length / rows));
    planes.set(observations.subarray(0, planes.length));
    const given = await program.run({ ...weights, planes });
    return apart(given.logits as Float32Array, logits.subarray(0, Math.min(batch, rows) * shape.actions));
  };
  // A file that declares a number of rows may still compute with any: tried with another one.
  const loose = await attempt(() => difference(fixed === undefined ? rows : fixed + 1));
  if (typeof loose === "number" && loose <= TOLERANCE) return inside;
  const strict = fixed === undefined ? loose : await attempt(() => difference(fixed));
  if (typeof strict === "string") return `the file cannot be run as it was read (${strict})`;
  if (strict <= TOLERANCE) return { ...inside, rows: fixed! };
  return `as it was read, the file scores actions differently than onnxruntime does, by ${strict.toPrecision(2)} of the largest score`;
}

/** Largest difference of `theirs` from `ours`, which may be longer, relative to the largest score. */
function apart(ours: Float32Array, theirs: Float32Array): number {
  const scale = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return theirs.reduce((worst, value, i) => {
    const distance = Math.abs(value - ours[i]!) / scale;
    return Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  }, 0);
}

/** Why the scores cannot be differentiated in the observation, or undefined where they can. */
function obstacle(inside: Inside, shape: PolicyShape): string | undefined {
  const slope = () =>
    tracedInside(inside, shape, inside.rows ?? 1, (_, planes, { logits }) => ({
      slope: grad(sum(logits), [planes])[0]!,
    }));
  try {
    const { slope: zeros } = slope().outputs;
    const isFlat = zeros!.op === "constant" || (zeros!.op === "broadcastTo" && zeros!.inputs[0].op === "constant");
    return isFlat ? "no gradient of the scores reaches the observation" : undefined;
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}

/** The word of an error of ours or of onnxruntime's, as a value. */
async function attempt<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
