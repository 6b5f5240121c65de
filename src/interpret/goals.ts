/**
 * @file Goals as something to walk to, and which actions come closer to them.
 */
import { type Batch, MOVES, type World } from "../env.ts";
import { flood } from "../grid/flood.ts";
import { idle } from "../theory/agency/agents-and-devices.ts";

/** Something to walk to, state by state; a world's candidate is one. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  /** The one cell it always is; absent where it depends on the state. */
  readonly cell?: number;
  mark(batch: Batch, slot: number, out: Uint8Array): number;
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

/** Reads, for every goal at once, the pattern of a state: which actions come closer. */
export type PatternReader = (batch: Batch, slot: number, out: Uint8Array) => void;

/**
 * A reader of patterns. Idle on a goal, and where it cannot be reached. Steps are
 * the same both ways, so floods from the agent's cell and its neighbors serve all
 * goals.
 *
 * @returns writes `[goals]` patterns, coded as in `theory/agency/agents-and-devices.ts`
 */
export function patternReader(world: World, goals: readonly Goal[]): PatternReader {
  const cells = world.height * world.width;
  const deltas = displacements(world);
  const nothing = idle(deltas.length);
  const queue = new Int16Array(cells);
  const marks = new Uint8Array(cells);
  const here = new Int16Array(cells);
  const after = deltas.map(() => new Int16Array(cells));
  const nearest = new Int16Array(deltas.length);
  return (batch, slot, out) => {
    const { walls } = batch.levels[slot]!;
    const position = batch.position[slot]!;
    flood(walls, world.width, position, here, queue);
    for (const [a, delta] of deltas.entries()) {
      const to = position + delta;
      if (walls[to] === 0 && delta !== 0) flood(walls, world.width, to, after[a]!, queue);
      else after[a]!.set(here);
    }
    for (const [g, goal] of goals.entries()) {
      let own = -1;
      if (goal.cell !== undefined) {
        own = here[goal.cell]!;
        for (let a = 0; a < nearest.length; a++) nearest[a] = after[a]![goal.cell]!;
      } else if (goal.mark(batch, slot, marks) > 0) {
        own = closest(here, marks);
        for (let a = 0; a < nearest.length; a++) nearest[a] = closest(after[a]!, marks);
      }
      out[g] = nothing;
      if (own <= 0) continue;
      let pattern = 0;
      for (let a = deltas.length - 1; a >= 0; a--) pattern = 3 * pattern + 1 + own - nearest[a]!;
      out[g] = pattern;
    }
  };
}

/** Steps to the nearest marked cell, −1 when none can be reached. */
function closest(distance: Int16Array, marks: Uint8Array): number {
  let best = -1;
  for (let cell = 0; cell < marks.length; cell++) {
    const steps = distance[cell]!;
    if (marks[cell] !== 0 && steps >= 0 && (best < 0 || steps < best)) best = steps;
  }
  return best;
}
