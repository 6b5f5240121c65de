/**
 * @file Making one learner from its spec: build or train it, measure its loss on its own training distribution, and
 * write the record. A run takes seconds, so it is repeated rather than resumed. Runs anywhere; what touches the outside
 * comes in as ports.
 */
import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { rng } from "../core/rng.ts";
import type { InContextLearner, InContextRecord, InContextRow, InContextSpec, TaskLaw } from "../in-context.ts";
import { parseParams } from "../plugin.ts";
import type { Executor } from "../tensor/index.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { gradientDescentWeights } from "./attention.ts";
import { drawContexts, lossesOf, taskSet } from "./contexts.ts";
import { encodeLearner, type LearnerFile, openLearner } from "./learner.ts";
import { bestPlainStep } from "./optima.ts";
import { type LearnerParams, lawOf, shapeOf } from "./recipe.ts";
import { findInContextRecipe } from "./recipes.ts";
import { references } from "./reference.ts";
import { sequenceDescentWeights } from "./sequences/attention.ts";
import { bestSequenceStep } from "./sequences/descent.ts";
import { drawSequences, sequenceLosses } from "./sequences/draw.ts";
import { trainSequenceLearner } from "./sequences/training.ts";
import { type Trained, trainLearner } from "./training.ts";

/** What making a learner may ask of the outside. */
export interface InContextPorts {
  readonly executor: Executor;
  /** Keep a file; returns its content hash. */
  put(bytes: Uint8Array): Promise<string>;
  /** Milliseconds from any origin. */
  clock(): number;
  readonly code: string;
  onLook?(row: InContextRow, total: number): void;
  isStopping?(): boolean;
}

/** The same spec is the same run. */
export const inContextRunId = (spec: InContextSpec): string => hashJson(spec);

/** The finite set of tasks that a run was trained on, `[tasks, d]`; empty where every context had a new one. */
export function tasksOf({ recipe, seed }: InContextSpec): Float32Array {
  const law = lawOf(parseParams(findInContextRecipe(recipe.id), recipe.params));
  return taskSet(law, rng(seed).fork("training").fork("tasks"));
}

/** Contexts that the recorded loss is measured on. */
const JUDGED = 8192;
/** Sequences, each with its many positions. */
const JUDGED_SEQUENCES = 2048;

/**
 * λ of the planted mesa-layer: far from both of its limits at the default task, where G has eigenvalues about 1.
 * Chosen, before it was measured.
 */
const MESA_LAMBDA = 10;

/**
 * The spec that a recipe writes.
 *
 * @throws {LabError} `input/unknown-id`, `input/invalid`
 */
export function inContextSpec(
  recipe: string,
  given: {
    readonly seed: number;
    readonly params?: Readonly<Record<string, unknown>>;
    readonly executor: "native" | "wasm";
  },
): InContextSpec {
  const params = parseParams(findInContextRecipe(recipe), given.params);
  return { family: "in-context", recipe: { id: recipe, params }, seed: given.seed, executor: given.executor };
}

/**
 * Make the learner that a spec describes.
 *
 * @throws {LabError} `run/interrupted` when asked to stop; the same spec starts over
 */
export async function growLearner(spec: InContextSpec, ports: InContextPorts): Promise<InContextRecord> {
  const { executor, code } = ports;
  const recipe = findInContextRecipe(spec.recipe.id);
  const params = parseParams(recipe, spec.recipe.params);
  const truth = recipe.truth(params);
  const begun = ports.clock();
  const made = await make(spec, params, ports);
  const trainingMs = Math.round(ports.clock() - begun);
  const bytes = encodeLearner(made.file);
  const law = lawOf(params);
  const { mean, low, high, n } = sampledMean(await judge(openLearner(bytes, executor), spec, law));
  const { status, emergedAt, curve } = made;
  return {
    format: "mesascope-in-context/1",
    run: inContextRunId(spec),
    spec,
    constructed: truth,
    status,
    ...(emergedAt === undefined ? {} : { emergedAt }),
    loss: { mean, low, high, n, unit: "contexts" },
    code,
    executor: executor.id,
    file: await ports.put(bytes),
    curve,
    trainingMs,
  };
}

/** ½ (ŷ − y)² of contexts, or ½ MSE of sequences, that training never saw. */
async function judge(learner: InContextLearner, spec: InContextSpec, law: TaskLaw): Promise<Float64Array> {
  const random = rng(spec.seed).fork("judged");
  if (learner.sequences) {
    const sequences = drawSequences(law, { count: JUDGED_SEQUENCES, rng: random });
    return sequenceLosses((await learner.sequences.respond(sequences)).predictions, sequences);
  }
  const contexts = drawContexts(law, { count: JUDGED, rng: random, tasks: tasksOf(spec) });
  return lossesOf((await learner.respond(contexts)).predictions, contexts);
}

type Made = Pick<Trained, "status" | "curve" | "emergedAt"> & { readonly file: LearnerFile };

async function make({ recipe, seed }: InContextSpec, params: LearnerParams, ports: InContextPorts): Promise<Made> {
  const { making, truth, sequences } = findInContextRecipe(recipe.id);
  const shape = shapeOf(params);
  const law = lawOf(params);
  const ready = (file: LearnerFile): Made => ({ file, status: "unasked", curve: [] });
  if (making === "mesa-layer") return ready({ kind: "mesa-layer", lambda: MESA_LAMBDA });
  if (making === "gradient descent by construction") {
    const plain = { ...shape, layers: 1, heads: 1, attention: "linear" as const };
    if (sequences) {
      const weights = sequenceDescentWeights(params.dimensions, bestSequenceStep(law));
      return ready({ kind: "sequences", shape: plain, weights });
    }
    const weights = gradientDescentWeights(params.dimensions, bestPlainStep(law));
    return ready({ kind: "attention", shape: plain, weights });
  }
  const { algorithm } = truth(params);
  const common = {
    executor: ports.executor,
    rng: rng(seed).fork("training"),
    onLook: (row: InContextRow) => ports.onLook?.(row, params.steps),
    isStopping: () => ports.isStopping?.() ?? false,
  };
  const reference = algorithm === undefined ? undefined : references[algorithm]?.(law);
  const trained = sequences
    ? await trainSequenceLearner(params, { ...common, isDescent: algorithm === "gradient-descent" })
    : await trainLearner(params, { ...common, ...(reference ? { reference } : {}) });
  if (trained.isInterrupted) {
    throw new LabError("run/interrupted", `${recipe.id}: stopped after ${trained.curve.at(-1)?.step ?? 0} updates`, {
      hint: "Run the same command again; it takes seconds and starts over.",
    });
  }
  return { ...trained, file: { kind: sequences ? "sequences" : "attention", shape, weights: trained.weights } };
}
