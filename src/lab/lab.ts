/**
 * @file The laboratory: recipes turned into specs, specs into organisms, and
 * organisms into blind subjects, on one store.
 */
import { LabError } from "../core/errors.ts";
import type { Lab, RecipeOptions } from "../experiment.ts";
import { inContextSpec } from "../in-context/grow.ts";
import { openLearner } from "../in-context/learner.ts";
import { type OrganismRecord, type TrainingSpec, trainingSpec } from "../organism.ts";
import { parseParams } from "../plugin.ts";
import type { Calibration } from "../scoreboard.ts";
import type { Store } from "../store/store.ts";
import type { Executor } from "../tensor/index.ts";
import { runId } from "./grow.ts";
import { type GrowLearnersOptions, growLearners } from "./learners.ts";
import { type GrowProgress, growAll } from "./pool.ts";
import { findOrganism, makeWorld, sourceOf, trainingBudget } from "./registry.ts";
import { openSubject } from "./subjects.ts";

export interface LabOptions {
  readonly store: Store;
  /** Runs the subjects of audits and measurements; organisms are trained in threads of their own. */
  readonly executor: Executor;
  readonly threads: number;
  /** Version of the code, for the records. */
  readonly code: string;
  /** For experiments on posteriors. */
  readonly calibration?: Calibration;
  /** Files with environments of the user's own, absolute. */
  readonly modules?: readonly string[];
  readonly onProgress?: (progress: GrowProgress) => void;
  readonly onGrown?: (index: number, record: OrganismRecord, isNew: boolean) => void;
  readonly onLook?: GrowLearnersOptions["onLook"];
  readonly onMade?: GrowLearnersOptions["onMade"];
  /** Milliseconds from any origin, for the training times of in-context learners; 0 always where absent. */
  readonly clock?: () => number;
  readonly onNotice?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export function createLab(options: LabOptions): Lab {
  const { store, executor, onGrown } = options;
  return {
    executor,
    ...(options.calibration ? { calibration: options.calibration } : {}),
    recipe: (organism, env, recipe) => ({ ...writeRecipe(organism, env, recipe), executor: executorOf(executor) }),
    learnerRecipe: (recipe, { seed = 0, params } = {}) =>
      inContextSpec(recipe, { seed, executor: executorOf(executor), ...(params ? { params } : {}) }),
    growLearners: (specs) => growLearners(specs, options),
    async learner({ file }) {
      return openLearner(await store.get(file), executor);
    },
    world: makeWorld,
    async grow(specs) {
      const known = await Promise.all(specs.map((spec) => store.load("organism", runId(spec))));
      const missing = specs.flatMap((spec, index) => (known[index] ? [] : [{ spec, index }]));
      for (const [index, record] of known.entries()) if (record) onGrown?.(index, record, false);
      const grown = await growAll(
        missing.map(({ spec }) => spec),
        {
          ...options,
          ...(options.onProgress
            ? { onProgress: (progress) => options.onProgress!({ ...progress, index: missing[progress.index]!.index }) }
            : {}),
          onGrown: (i, record) => onGrown?.(missing[i]!.index, record, true),
        },
      );
      return specs.map((_, index) => known[index] ?? grown[missing.findIndex((each) => each.index === index)]!);
    },
    async subject(record, at = record.checkpoints.at(-1)!) {
      const { onnx } = at;
      const { subject } = await openSubject(await store.get(onnx), record.spec.task, executor, {
        seed: record.spec.seed,
      });
      return subject;
    },
    async specimen(record) {
      const { onnx } = record.checkpoints.at(-1)!;
      return openSubject(await store.get(onnx), record.spec.task, executor, { seed: record.spec.seed });
    },
  };
}

/** Organisms are trained on the kernels that will run them; the interpreter is too slow to train with. */
const executorOf = ({ id }: Executor): TrainingSpec["executor"] => (id === "reference" ? "wasm" : id);

/**
 * The training spec that a recipe writes: what it leaves open is the world's own
 * training budget, and options override both.
 */
export function writeRecipe(organism: string, env: string, options: RecipeOptions = {}): TrainingSpec {
  const plugin = findOrganism(organism);
  const budget = trainingBudget(env);
  const params = parseParams(plugin, options.params);
  const scaled = {
    ...budget,
    frames: options.frames ?? budget.frames,
    ...(options.network ? { network: { params: {}, ...options.network } } : {}),
  };
  const parsed = trainingSpec.safeParse({
    ...scaled,
    ...plugin.recipe(scaled, params),
    organism: { id: organism, params },
    task: { env, params: options.envParams ?? {}, ...sourceOf(env) },
    ...(options.optimizer ? { optimizer: options.optimizer } : {}),
    seed: options.seed ?? 0,
  });
  if (parsed.success) return parsed.data;
  throw new LabError("input/invalid", `${organism}: ${parsed.error.message}`);
}
