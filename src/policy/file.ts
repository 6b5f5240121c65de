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
  type ForeignTensor,
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
import { rememberingSubject } from "./remembering.ts";
import { areProbabilities, toLogits } from "./scores.ts";

export interface SavedPolicy {
  readonly network: Network;
  readonly weights: Weights;
  readonly world: World;
  readonly task: TaskSpec;
  /** Which architecture it is, so that an untrained one can be built. */
  readonly architecture: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
}

/** What our files call the memory before and after a step. */
const MEMORY = { input: "memory", output: "memory.next" } as const;

/**
 * The bytes of an ONNX file: `observations` `[batch, planes, height, width]` in,
 * `logits` and `value` out, and the weights stored under their own names. One that
 * remembers also takes and gives its memory, as its metadata say.
 */
export function savePolicy({ network, weights, world, task, architecture }: SavedPolicy): Uint8Array {
  const { planes, height, width } = policyShape(world);
  const metadata = writePolicyMetadata({
    format: "mesascope/1",
    task: task as NonNullable<PolicyMetadata["task"]>,
    observation: { layout: "NCHW", planes: [...world.planes], height, width, dtype: "float32" },
    actions: [...world.actions],
    network: architecture as NonNullable<PolicyMetadata["network"]>,
    ...(network.memory === undefined ? {} : { memory: { ...MEMORY, size: network.memory } }),
  });
  const graph = (batch: number) => {
    const specs: Record<string, Spec> = {
      ...parameterSpecs(network),
      observations: { shape: [batch, planes, height, width], dtype: "float32" },
      ...(network.memory === undefined ? {} : { [MEMORY.input]: { shape: [batch, network.memory], dtype: "float32" } }),
    };
    return trace(specs, ({ observations, [MEMORY.input]: before, ...parameters }) => {
      const { logits, value, memory } = network.forward(parameters, densely(observations!), undefined, before);
      return { logits, value, ...(memory === undefined ? {} : { [MEMORY.output]: memory }) };
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
  const carried = metadata?.memory;
  /** The file's scores, its actions in its own order; `memory` is overwritten by what is remembered then. */
  const ask = async (packed: Float32Array, rows: number, memory?: Float32Array): Promise<ForeignData> => {
    const feeds: Record<string, ForeignTensor> = { [input]: { dims: [rows, ...rowDims], data: packed } };
    if (carried && memory) {
      const data = new Float32Array(rows * carried.size);
      data.set(memory);
      feeds[carried.input] = { dims: [rows, carried.size], data };
    }
    const results = await model.run(feeds);
    const result = results[output]!;
    checkScores(output, result.dims, rows, shape.actions);
    if (carried && memory) memory.set((results[carried.output]!.data as Float32Array).subarray(0, memory.length));
    return result.data;
  };
  const answer = async (observations: Uint8Array, n: number, memory?: Float32Array): Promise<Float32Array> => {
    const all = new Float32Array(n * shape.actions);
    const step = fixed ?? MOST_ROWS;
    for (let at = 0; at < n; at += step) {
      const count = Math.min(step, n - at);
      const rows = fixed ?? count;
      const own = carried && memory?.subarray(at * carried.size, (at + count) * carried.size);
      const scores = await ask(pack(observations.subarray(at * size), count, rows), rows, own);
      for (let i = 0; i < count * shape.actions; i++) {
        const row = at + Math.floor(i / shape.actions);
        all[row * shape.actions + actions[i % shape.actions]!] = Number(scores[i]);
      }
    }
    return all;
  };

  const trial = trialObservations(world);
  const tried = await answer(trial, TRIAL_ROWS, carried && new Float32Array(TRIAL_ROWS * carried.size));
  const isTold = declared.scores !== undefined || metadata !== undefined;
  const scores = declared.scores ?? (!isTold && areProbabilities(tried, shape.actions) ? "probabilities" : "logits");
  if (scores === "probabilities" && !isTold) {
    notes.push(
      `Output "${output}" holds probabilities: their logarithms are taken. If they are logits, say --scores logits.`,
    );
  }
  toLogits(tried, shape.actions, scores, output);

  if (carried) {
    notes.push(
      `The policy remembers ${carried.size} numbers from step to step: what it does in an episode can be seen, what it would do in a state, and what is inside it, cannot be asked.`,
    );
    const step = async (observations: Uint8Array, n: number, before: Float32Array) => {
      const memory = before.slice();
      const logits = toLogits(await answer(observations, n, memory), shape.actions, scores, output);
      return { logits, memory };
    };
    return { subject: rememberingSubject(hashBytes(bytes), shape, carried.size, step), metadata, notes };
  }
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
