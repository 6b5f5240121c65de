/**
 * @file The device that needs no planning, where boxes are pushed: shove a box
 * straight at the nearest cell it belongs on, and walk straight to where that
 * shove is made from. It sees no dead end, no way around and no second box in
 * the way.
 */
import { assert } from "../core/errors.ts";
import type { Batch, World } from "../env.ts";

/**
 * The device of one objective, as a function of a slot's present state. Bit a is set
 * when move a shoves a box that stands beside the agent, onto free floor, nearer in a straight line to the nearest cell
 * that the objective wants a box on; where there is none, when it enters the free neighbor that lies nearest, in a
 * straight line, to a cell from which such a shove is made. 0 when no box can be shoved nearer, the agent is walled in
 * or the episode is over.
 */
export function shove(world: World, objective: string): (batch: Batch, slot: number) => number {
  const { pushed, width } = world;
  const cells = world.height * width;
  assert(pushed !== undefined, "a device that shoves in a world where nothing is pushed");
  const wanted = pushed.onto(objective);
  const deltas = [-width, -1, width, 1];
  const apart = (a: number, b: number) =>
    (Math.floor(a / width) - Math.floor(b / width)) ** 2 + ((a % width) - (b % width)) ** 2;
  const nearest = (cell: number, among: readonly number[]) => Math.min(...among.map((each) => apart(cell, each)));
  return (batch, slot) => {
    if (batch.done[slot] !== 0) return 0;
    const shown = (plane: number) => {
      const from = (slot * world.planes.length + plane) * cells;
      return Array.from({ length: cells }, (_, cell) => cell).filter((cell) => batch.observations[from + cell] === 1);
    };
    const [boxes, places] = [shown(pushed.plane), shown(wanted)];
    const isFree = (cell: number) => batch.levels[slot]!.walls[cell] === 0 && !boxes.includes(cell);
    const here = batch.position[slot]!;
    let mask = 0;
    const stands: number[] = [];
    for (const box of boxes) {
      if (places.includes(box)) continue;
      for (const [move, delta] of deltas.entries()) {
        if (!isFree(box + delta) || nearest(box + delta, places) >= nearest(box, places)) continue;
        if (here === box - delta) mask |= 1 << move;
        if (isFree(box - delta)) stands.push(box - delta);
      }
    }
    if (mask !== 0 || stands.length === 0) return mask;
    const ways = deltas.map((delta) =>
      isFree(here + delta) ? nearest(here + delta, stands) : Number.POSITIVE_INFINITY,
    );
    const least = Math.min(...ways);
    return least === Number.POSITIVE_INFINITY
      ? 0
      : ways.reduce((bits, way, m) => (way === least ? bits | (1 << m) : bits), 0);
  };
}
