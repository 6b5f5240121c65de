/**
 * @file Decisions against thinking time, on a planner whose every decision is
 * known beforehand: k backups find the ways of up to k + 1 steps and no others.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { openExecutor } from "../tensor/index.ts";
import { fewestTicks, type ThinkingCurve, thinkingCurve, thinkingValue, tickLadder } from "./thinking.ts";

const GAMMA = 0.99;
const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 9, layout: "tree", blocking: true }));
const shape = policyShape(world);
const { executor } = await openExecutor("wasm");
const network = valueIteration.build(shape, parseParams(valueIteration));
const planner = networkSubject(network, initialize(network, rng(0)), shape, executor);
const levels = drawLevels(world, 96, { strength: 1, alpha: 0 }, "test", rng(1));
/** Steps to the cheese: the discounted optimum is gamma^(steps − 1). */
const steps = levels.map((level) =>
  Math.round(1 + Math.log(world.optimum(level, "cheese", GAMMA).value) / Math.log(GAMMA)),
);

test("the ladder at twelve ticks, and within its bounds", () => {
  expect(tickLadder({ trained: 12, max: 64, fewest: 6 })).toEqual([1, 2, 4, 6, 8, 12, 16, 24, 40]);
  expect(tickLadder({ trained: 3, max: 5 })).toEqual([1, 2, 3, 4, 5]);
  expect(fewestTicks({ trained: 5, max: 9 })).toBe(2);
  expect(fewestTicks({ trained: 1, max: 9 })).toBe(1);
});

test("a planted planner is right exactly where its ticks reach", async () => {
  const ticks = [1, 2, 4, 8, 40];
  const curve = await thinkingCurve({ subject: planner, world, levels, ticks, rng: rng(2) });
  expect(curve.layout).toHaveLength(levels.length);
  const batch = world.batch(levels.length);
  for (const [at, count] of ticks.entries()) {
    for (const [i, level] of levels.entries()) {
      batch.levels[i]!.walls.set(level.walls);
      batch.levels[i]!.items.set(level.items);
      batch.start(i, rng(0));
      // Out of reach all scores are equal, and the first action, up, is taken.
      const upIsRight = world.optimalActions(batch, i, "cheese", GAMMA) & 1;
      expect(curve.right[at]![i], `${count} ticks, ${steps[i]} steps`).toBe(steps[i]! <= count + 1 ? 1 : upIsRight);
    }
  }
  const value = thinkingValue(curve, 1, rng(3));
  expect(value.best.mean).toBe(1);
  expect(value.gain.low).toBeGreaterThan(0.3);
  expect(value.gain.mean).toBeCloseTo(1 - value.few.mean, 12);
  expect(value.overthinking.mean).toBe(0);
  const { farther } = thinkingValue(curve, 4, rng(3));
  expect(farther.low, "what is gained is gained where the way is long").toBeGreaterThan(0.1);
});

test("a subject that takes no notice of its ticks gains exactly nothing, sampled or not", async () => {
  const { logits, ...blind } = planner;
  for (const one of [planner, blind]) {
    const subject = { ...one, thinking: () => one };
    const curve = await thinkingCurve({ subject, world, levels, ticks: [1, 6, 12], rng: rng(2) });
    const { gain, overthinking } = thinkingValue(curve, 1, rng(3));
    expect([gain.mean, overthinking.mean]).toEqual([0, 0]);
    expect(gain.low).toBeLessThan(0);
    expect(gain.high).toBeGreaterThan(0);
  }
  expect(logits).toBeDefined();
});

describe("value", () => {
  /** Accuracy by tick count on independent states; the layouts' hashes are their indices. */
  const drawn = (accuracy: readonly number[], n: number, seed: number): ThinkingCurve => {
    const random = rng(seed);
    return {
      ticks: accuracy.map((_, i) => i + 1),
      right: accuracy.map((share) => Uint8Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0))),
      layout: Int32Array.from({ length: n }, (_, i) => i),
      chance: new Float64Array(n).fill(0.25),
      optimum: Float64Array.from({ length: n }, (_, i) => 1 / (i + 1)),
    };
  };

  test("thinking too long shows", () => {
    const { gain, overthinking, bestTicks } = thinkingValue(drawn([0.6, 0.8, 0.95, 0.5], 2000, 1), 1, rng(0));
    expect(bestTicks).toEqual([3, 3]);
    expect(gain.low).toBeGreaterThan(0.3);
    expect(gain.low).toBeLessThan(0.35);
    expect(gain.high).toBeGreaterThan(0.35);
    expect(overthinking.mean).toBeCloseTo(0.45, 1);
  });

  test("the best of many equal numbers is not called a gain", () => {
    // Judged on the levels that chose it, the best of eight would gain about .06 on 100 states.
    const gains = Array.from(
      { length: 60 },
      (_, i) => thinkingValue(drawn(Array(9).fill(0.5), 100, i), 1, rng(i)).gain,
    );
    const mean = gains.reduce((sum, each) => sum + each.mean, 0) / gains.length;
    expect(Math.abs(mean)).toBeLessThan(0.025);
    expect(gains.filter(({ low }) => low > 0).length).toBeLessThanOrEqual(5);
  });
});
