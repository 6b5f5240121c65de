import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels } from "../rollout.ts";
import { countCandidates, enumerateLevels } from "./enumerate.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5 }));

test("open rooms: every ordered pair of distinct cells", () => {
  expect([...enumerateLevels(world, "none")]).toHaveLength(9 * 8);
  expect(countCandidates(world, "none")).toBe(81);
});

test("every level that can be drawn is enumerated, and none twice", () => {
  const known = new Set([...enumerateLevels(world, "all")].map((level) => world.print(level)));
  expect(known.size).toBe([...enumerateLevels(world, "all")].length);
  const drawn = [COUPLED, DECOUPLED].flatMap((mixture) =>
    (["train", "test"] as const).flatMap((split) => drawLevels(world, 300, mixture, split, rng(4))),
  );
  for (const level of drawn) expect(known.has(world.print(level))).toBe(true);
});

test("a world too large is refused", () => {
  const large = cheeseCorner.make(parseParams(cheeseCorner, { size: 7 }));
  expect(() => enumerateLevels(large, "all").next()).toThrow(/cannot be enumerated/);
});
