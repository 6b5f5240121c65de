/**
 * @file Where things will be pushed, cell by cell, as the subject's own episode
 * has it, and the trial of that concept: the thing that is pushed next is
 * rewritten to leave by another move, and the agent should set out to where that
 * push is made from.
 */
import { assert } from "../core/errors.ts";
import type { World } from "../env.ts";
import { floodSet } from "../grid/flood.ts";
import type { Mapped } from "./concepts.ts";
import { displacements } from "./goals.ts";
import type { Exchange, Trial } from "./plan-writes.ts";
import type { States } from "./states.ts";

/** Least share of labeled cells that something is pushed off: with fewer a probe has nothing to learn from. Chosen. */
const LEAST_PUSHED = 0.01;

/** A thing leaves `cell` by `move`, counted among the actions that move, at step `time` of an episode. */
export interface Push {
  readonly time: number;
  readonly cell: number;
  readonly move: number;
}

/**
 * Every push of every episode, by level. Whoever enters the cell of a thing that can be pushed pushes it one cell on,
 * so that the first observation and the path say it all.
 *
 * @throws {Error} where the world has no {@link World.pushed}
 */
export function pushesOf(world: World, states: States): readonly (readonly Push[])[] {
  const { pushed } = world;
  assert(pushed !== undefined, "pushes in a world where nothing is pushed");
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const pushes: Push[][] = states.episodes.paths.map(() => []);
  for (let i = 0; i < states.n; i++) {
    if (states.time[i] !== 0) continue;
    const boxes = boxesOf(world, states, i);
    const path = states.episodes.paths[states.level[i]!]!;
    for (let t = 0; t + 1 < path.length; t++) {
      const [from, to] = [path[t]!, path[t + 1]!];
      if (from === to || !boxes.delete(to)) continue;
      boxes.add(to + (to - from));
      pushes[states.level[i]!]!.push({ time: t, cell: to, move: deltas.indexOf(to - from) });
    }
  }
  return pushes;
}

/**
 * By cell the move by which something is next pushed off it; "never" on other floor, −1 on walls: C_B of Bush et al.
 * 2025. Undefined where nothing can be pushed, or hardly anything was.
 */
export function boxPath(world: World, { states, levels }: Pick<Mapped, "states" | "levels">): Int32Array | undefined {
  if (world.pushed === undefined) return undefined;
  const cells = world.height * world.width;
  const never = displacements(world).filter((delta) => delta !== 0).length;
  const pushes = pushesOf(world, states);
  const labels = new Int32Array(states.n * cells);
  let [labeled, pushed] = [0, 0];
  for (let i = 0; i < states.n; i++) {
    const own = labels.subarray(i * cells, (i + 1) * cells);
    for (const [cell, wall] of levels[states.level[i]!]!.walls.entries()) {
      own[cell] = wall === 1 ? -1 : never;
      labeled += 1 - wall;
    }
    for (const { time, cell, move } of pushes[states.level[i]!]!) {
      if (time < states.time[i]! || own[cell] !== never) continue;
      own[cell] = move;
      pushed++;
    }
  }
  return pushed >= LEAST_PUSHED * labeled ? labels : undefined;
}

/**
 * The trial of the concept. What is pushed next is rewritten to leave its cell by another move that the room allows,
 * and the cell behind it, where it would have come to, to be left never. The agent turns when it prefers the one first
 * step of the shortest way to where that other push is made from, or the push itself where it stands there, and did not
 * prefer it before. `taken` is the thing with the action that the agent took, `other` the first step. One trial a state,
 * of the first other move in the order of the actions; none where the agent's own cell would be written.
 */
export function boxTrials(
  world: World,
  { states, levels }: Mapped,
  labels: Int32Array,
): { readonly exchange: Exchange; readonly trials: readonly Trial[] } {
  const all = displacements(world);
  const deltas = all.filter((delta) => delta !== 0);
  const pushes = pushesOf(world, states);
  const wayTo = ways(world);
  const writes = new Map<number, ReturnType<Exchange["writes"]>>();
  const trials = Array.from({ length: states.n }, (_, state) => state).flatMap((state): Trial[] => {
    const agent = states.position[state]!;
    const next = pushes[states.level[state]!]!.find(({ time }) => time >= states.time[state]!);
    if (!next) return [];
    const { cell: box, move } = next;
    const behind = box + deltas[move]!;
    if (agent === behind) return [];
    const boxes = boxesOf(world, states, state);
    const barred = levels[states.level[state]!]!.walls.slice();
    for (const each of boxes) barred[each] = 1;
    for (const [to, delta] of deltas.entries()) {
      if (to === move || barred[box + delta] === 1 || barred[box - delta] === 1) continue;
      const steps = agent === box - delta ? [delta] : wayTo(barred, box - delta, agent);
      const [step] = steps;
      if (steps.length !== 1 || step === all[states.action[state]!]) continue;
      writes.set(state, [
        { cell: box, to },
        { cell: behind, to: deltas.length },
      ]);
      const taken = { cell: box, action: states.action[state]! };
      return [{ state, agent, taken, other: { cell: agent + step!, action: all.indexOf(step!) } }];
    }
    return [];
  });
  return { trials, exchange: { concept: "box-path", labels, writes: ({ state }) => writes.get(state)! } };
}

/** Every first step of a shortest way from one cell to another; none where there is no way. */
function ways(world: World): (walls: Uint8Array, to: number, from: number) => number[] {
  const deltas = displacements(world).filter((delta) => delta !== 0);
  const cells = world.height * world.width;
  const [distance, queue, marks] = [new Int16Array(cells), new Int16Array(cells), new Uint8Array(cells)];
  return (walls, to, from) => {
    marks.fill(0);
    marks[to] = 1;
    distance.fill(-1);
    floodSet(walls, world.width, marks, distance, queue);
    return deltas.filter((delta) => distance[from]! > 0 && distance[from + delta] === distance[from]! - 1);
  };
}

/** Cells of the things that can be pushed, as a state shows them. */
function boxesOf(world: World, { observations }: States, state: number): Set<number> {
  const cells = world.height * world.width;
  const from = (state * world.planes.length + world.pushed!.plane) * cells;
  return new Set(Array.from({ length: cells }, (_, cell) => cell).filter((cell) => observations[from + cell] === 1));
}
