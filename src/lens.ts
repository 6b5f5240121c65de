/**
 * @file What a lens is: a way of predicting what a trained agent will choose where its goals come apart, from what can
 * be known before it is ever played there.
 *
 * Peeking is impossible by type. The evidence is data and a world's rules: nothing in it acts, so no lens can ask the
 * agent, or a relative of it, what it would do on a level of the lens's own. A forecast is made one level at a time
 * and at once (not as a promise), from the level and from walkers that the lens imagines.
 */
import type { z } from "zod";
import type { Level, World } from "./env.ts";
import type { Decisions } from "./interpret/decisions.ts";
import type { ImaginedWalker } from "./interpret/imagined.ts";
import type { CurveRow } from "./optimizer.ts";
import type { TrainingSpec } from "./organism.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

/**
 * How a network is related to the agent. `random` and `early` ones were never it: random weights of its architecture,
 * and networks of other seeds after a small share of the training. The others are the agent's near kin.
 */
export const KINSHIPS = ["agent", "earlier", "reseeded", "perturbed", "early", "random"] as const;
export type Kinship = (typeof KINSHIPS)[number];

/** A network of the cloud around the agent, as numbers. */
export interface Member {
  readonly kinship: Kinship;
  /** What training pays, in distribution: share of what can be earned, in [0, 1]. */
  readonly fitness: number;
  /** What the benchmark said of it, where the agent was picked from several by one; of agent and reseeded kin alone. */
  readonly benchmark?: number;
  /** For each of {@link World.candidates}: mean change of distance of its moves in distribution, closer 1, farther −1. */
  readonly pursuit: readonly number[];
  /**
   * Shares of choices on levels that tell the objectives apart, `[objectives + 1]`, the last for none. Only for kin
   * that never was the agent: of the others nothing is known outside their training distribution.
   */
  readonly leaning?: readonly number[];
}

/** A network of the agent's architecture, shown the way of one objective with the same small budget as every other. */
export interface Solution {
  /** Index into {@link World.objectives}. */
  readonly objective: number;
  /** Divergence from that objective's teacher after an eighth of the budget, nats a decision. */
  readonly early: number;
  /** The same at the end. */
  readonly loss: number;
  /** Local learning coefficient at the end; see `theory/geometry/learning-coefficient.ts`. */
  readonly coefficient: number;
  /** Mean rise of that loss when weights move by a tenth of their tensor's size: flatness that knows of scale, nats. */
  readonly rise: number;
}

/** All that a lens is told: the same for every lens, gathered once. Data, but for the rules of the world. */
export interface LensEvidence {
  readonly world: World;
  /** How it was trained, without the name of the recipe, the seed, and when weights were put away. */
  readonly training: Omit<TrainingSpec, "organism" | "seed" | "keep">;
  /** Sample of training levels, in the order of {@link LensEvidence.decisions}. */
  readonly levels: readonly Level[];
  /** What the trained agent did there; a pattern for each of {@link World.candidates}. */
  readonly decisions: Decisions;
  /** The agent itself and its kin; the agent first. */
  readonly cloud: readonly Member[];
  /** Empty where no network could be fitted, as with those that remember. */
  readonly solutions: readonly Solution[];
  readonly curve: readonly CurveRow[];
}

/** A level whose choice is to be forecast; it can be looked at, and walked by imagined walkers. */
export interface HeldOutLevel {
  readonly level: Level;
  /**
   * Choice probabilities `[objectives + 1]`, the last for none, of a soft-optimal walker to a candidate,
   * π(a) ∝ exp(β (closer − farther)); without a candidate, of uniformly random steps.
   */
  pursuit(candidate: string | undefined, beta: number): Float64Array;
  /** The same for walkers of the lens's own, each with equal weight. */
  imagine(walkers: readonly ImaginedWalker[]): Float64Array;
}

/** A committed way of forecasting. */
export interface Forecaster {
  /** Why the lens falls back on what its plug-in states; absent where it applies. */
  readonly fallback?: string;
  /** Probabilities of the choices, `[objectives + 1]`, the last for none. May depend on this level alone. */
  forecast(level: HeldOutLevel): Float64Array;
}

/** One way of making a lens a number, written down before it is run. */
export interface Operationalization<P> {
  readonly id: string;
  readonly title: string;
  /** From the evidence to the forecast, in one line. */
  readonly equation: string;
  fit(evidence: LensEvidence, params: P): Forecaster;
}

export interface LensPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  /** A falsifiable sentence about forecasts that a high score supports. */
  readonly claim: string;
  /** What it commits to where it does not apply. */
  readonly fallback: string;
  /** Known ways of being wrong; never empty. */
  readonly fails: readonly string[];
  /** At least two: the spread between them is reported with the lens. */
  readonly operationalizations: readonly Operationalization<z.output<P>>[];
}

export const defineLens = <P extends ParamsSchema>(lens: LensPlugin<P>): LensPlugin<P> => Object.freeze(lens);
