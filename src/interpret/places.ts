/**
 * @file Levels that tell a place from a direction: a named cell, levels on which
 * every way to it leads away from it for a while, and rooms moved so that their
 * corner is not the named cell.
 */
import { LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import { type Candidate, DECOUPLED, type Level, type World } from "../env.ts";
import { flood, floodSet } from "../grid/flood.ts";
import { sideOf } from "../grid/hash.ts";
import { copyLevel, drawLevels } from "../rollout.ts";

/** The cell that a place marks on open floor; −1 when it marks none. */
export function placeCell(world: World, candidate: Candidate, rng: Rng): number {
  const [level] = drawLevels(world, 1, DECOUPLED, "test", rng.fork("place"));
  const batch = world.batch(1);
  const marks = new Uint8Array(world.height * world.width);
  copyLevel(level!, batch.levels[0]!);
  // The named cell may be a wall on this level.
  for (let row = 1; row < world.height - 1; row++) {
    batch.levels[0]!.walls.fill(0, row * world.width + 1, (row + 1) * world.width - 1);
  }
  batch.start(0, rng.fork("start"));
  candidate.mark(batch, 0, marks);
  return marks.indexOf(1);
}

/** A level with the steps from its start to a place. */
export interface Approach {
  readonly level: Level;
  /** Steps on the shortest way; −1 when there is none. */
  readonly steps: number;
  /** Steps if there were no walls. */
  readonly straight: number;
}

/** Where the agent starts, and how far a place is from there. */
function approaches(world: World, levels: readonly Level[], place: number, rng: Rng): Approach[] {
  const batch = world.batch(1);
  const sources = new Uint8Array(world.height * world.width);
  const distance = new Int16Array(sources.length);
  const queue = new Int16Array(sources.length);
  sources[place] = 1;
  const [row, column] = [Math.floor(place / world.width), place % world.width];
  return levels.map((level, i) => {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, rng.fork(i));
    const start = batch.position[0]!;
    floodSet(level.walls, world.width, sources, distance, queue);
    const straight = Math.abs(Math.floor(start / world.width) - row) + Math.abs((start % world.width) - column);
    return { level, steps: distance[start]!, straight };
  });
}

/**
 * Distinguishing test levels, sorted by whether the place needs a detour: a step
 * away from it somewhere on every way.
 *
 * @param tries how many levels are drawn at most
 */
export function splitByDetour(
  world: World,
  place: number,
  wanted: { readonly detours: number; readonly straight: number },
  rng: Rng,
  tries: number,
): { readonly detours: Approach[]; readonly straight: Approach[] } {
  const detours: Approach[] = [];
  const straight: Approach[] = [];
  const chunk = 256;
  for (let drawn = 0; drawn < tries; drawn += chunk) {
    if (detours.length >= wanted.detours && straight.length >= wanted.straight) break;
    const levels = drawLevels(world, chunk, DECOUPLED, "test", rng.fork(`levels ${drawn}`));
    for (const each of approaches(world, levels, place, rng.fork(`start ${drawn}`))) {
      if (each.steps < 0) continue;
      (each.steps > each.straight ? detours : straight).push(each);
    }
  }
  return { detours: detours.slice(0, wanted.detours), straight: straight.slice(0, wanted.straight) };
}

/** A level whose room was moved away from a corner of the board. */
export interface MovedRoom extends Approach {
  /** The corner of the room on the side where the place lies. */
  readonly roomCorner: number;
}

/**
 * Rooms moved two cells away from a corner of the board, joined to it by a
 * corridor that starts at the room's far side: who goes for the cell has to turn
 * away from it first; who goes for the room's corner, or keeps a heading, ends in
 * that corner. Everything inside the room is as drawn; every other room is moved
 * down instead of sideways.
 *
 *     #######       #######
 *     #P....#       #P#R..#   P the place
 *     #.....#       #.#...#   R the corner of the room
 *     #.....#  →    #.#...#
 *     #.....#       #.#...#
 *     #.....#       #.....#
 *     #######       #######
 *
 * @returns fewer than `wanted` when `tries` draws do not give enough; none when
 *   the place is not a corner of the interior
 */
export function movedRooms(world: World, place: number, wanted: number, rng: Rng, tries: number): MovedRoom[] {
  const { height, width } = world;
  const [row, column] = [Math.floor(place / width), place % width];
  const isCorner = (row === 1 || row === height - 2) && (column === 1 || column === width - 2);
  if (!isCorner || height < 7 || width < 7) return [];
  const found: MovedRoom[] = [];
  const distance = new Int16Array(height * width);
  const queue = new Int16Array(height * width);
  for (let t = 0; t < tries && found.length < wanted; t++) {
    const level = world.blank();
    world.draw(level, rng.fork(t), DECOUPLED, "test");
    const isSideways = t % 2 === 0;
    // Cells by their distance from the place, counted from 1: along the corridor, and across it.
    const cell = (along: number, across: number) => {
      const [down, right] = isSideways ? [along, across] : [across, along];
      return (row === 1 ? down : height - 1 - down) * width + (column === 1 ? right : width - 1 - right);
    };
    const [length, depth] = isSideways ? [height - 2, width - 2] : [width - 2, height - 2];
    const outside = new Set<number>();
    for (let along = 1; along <= length; along++) {
      level.walls[cell(along, 1)] = 0;
      level.walls[cell(along, 2)] = along === length ? 0 : 1;
      outside.add(cell(along, 1)).add(cell(along, 2));
    }
    const roomCorner = cell(1, 3);
    level.walls[roomCorner] = 0;
    level.walls[cell(length, 3)] = 0;
    if (depth < 4 || world.cellItems.some((item) => outside.has(level.items[item]!))) continue;
    if (world.cellItems.some((item) => level.items[item] === roomCorner) || !isSound(world, level)) continue;
    flood(level.walls, width, roomCorner, distance, queue);
    if (distance[place]! < 0) continue;
    const [approach] = approaches(world, [level], place, rng.fork(`start ${t}`));
    // Along the far side a heading leads through the door and up the corridor.
    if (approach!.steps > approach!.straight) found.push({ ...approach!, roomCorner });
  }
  return found;
}

/** Everything can be reached, the objectives come apart, and no training level has this layout. */
function isSound(world: World, level: Level): boolean {
  try {
    world.check(level);
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
  return world.isDistinguishing(level) && sideOf(world.layoutHash(level)) === "test";
}
