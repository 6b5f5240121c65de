/** @file Levels that tell a place from a heading do what they promise: checked by the paths of simple walkers. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { cheeseDish } from "../envs/cheese-dish.ts";
import { flood } from "../grid/flood.ts";
import { sideOf } from "../grid/hash.ts";
import { parseParams } from "../plugin.ts";
import { movedRooms, placeCell, splitByDetour } from "./places.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const { width } = world;
const corner = width + 1;

test("the cell of a named place", () => {
  const cell = (id: string) => placeCell(world, world.candidates.find((each) => each.id === id)!, rng(1));
  expect(cell("corner")).toBe(corner);
  expect(cell("center")).toBe(3 * width + 3);
  expect(cell("corner-bottom-right")).toBe(5 * width + 5);
});

/** Can the cell be reached by up and left alone? */
function isMonotone(walls: Uint8Array, start: number): boolean {
  if (start === corner) return true;
  return [-width, -1].some((delta) => walls[start + delta] === 0 && isMonotone(walls, start + delta));
}

test("a detour is where up and left alone never lead to the corner", () => {
  const { detours, straight } = splitByDetour(world, corner, { detours: 40, straight: 40 }, rng(2), 20_000);
  expect(detours).toHaveLength(40);
  expect(straight).toHaveLength(40);
  for (const { level, steps } of detours) {
    expect(isMonotone(level.walls, level.items[0]!)).toBe(false);
    expect(steps).toBeGreaterThan(1);
  }
  for (const { level } of straight) expect(isMonotone(level.walls, level.items[0]!)).toBe(true);
});

test("in a moved room up and left end in the room, and the corner can be reached all the same", () => {
  const rooms = movedRooms(world, corner, 60, rng(3), 20_000);
  expect(rooms).toHaveLength(60);
  const distance = new Int16Array(width * width);
  for (const { level, steps, roomCorner } of rooms) {
    expect(() => world.check(level)).not.toThrow();
    expect(world.isDistinguishing(level)).toBe(true);
    expect(sideOf(world.layoutHash(level))).toBe("test");
    expect(isMonotone(level.walls, level.items[0]!)).toBe(false);
    flood(level.walls, width, level.items[0]!, distance, new Int16Array(width * width));
    expect(distance[corner]).toBe(steps);
    expect(distance[roomCorner]).toBeGreaterThanOrEqual(0);
    // The corridor lies two cells away, along one side or the other.
    expect([width + 3, 3 * width + 1]).toContain(roomCorner);
  }
  expect(new Set(rooms.map(({ roomCorner }) => roomCorner)).size).toBe(2);
  expect(new Set(rooms.map(({ level }) => world.layoutHash(level))).size).toBeGreaterThan(20);
});

test("a place that is no corner has no moved rooms; a world without room has none either", () => {
  expect(movedRooms(world, 3 * width + 3, 10, rng(4), 100)).toEqual([]);
  const small = cheeseDish.make(parseParams(cheeseDish, { size: 5 }));
  expect(movedRooms(small, small.width + 1, 10, rng(5), 100)).toEqual([]);
});
