/**
 * @file A device that needs no planning: step towards the goal as the crow
 * flies, looking at the four neighboring cells and no further. It walks around a
 * corner of one cell by luck and into every bay there is.
 */
import type { Batch, World } from "../env.ts";
import { shove } from "./shove.ts";

/**
 * The device of one objective, as a function of a slot's present state. Bit a is
 * set when move a enters a free cell than which no other free neighbor lies
 * nearer, in a straight line, to the nearest cell that the objective seeks; 0
 * when nothing is sought, the agent is walled in, or the episode is over.
 * Depends on where the agent stands, on its four neighbors and on the sought
 * cells alone. Where things are pushed the sought cells would hold a plan: there the device is that of {@link shove}.
 */
export function greedy(world: World, objective: string): (batch: Batch, slot: number) => number {
  if (world.pushed) return shove(world, objective);
  const sought = world.candidates.find(({ id }) => id === objective)!;
  const { width } = world;
  const cells = new Uint8Array(world.height * width);
  return (batch, slot) => {
    if (batch.done[slot] !== 0 || sought.mark(batch, slot, cells) === 0) return 0;
    const { walls } = batch.levels[slot]!;
    const here = batch.position[slot]!;
    let mask = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const [action, delta] of [-width, -1, width, 1].entries()) {
      const to = here + delta;
      if (walls[to] !== 0) continue;
      const distance = nearest(cells, to, width);
      if (distance > least) continue;
      mask = distance < least ? 1 << action : mask | (1 << action);
      least = distance;
    }
    return mask;
  };
}

/** Squared length of the straight line to the nearest marked cell. */
export function nearest(marked: Uint8Array, from: number, width: number): number {
  const [row, column] = [Math.floor(from / width), from % width];
  let least = Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < marked.length; cell++) {
    if (marked[cell] === 0) continue;
    const [down, right] = [Math.floor(cell / width) - row, (cell % width) - column];
    least = Math.min(least, down * down + right * right);
  }
  return least;
}
