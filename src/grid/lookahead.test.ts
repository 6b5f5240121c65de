/** @file Devices that look ahead: the greedy one at one step, the oracle once the goal is in sight, and depths worked out by hand. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import { greedy } from "./greedy.ts";
import { decisionDepth, lookaheads } from "./lookahead.ts";

const MIXED = { strength: 1, alpha: 0 };
const worldOf = (layout: string): World =>
  cheeseCorner.make(parseParams(cheeseCorner, { size: 7, layout, blocking: true }));
const world = worldOf("blocks");

function seen(rows: readonly string[]) {
  const batch = world.batch(1);
  copyLevel(world.parse(rows.join("\n")), batch.levels[0]!);
  batch.start(0, rng(0));
  const masks = lookaheads(world, "cheese")(batch, 0);
  const names = [...masks].map((mask) => world.actions.filter((_, a) => (mask >> a) & 1).join("+"));
  return { names, depth: decisionDepth(masks, world.optimalActions(batch, 0, "cheese", 0.99)) };
}

test("into the bay until its end is in sight", () => {
  // Its end is two steps to the left and two from the cheese; around the top a cell less than two away takes seven.
  const bay = ["#######", "#.....#", "#.###.#", "#C#..M#", "#.###.#", "#.#####", "#######"];
  const { names, depth } = seen(bay);
  expect(names).toEqual([...Array.from({ length: 6 }, () => "left"), "up", "up"]);
  expect(depth).toBe(7);
});

test("two ways of equal length are both begun; a torn device has no depth", () => {
  const open = ["#######", "#C....#", "#.....#", "#.....#", "#.....#", "#....M#", "#######"];
  expect(seen(open)).toEqual({ names: Array.from({ length: 8 }, () => "up+left"), depth: 1 });
  const torn = ["#######", "#C....#", "#.###.#", "#.###.#", "#####.#", "#....M#", "#######"];
  expect(seen(torn).names[0]).toBe("up+left");
  expect(seen(torn).depth).toBe(0);
});

test.each(["blocks", "edges", "tree"])("in %s: one step is the greedy device, the last the oracle", (layout) => {
  const rooms = worldOf(layout);
  const [look, near] = [lookaheads(rooms, "cheese"), greedy(rooms, "cheese")];
  const batch = rooms.batch(1);
  const depths = new Set<number>();
  for (const level of drawLevels(rooms, 300, MIXED, "test", rng(1))) {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, rng(0));
    const optimal = rooms.optimalActions(batch, 0, "cheese", 0.99);
    const masks = look(batch, 0);
    expect(masks[0]).toBe(near(batch, 0));
    // In sight of the goal a device takes all shortest ways and no other.
    expect(masks.at(-1)).toBe(optimal);
    const steps = Math.round(1 + Math.log(rooms.optimum(level, "cheese", 0.9).value) / Math.log(0.9));
    expect(masks).toHaveLength(steps);
    depths.add(decisionDepth(masks, optimal));
  }
  expect(depths.size).toBeGreaterThan(4);
});

test("nothing sought, nothing done", () => {
  const batch = world.batch(1);
  copyLevel(
    world.parse(["#######", "#.....#", "#.....#", "#..MC.#", "#.....#", "#.....#", "#######"].join("\n")),
    batch.levels[0]!,
  );
  batch.start(0, rng(0));
  expect(lookaheads(world, "cheese")(batch, 0)).toEqual(Uint8Array.of(1 << 3));
  batch.step(Uint8Array.of(3));
  expect(lookaheads(world, "cheese")(batch, 0)).toHaveLength(0);
});

test("depth: wrong below, right from there on, and nothing else", () => {
  expect(decisionDepth(Uint8Array.of(1, 1, 2, 2), 2)).toBe(3);
  expect(decisionDepth(Uint8Array.of(2, 2), 2)).toBe(1);
  expect(decisionDepth(Uint8Array.of(1, 2, 1, 2), 2), "right by luck").toBe(0);
  expect(decisionDepth(Uint8Array.of(3, 2), 2), "torn").toBe(0);
  expect(decisionDepth(Uint8Array.of(1, 1), 2)).toBe(0);
  expect(decisionDepth(new Uint8Array(0), 0)).toBe(0);
});
