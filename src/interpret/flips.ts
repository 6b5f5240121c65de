/**
 * @file Pairs of levels that differ in one thing and in what one objective asks
 * for: after the edit its best first moves are all different ones, while those of
 * the other objective stay what they were. Whoever follows an objective has to
 * change its mind where that objective flips, and only there.
 */
import { LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Batch, Level, World } from "../env.ts";
import { sideOf } from "../grid/hash.ts";
import { copyLevel } from "../rollout.ts";

/** What an edit flips: one objective only, or, for comparison, none. */
export type Flips = "base" | "proxy" | "neither";

export interface Flip {
  readonly flips: Flips;
  readonly before: Level;
  readonly after: Level;
  /** Best first moves of the objective that flips, before and after; bit a is set when action a is one. */
  readonly movesBefore: number;
  readonly movesAfter: number;
}

/** Below 1, so that sooner is better. */
const GAMMA = 0.99;

/**
 * One edit of each wanted kind for a level, as far as they are found: things moved
 * or swapped, one to three walls put or taken away, a number changed to that of another level.
 * All keep the world's rules and the agent's cell, and have test layouts.
 *
 * @param other a level to take numbers from
 * @param proxy index of the proxy among the objectives
 */
export function findFlips(
  options: {
    readonly world: World;
    readonly proxy: number;
    readonly wanted: ReadonlySet<Flips>;
    readonly tries: number;
  },
  level: Level,
  other: Level,
  rng: Rng,
): Map<Flips, Flip> {
  const { world, proxy, wanted, tries } = options;
  const batch = world.batch(1);
  const objectives = [world.objectives[0]!.id, world.objectives[proxy]!.id];
  const before = copyOf(world, level);
  const [base0, proxy0] = bestMoves(world, batch, before, objectives);
  const found = new Map<Flips, Flip>();
  if (base0 === 0 || proxy0 === 0) return found;
  for (let t = 0; t < tries && found.size < wanted.size; t++) {
    const after = copyOf(world, level);
    if (!edit(world, after, other, rng) || !isSound(world, after)) continue;
    const [base1, proxy1] = bestMoves(world, batch, after, objectives);
    const flips = kindOf(base0!, base1!, proxy0!, proxy1!);
    if (!flips || !wanted.has(flips) || found.has(flips)) continue;
    const ofProxy = flips === "proxy";
    const [movesBefore, movesAfter] = ofProxy ? [proxy0!, proxy1!] : [base0!, base1!];
    found.set(flips, { flips, before, after, movesBefore, movesAfter });
  }
  return found;
}

function kindOf(base0: number, base1: number, proxy0: number, proxy1: number): Flips | undefined {
  if (base1 === 0 || proxy1 === 0) return undefined;
  if (base0 === base1 && proxy0 === proxy1) return "neither";
  if (base0 === base1) return (proxy0 & proxy1) === 0 ? "proxy" : undefined;
  return proxy0 === proxy1 && (base0 & base1) === 0 ? "base" : undefined;
}

/** Best first moves of each objective from the start of a level. */
function bestMoves(world: World, batch: Batch, level: Level, objectives: readonly string[]): number[] {
  copyLevel(level, batch.levels[0]!);
  batch.start(0, STILL);
  return objectives.map((id) => world.optimalActions(batch, 0, id, GAMMA));
}

/** One random edit in place; false when it came to nothing. Item 0 is the agent and stays. */
function edit(world: World, level: Level, other: Level, rng: Rng): boolean {
  const { walls, items } = level;
  const things = world.cellItems.filter((item) => item !== 0 && items[item]! >= 0);
  const numbers = world.items.map((_, item) => item).filter((item) => !world.cellItems.includes(item));
  const cell = rng.int(walls.length);
  const [a, b] = [things[rng.int(things.length)]!, things[rng.int(things.length)]!];
  switch (rng.int(4)) {
    case 0:
      if (walls[cell] !== 0 || items.some((each, item) => world.cellItems.includes(item) && each === cell))
        return false;
      items[a] = cell;
      return true;
    case 1: {
      const held = items[a]!;
      items[a] = items[b]!;
      items[b] = held;
      return a !== b;
    }
    case 2: {
      if (numbers.length === 0) return false;
      const item = numbers[rng.int(numbers.length)]!;
      const isOther = items[item] !== other.items[item];
      items[item] = other.items[item]!;
      return isOther;
    }
    default: {
      // One wall seldom turns a way; three turn it more often.
      for (let left = 1 + rng.int(3); left > 0; left--) {
        const row = 1 + rng.int(world.height - 2);
        const own = row * world.width + 1 + rng.int(world.width - 2);
        walls[own] = 1 - walls[own]!;
      }
      return true;
    }
  }
}

function isSound(world: World, level: Level): boolean {
  try {
    world.check(level);
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
  return sideOf(world.layoutHash(level)) === "test";
}

/** Only the start of a level is looked at, which no world leaves to chance. */
const STILL: Rng = {
  uniform: () => 0,
  int: () => 0,
  normal: () => 0,
  bits: () => 0,
  shuffle: () => undefined,
  fork: () => STILL,
};

function copyOf(world: World, level: Level): Level {
  const copy = world.blank();
  copyLevel(level, copy);
  return copy;
}
