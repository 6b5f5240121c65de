/**
 * @file Decisions on record: for every step of every episode the action taken,
 * what was beside and behind the agent, and for each of many goals which actions
 * would have come closer to it.
 */
import type { Rng } from "../core/rng.ts";
import { type Batch, type Level, MOVES, type World } from "../env.ts";
import { floodSet } from "../grid/flood.ts";
import { type Act, type Episodes, rollout } from "../rollout.ts";
import { idle } from "../theory/agents-and-devices.ts";

/** Something to walk to, state by state; a world's candidate is one. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  mark(batch: Batch, slot: number, out: Uint8Array): number;
}

/** Decisions in the order of the levels, and of time within a level. */
export interface Decisions {
  readonly n: number;
  /** Decisions of level i are `start[i]` up to `start[i + 1]`. */
  readonly start: Int32Array;
  readonly actions: Uint8Array;
  /** The action before, −1 at the start of an episode. */
  readonly previous: Int8Array;
  /** 1 when the action before moved into a wall. */
  readonly bumped: Uint8Array;
  /** Bit a is set when action a moves into a wall. */
  readonly blocked: Uint8Array;
  /** 1 when what was observed had not been observed before in the episode: deciding again on the same sight tells nothing new. */
  readonly fresh: Uint8Array;
  /** 1 while no objective has paid anything yet in the episode. */
  readonly firstLeg: Uint8Array;
  /** For each goal the pattern of the decision: which actions come closer; see `theory/agents-and-devices.ts`. Idle where not fresh. */
  readonly patterns: readonly Uint8Array[];
  readonly episodes: Episodes;
}

/** The decisions of levels `from` up to `to`, as views; episodes stay those of all levels. */
export function decisionsOf(decisions: Decisions, from: number, to: number): Decisions {
  const [first, last] = [decisions.start[from]!, decisions.start[to]!];
  const view = <T extends { subarray(from: number, to: number): T }>(values: T): T => values.subarray(first, last);
  return {
    n: last - first,
    start: decisions.start.subarray(from, to + 1).map((at) => at - first),
    actions: view(decisions.actions),
    previous: view(decisions.previous),
    bumped: view(decisions.bumped),
    blocked: view(decisions.blocked),
    fresh: view(decisions.fresh),
    firstLeg: view(decisions.firstLeg),
    patterns: decisions.patterns.map(view),
    episodes: decisions.episodes,
  };
}

/** The agent's displacement under each action, in cells; 0 for an action that is not a move. */
export function displacements(world: World): readonly number[] {
  const deltas = [-world.width, -1, world.width, 1];
  return world.actions.map((action) => deltas[(MOVES as readonly string[]).indexOf(action)] ?? 0);
}

/** Bit a is set when action a would move into a wall. */
export function blockedMoves(walls: Uint8Array, position: number, deltas: readonly number[]): number {
  let mask = 0;
  for (let a = 0; a < deltas.length; a++) if (walls[position + deltas[a]!] !== 0) mask |= 1 << a;
  return mask;
}

/** Every interior cell as a goal: the place itself, on every level where it is floor. */
export function placeGoals(world: World): (Goal & { readonly cell: number })[] {
  const goals: (Goal & { readonly cell: number })[] = [];
  for (let row = 1; row < world.height - 1; row++) {
    for (let column = 1; column < world.width - 1; column++) {
      const cell = row * world.width + column;
      goals.push({
        id: `cell-${row}-${column}`,
        title: `the cell in row ${row}, column ${column}`,
        cell,
        mark(_, __, out) {
          out.fill(0);
          out[cell] = 1;
          return 1;
        },
      });
    }
  }
  return goals;
}

/** Play one episode a level and record every decision. */
export async function recordDecisions(options: {
  readonly world: World;
  readonly levels: readonly Level[];
  readonly act: Act;
  readonly goals: readonly Goal[];
  readonly rng: Rng;
}): Promise<Decisions> {
  const { world, levels, goals } = options;
  const cells = world.height * world.width;
  const stride = world.planes.length * cells;
  const deltas = displacements(world);
  const read = patternReader(world, deltas);
  const marks = new Uint8Array(cells);
  const nothing = idle(deltas.length);
  // One row a decision: action, previous, bumped, blocked, first leg, fresh, then a pattern for each goal.
  const seen = levels.map(() => new Set<number>());
  const rows: number[][][] = levels.map(() => []);
  const episodes = await rollout({
    ...options,
    paths: true,
    onStep(batch, actions, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const index = active[slot]!;
        if (index < 0) continue;
        const own = rows[index]!;
        const { walls } = batch.levels[slot]!;
        const position = batch.position[slot]!;
        const blocked = blockedMoves(walls, position, deltas);
        const last = own.at(-1);
        const bumped = last ? (last[3]! >> last[0]!) & 1 : 0;
        const unpaid = batch.rewards.every((reward) => reward[slot]! <= 0) && (last ? last[4]! : 1) === 1;
        const sight = hashBytes(batch.observations, slot * stride, (slot + 1) * stride);
        const isFresh = !seen[index]!.has(sight);
        seen[index]!.add(sight);
        const row = [actions[slot]!, last ? last[0]! : -1, bumped, blocked, unpaid ? 1 : 0, isFresh ? 1 : 0];
        for (const goal of goals) {
          const isIdle = !isFresh || goal.mark(batch, slot, marks) === 0;
          row.push(isIdle ? nothing : read(walls, marks, position));
        }
        own.push(row);
      }
    },
  });
  const all = rows.flat();
  const start = new Int32Array(levels.length + 1);
  for (const [i, own] of rows.entries()) start[i + 1] = start[i]! + own.length;
  return {
    n: all.length,
    start,
    actions: Uint8Array.from(all, (row) => row[0]!),
    previous: Int8Array.from(all, (row) => row[1]!),
    bumped: Uint8Array.from(all, (row) => row[2]!),
    blocked: Uint8Array.from(all, (row) => row[3]!),
    firstLeg: Uint8Array.from(all, (row) => row[4]!),
    fresh: Uint8Array.from(all, (row) => row[5]!),
    patterns: goals.map((_, g) => Uint8Array.from(all, (row) => row[6 + g]!)),
    episodes,
  };
}

/**
 * Reads the pattern of a position: which actions come closer to the marked
 * cells. Idle on a marked cell, and where none can be reached.
 */
export function patternReader(
  world: World,
  deltas: readonly number[],
): (walls: Uint8Array, marks: Uint8Array, position: number) => number {
  const cells = world.height * world.width;
  const distance = new Int16Array(cells);
  const queue = new Int16Array(cells);
  return (walls, marks, position) => {
    floodSet(walls, world.width, marks, distance, queue);
    const here = distance[position]!;
    if (here <= 0) return idle(deltas.length);
    let pattern = 0;
    for (let a = deltas.length - 1; a >= 0; a--) {
      const to = position + deltas[a]!;
      pattern = 3 * pattern + 1 + (walls[to] === 0 ? here - distance[to]! : 0);
    }
    return pattern;
  };
}

/** Fowler, Noll and Vo's 32-bit hash of a stretch of bytes. */
function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h;
}
