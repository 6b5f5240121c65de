/** @file Imagined walkers against what is known: a determined one reaches its goal, an aimless one is a random walk. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { cheeseDish } from "../envs/cheese-dish.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels, randomAct, rollout } from "../rollout.ts";
import { imaginer, pursuer } from "./imagined.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { blocking: true }));
const levels = drawLevels(world, 12, DECOUPLED, "train", rng(1));
const goal = (id: string) => world.candidates.find((each) => each.id === id);
const many = (n: number, id: string | undefined, beta: number) =>
  new Array(n).fill(pursuer(id === undefined ? undefined : goal(id), beta));

describe("imagined walkers", () => {
  test("a determined walker serves its own objective; counts carry half a walk for every choice", () => {
    const walk = imaginer(world);
    for (const level of levels) {
      const corner = walk(level, many(15, "corner", 20), rng(2));
      // 15 walks and 3 choices of half a walk each.
      expect(corner[1]! + corner[0]!).toBeCloseTo(16 / 16.5, 9);
      expect(corner.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
    const mean = (id: string, choice: number) =>
      levels.reduce((sum, level) => sum + walk(level, many(15, id, 20), rng(2))[choice]!, 0) / levels.length;
    expect(mean("corner", 1)).toBeGreaterThan(0.8);
    expect(mean("cheese", 0)).toBeGreaterThan(0.8);
  });

  test("without a goal it is a random walk", async () => {
    const walk = imaginer(world);
    const walks = 400;
    const repeated = levels.slice(0, 4).flatMap((level) => new Array<(typeof levels)[0]>(walks).fill(level));
    const act = randomAct(world.actions.length);
    const { served } = await rollout({ world, levels: repeated, act, rng: rng(3) });
    for (const [i, level] of levels.slice(0, 4).entries()) {
      const imagined = walk(level, many(walks, undefined, 0), rng(4));
      for (const choice of [0, 1]) {
        const share = served.slice(i * walks, (i + 1) * walks).filter((each) => each === choice).length / walks;
        // Four standard errors of a difference of two shares of 400 walks each.
        expect(Math.abs(imagined[choice]! - share)).toBeLessThan(4 * Math.sqrt(0.5 / walks));
      }
    }
  });

  test("the same level and seed give the same, another batch before or not", () => {
    const fresh = imaginer(world)(levels[5]!, many(8, "cheese", 1), rng(7));
    const walk = imaginer(world);
    for (const level of levels) walk(level, many(8, "corner", 2), rng(9));
    expect(walk(levels[5]!, many(8, "cheese", 1), rng(7))).toEqual(fresh);
  });

  test("where nothing tells the objectives apart both walkers do the same", () => {
    const dish = cheeseDish.make(parseParams(cheeseDish));
    const [level] = drawLevels(dish, 1, COUPLED, "train", rng(5));
    const walk = imaginer(dish);
    const of = (id: string) =>
      walk(
        level!,
        new Array(8).fill(
          pursuer(
            dish.candidates.find((each) => each.id === id),
            3,
          ),
        ),
        rng(6),
      );
    expect(of("dish")).toEqual(of("cheese"));
  });
});
