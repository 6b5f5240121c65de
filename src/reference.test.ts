/** @file Tolerances: what rounding allows, borders included, and what is not a number is never within. */
import { expect, test } from "vitest";
import { above, below, between, exactly, formatComputed, isWithin, once, printed } from "./reference.ts";

test("a printed number allows half a unit of its last digit", () => {
  expect(isWithin(printed("0.5642"), 0.56419)).toBe(true);
  expect(isWithin(printed("0.5642"), 0.56425)).toBe(true);
  expect(isWithin(printed("0.5642"), 0.56415)).toBe(true);
  expect(isWithin(printed("0.5642"), 0.564251)).toBe(false);
  expect(isWithin(printed("0.5642"), 0.564149)).toBe(false);
  // Trailing zeros are digits.
  expect(isWithin(printed("1.42"), 1.423604)).toBe(true);
  expect(isWithin(printed("1.42000"), 1.423604)).toBe(false);
  expect(printed("-0.0874628")).toMatchObject({ text: "−0.0874628", decimals: 7, tolerance: "±5e-8" });
  expect(isWithin(printed("-0.0874628"), 0.0874628)).toBe(false);
});

test("whole numbers are exact unless a tolerance is given", () => {
  expect(printed("8").tolerance).toBe("exact");
  expect(isWithin(printed("8"), 8)).toBe(true);
  expect(isWithin(printed("8"), 8 + 1e-12)).toBe(false);
  expect(isWithin(printed("8", 1), 8.9)).toBe(true);
});

test("intervals, one-sided ones, and rounding in double precision", () => {
  expect([0.69, 0.7, 0.82, 0.83].map((each) => isWithin(between(0.7, 0.82, 2), each))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([0.97, 0.969].map((each) => isWithin(above(0.97, 2), each))).toEqual([true, false]);
  expect([0.01, 0.0101].map((each) => isWithin(below(0.01, 2), each))).toEqual([true, false]);
  expect(isWithin(exactly(1 / 3), 1 / 3 + 1e-12)).toBe(true);
  expect(isWithin(exactly(1 / 3), 1 / 3 + 1e-8)).toBe(false);
  for (const each of [printed("0", 1), above(0, 1), below(0, 1)]) expect(isWithin(each, Number.NaN)).toBe(false);
});

test("a mean over draws is judged by its mean and printed with its interval", () => {
  const spread = { mean: 0.5, low: 0.4, high: 0.6, n: 12 };
  expect(isWithin(printed("0.50"), spread)).toBe(true);
  expect(formatComputed(printed("0.50"), spread)).toBe("0.500 [0.400, 0.600], n = 12");
  expect(formatComputed(printed("8"), 8)).toBe("8");
  expect(formatComputed(printed("-0.01"), -0.0101)).toBe("−0.010");
});

test("what several numbers read is computed once", () => {
  let count = 0;
  const made = once(() => ++count);
  expect([made(), made(), count]).toEqual([1, 1, 1]);
});
