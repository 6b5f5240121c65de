import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { monsterWorld } from "../envs/monster-world.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels } from "../rollout.ts";
import { optimal } from "../theory/agency/mdp.ts";
import { endingAt, soughtStates, tabularLevel } from "./tabular-level.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const levels = drawLevels(world, 12, DECOUPLED, "test", rng(1));
const tables = levels.map((level, i) => tabularLevel(world, level, 0.9, rng(i))!);

describe("a level as a decision problem", () => {
  test("values of reaching the cheese are the world's own optimum, from the level's start", () => {
    for (const [i, table] of tables.entries()) {
      const { mdp, stateOf, ends } = table;
      expect(table.faithful).toBe(1);
      // Paid on arrival at the end: γ counts from the step after, as in the world's optimum.
      const reward = new Float64Array(mdp.states * mdp.actions);
      for (let row = 0; row < reward.length; row++) {
        for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) reward[row]! += ends[mdp.to[e]!]!;
      }
      const start = stateOf[levels[i]!.items[0]!]!;
      expect(optimal(mdp, reward).value[start]).toBeCloseTo(world.optimum(levels[i]!, "cheese", 0.9).value, 6);
    }
  });

  test("the sought cell of a candidate is where the problem can be made to end", () => {
    const corner = world.candidates.find(({ id }) => id === "corner")!;
    for (const table of tables) {
      const sought = soughtStates(world, table, corner, rng(0))!;
      expect(Array.from(table.cells).filter((_, s) => sought[s] === 1)).toEqual([world.width + 1]);
      const mdp = endingAt(table, sought);
      const corners = table.stateOf[world.width + 1]!;
      expect(mdp.from[corners * 4]).toBe(mdp.from[(corners + 1) * 4]);
      expect(mdp.start[corners]).toBe(0);
      expect(mdp.start.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  test("a world in which monsters move is not this problem", () => {
    const monsters = monsterWorld.make(parseParams(monsterWorld));
    const [level] = drawLevels(monsters, 1, DECOUPLED, "test", rng(2));
    expect(tabularLevel(monsters, level!, 0.9, rng(3))!.faithful).toBeLessThan(0.3);
  });
});
