/** @file Numbers as readers see them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCount, formatDuration, formatInterval, formatNumber, formatShort } from "./numbers.ts";

const estimate = (mean: number, low: number, high: number) => ({ mean, low, high, n: 5, unit: "seeds" as const });

test("as many digits as the interval bears", () => {
  expect(formatInterval(estimate(0.2134, 0.18, 0.25))).toBe("0.21 [0.18, 0.25]");
  expect(formatInterval(estimate(0.9712, 0.9698, 0.9731))).toBe("0.971 [0.970, 0.973]");
  expect(formatInterval(estimate(-0.55, -0.61, -0.49))).toBe("−0.55 [−0.61, −0.49]");
  expect(formatInterval(estimate(1234.5, 1100, 1400))).toBe("1,235 [1,100, 1,400]");
  expect(formatInterval(estimate(1, 1, 1))).toBe("1.00 [1.00, 1.00]");
});

test("the interval never loses its order or its sign by rounding", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      (mean, half) => {
        const text = formatInterval(estimate(mean, mean - half, mean + half));
        const [middle, low, high] = text
          .match(/−?[\d,.]*\d/g)!
          .map((part) => Number(part.replace("−", "-").replaceAll(",", "")));
        expect(low).toBeLessThanOrEqual(middle!);
        expect(middle).toBeLessThanOrEqual(high!);
        expect(text).not.toMatch(/NaN|Infinity|e[+-]|−0\.0*\b(?!\d*[1-9])/);
      },
    ),
  );
});

test("counts agree with their unit", () => {
  expect(formatCount({ ...estimate(0, 0, 0), n: 4096, unit: "levels" })).toBe("n = 4,096 levels");
  expect(formatCount({ ...estimate(0, 0, 0), n: 1, unit: "trajectories" })).toBe("n = 1 trajectory");
  expect(formatCount({ ...estimate(0, 0, 0), n: 1 })).toBe("n = 1 seed");
});

test("short numbers", () => {
  expect([0, 0.5, 0.0031, 1, 12.34, 1e-5, 250_000, -0.25, 4096].map(formatShort)).toEqual([
    "0",
    "0.5",
    "0.003",
    "1",
    "12.3",
    "1e−5",
    "2.5e5",
    "−0.25",
    "4,096",
  ]);
});

test("durations", () => {
  expect([3, 340, 1200, 125_000].map(formatDuration)).toEqual(["3 ms", "340 ms", "1.2 s", "2 min 5 s"]);
});

test("what is no number is refused", () => {
  expect(() => formatNumber(Number.NaN)).toThrow("NaN");
  expect(() => formatShort(Number.POSITIVE_INFINITY)).toThrow("Infinity");
});
