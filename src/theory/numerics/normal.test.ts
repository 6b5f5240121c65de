/** @file The normal distribution against published digits, its own integral, and its inverse. */
import { expect, test } from "vitest";
import { logNormalCdf, normalCdf, normalDensity, normalQuantile } from "./normal.ts";

test("published digits, from the center into the far tail", () => {
  const published: readonly (readonly [number, number])[] = [
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145707],
    [-2, 0.02275013194817921],
    [-3, 0.0013498980316300946],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416053e-24],
    [-20, 2.7536241186062337e-89],
  ];
  for (const [x, p] of published) {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-12);
    expect(Math.abs(logNormalCdf(x) - Math.log(p))).toBeLessThan(1e-12);
  }
  // ln Φ(−x) = −x²/2 − ln(x √(2π)) − 1/x² + O(x⁻⁴), where Φ itself is 0.
  expect(normalCdf(-100)).toBe(0);
  expect(logNormalCdf(-100)).toBeCloseTo(-5000 - Math.log(100 * Math.sqrt(2 * Math.PI)) - 1e-4, 7);
});

test("series and continued fraction meet, and both sides sum to 1", () => {
  for (const x of [0.3, 1.7, 2.999999, 3.000001, 4, 7]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
  expect(Math.abs(normalCdf(-2.9999999999) / normalCdf(-3.0000000001) - 1)).toBeLessThan(1e-8);
});

test("the derivative is the density", () => {
  for (const x of [-4, -1.3, 0, 0.7, 2.5]) {
    const slope = (normalCdf(x + 1e-4) - normalCdf(x - 1e-4)) / 2e-4;
    expect(slope).toBeCloseTo(normalDensity(x), 8);
  }
});

test("the quantile inverts the distribution function over 300 orders of magnitude", () => {
  for (const p of [1e-300, 1e-100, 1e-20, 1e-6, 0.01, 0.2, 0.5]) {
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-11);
  }
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
  expect(normalQuantile(0.9)).toBeCloseTo(-normalQuantile(0.1), 14);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect(() => normalQuantile(1.01)).toThrow("probability");
});
