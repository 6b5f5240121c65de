/** @file The greedy device on drawn rooms: the nearer free neighbor, and no idea of what lies behind it. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import { greedy } from "./greedy.ts";

const world: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 7 }));

function moves(rows: readonly string[], objective = "cheese"): string[] {
  const batch = world.batch(1);
  copyLevel(world.parse(rows.join("\n")), batch.levels[0]!);
  batch.start(0, rng(0));
  const mask = greedy(world, objective)(batch, 0);
  return world.actions.filter((_, a) => (mask >> a) & 1);
}

test("the longer side of the way first, and both on a diagonal", () => {
  const open = ["#######", "#C....#", "#.....#", "#.....#", "#....M#", "#.....#", "#######"];
  expect(moves(open)).toEqual(["left"]);
  expect(moves([...open.slice(0, 3), "#...M.#", "#.....#", "#.....#", "#######"])).toEqual(["left"]);
  expect(moves([...open.slice(0, 3), "#..M..#", "#.....#", "#.....#", "#######"])).toEqual(["up", "left"]);
});

test("a wall in the next cell is seen, one behind it is not: it walks into the bay", () => {
  expect(moves(["#######", "#C....#", "#.....#", "#.....#", "#...#M#", "#.....#", "#######"])).toEqual(["up"]);
  const bay = ["#######", "#.....#", "#.##..#", "#C.#.M#", "#.##..#", "#.....#", "#######"];
  expect(moves(bay)).toEqual(["left"]);
  const within = ["#######", "#.....#", "#.##..#", "#C.#M.#", "#.##..#", "#.....#", "#######"];
  expect(moves(within)).toEqual(["up", "down"]);
});

test("each objective has its own way; where nothing is sought, or the episode is over, there is none", () => {
  const rows = ["#######", "#.....#", "#.....#", "#.M.C.#", "#.....#", "#.....#", "#######"];
  expect(moves(rows)).toEqual(["right"]);
  expect(moves(rows, "corner")).toEqual(["up"]);
  const batch = world.batch(1);
  copyLevel(
    world.parse(["#######", "#.....#", "#.....#", "#..MC.#", "#.....#", "#.....#", "#######"].join("\n")),
    batch.levels[0]!,
  );
  batch.start(0, rng(0));
  batch.step(Uint8Array.of(3));
  expect(batch.done[0]).toBe(1);
  expect(greedy(world, "cheese")(batch, 0)).toBe(0);
});

test("it always has a move; it manages among blocks and is lost in a maze, however long it walks", () => {
  const lost = (layout: string) => {
    const rooms: World = cheeseCorner.make(parseParams(cheeseCorner, { size: 9, layout, horizon: 200 }));
    const device = greedy(rooms, "cheese");
    const batch = rooms.batch(1);
    const random = rng(4);
    return drawLevels(rooms, 100, { strength: 1, alpha: 0 }, "test", rng(3)).filter((level) => {
      copyLevel(level, batch.levels[0]!);
      batch.start(0, rng(0));
      while (batch.done[0] === 0) {
        const mask = device(batch, 0);
        expect(mask).toBeGreaterThan(0);
        const choices = [0, 1, 2, 3].filter((a) => (mask >> a) & 1);
        batch.step(Uint8Array.of(choices[random.int(choices.length)]!));
      }
      return batch.done[0] === 2;
    }).length;
  };
  const [blocks, tree] = [lost("blocks"), lost("tree")];
  expect(blocks).toBeLessThan(20);
  expect(tree).toBeGreaterThan(50);
  expect(lost("open")).toBe(0);
});
