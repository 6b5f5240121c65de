/** @file Edits of running episodes against brute force: what was changed, and that nothing else was. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { cheeseDish } from "../envs/cheese-dish.ts";
import { monsterWorld } from "../envs/monster-world.ts";
import { sideOf } from "../grid/hash.ts";
import { parseParams } from "../plugin.ts";
import { randomAct } from "../rollout.ts";
import { arrival, blockedWays, movedGoals, playForEdits } from "./edits.ts";

const corner = cheeseCorner.make(parseParams(cheeseCorner));

/** Fewest moves to a cell by trying all of them, breadth first; −1 when there are none. */
function fewestMoves(world: World, level: Level, to: number): number {
  let reached = new Set([level.items[0]!]);
  for (let steps = 0; steps < world.height * world.width; steps++) {
    if (reached.has(to)) return steps;
    const next = [...reached].flatMap((cell) => [cell - world.width, cell - 1, cell + 1, cell + world.width]);
    reached = new Set([...reached, ...next.filter((cell) => level.walls[cell] === 0)]);
  }
  return -1;
}

const differing = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
  Array.from({ length: a.length }, (_, i) => i).filter((i) => a[i] !== b[i]);

describe("edits in cheese-corner", async () => {
  const played = await playForEdits({ world: corner, act: randomAct(4), levels: 200, rng: rng(1) });

  test("every moment of a world without memory can be begun anew, where the agent stood", () => {
    for (const [i, moments] of played.moments.entries()) {
      expect(moments).toHaveLength(played.episodes.length[i]!);
      for (const [step, moment] of moments.entries()) {
        expect(moment?.items[0]).toBe(played.episodes.paths[i]![step]);
      }
    }
  });

  test("a blocked way: one new wall, on the way then taken, and a longer way is left", () => {
    const edits = blockedWays(corner, played, 2, rng(2));
    expect(edits.length).toBeGreaterThan(20);
    for (const { index, before, after, stepsBefore, stepsAfter, soughtAfter, distanceAfter } of edits) {
      const [wall, ...more] = differing(before.walls, after.walls);
      expect(more).toEqual([]);
      expect(after.walls[wall!]).toBe(1);
      expect(played.episodes.paths[index]).toContain(wall);
      expect(differing(before.items, after.items)).toEqual([]);
      const goal = after.items[1]!;
      expect(soughtAfter.indexOf(1)).toBe(goal);
      expect(stepsBefore).toBe(fewestMoves(corner, before, goal));
      expect(stepsAfter).toBe(fewestMoves(corner, after, goal));
      expect(distanceAfter[after.items[0]!]).toBe(stepsAfter);
      expect(stepsAfter).toBeGreaterThanOrEqual(stepsBefore + 2);
      expect(sideOf(corner.layoutHash(after))).toBe("test");
    }
  });

  test("a moved goal: one item elsewhere, neither cell on the way to the other", () => {
    const edits = movedGoals(corner, played, 2, rng(3));
    expect(edits.length).toBeGreaterThan(100);
    for (const { before, after, soughtBefore, soughtAfter, stepsBefore, stepsAfter } of edits) {
      expect(differing(before.walls, after.walls)).toEqual([]);
      expect(differing(before.items, after.items)).toEqual([1]);
      const [old, now] = [before.items[1]!, after.items[1]!];
      expect([soughtBefore.indexOf(1), soughtAfter.indexOf(1)]).toEqual([old, now]);
      const gap = fewestMoves(corner, { ...after, items: Int16Array.of(old, now) }, now);
      expect(stepsAfter).toBe(fewestMoves(corner, after, now));
      expect(stepsAfter).toBeLessThan(stepsBefore + gap);
      expect(stepsBefore).toBeLessThan(stepsAfter + gap);
    }
  });
});

test("things on one cell move together", async () => {
  const world = cheeseDish.make(parseParams(cheeseDish));
  const played = await playForEdits({ world, act: randomAct(4), levels: 40, rng: rng(1) });
  const edits = movedGoals(world, played, 2, rng(3));
  expect(edits.length).toBeGreaterThan(10);
  for (const { after } of edits) expect(after.items[1]).toBe(after.items[2]);
});

test("moments whose state is not in the level are left out", async () => {
  const world = monsterWorld.make(parseParams(monsterWorld));
  const { moments } = await playForEdits({ world, act: randomAct(4), levels: 40, rng: rng(1) });
  expect(moments.every(([first]) => first !== undefined)).toBe(true);
  // Monsters walk, and where they are now is not written in the level.
  const later = moments.flatMap((each) => each.slice(1));
  expect(later.filter((moment) => moment === undefined).length).toBeGreaterThan(later.length / 2);
});

test("the first step on a cell", () => {
  const cells = Uint8Array.of(0, 0, 1, 0);
  expect(arrival([0, 1, 2, 3, 2], cells)).toBe(2);
  expect(arrival([0, 1], cells)).toBe(-1);
});
