/** @file Skill is 1 for the oracle, 0 for random actions, and its interval takes the worse end of both. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels, randomAct } from "../rollout.ts";
import { oracleRollout, pick } from "./oracle.ts";
import { lacksSkill, measureSkill, relativeSkill, repeatedRollout } from "./skill.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));

test("random actions have no skill, and are told so with their numbers", async () => {
  const levels = drawLevels(world, 400, COUPLED, "test", rng(1));
  const skill = await measureSkill({ world, act: randomAct(4), levels, objective: 0, rng: rng(2) });
  expect(skill.skill).toMatchObject({ status: "scored" });
  if (skill.skill.status === "scored") {
    expect(skill.skill.value.low).toBeLessThan(0);
    expect(skill.skill.value.high).toBeGreaterThan(0);
  }
  expect(lacksSkill(skill, 0.5)).toMatch(/random actions 0\.\d/);
  expect(lacksSkill(skill, -1)).toBeUndefined();
});

test("(earned − random) / (1 − random), with the worse end of both", () => {
  const estimate = (mean: number, low: number, high: number) => ({ mean, low, high, n: 10, unit: "levels" as const });
  const reading = relativeSkill(estimate(0.8, 0.7, 0.9), estimate(0.5, 0.4, 0.6));
  expect(reading.status).toBe("scored");
  if (reading.status === "scored") {
    expect(reading.value.mean).toBeCloseTo(0.6, 12);
    expect(reading.value.low).toBeCloseTo(0.25, 12);
    expect(reading.value.high).toBeCloseTo(0.5 / 0.6, 12);
  }
  expect(relativeSkill(estimate(1, 0.99, 1), estimate(0.95, 0.93, 0.97)).status).toBe("unscored");
});

test("the oracle earns everything in the least number of steps", async () => {
  const levels = drawLevels(world, 60, DECOUPLED, "test", rng(3));
  const episodes = await oracleRollout({ world, levels, objective: "cheese", rng: rng(4) });
  for (const [i, level] of levels.entries()) {
    expect(episodes.achieved[0]![i]).toBe(1);
    expect(0.9 ** (episodes.length[i]! - 1)).toBeCloseTo(world.optimum(level, "cheese", 0.9).value, 12);
  }
});

test("ties are broken evenly, and no set bit means anything goes", () => {
  const random = rng(5);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[pick(0b1010, 4, random)]!++;
  expect(counts[0]! + counts[2]!).toBe(0);
  expect(Math.abs(counts[1]! - 1500)).toBeLessThan(150);
  expect(new Set(Array.from({ length: 200 }, () => pick(0, 4, random))).size).toBe(4);
});

test("repeats run through the levels in order, again and again", async () => {
  const levels = drawLevels(world, 5, DECOUPLED, "test", rng(6));
  const { n, layout } = await repeatedRollout({ world, act: randomAct(4), levels, repeats: 3, rng: rng(7) });
  expect(n).toBe(15);
  for (let i = 5; i < 15; i++) expect(layout[i]).toBe(layout[i % 5]);
});
