/** @file The skew-normal distribution against the normal one, Owen's identity, its moments, and its own draws. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { logNormalCdf } from "./normal.ts";
import { drawSkewNormal, fitSkewNormal, skewNormalLogCdf, skewNormalLogDensity } from "./skew-normal.ts";

test("without skew it is normal, 40 deviations into the tail too", () => {
  for (const x of [-38, -5, -1, 0, 0.8, 3]) {
    const log = skewNormalLogCdf({ location: 1, scale: 2, shape: 0 }, 1 + 2 * x);
    expect(Math.abs(log - logNormalCdf(x))).toBeLessThan(1e-9);
  }
});

test("P(Z ≤ 0) is 1/2 − arctan(α)/π, and that of α = 1 at x is Φ(x)²", () => {
  for (const shape of [-20, -3, -0.5, 2, 10]) {
    const p = Math.exp(skewNormalLogCdf({ location: 0, scale: 1, shape }, 0));
    expect(p).toBeCloseTo(0.5 - Math.atan(shape) / Math.PI, 9);
  }
  for (const x of [-20, -2, 0.3, 2]) {
    const log = skewNormalLogCdf({ location: 0, scale: 1, shape: 1 }, x);
    expect(Math.abs(log - 2 * logNormalCdf(x))).toBeLessThan(1e-9);
  }
});

test("density and distribution function belong together", () => {
  const law = { location: -1, scale: 1.5, shape: -4 };
  for (const x of [-5, -2, -1, 0]) {
    const slope = (skewNormalLogCdf(law, x + 1e-4) - skewNormalLogCdf(law, x - 1e-4)) / 2e-4;
    const hazard = Math.exp(skewNormalLogDensity(law, x) - skewNormalLogCdf(law, x));
    expect(Math.abs(slope / hazard - 1)).toBeLessThan(1e-6);
  }
});

test.each([3, -5, 1])("the fit recovers shape %d and does no worse than the truth", (shape) => {
  const law = { location: 40, scale: 6, shape };
  const random = rng(shape + 10);
  const values = Array.from({ length: 4000 }, () => drawSkewNormal(law, random));
  const delta = shape / Math.hypot(1, shape);
  expect(Math.abs(mean(values) - (40 + 6 * delta * Math.sqrt(2 / Math.PI)))).toBeLessThan(0.4);
  expect(Math.abs(variance(values) / (36 * (1 - (2 * delta * delta) / Math.PI)) - 1)).toBeLessThan(0.1);
  const fit = fitSkewNormal(values);
  expect(fit.isReached).toBe(true);
  expect(Math.abs(fit.location - 40)).toBeLessThan(1.5);
  expect(Math.abs(fit.scale / 6 - 1)).toBeLessThan(0.12);
  expect(Math.abs(fit.shape / shape - 1)).toBeLessThan(0.5);
  expect(fit.logLikelihood).toBeGreaterThanOrEqual(mean(values.map((x) => skewNormalLogDensity(law, x))));
  // A maximum: every small move is worse.
  for (const move of [
    { ...fit, location: fit.location + 0.05 },
    { ...fit, scale: fit.scale * 1.01 },
    { ...fit, shape: fit.shape * 0.98 },
  ]) {
    expect(mean(values.map((x) => skewNormalLogDensity(move, x)))).toBeLessThan(fit.logLikelihood);
  }
});

test("values without spread have no fit", () => {
  expect(() => fitSkewNormal([1, 1, 1])).toThrow("differ");
});
