/** @file Goals moved inside a network whose goal is known to lie at one site, and inside one that never looks at it. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { goalMoves, goalStates, holdings, moveInside, resample } from "./goal-writes.ts";
import { listSites } from "./sites.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 7 }));
const { executor } = await openExecutor("native");
const shape = policyShape(world);
const levels = drawLevels(world, 300, { strength: 1, alpha: 0 }, "test", rng(2));
const states = goalStates(world, world.candidates[0]!, levels, rng(3));
const known = Array.from({ length: 200 }, (_, i) => i);
const judged = Array.from({ length: states.n - 200 }, (_, i) => 200 + i);

async function tried(target: "thing" | "corner") {
  const network = valueIteration.build(shape, parseParams(valueIteration, { ticks: 16, target }));
  const subject = networkSubject(network, initialize(network, rng(1)), shape, executor);
  const sites = listSites(subject.inside!, shape).filter(({ site }) => site === "goal.out");
  const held = await holdings(subject, states, sites, known);
  const moves = goalMoves(world, states, judged, new Set(held.means[0]!.keys()), rng(4));
  return {
    moves,
    held,
    moved: await moveInside({ subject, states, held, moves, draws: 3, rng: rng(5) }),
    resampled: await resample({ subject, states, held, among: judged, rng: rng(6) }),
  };
}

test("states are those on which the cheese lies somewhere, with its cell", () => {
  expect(states.n).toBe(levels.length);
  for (const [i, level] of states.levels.entries()) {
    expect([states.goal[i], states.agent[i]]).toEqual([level.items[1], level.items[0]]);
  }
});

test("value iteration follows its goal wherever it is put, and nothing else", async () => {
  const { moves, moved, resampled } = await tried("thing");
  expect(moved.moves.length).toBe(moves.length);
  expect(moves.length).toBeGreaterThan(40);
  expect(moved.written.every((hit) => hit === 1)).toBe(true);
  expect(moved.elsewhere.every((hit) => hit === 0)).toBe(true);
  expect(Math.max(...moved.random)).toBeLessThan(0.5);
  expect(resampled.same.every((kept) => kept === 1)).toBe(true);
  expect(resampled.different.filter((kept) => kept === 0).length).toBeGreaterThan(resampled.different.length / 4);
});

test("a planner that goes for the corner has no cheese to be moved", async () => {
  const { moved, resampled } = await tried("corner");
  expect(moved.moves.length).toBeGreaterThan(20);
  expect(moved.written.every((hit) => hit === 0)).toBe(true);
  expect(resampled.different.every((kept) => kept === 1)).toBe(true);
});
