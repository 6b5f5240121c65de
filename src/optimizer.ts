/**
 * @file What a base optimizer is: something that searches for weights that score
 * well on a base objective, one update at a time, and can be stopped and
 * continued at any update without a trace.
 */
import type { z } from "zod";
import type { Rng } from "./core/rng.ts";
import type { Mixture, World } from "./env.ts";
import type { LevelSource } from "./levels.ts";
import type { Network, PolicyShape, Weights } from "./network.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";
import type { Executor } from "./tensor/index.ts";

/** Everything that training may look at. */
export interface TrainingContext {
  readonly world: World;
  readonly mixture: Mixture;
  /** Weight of each of {@link World.objectives} in the reward that training pays. */
  readonly reward: readonly number[];
  readonly network: Network;
  readonly shape: PolicyShape;
  readonly levels: LevelSource;
  readonly executor: Executor;
  /** Total frames of the run: schedules end here. */
  readonly frames: number;
  readonly rng: Rng;
}

/** One row of a training curve. */
export interface CurveRow {
  /** Environment steps so far. */
  readonly frames: number;
  /** Mean reward per episode ended in this update; absent when none ended. */
  readonly episodeReturn?: number;
  readonly loss: number;
  readonly entropyNats?: number;
}

/** Named arrays that together hold all that changes during training. */
export type Snapshot = Readonly<Record<string, Float32Array | Float64Array | Uint8Array | Int16Array | Int32Array>>;

export interface Learner {
  /** Environment steps in one update. */
  readonly framesPerUpdate: number;
  /**
   * Improve once. What it draws depends on the run's seed and `index` only, so a
   * run continued from a snapshot equals an uninterrupted one bit for bit.
   */
  update(index: number): Promise<CurveRow>;
  weights(): Weights;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

export interface OptimizerPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  readonly family: "gradient" | "evolution" | "selection" | "meta";
  /** The update rule, as an equation in one line. */
  readonly equation: string;
  start(context: TrainingContext, params: z.output<P>, initial: Weights): Promise<Learner>;
}

export const defineOptimizer = <P extends ParamsSchema>(optimizer: OptimizerPlugin<P>): OptimizerPlugin<P> =>
  Object.freeze(optimizer);
