/** @file One level seen from everywhere: the agent put on every cell, nothing else changed. */
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { flood, floodSet } from "../grid/flood.ts";
import { copyLevel } from "../rollout.ts";
import { displacements } from "./goals.ts";

/** A level from all its standpoints. */
export interface Standpoints {
  readonly level: Level;
  /** Cells on which the agent was put: floor that its start can reach, nothing else lying there. */
  readonly cells: Int16Array;
  /** What is seen from each, `[cells, planes, height, width]`. */
  readonly observations: Uint8Array;
  /**
   * For each of the world's candidates the steps from every cell to the nearest cell it seeks at the start, `[height ·
   * width]`, −1 where there is no way; undefined where it seeks none.
   */
  readonly distances: readonly (Int16Array | undefined)[];
  /** The cells that each candidate seeks at the start, nonzero = yes. */
  readonly sought: readonly Uint8Array[];
}

/** Put the agent everywhere on a level. Item 0 is its start. */
export function standpoints(world: World, level: Level, rng: Rng): Standpoints {
  const size = world.height * world.width;
  const distance = new Int16Array(size);
  const queue = new Int16Array(size);
  const reached = flood(level.walls, world.width, level.items[0]!, distance, queue);
  const things = new Set(world.cellItems.filter((item) => item !== 0).map((item) => level.items[item]!));
  const cells = queue.slice(0, reached).filter((cell) => !things.has(cell));
  const batch = world.batch(cells.length);
  for (const [slot, cell] of cells.entries()) {
    const own = batch.levels[slot]!;
    copyLevel(level, own);
    own.items[0] = cell;
    batch.start(slot, rng.fork(slot));
  }
  const first = world.batch(1);
  copyLevel(level, first.levels[0]!);
  first.start(0, rng.fork("start"));
  const sought: Uint8Array[] = [];
  const distances = world.candidates.map((candidate) => {
    const marks = new Uint8Array(size);
    sought.push(marks);
    if (candidate.mark(first, 0, marks) === 0) return undefined;
    const steps = new Int16Array(size);
    floodSet(level.walls, world.width, marks, steps, queue);
    return steps;
  });
  return { level, cells, observations: batch.observations, distances, sought };
}

/**
 * Steps that a policy comes nearer per step, on average from everywhere: 1 = always
 * nearer, −1 = always farther. Cells without a way are left out; undefined when none is left.
 *
 * @param policy probabilities `[cells, actions]`
 */
export function progress(
  world: World,
  { level, cells }: Standpoints,
  distance: Int16Array,
  policy: ArrayLike<number>,
): number | undefined {
  const deltas = displacements(world);
  let total = 0;
  let n = 0;
  for (const [i, cell] of cells.entries()) {
    const here = distance[cell]!;
    if (here < 1) continue;
    n++;
    for (const [a, delta] of deltas.entries()) {
      const to = level.walls[cell + delta] === 0 ? cell + delta : cell;
      total += policy[i * deltas.length + a]! * (here - distance[to]!);
    }
  }
  return n === 0 ? undefined : total / n;
}
