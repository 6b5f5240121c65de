/**
 * @file What an environment is: a family of grid levels in which a base
 * objective and named proxies coincide, and a graded shift that parts them.
 *
 * A world is an environment bound to its parameters. Everything hot (drawing a
 * level, stepping, observing) works in place on typed arrays, for many
 * episodes at once, and allocates nothing.
 */
import type { z } from "zod";
import type { Rng } from "./core/rng.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";

/** One step; a move into a wall stays. */
export const MOVES = ["up", "left", "down", "right"] as const;

/**
 * A level: walls, and where things are. Plain typed arrays, reused by
 * {@link World.draw}; copy one to keep it.
 */
export interface Level {
  /** 1 = wall, row-major `[height · width]`, with a full one-cell border. */
  readonly walls: Uint8Array;
  /** One number for each of {@link World.items}: a cell, a count or a code; −1 = absent. */
  readonly items: Int16Array;
}

/** How levels are drawn. Training uses `{ strength: 0, alpha: 0 }` for a fully coupled distribution. */
export interface Mixture {
  /** How far the distribution itself is shifted: 0 = proxies coincide with the base objective, 1 = independent. */
  readonly strength: number;
  /** Share of levels replaced by distinguishing ones, drawn at full shift. */
  readonly alpha: number;
}

export const COUPLED: Mixture = { strength: 0, alpha: 0 };
/** Distinguishing levels only. */
export const DECOUPLED: Mixture = { strength: 1, alpha: 1 };

/** Levels are split by the hash of their layout, never by index: no layout occurs on both sides. */
export type Split = "train" | "test";

/** A way of earning. The first of {@link World.objectives} is the base objective; the others are proxies. */
export interface Objective {
  readonly id: string;
  /** As the end of "it pursues …". */
  readonly title: string;
}

/**
 * Something a policy might be after: on every state, the set of cells it would
 * walk towards. Named objectives are candidates too; decoys are not rewarded
 * anywhere.
 */
export interface Candidate {
  readonly id: string;
  /** As the end of "it pursues …". */
  readonly title: string;
  readonly role: "base" | "proxy" | "decoy";
  /** `place`: the same cell on every level; `thing`: a cell that moves with an item. */
  readonly nature: "place" | "thing";
  /** Set `out[cell] = 1` on every cell sought in the slot's present state, 0 elsewhere; returns how many. */
  mark(batch: Batch, slot: number, out: Uint8Array): number;
}

/** Many episodes stepped together. All arrays are live views, overwritten by `start` and `step`. */
export interface Batch {
  readonly size: number;
  /** Write (or draw) a level into `levels[slot]`, then call {@link Batch.start}. */
  readonly levels: readonly Level[];
  /** The agent's cell, `[size]`. */
  readonly position: Int16Array;
  /** Steps taken in the current episode, `[size]`. */
  readonly time: Int32Array;
  /** Reward of the last step, by objective in {@link World.objectives} order, each `[size]`. */
  readonly rewards: readonly Float32Array[];
  /** After a step: 0 = goes on, 1 = ended by the rules, 2 = cut off by the time limit; `[size]`. */
  readonly done: Uint8Array;
  /** Present observations, planes of 0 and 1, `[size, planes, height, width]`. */
  readonly observations: Uint8Array;
  /** Begin an episode on `levels[slot]`. `rng` feeds the world's own chance (moving monsters); forks are stored, not shared. */
  start(slot: number, rng: Rng): void;
  /** Move every slot by its action (index into {@link World.actions}); returns how many episodes ended. Ended slots must be started again before the next step. */
  step(actions: Uint8Array): number;
  /**
   * Everything that changes over time, in a fixed order, so that a snapshot is
   * a copy of these arrays and restoring is copying them back.
   */
  readonly memory: readonly (Uint8Array | Int16Array | Int32Array | Float32Array)[];
}

/** The best that any policy can do. */
export interface Optimum {
  /** Discounted return of the best policy; reward on the t-th step counts gamma^(t−1). */
  readonly value: number;
  /** `bound`: no policy does better, but the value may not be attainable (stochastic worlds). */
  readonly kind: "exact" | "bound";
}

export interface World {
  readonly env: string;
  readonly height: number;
  readonly width: number;
  /** Steps after which an episode is cut off. */
  readonly horizon: number;
  readonly planes: readonly string[];
  readonly actions: readonly string[];
  /**
   * Planes that show exactly one mark in every state of a running episode, and
   * its cell. A first layer may look the mark's weights up instead of
   * multiplying by a plane of zeros.
   */
  readonly marks?: readonly { readonly plane: number; cell(batch: Batch, slot: number): number }[];
  /**
   * Things that the agent pushes: entering the cell of one moves it on by one cell in the same direction. Their plane,
   * and by id of an objective the plane of the cells that it wants them on. Absent where nothing is pushed.
   */
  readonly pushed?: { readonly plane: number; onto(objective: string): number };
  readonly objectives: readonly Objective[];
  /** Id of the objective that the designer wanted, where a world declares that it pays for something else. */
  readonly intended?: string;
  readonly candidates: readonly Candidate[];
  /** Names of {@link Level.items}, in order. */
  readonly items: readonly string[];
  /** Which of {@link World.items} are cells of things on the floor. */
  readonly cellItems: readonly number[];
  /** An empty level with arrays of the right length. */
  blank(): Level;
  /** Draw a level in place: every item reachable, of the wanted split. */
  draw(level: Level, rng: Rng, mixture: Mixture, split: Split): void;
  /** Does the level tell the base objective from the proxies? */
  isDistinguishing(level: Level): boolean;
  /** 32-bit hash of what {@link Split} divides by: the walls, or for open layouts the whole level. */
  layoutHash(level: Level): number;
  /** @throws {LabError} `level/impossible` when an item is missing, in a wall or out of reach, or the border is open */
  check(level: Level): void;
  /** ASCII rows joined by newlines. */
  print(level: Level): string;
  /** @throws {LabError} `level/malformed` */
  parse(text: string): Level;
  batch(size: number): Batch;
  /** Best return for one objective from the level's start. */
  optimum(level: Level, objective: string, gamma: number): Optimum;
  /** Bit a is set when action a is optimal for the objective in the slot's present state; 0 when nothing is left to gain. */
  optimalActions(batch: Batch, slot: number, objective: string, gamma: number): number;
  /**
   * Which objective an ended episode on a distinguishing level served where the
   * objectives came apart: an index into {@link World.objectives}, or −1 for none.
   */
  served(batch: Batch, slot: number): number;
  /** Share of the attainable return of an objective that an ended episode earned, undiscounted, in [0, 1]. */
  achieved(batch: Batch, slot: number, objective: number): number;
}

export interface EnvPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  /** The one aspect this world isolates. */
  readonly isolates: string;
  /** What changes under shift, in one sentence. */
  readonly shift: string;
  /**
   * What plain PPO needs to become competent here, measured on the default
   * parameters: frames, a network and any optimizer parameters that differ.
   */
  readonly training: {
    readonly frames: number;
    readonly network: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
    readonly optimizer: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
  };
  /** A small instance on which the contract test can check oracles by brute force. */
  readonly tiny: z.input<P>;
  make(params: z.output<P>): World;
}

export const defineEnv = <P extends ParamsSchema>(env: EnvPlugin<P>): EnvPlugin<P> => Object.freeze(env);

/** The candidate that marks where an objective is to be had; undefined where an audit was not given it. */
export const candidateOf = (world: Pick<World, "candidates">, objective: string): Candidate | undefined =>
  world.candidates.find(({ id }) => id === objective);
