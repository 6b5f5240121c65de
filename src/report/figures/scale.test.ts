/** @file Axes: round ticks, every value in its place, zero beyond the break of a logarithm. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { extent, linearScale, logScale } from "./scale.ts";

test("a declared range is kept and its ticks are round", () => {
  const scale = linearScale([0, 1], [0, 100], { widen: false });
  expect(scale.ticks.map((tick) => tick.label)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  expect([scale.at(0.25), scale.at(-3), scale.at(9)]).toEqual([25, 0, 100]);
});

test("data domains widen to round ends, and every tick is on the axis", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
      (low, span) => {
        const scale = linearScale([low, low + span], [0, 300]);
        expect(scale.at(low)).toBeGreaterThanOrEqual(-1e-6);
        expect(scale.at(low + span)).toBeLessThanOrEqual(300 + 1e-6);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(8);
        for (const tick of scale.ticks) expect(tick.at).toSatisfy((at: number) => at >= -1e-6 && at <= 300 + 1e-6);
      },
    ),
  );
});

test("a logarithmic axis puts zero before a break", () => {
  const scale = logScale([0, 0.001, 1], [0, 300]);
  expect(scale.ticks.map((tick) => tick.label)).toEqual(["0", "10⁻³", "0.01", "0.1", "1"]);
  expect(scale.at(0)).toBe(0);
  expect(scale.at(0.001)).toBeGreaterThan(scale.breakAt!);
  const steps = [0.001, 0.01, 0.1, 1].map(scale.at);
  expect(steps[1]! - steps[0]!).toBeCloseTo(steps[3]! - steps[2]!, 9);
  expect(logScale([1, 10], [0, 300]).breakAt).toBeUndefined();
});

test("one value, or none, still makes an axis", () => {
  expect(extent([])).toEqual([0, 1]);
  expect(extent([4])).toEqual([2, 6]);
  expect(extent([0])).toEqual([-0.5, 0.5]);
});
