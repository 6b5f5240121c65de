/**
 * @file Devices that look a few steps ahead: between the greedy device, which
 * looks at its four neighbors, and a planner, which sees the whole way. They
 * give every decision a depth, and so planning a unit: steps.
 */
import type { Batch, World } from "../env.ts";
import { nearest } from "./greedy.ts";

/**
 * What devices that look 1, 2, 3 … steps ahead would do in a slot's present
 * state: element h − 1 has bit a set when move a begins a shortest way to a cell
 * within h steps than which none within h steps lies nearer, in a straight line,
 * to the nearest cell that the objective seeks. Of cells equally near, those
 * fewest steps away count. The last element belongs to the depth at which the
 * goal comes into sight: deeper devices do the same. Element 0 is the greedy
 * device (`grid/greedy.ts`).
 *
 * Empty when nothing is sought, the goal is out of reach, or the episode is
 * over. Only walls stop a device: not for worlds where things do. The moves are
 * up, left, down and right, as in {@link World.actions}.
 */
export function lookaheads(world: World, objective: string): (batch: Batch, slot: number) => Uint8Array {
  const sought = world.candidates.find(({ id }) => id === objective)!;
  const { height, width } = world;
  const marked = new Uint8Array(height * width);
  const distance = new Int16Array(height * width);
  /** First moves of the shortest ways to each cell, as bits. */
  const first = new Uint8Array(height * width);
  const queue = new Int16Array(height * width);
  const masks = new Uint8Array(height * width);
  return (batch, slot) => {
    if (batch.done[slot] !== 0 || sought.mark(batch, slot, marked) === 0) return new Uint8Array(0);
    const { walls } = batch.levels[slot]!;
    const here = batch.position[slot]!;
    distance.fill(-1);
    first.fill(0);
    distance[here] = 0;
    queue[0] = here;
    let tail = 1;
    let least = Number.POSITIVE_INFINITY;
    let mask = 0;
    for (let head = 0, depth = 1; head < tail; depth++) {
      const from = tail;
      for (; head < from; head++) {
        const cell = queue[head]!;
        for (const [action, delta] of [-width, -1, width, 1].entries()) {
          const next = cell + delta;
          if (walls[next] !== 0) continue;
          if (distance[next] === -1) {
            distance[next] = depth;
            queue[tail++] = next;
          }
          if (distance[next] === depth) first[next]! |= cell === here ? 1 << action : first[cell]!;
        }
      }
      const before = least;
      for (let i = from; i < tail; i++) {
        const away = nearest(marked, queue[i]!, width);
        if (away > least || away === before) continue;
        mask = away < least ? first[queue[i]!]! : mask | first[queue[i]!]!;
        least = away;
      }
      masks[depth - 1] = mask;
      if (least === 0) return masks.slice(0, depth);
    }
    return new Uint8Array(0);
  };
}

/**
 * Steps that must be looked ahead to decide right: d when every move of every
 * device of {@link lookaheads} below d is wrong and every move of all from d on
 * is right. 0 when there is no such d: a device was right by luck, or torn.
 *
 * @param optimal bits of the right moves
 */
export function decisionDepth(masks: Uint8Array, optimal: number): number {
  let depth = 1;
  while (depth <= masks.length && (masks[depth - 1]! & optimal) === 0) depth++;
  const isRight = (mask: number) => (mask & ~optimal) === 0;
  return depth <= masks.length && masks.subarray(depth - 1).every(isRight) ? depth : 0;
}
