/**
 * @file What an experiment is: a question, a prediction written before the run,
 * budgets, rows computed from grown organisms, and nothing decided by hand.
 */
import type { z } from "zod";
import type { Estimate } from "./core/estimate.ts";
import type { Examination } from "./detector.ts";
import type { World } from "./env.ts";
import type { Evidence } from "./evidence.ts";
import type { InContextLearner, InContextRecord, InContextSpec } from "./in-context.ts";
import type { Checkpoint, OrganismRecord, TrainingSpec } from "./organism.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";
import type { Calibration } from "./scoreboard.ts";
import type { Subject } from "./subject.ts";
import type { Executor } from "./tensor/index.ts";

/** What an experiment may ask the lab to do. */
export interface Lab {
  /** Runs graphs: for experiments that train or evaluate something that is no organism. */
  readonly executor: Executor;
  /** What turns readings into posteriors, where the lab was given one. */
  readonly calibration?: Calibration;
  /** The training spec that an organism recipe writes for a task. */
  recipe(organism: string, env: string, options?: RecipeOptions): TrainingSpec;
  /**
   * Grow organisms side by side, or fetch those already grown; the records come
   * back in the order of the specs.
   */
  grow(specs: readonly TrainingSpec[]): Promise<readonly OrganismRecord[]>;
  /** The spec that a recipe for an in-context learner writes. */
  learnerRecipe(recipe: string, options?: Pick<RecipeOptions, "seed" | "params">): InContextSpec;
  /** Make in-context learners one after another, or fetch those already made; in the order of the specs. */
  growLearners(specs: readonly InContextSpec[]): Promise<readonly InContextRecord[]>;
  /** An in-context learner, blind. */
  learner(record: InContextRecord): Promise<InContextLearner>;
  /** The world of a task. */
  world(task: { env: string; params?: Record<string, unknown> }): World;
  /** A grown model as a subject, blind; as it was at one of its checkpoints, or in the end. */
  subject(record: OrganismRecord, at?: Checkpoint): Promise<Subject>;
  /** The same, with what an audit of it is given besides: its world, an untrained twin, larger rooms. */
  specimen(record: OrganismRecord): Promise<Omit<Examination, "rng">>;
}

export interface RecipeOptions {
  readonly seed?: number;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly envParams?: Readonly<Record<string, unknown>>;
  /** Replaces the frames of the world's own training budget. */
  readonly frames?: number;
  readonly network?: { readonly id: string; readonly params?: Readonly<Record<string, unknown>> };
  readonly optimizer?: { readonly id: string; readonly params?: Readonly<Record<string, unknown>> };
}

/** One measured line: what was varied, and what came out. */
export interface Row {
  /** The condition, in the words of the table. */
  readonly condition: string;
  /** Position along a curve's axis, where the condition is a dose. */
  readonly x?: number;
  readonly quantities: Readonly<Record<string, Estimate>>;
  /** One value per training seed, in seed order: what the estimates were computed from. */
  readonly perSeed: Readonly<Record<string, readonly number[]>>;
}

export interface ExperimentPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  readonly question: string;
  /** Written before the run; the claim's verdict rule tests it. */
  readonly hypothesis: string;
  /** Parameter values at each budget: `smoke` runs in the tests, `full` decides claims. */
  readonly budgets: { readonly smoke: z.input<P>; readonly full: z.input<P> };
  run(lab: Lab, params: z.output<P>, seed: number): AsyncIterable<Row>;
  /** Figures, from the rows alone. */
  figures(rows: readonly Row[]): readonly Evidence[];
}

export const defineExperiment = <P extends ParamsSchema>(experiment: ExperimentPlugin<P>): ExperimentPlugin<P> =>
  Object.freeze(experiment);

/** What is stored of a run experiment. */
export interface ExperimentRecord {
  readonly format: "mesascope-experiment/1";
  readonly experiment: string;
  readonly budget: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly code: string;
  readonly executor: string;
  readonly rows: readonly Row[];
  /** Runs of the organisms it rests on. */
  readonly organisms: readonly string[];
  readonly wallMs: number;
}
