/**
 * @file Imagined walkers: policies that are a formula of what is beside and around the agent, played on one level to
 * see which objective they serve. Nothing that was trained is asked, and nothing here is a promise.
 */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { copyLevel } from "../rollout.ts";
import { digit } from "../theory/agency/agents-and-devices.ts";
import { blockedMoves, displacements, type Goal, patternReader } from "./goals.ts";

/** What a walker knows in a state. */
export interface Surroundings {
  /** For each of {@link ImaginedWalker.goals}: which actions come closer; see `theory/agency/agents-and-devices.ts`. */
  readonly patterns: Uint8Array;
  /** Bit a is set when action a moves into a wall. */
  readonly blocked: number;
  /** The action before plus 1; 0 at the start. */
  readonly previous: number;
  /** 1 when the action before moved into a wall. */
  readonly bumped: number;
}

export interface ImaginedWalker {
  /** What it walks to or from; the same list for all walkers of one call. */
  readonly goals: readonly Goal[];
  /** Writes unnormalized log-probabilities of the actions, `[actions]`. */
  score(surroundings: Surroundings, out: Float64Array): void;
}

/** π(a) ∝ exp(β · (closer − farther)); without a goal, uniform. */
export function pursuer(goal: Goal | undefined, beta: number): ImaginedWalker {
  return {
    goals: goal ? [goal] : [],
    score({ patterns }, out) {
      for (let a = 0; a < out.length; a++) out[a] = goal ? beta * digit(patterns[0]!, a) : 0;
    },
  };
}

/** Added to every count: a few walks that all end alike are no certainty. */
const PSEUDO = 0.5;

/**
 * Plays walkers on levels of a world, one episode each.
 *
 * @returns from a level to choice probabilities `[objectives + 1]`, the last for none: (count + ½) / (walkers + (objectives + 1)/2)
 */
export function imaginer(world: World): (level: Level, walkers: readonly ImaginedWalker[], rng: Rng) => Float64Array {
  const batches = new Map<number, ReturnType<World["batch"]>>();
  const deltas = displacements(world);
  const width = deltas.length;
  const scores = new Float64Array(width);
  return (level, walkers, rng) => {
    const n = walkers.length;
    const batch = batches.get(n) ?? world.batch(n);
    batches.set(n, batch);
    const goals = walkers[0]!.goals;
    const read = patternReader(world, goals);
    const patterns = new Uint8Array(goals.length);
    const previous = new Uint8Array(n);
    const bumped = new Uint8Array(n);
    const actions = new Uint8Array(n);
    const isOver = new Uint8Array(n);
    const counts = new Float64Array(world.objectives.length + 1).fill(PSEUDO);
    const begin = (slot: number) => {
      copyLevel(level, batch.levels[slot]!);
      batch.start(slot, rng.fork(slot));
    };
    for (let slot = 0; slot < n; slot++) begin(slot);
    for (let left = n; left > 0; ) {
      for (let slot = 0; slot < n; slot++) {
        if (isOver[slot] !== 0) continue;
        const blocked = blockedMoves(level.walls, batch.position[slot]!, deltas);
        if (goals.length > 0) read(batch, slot, patterns);
        walkers[slot]!.score({ patterns, blocked, previous: previous[slot]!, bumped: bumped[slot]! }, scores);
        const action = draw(scores, rng);
        actions[slot] = action;
        previous[slot] = action + 1;
        bumped[slot] = (blocked >> action) & 1;
      }
      batch.step(actions);
      for (let slot = 0; slot < n; slot++) {
        if (batch.done[slot] === 0) continue;
        if (isOver[slot] === 0) {
          const served = world.served(batch, slot);
          counts[served < 0 ? counts.length - 1 : served]!++;
          isOver[slot] = 1;
          left--;
        }
        begin(slot);
      }
    }
    const total = counts.reduce((sum, each) => sum + each, 0);
    return counts.map((count) => count / total);
  };
}

/** One index with probability ∝ exp(score). */
function draw(scores: Float64Array, rng: Rng): number {
  let most = scores[0]!;
  for (let a = 1; a < scores.length; a++) if (scores[a]! > most) most = scores[a]!;
  let total = 0;
  for (let a = 0; a < scores.length; a++) total += Math.exp(scores[a]! - most);
  let left = rng.uniform() * total;
  for (let a = 0; a < scores.length - 1; a++) {
    left -= Math.exp(scores[a]! - most);
    if (left < 0) return a;
  }
  return scores.length - 1;
}
