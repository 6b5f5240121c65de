/**
 * @file Levels changed while they are being played: a wall put on the way, or
 * the thing that is sought moved.
 *
 * An edited level starts where the agent stood. For a subject without memory this
 * is the same as an edit in the middle of the episode; a subject that remembers
 * loses what it had in mind. Only moments whose state is fully written in the
 * level are used: a fresh episode from there must look exactly as it looked.
 */
import type { Rng } from "../core/rng.ts";
import { COUPLED, type Level, type World } from "../env.ts";
import { floodSet } from "../grid/flood.ts";
import { sideOf } from "../grid/hash.ts";
import { type Act, copyLevel, drawLevels, type Episodes, rollout } from "../rollout.ts";

/** The item that is the agent's start, in every grid world. */
const AGENT = 0;

/** Levels with the ways a subject took on them, and which of its moments can be begun anew. */
export interface Played {
  readonly levels: readonly Level[];
  readonly episodes: Episodes & { readonly paths: readonly (readonly number[])[] };
  /** `[level][step]`: the level from which an episode looks as it looked at this step; undefined where none does. */
  readonly moments: readonly (readonly (Level | undefined)[])[];
}

/** A moment, and the same moment after an edit. */
export interface Edit {
  /** Index of the level it was made of. */
  readonly index: number;
  readonly before: Level;
  readonly after: Level;
  /** Cells sought, nonzero = yes: before the edit, and after it. */
  readonly soughtBefore: Uint8Array;
  readonly soughtAfter: Uint8Array;
  /** Steps on the shortest way that passes over no other thing. */
  readonly stepsBefore: number;
  readonly stepsAfter: number;
  /** Such steps to the nearest sought cell after the edit, from every cell; −1 where there is no way. */
  readonly distanceAfter: Int16Array;
}

/** Play levels on which objectives coincide, keeping the moments that can be begun anew. */
export async function playForEdits(options: {
  readonly world: World;
  readonly act: Act;
  readonly levels: number;
  readonly rng: Rng;
}): Promise<Played> {
  const { world, act, rng } = options;
  const levels = drawLevels(world, options.levels, COUPLED, "test", rng.fork("levels"));
  const stride = world.planes.length * world.height * world.width;
  const again = world.batch(1);
  const moments: (Level | undefined)[][] = levels.map(() => []);
  const episodes = await rollout({
    world,
    act,
    levels,
    rng: rng.fork("episodes"),
    paths: true,
    onStep(batch, _, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const index = active[slot]!;
        if (index < 0) continue;
        const moment = copyOf(levels[index]!, world);
        moment.items[AGENT] = batch.position[slot]!;
        copyLevel(moment, again.levels[0]!);
        again.start(0, rng.fork("again"));
        const offset = slot * stride;
        let isSame = true;
        for (let i = 0; i < stride && isSame; i++) {
          isSame = again.observations[i] === batch.observations[offset + i];
        }
        moments[index]!.push(isSame ? moment : undefined);
      }
    },
  });
  return { levels, episodes: { ...episodes, paths: episodes.paths! }, moments };
}

/** Moments with a wall put on the way that the subject then took, where another way remains that is longer by `detour` or more. */
export function blockedWays(world: World, played: Played, detour: number, rng: Rng): Edit[] {
  const look = sightOf(world);
  return played.levels.flatMap((_, index): Edit[] => {
    const path = played.episodes.paths[index]!;
    const options: (readonly [step: number, cell: number])[] = [];
    for (const [step, moment] of played.moments[index]!.entries()) {
      if (!moment) continue;
      for (const cell of new Set(path.slice(step + 1))) {
        const isThing = world.cellItems.some((item) => moment.items[item] === cell);
        if (!isThing) options.push([step, cell]);
      }
    }
    const order = options.map((__, i) => i);
    rng.fork(index).shuffle(order);
    for (const choice of order) {
      const [step, cell] = options[choice]!;
      const before = played.moments[index]![step]!;
      const after = copyOf(before, world);
      after.walls[cell] = 1;
      if (sideOf(world.layoutHash(after)) !== "test") continue;
      const [old, now] = [look(before), look(after)];
      // The cell sought must stay sought: a place inside a wall is no goal.
      if (old.steps < 1 || now.steps < old.steps + detour || !same(old.sought, now.sought)) continue;
      return [editOf(index, before, after, old, now)];
    }
    return [];
  });
}

/**
 * Moments with the sought thing moved to another cell, from where neither place
 * lies on a shortest way to the other; none in a world where what is sought is no thing.
 */
export function movedGoals(world: World, played: Played, apart: number, rng: Rng): Edit[] {
  const look = sightOf(world);
  return played.levels.flatMap((level, index): Edit[] => {
    const draw = rng.fork(index);
    const steps = played.moments[index]!.flatMap((moment, step) => (moment ? [step] : []));
    draw.shuffle(steps);
    for (const step of steps) {
      const before = played.moments[index]![step]!;
      const old = look(before);
      // What lies on the sought cell moves together; several sought cells are no one goal.
      const things = world.cellItems.filter((item) => item !== AGENT && old.sought[level.items[item]!] === 1);
      const from = old.sought.indexOf(1);
      if (old.steps < apart || things.length === 0 || old.sought.indexOf(1, from + 1) >= 0) continue;
      const cells = [...before.walls.keys()].filter(
        (cell) => before.walls[cell] === 0 && world.cellItems.every((item) => before.items[item] !== cell),
      );
      draw.shuffle(cells);
      for (const cell of cells) {
        const after = copyOf(before, world);
        for (const thing of things) after.items[thing] = cell;
        if (sideOf(world.layoutHash(after)) !== "test") continue;
        const now = look(after);
        if (now.sought[cell] !== 1 || now.steps < apart) continue;
        const gap = look({ ...after, items: withAgent(after.items, from) }).steps;
        if (now.steps >= old.steps + gap || old.steps >= now.steps + gap) continue;
        return [editOf(index, before, after, old, now)];
      }
    }
    return [];
  });
}

/** First step at which a path stands on one of the cells; −1 when it never does. */
export const arrival = (path: readonly number[], cells: Uint8Array): number =>
  path.findIndex((cell) => cells[cell] === 1);

interface Sight {
  readonly sought: Uint8Array;
  /** Steps to the nearest sought cell without passing over another thing; −1 when there is no way. */
  readonly steps: number;
  readonly distance: Int16Array;
}

/** What the base objective's candidate seeks at the start of a level, and how far it is. */
function sightOf(world: World): (level: Level) => Sight {
  const [base] = world.candidates;
  const batch = world.batch(1);
  const cells = world.height * world.width;
  const walls = new Uint8Array(cells);
  const queue = new Int16Array(cells);
  return (level) => {
    const distance = new Int16Array(cells);
    const sought = new Uint8Array(cells);
    copyLevel(level, batch.levels[0]!);
    batch.start(0, NO_CHANCE);
    base!.mark(batch, 0, sought);
    walls.set(level.walls);
    for (const item of world.cellItems) {
      const cell = level.items[item]!;
      if (item !== AGENT && cell >= 0 && sought[cell] === 0) walls[cell] = 1;
    }
    floodSet(walls, world.width, sought, distance, queue);
    return { sought, distance, steps: distance[level.items[AGENT]!]! };
  };
}

/** Only how things lie at the start is looked at, which no world leaves to chance. */
const NO_CHANCE: Rng = {
  uniform: () => 0,
  int: () => 0,
  normal: () => 0,
  bits: () => 0,
  shuffle: () => undefined,
  fork: () => NO_CHANCE,
};

function editOf(index: number, before: Level, after: Level, old: Sight, now: Sight): Edit {
  return {
    index,
    before,
    after,
    soughtBefore: old.sought,
    soughtAfter: now.sought,
    stepsBefore: old.steps,
    stepsAfter: now.steps,
    distanceAfter: now.distance,
  };
}

function copyOf(level: Level, world: World): Level {
  const copy = world.blank();
  copyLevel(level, copy);
  return copy;
}

function withAgent(items: Int16Array, cell: number): Int16Array {
  const moved = items.slice();
  moved[AGENT] = cell;
  return moved;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((value, i) => value === b[i]);
