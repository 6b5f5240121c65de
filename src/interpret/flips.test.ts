/** @file Flips against the world's own oracle: one objective asks for other moves, the other for the same. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED, type Level } from "../env.ts";
import { cheeseDish } from "../envs/cheese-dish.ts";
import { sideOf } from "../grid/hash.ts";
import { parseParams } from "../plugin.ts";
import { copyLevel, drawLevels } from "../rollout.ts";
import { type Flips, findFlips } from "./flips.ts";

const world = cheeseDish.make(parseParams(cheeseDish));
const levels = drawLevels(world, 60, DECOUPLED, "test", rng(1));
const all = new Set<Flips>(["base", "proxy", "neither"]);

/** Moves after which the optimum of an objective is the greatest, from values alone. */
function bestByValue(level: Level, objective: string): number {
  const worths = [-world.width, -1, world.width, 1].map((delta) => {
    const next = { walls: level.walls, items: level.items.slice() };
    if (level.walls[level.items[0]! + delta] === 0) next.items[0] = level.items[0]! + delta;
    const target = objective === world.objectives[0]!.id ? 1 : 2;
    return next.items[0] === next.items[target] ? 1 : 0.99 * world.optimum(next, objective, 0.99).value;
  });
  const top = Math.max(...worths);
  return worths.reduce((mask, worth, a) => mask | (worth > top - 1e-9 ? 1 << a : 0), 0);
}

test("flips are what they say", () => {
  const counts = { base: 0, proxy: 0, neither: 0 };
  const [base, proxy] = world.objectives.map(({ id }) => id) as [string, string];
  for (const [i, level] of levels.entries()) {
    const found = findFlips({ world, proxy: 1, wanted: all, tries: 200 }, level, levels[0]!, rng(i));
    for (const [kind, { flips, before, after, movesBefore, movesAfter }] of found) {
      expect(flips).toBe(kind);
      counts[kind]++;
      expect(before.items).toEqual(level.items);
      expect(after.items[0]).toBe(level.items[0]);
      expect(sideOf(world.layoutHash(after))).toBe("test");
      expect(() => world.check(after)).not.toThrow();
      const [b0, b1, p0, p1] = [
        bestByValue(before, base),
        bestByValue(after, base),
        bestByValue(before, proxy),
        bestByValue(after, proxy),
      ];
      if (kind === "base") expect([b0, b1, b0 & b1, p0]).toEqual([movesBefore, movesAfter, 0, p1]);
      if (kind === "proxy") expect([p0, p1, p0 & p1, b0]).toEqual([movesBefore, movesAfter, 0, b1]);
      if (kind === "neither") expect([b0, p0]).toEqual([b1, p1]);
    }
  }
  expect(counts.base).toBeGreaterThan(20);
  expect(counts.proxy).toBeGreaterThan(20);
  expect(counts.neither).toBeGreaterThan(40);
});

test("only what is wanted is looked for, and the level given is left as it was", () => {
  const given = { walls: levels[0]!.walls.slice(), items: levels[0]!.items.slice() };
  const found = findFlips(
    { world, proxy: 1, wanted: new Set(["neither"]), tries: 200 },
    levels[0]!,
    levels[1]!,
    rng(3),
  );
  expect([...found.keys()]).toEqual(["neither"]);
  const blank = world.blank();
  copyLevel(levels[0]!, blank);
  expect(blank).toEqual(given);
});
