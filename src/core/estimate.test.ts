/** @file How an estimate reads. */
import { expect, test } from "vitest";
import { formatEstimate } from "./estimate.ts";

test("a negative number has a real minus sign, and what rounds to zero has none", () => {
  const estimate = { mean: -0.471, low: -1.5, high: -0.001, n: 3, unit: "levels" } as const;
  expect(formatEstimate(estimate)).toBe("−0.47 [−1.50, 0.00]");
  expect(formatEstimate(estimate, 3)).toBe("−0.471 [−1.500, −0.001]");
});
