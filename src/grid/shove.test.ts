/** @file The shoving device on drawn rooms, and how far it comes without a plan. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { miniSokoban } from "../envs/mini-sokoban.ts";
import { parseParams } from "../plugin.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import { greedy } from "./greedy.ts";

const world: World = miniSokoban.make(parseParams(miniSokoban, { layout: "open" }));

function moves(rows: readonly string[], objective = "targets"): string[] {
  const batch = world.batch(1);
  copyLevel(world.parse(rows.join("\n")), batch.levels[0]!);
  batch.start(0, rng(0));
  const mask = greedy(world, objective)(batch, 0);
  return world.actions.filter((_, a) => (mask >> a) & 1);
}

test("it shoves a box straight at its target, and first walks straight to where that is done from", () => {
  const at = (third: string, fourth = "#.....#") => [
    "#######",
    "#.....#",
    "#.....#",
    third,
    fourth,
    "#.....#",
    "#######",
  ];
  expect(moves(at("#@$.O.#"))).toEqual(["right"]);
  // From the other side: up and down lie equally near to the cell behind the box.
  expect(moves(at("#.$@O.#"))).toEqual(["up", "down"]);
  // A box that would have to go around a wall is shoved no further.
  expect(moves(at("#@$#O.#"))).toEqual([]);
  expect(moves(at("#@$.o%#"), "paint")).toEqual(["right"]);
  // Below the box: to the right of the agent is where it is shoved up from, above it where it is shoved to the right.
  const both = ["#######", "#..%..#", "#.....#", "#..$.o#", "#.@...#", "#.....#", "#######"];
  expect(moves(both, "paint")).toEqual(["right"]);
  expect(moves(both)).toEqual(["up"]);
});

test("it knows nothing of the plan: rooms that only a detour solves defeat it, open ones mostly do not", () => {
  const solved = (layout: string) => {
    const rooms: World = miniSokoban.make(parseParams(miniSokoban, { layout }));
    const device = greedy(rooms, "targets");
    const batch = rooms.batch(1);
    const random = rng(4);
    return drawLevels(rooms, 200, { strength: 0, alpha: 0 }, "test", rng(3)).filter((level) => {
      copyLevel(level, batch.levels[0]!);
      batch.start(0, rng(0));
      while (batch.done[0] === 0) {
        const mask = device(batch, 0);
        const open = [0, 1, 2, 3].filter((move) => mask === 0 || (mask >> move) & 1);
        batch.step(Uint8Array.of(open[random.int(open.length)]!));
      }
      return batch.done[0] === 1;
    }).length;
  };
  const [open, blocks] = [solved("open"), solved("blocks")];
  expect(open).toBeGreaterThan(120);
  expect(blocks).toBeLessThan(open - 20);
});
