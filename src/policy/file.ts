/**
 * @file Policies as files: a trained network saved as ONNX, and any ONNX file,
 * made here or elsewhere, opened as a subject.
 */
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import { COUPLED, type World } from "../env.ts";
import { densely, type Network, type Weights } from "../network.ts";
import type { Subject } from "../subject.ts";
import type { TaskSpec } from "../task.ts";
import {
  type Executor,
  emitBatched,
  encodeOnnx,
  type ForeignData,
  openForeign,
  type PolicyMetadata,
  readPolicyMetadata,
  type Spec,
  storeInputs,
  trace,
  writePolicyMetadata,
} from "../tensor/index.ts";
import { openInside } from "./access.ts";
import { logitsSubject, parameterSpecs, policyShape } from "./inference.ts";
import { fitPolicy, type PolicyDeclaration } from "./interface.ts";
import { areProbabilities, toLogits } from "./scores.ts";

export interface SavedPolicy {
  readonly network: Network;
  readonly weights: Weights;
  readonly world: World;
  readonly task: TaskSpec;
  /** Which architecture it is, so that an untrained one can be built. */
  readonly architecture: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
}

/**
 * The bytes of an ONNX file: `observations` `[batch, planes, height, width]` in,
 * `logits` and `value` out, and the weights stored under their own names.
 */
export function savePolicy({ network, weights, world, task, architecture }: SavedPolicy): Uint8Array {
  const { planes, height, width } = policyShape(world);
  const metadata = writePolicyMetadata({
    format: "mesascope/1",
    task: task as NonNullable<PolicyMetadata["task"]>,
    observation: { layout: "NCHW", planes: [...world.planes], height, width, dtype: "float32" },
    actions: [...world.actions],
    network: architecture as NonNullable<PolicyMetadata["network"]>,
  });
  const graph = (batch: number) => {
    const specs: Record<string, Spec> = {
      ...parameterSpecs(network),
      observations: { shape: [batch, planes, height, width], dtype: "float32" },
    };
    return trace(specs, ({ observations, ...parameters }) => {
      const { logits, value } = network.forward(parameters, densely(observations!));
      return { logits, value };
    });
  };
  return encodeOnnx(storeInputs(emitBatched(graph, 64, metadata), weights));
}

export interface OpenedPolicy {
  readonly subject: Subject;
  readonly metadata: PolicyMetadata | undefined;
  /** What was inferred, and which access is missing and why. */
  readonly notes: readonly string[];
}

/** Observations a call: bounds the memory of one evaluation. */
const MOST_ROWS = 4096;
/** Observations on which a file is tried. */
const TRIAL_ROWS = 4;

/**
 * Open an ONNX file as a policy for a world.
 *
 * Layout, channel order and action order come from the declaration, else from
 * the file's metadata, else from the shape of its input. Scores that are
 * nonnegative and sum to 1 are probabilities, unless declared otherwise or the
 * file carries our metadata; their logarithms are the logits.
 *
 * The file is tried on a few observations first, so that one that cannot answer
 * is refused here, in the words of its interface, and not in the middle of an audit.
 *
 * @throws {LabError} `onnx/malformed`, `onnx/unsupported`, or `onnx/interface` saying what was expected
 */
export async function openPolicy(
  bytes: Uint8Array,
  world: World,
  executor: Executor,
  declared: PolicyDeclaration = {},
): Promise<OpenedPolicy> {
  const model = await openForeign(bytes, executor.id === "native" ? "native" : "wasm");
  const metadata = readPolicyMetadata(model);
  const notes: string[] = [];
  if (metadata?.task && metadata.task.env !== world.env) {
    notes.push(`The file says that it was made for ${metadata.task.env}, not for ${world.env}.`);
  }
  const shape = policyShape(world);
  const fit = fitPolicy(model, world, declared, metadata, notes);
  const { input, output, rowDims, from, actions, rows: fixed } = fit;
  const size = from.length;
  const isIdentity = from.every((source, i) => source === i);

  /** Observations as the file takes them, padded with zeros to `rows`. */
  const pack = (observations: Uint8Array, count: number, rows: number): Float32Array => {
    const data = new Float32Array(rows * size);
    for (let row = 0; row < count * size; row += size) {
      if (isIdentity) data.set(observations.subarray(row, row + size), row);
      else for (let i = 0; i < size; i++) data[row + i] = observations[row + from[i]!]!;
    }
    return data;
  };
  /** The file's scores, its actions in its own order. */
  const ask = async (packed: Float32Array, rows: number): Promise<ForeignData> => {
    const result = (await model.run({ [input]: { dims: [rows, ...rowDims], data: packed } }))[output]!;
    checkScores(output, result.dims, rows, shape.actions);
    return result.data;
  };
  const answer = async (observations: Uint8Array, n: number): Promise<Float32Array> => {
    const all = new Float32Array(n * shape.actions);
    const step = fixed ?? MOST_ROWS;
    for (let at = 0; at < n; at += step) {
      const count = Math.min(step, n - at);
      const rows = fixed ?? count;
      const scores = await ask(pack(observations.subarray(at * size), count, rows), rows);
      for (let i = 0; i < count * shape.actions; i++) {
        const row = at + Math.floor(i / shape.actions);
        all[row * shape.actions + actions[i % shape.actions]!] = Number(scores[i]);
      }
    }
    return all;
  };

  const trial = trialObservations(world);
  const tried = await answer(trial, TRIAL_ROWS);
  const isTold = declared.scores !== undefined || metadata !== undefined;
  const scores = declared.scores ?? (!isTold && areProbabilities(tried, shape.actions) ? "probabilities" : "logits");
  if (scores === "probabilities" && !isTold) {
    notes.push(
      `Output "${output}" holds probabilities: their logarithms are taken. If they are logits, say --scores logits.`,
    );
  }
  toLogits(tried, shape.actions, scores, output);

  const logits = async (observations: Uint8Array, n: number) =>
    toLogits(await answer(observations, n), shape.actions, scores, output);
  const reading = { fit, scores, value: metadata?.outputs?.value ?? "value" };
  const example = { observations: trial, rows: TRIAL_ROWS, logits: (await logits(trial, TRIAL_ROWS)).slice() };
  const { access, inside } = await openInside(bytes, executor, shape, reading, example, notes);
  const subject = logitsSubject(hashBytes(bytes), { shape, logits }, access);
  return { subject: inside ? { ...subject, inside } : subject, metadata, notes };
}

/** The first observations of a few training levels, `[TRIAL_ROWS, planes, height, width]`. */
function trialObservations(world: World): Uint8Array {
  const batch = world.batch(TRIAL_ROWS);
  const random = rng(0).fork("trial of a policy file");
  for (const [slot, level] of batch.levels.entries()) {
    world.draw(level, random.fork(slot), COUPLED, "train");
    batch.start(slot, random.fork(`world ${slot}`));
  }
  return batch.observations;
}

function checkScores(name: string, dims: readonly number[], rows: number, actions: number): void {
  if (dims.length === 2 && dims[0] === rows && dims[1] === actions) return;
  throw new LabError(
    "onnx/interface",
    `onnx: output "${name}" does not score the actions, got [${dims.join(", ")}]; expected [${rows}, ${actions}]`,
    { hint: "Name another output with --output, or another world with --task." },
  );
}
