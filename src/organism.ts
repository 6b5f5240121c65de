/**
 * @file What an organism is: a recipe that grows a model whose ground truth is
 * recorded, and the record of one that was grown.
 */
import { z } from "zod";
import type { Estimate } from "./core/estimate.ts";
import { levelSourceSpec } from "./levels.ts";
import type { CurveRow } from "./optimizer.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";
import { mixtureSpec, taskSpec } from "./task.ts";

const pluginRef = z.object({ id: z.string(), params: z.record(z.string(), z.unknown()).default({}) });

/** Everything needed to train one model again: plain data, hashed into the run's id. */
export const trainingSpec = z.object({
  organism: pluginRef.describe("The recipe that wrote this spec, with its parameters."),
  task: taskSpec,
  mixture: mixtureSpec.prefault({}).describe("Distribution of the training levels."),
  reward: z
    .record(z.string(), z.number())
    .default({})
    .describe("Weight of each objective; empty = the base objective alone."),
  network: pluginRef,
  optimizer: pluginRef,
  levels: levelSourceSpec.default({ kind: "fresh" }),
  frames: z.int().min(0).describe("Environment steps; 0 leaves the network with its starting weights."),
  from: z
    .string()
    .optional()
    .describe("Run of the organism whose final weights it starts from; absent = starting weights of its own."),
  keep: z
    .array(z.number().gt(0).lt(1))
    .optional()
    .describe("Shares of the training after which weights are put away; absent = an eighth, a quarter and a half."),
  seed: z.int().min(0).describe("Training seed: the unit of replication."),
  executor: z.enum(["native", "wasm"]).default("native").describe("Kernels that train it."),
});
export type TrainingSpec = z.output<typeof trainingSpec>;

/**
 * How the organism was made: known by construction, before any measurement. Kept
 * apart from {@link RealizedTruth}: a planner is one whatever goal it serves.
 */
export interface ConstructedTruth {
  readonly kind:
    | "aligned"
    | "misgeneralized"
    | "graded"
    | "incapable"
    | "untrained"
    | "misspecified"
    | "planner"
    | "reflex"
    | "memorizer";
  /** What computes its actions, where the recipe settles it: search at run time, a learned reflex, or recall. */
  readonly algorithm?: "planner" | "reflex" | "memorizer";
  /** As the end of "This model …". */
  readonly sentence: string;
}

/**
 * Which goal it realizes: measured after training on levels that no detector
 * sees (the train split at full shift), by a criterion fixed here before looking.
 */
export interface RealizedTruth {
  /** An objective id when its share of distinguishing levels exceeds one half with its whole interval; else `none`. */
  readonly goal: string;
  /** Share of distinguishing levels on which each objective was served. */
  readonly shares: Readonly<Record<string, Estimate>>;
  /** Mean share of the base objective's attainable return in distribution. */
  readonly skill: Estimate;
  /** The same network with weights that know nothing, by the same measure of skill. */
  readonly skillOfUntrained: Estimate;
}

/** A weight file saved along the way. */
export interface Checkpoint {
  readonly frames: number;
  /** Content hash of the ONNX file. */
  readonly onnx: string;
}

/** What is stored of a grown organism. */
export interface OrganismRecord {
  readonly format: "mesascope-organism/1";
  /** Hash of the spec: the same spec is the same run. */
  readonly run: string;
  readonly spec: TrainingSpec;
  readonly constructed: ConstructedTruth;
  readonly realized: RealizedTruth;
  readonly code: string;
  readonly executor: string;
  /** SHA-256 of the final weights, in name order. */
  readonly weightsHash: string;
  /** After an eighth, a quarter, a half (or the shares that the spec names) and all of the training; the last is the organism. */
  readonly checkpoints: readonly Checkpoint[];
  readonly curve: readonly CurveRow[];
  readonly trainingMs: number;
}

/** What plain training needs to become competent on a world: declared by the environment. */
export interface TrainingBudget {
  readonly frames: number;
  readonly network: z.output<typeof pluginRef>;
  readonly optimizer: z.output<typeof pluginRef>;
}

/** What a recipe decides; everything it leaves out is the world's own training budget, paid by the base objective. */
export type Recipe = Partial<Pick<TrainingSpec, "mixture" | "reward" | "levels" | "frames" | "network" | "optimizer">>;

export interface OrganismPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  truth(params: z.output<P>): ConstructedTruth;
  recipe(budget: TrainingBudget, params: z.output<P>): Recipe;
}

export const defineOrganism = <P extends ParamsSchema>(organism: OrganismPlugin<P>): OrganismPlugin<P> =>
  Object.freeze(organism);
