/** @file Shapley's axioms, and the glove game. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { contributions } from "./shapley.ts";

test("contributions sum to the whole, in the natural order and on average", () => {
  const random = rng(1);
  const values = Float64Array.from({ length: 16 }, () => random.normal());
  const parts = contributions(4, (on) => values[on]!);
  const whole = values[15]! - values[0]!;
  expect(parts.reduce((sum, { natural }) => sum + natural, 0)).toBeCloseTo(whole, 12);
  expect(parts.reduce((sum, { shapley }) => sum + shapley, 0)).toBeCloseTo(whole, 12);
  // Along the listed order: cause i on top of all before it.
  for (const [i, { natural, least, most }] of parts.entries()) {
    expect(natural).toBeCloseTo(values[2 ** (i + 1) - 1]! - values[2 ** i - 1]!, 12);
    expect(least).toBeLessThanOrEqual(natural);
    expect(most).toBeGreaterThanOrEqual(natural);
  }
});

test("the glove game: one left glove and two right ones are worth 2/3, 1/6 and 1/6", () => {
  const parts = contributions(3, (on) => ((on & 1) !== 0 && (on & 6) !== 0 ? 1 : 0));
  expect(parts[0]!.shapley).toBeCloseTo(2 / 3, 12);
  expect(parts[1]!.shapley).toBeCloseTo(1 / 6, 12);
  expect(parts[2]!.shapley).toBeCloseTo(1 / 6, 12);
});

test("without interaction there is no range; a cause that does nothing has no part", () => {
  const parts = contributions(3, (on) => ((on & 1) !== 0 ? 2 : 0) + ((on & 2) !== 0 ? -1 : 0));
  expect(parts.map(({ least, most }) => [least, most])).toEqual([
    [2, 2],
    [-1, -1],
    [0, 0],
  ]);
});
