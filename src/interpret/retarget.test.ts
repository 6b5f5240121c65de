/** @file Retargeting a planner whose goal map is known, and a network that holds no goal where it is written. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { thinker } from "../networks/thinker.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { retarget } from "./retarget.ts";

const { executor } = await openExecutor("native");
const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 9 }));
const shape = policyShape(world);
const levels = drawLevels(world, 24, DECOUPLED, "test", rng(3));
const CHEESE = world.items.indexOf("cheese");
const planner = valueIteration.build(shape, valueIteration.params.parse({ tied: false, ticks: 24 }));
const subject = networkSubject(planner, initialize(planner, rng(0)), shape, executor);
const trial = { subject, world, levels, goal: CHEESE, randoms: 5, rng: rng(5) };

describe("a planner's goal", () => {
  test("moved inside is as good as the real goal there", async () => {
    const report = await retarget({ ...trial, sites: ["goal.out"], how: "move" });
    expect(report.levels.length).toBeGreaterThan(15);
    for (const { written, real, target, goal, steps } of report.levels) {
      expect(Math.abs(written - real)).toBeLessThan(1e-3);
      expect(target).not.toBe(goal);
      expect(steps).toBeGreaterThanOrEqual(3);
    }
    expect(report.real.mean).toBeGreaterThan(0.99);
    expect(report.untouched.mean).toBeLessThan(0.5);
    expect(report.nothing.mean).toBeCloseTo(report.untouched.mean, 5);
    expect(report.over.wrong.low).toBeGreaterThan(0.2);
    expect(report.over.nothing.low).toBeGreaterThan(0.2);
    expect(report.randomMeans).toHaveLength(5);
  });

  test("set by hand at the target competes with the real one", async () => {
    const report = await retarget({ ...trial, sites: ["goal.out{0}"], how: 1 });
    const near = report.levels.filter(({ steps }) => steps <= 4);
    const gain = (list: typeof near) =>
      list.reduce((sum, { written, untouched }) => sum + written - untouched, 0) / list.length;
    expect(gain(near)).toBeGreaterThan(0.1);
    expect(report.written.mean).toBeLessThan(report.real.mean);
  });

  test("written where it is overwritten at once does nothing", async () => {
    // The state of the last tick at the cells alone, far from the agent, cannot reach it any more.
    const report = await retarget({ ...trial, sites: ["layer.23.out"], how: "move" });
    expect(report.written.mean).toBeLessThan(0.6);
  });
});

test("a network without preferences gives each way a quarter a step, or a half where two lead closer", async () => {
  const network = thinker.build(shape, thinker.params.parse({ channels: 2, ticks: 1 }));
  const blank = Object.fromEntries(
    Object.entries(initialize(network, rng(1))).map(([name, values]) => [name, values.map(() => 0)]),
  );
  const undecided = networkSubject(network, blank, shape, executor);
  const report = await retarget({ ...trial, subject: undecided, sites: ["tick.0.state"], how: "move", steps: 3 });
  for (const { untouched } of report.levels) {
    // The cube of a geometric mean over three steps of quarters and halves.
    const halves = Math.log2(untouched ** 3 / 0.25 ** 3);
    expect(halves).toBeCloseTo(Math.round(halves), 4);
    expect([0, 1, 2, 3]).toContain(Math.round(halves));
  }
});

test("an untrained network is not retargeted", async () => {
  const network = thinker.build(shape, thinker.params.parse({ channels: 4, ticks: 3 }));
  const untrained = networkSubject(network, initialize(network, rng(1)), shape, executor);
  const report = await retarget({ ...trial, subject: untrained, sites: ["tick.1.state", "tick.2.state"], how: "move" });
  expect(Math.abs(report.over.nothing.mean)).toBeLessThan(0.05);
  expect(report.over.random.low).toBeLessThanOrEqual(0.02);
});

test("a vector, and a board without room, are refused", async () => {
  await expect(retarget({ ...trial, sites: ["agent.look"], how: "move" })).rejects.toThrow("has no cells");
  await expect(retarget({ ...trial, levels: [], sites: ["goal.out"], how: "move" })).rejects.toThrow(
    "no level has room",
  );
});
