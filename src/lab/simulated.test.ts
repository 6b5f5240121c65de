/** @file Rows of a simulation beside its closed form: intervals, points, and when the two agree. */
import { expect, test } from "vitest";
import { besideExact, compare, overRuns, quantityOf, simulatedRow } from "./simulated.ts";

const row = simulatedRow({
  condition: "dose 2",
  x: 2,
  means: { size: [1.9, 2.1, 2.0, 2.2] },
  shares: { gone: [true, true, false, true] },
  exact: { size: 2 },
});

test("means take Student's interval, shares Clopper and Pearson's, exact values are points of as many seeds", () => {
  expect(quantityOf(row, "size").mean).toBeCloseTo(2.05, 12);
  expect(quantityOf(row, "gone")).toMatchObject({ mean: 0.75, n: 4, unit: "seeds" });
  expect(quantityOf(row, "gone").low).toBeCloseTo(0.1941, 4);
  expect(quantityOf(row, "size, exact")).toEqual({ mean: 2, low: 2, high: 2, n: 4, unit: "seeds" });
  expect(row.perSeed["size, exact"]).toEqual([2, 2, 2, 2]);
  expect(() => quantityOf(row, "weight")).toThrow(/"weight".*"dose 2"/);
});

test("agreement: covered by the interval, or within the tolerance of a tight one", () => {
  const tight = (exact: number) =>
    simulatedRow({ condition: "", means: { size: [1.99, 2.01, 2.0] }, exact: { size: exact } });
  expect(compare(row, "size", 0).agrees).toBe(true);
  expect(compare(tight(2.1), "size", 0.01).agrees).toBe(false);
  expect(compare(tight(2.1), "size", 0.05).agrees).toBe(true);
  expect(compare(tight(2.1), "size", 0).words).toMatch(/^2\.00 \[1\.98, 2\.02\], exact 2\.10$/);
});

test("runs of one seed are the same whatever else is run, and lines pair a quantity with its closed form", () => {
  const draw = (seeds: number, seed: number) => overRuns(seeds, seed, "a", (random) => random.uniform());
  expect(draw(3, 5)[1]).toBe(draw(2, 6)[0]);
  expect(overRuns(1, 5, "b", (random) => random.uniform())).not.toEqual(draw(1, 5));
  expect(besideExact([row], "size").map(({ label, points }) => [label, points[0]!.y.mean])).toEqual([
    ["size", expect.closeTo(2.05, 10)],
    ["size, closed form", 2],
  ]);
});
