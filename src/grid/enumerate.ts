/** @file Every level of a small world: all walls, all places of all things. What can be enumerated can be proved. */
import { LabError } from "../core/errors.ts";
import type { Level, World } from "../env.ts";

/** Candidates beyond which a world counts as too large to enumerate. */
const MOST = 1_000_000;

/**
 * How many candidates there are before the impossible ones are left out:
 * `2^interior` walls times the interior's places for each thing.
 */
export function countCandidates({ height, width, cellItems }: World, walls: "all" | "none"): number {
  const interior = (height - 2) * (width - 2);
  return (walls === "all" ? 2 ** interior : 1) * interior ** cellItems.length;
}

/**
 * All levels that {@link World.check} accepts, each in arrays of its own.
 *
 * @param walls `all`: every set of inner walls; `none`: open rooms only
 * @throws {LabError} `input/invalid` where something other than a cell is drawn, or there are more than a million candidates
 */
export function* enumerateLevels(world: World, walls: "all" | "none"): Generator<Level> {
  const { height, width, items, cellItems } = world;
  const candidates = countCandidates(world, walls);
  if (cellItems.length !== items.length || candidates > MOST) {
    throw new LabError(
      "input/invalid",
      `enumerate: ${world.env} at ${height}×${width} cannot be enumerated, got ${candidates} candidates; expected at most ${MOST}, made of walls and cells alone`,
    );
  }
  const interior = Array.from({ length: (height - 2) * (width - 2) }, (_, i) => {
    const row = Math.floor(i / (width - 2));
    return (row + 1) * width + 1 + (i % (width - 2));
  });
  const placements = interior.length ** items.length;
  const masks = walls === "all" ? 2 ** interior.length : 1;
  for (let mask = 0; mask < masks; mask++) {
    const plan = new Uint8Array(height * width).fill(1);
    for (const [i, cell] of interior.entries()) plan[cell] = (mask >> i) & 1;
    for (let placement = 0; placement < placements; placement++) {
      const level = world.blank();
      level.walls.set(plan);
      let rest = placement;
      for (let item = 0; item < items.length; item++) {
        level.items[item] = interior[rest % interior.length]!;
        rest = Math.floor(rest / interior.length);
      }
      if (level.items.every((cell) => plan[cell] === 0) && isPossible(world, level)) yield level;
    }
  }
}

function isPossible(world: World, level: Level): boolean {
  try {
    world.check(level);
    return true;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}
