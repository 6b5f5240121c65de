/** @file Measures of optimizing systems: a bowl, a thermostat, motions that optimize nothing, worked examples, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import {
  attraction,
  basin,
  deterministicSystem,
  meanRise,
  orderBits,
  retargetingCost,
  riseFrom,
  robustDimensions,
  robustness,
} from "./optimizing-system.ts";

const N = 16;
const uniform = new Float64Array(N).fill(1 / N);
/** One step toward the middle, 8, each time. */
const bowl = deterministicSystem(Array.from({ length: N }, (_, s) => s + Math.sign(8 - s)));
const height = Array.from({ length: N }, (_, s) => -Math.abs(s - 8));
const isMiddle = Array.from({ length: N }, (_, s) => (s === 8 ? 1 : 0));

describe("order in bits", () => {
  test("Armstrong's eight equiprobable states, and ties", () => {
    const bits = orderBits([0, 1, 2, 3, 4, 5, 6, 7], new Float64Array(8).fill(1 / 8));
    expect([bits[6], bits[4], bits[7], bits[0]]).toEqual([2, 1, 3, 0]);
    expect(Array.from(orderBits([1, 1, 1, 0], new Float64Array(4).fill(1 / 4)))).toEqual([
      -Math.log2(3 / 4),
      -Math.log2(3 / 4),
      -Math.log2(3 / 4),
      0,
    ]);
  });

  test("a bowl: log₂ N at the bottom whatever the start; the average start takes off what it would rise anyway", () => {
    const given = { height, measure: uniform, steps: 20 };
    const mean = Array.from({ length: N }, (_, s) => riseFrom(bowl, given, s).relative).reduce((a, b) => a + b) / N;
    for (const from of [0, 8, 15]) {
      const { start, relative, counterfactual } = riseFrom(bowl, given, from);
      expect(start + relative).toBeCloseTo(4, 12);
      expect(counterfactual).toBeCloseTo(relative - mean, 12);
    }
    expect(meanRise(bowl, given)).toBeCloseTo(mean, 12);
    // Wrong version: what a ball does by itself counted as the merit of where it began.
    expect(riseFrom(bowl, given, 15).relative).toBeGreaterThan(riseFrom(bowl, given, 15).counterfactual + 2);
  });

  test("what preserves the measure optimizes nothing on average: permutations, and standing still", () => {
    const order = Int32Array.from({ length: N }, (_, s) => s);
    rng(1).shuffle(order);
    for (const system of [
      deterministicSystem(order),
      deterministicSystem(Int32Array.from({ length: N }, (_, s) => s)),
    ]) {
      expect(meanRise(system, { height, measure: uniform, steps: 7 })).toBeCloseTo(0, 12);
    }
    // A single state may rise all the same: order from where it happened to begin.
    const cycle = deterministicSystem(Int32Array.from({ length: N }, (_, s) => (s + 1) % N));
    expect(riseFrom(cycle, { height, measure: uniform, steps: 8 }, 0).relative).toBeCloseTo(4, 12);
  });
});

describe("basin, robustness and retargeting of a thermostat", () => {
  /** Temperature 0 … 9 and set point 0 … 2 (at 2, 5, 8): one degree toward it each time. */
  const goal = [2, 5, 8];
  const next = Int32Array.from({ length: 30 }, (_, s) => {
    const [point, temperature] = [Math.floor(s / 10), s % 10];
    return 10 * point + temperature + Math.sign(goal[point]! - temperature);
  });
  const thermostat = deterministicSystem(next);
  const measure = new Float64Array(30).fill(1 / 30);
  const at = (point: number) => Array.from({ length: 30 }, (_, s) => (s === 10 * point + goal[point]! ? 1 : 0));

  test("the basin is every temperature at its set point: log₂ 10 bits", () => {
    const drawn = basin(thermostat, at(1), { steps: 12 });
    expect(Array.from(drawn, (each, s) => (each ? s : -1)).filter((s) => s >= 0)).toEqual(
      Array.from({ length: 10 }, (_, t) => 10 + t),
    );
    const { bits } = attraction(drawn, at(1), measure);
    expect(bits).toBeCloseTo(Math.log2(10), 12);
    // Too little time: only what is near.
    expect(basin(thermostat, at(1), { steps: 2 }).reduce((sum, each) => sum + each, 0)).toBe(5);
  });

  test("pushed by degrees it returns from anywhere; pushed at its set point it does not", () => {
    const drawn = basin(thermostat, at(1), { steps: 12 });
    const degrees = (s: number) => [s - 1, s + 1].filter((t) => t >= 0 && Math.floor(t / 10) === Math.floor(s / 10));
    expect(robustness(drawn, at(1), degrees)).toBe(Number.POSITIVE_INFINITY);
    const anything = (s: number) => [...degrees(s), (s + 10) % 30];
    expect(robustness(drawn, at(1), anything)).toBe(0);
    // Coordinate 0 is the set point, 1 the temperature.
    expect(robustDimensions(drawn, at(1), [3, 10])).toEqual([1]);
  });

  test("a target that is passed through is not kept; a system that stands still draws nothing in", () => {
    const cycle = deterministicSystem(Int32Array.from({ length: N }, (_, s) => (s + 1) % N));
    expect(basin(cycle, isMiddle, { steps: 20 }).some((each) => each === 1)).toBe(false);
    expect(robustness(basin(cycle, isMiddle, { steps: 20 }), isMiddle, (s) => [(s + 1) % N])).toBe(-1);
    const still = deterministicSystem(Int32Array.from({ length: N }, (_, s) => s));
    expect(attraction(basin(still, isMiddle, { steps: 5 }), isMiddle, uniform).bits).toBe(0);
  });

  test("chance: a walk that steps back a tenth of the time arrives almost surely, and then stays or not", () => {
    const transition = new Float64Array(N * N);
    for (let s = 0; s < N; s++) {
      const toward = s + Math.sign(8 - s);
      const back = s === 8 ? 8 : Math.min(N - 1, Math.max(0, s - Math.sign(8 - s)));
      transition[s * N + toward]! += 0.9;
      transition[s * N + back]! += 0.1;
    }
    const noisy = { states: N, transition };
    expect(basin(noisy, isMiddle, { steps: 60 }).every((each) => each === 1)).toBe(true);
    expect(basin(noisy, isMiddle, { steps: 8 }).every((each) => each === 1)).toBe(false);
  });

  test("one part of the setting turns a thermostat; a lookup table has to be rewritten", () => {
    const steered = (setting: readonly number[], target: string) => ({ setting, target });
    expect(retargetingCost([steered([1, 0, 0], "5 °"), steered([2, 0, 0], "8 °"), steered([1, 1, 1], "5 °")])).toBe(1);
    expect(retargetingCost([steered([0, 0, 0, 0], "left"), steered([1, 1, 1, 1], "right")])).toBe(4);
    expect(retargetingCost([steered([0], "left"), steered([1], "left")])).toBe(Number.POSITIVE_INFINITY);
  });
});
