/** @file Gold scores under light and heavy tails against closed forms, simulation and published digits. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { normalMaximum } from "../selection/order-statistics.ts";
import { type ErrorLaw, goldOfBest, normalError, studentError, upweightTail } from "./goodhart.ts";

const sizes = Array.from({ length: 11 }, (_, i) => 2 ** i);

describe("laws of the error", () => {
  test("Student's t: tails from tables and closed forms", () => {
    expect(studentError(1).tail(1)).toBeCloseTo(0.25, 14);
    expect(studentError(3).tail(3.182446305284263)).toBeCloseTo(0.025, 10);
    expect(studentError(10).tail(2.2281388519649385)).toBeCloseTo(0.025, 10);
    // Two degrees of freedom: (1 − x/√(2 + x²))/2.
    for (const x of [-3, -1, 0, 0.4, 2]) {
      expect(studentError(2).tail(x)).toBeCloseTo((1 - x / Math.sqrt(2 + x * x)) / 2, 14);
    }
    // x³ P(X > x) tends to 2√3/π for three.
    expect(1e15 * studentError(3).tail(1e5)).toBeCloseTo((2 * Math.sqrt(3)) / Math.PI, 8);
  });

  test.each<readonly [string, ErrorLaw]>([
    ["normal", normalError(0.7)],
    ["t2", studentError(2)],
    ["t5", studentError(5)],
  ])("%s: density, tail and partial mean belong together", (_, law) => {
    for (const x of [-1.4, 0.2, 1.1, 3]) {
      const h = 1e-5;
      expect((law.tail(x - h) - law.tail(x + h)) / (2 * h)).toBeCloseTo(law.density(x), 7);
      expect((law.partialMean(x - h) - law.partialMean(x + h)) / (2 * h)).toBeCloseTo(x * law.density(x), 7);
    }
    expect(law.tail(0)).toBeCloseTo(0.5, 14);
  });

  test("Cauchy's law has no mean", () => {
    expect(studentError(1).partialMean(2)).toBe(Infinity);
    expect(() => studentError(2.5)).toThrow("degrees of freedom");
  });
});

describe("the best of n by value plus error", () => {
  test("normal error: E[max]/√2, and E[max]/√(1 + sd²) for any", () => {
    goldOfBest(normalError(), sizes).forEach((each, i) => {
      expect(each).toBeCloseTo(normalMaximum(sizes[i]!).mean / Math.SQRT2, 10);
    });
    for (const sd of [0.2, 3]) {
      expect(goldOfBest(normalError(sd), [64])[0]).toBeCloseTo(2.34373 / Math.hypot(1, sd), 5);
    }
  });

  test("normal error: the published simulation; without shrinkage, or shrunk twice, it is missed", () => {
    const published = [0, 0.398, 0.731, 1.009, 1.242, 1.462, 1.66, 1.833, 2.005, 2.145, 2.3];
    const gold = goldOfBest(normalError(), sizes);
    for (const [i, each] of published.entries()) {
      expect(Math.abs(gold[i]! - each)).toBeLessThan(0.01);
      if (i === 0) continue;
      const most = normalMaximum(sizes[i]!).mean;
      for (const wrong of [most, most / 2]) expect(Math.abs(wrong - each)).toBeGreaterThan(0.1);
    }
  });

  test.each([
    { freedom: 3, published: [0, 0.35, 0.62, 0.79, 0.88, 0.86, 0.78, 0.67, 0.55, 0.44, 0.36], peaks: [16, 32] },
    { freedom: 2, published: [0, 0.32, 0.55, 0.69, 0.69, 0.6, 0.46, 0.34, 0.24, 0.15, 0.12], peaks: [8, 16] },
  ])("t$freedom error: peaks, then falls", ({ freedom, published, peaks }) => {
    const gold = goldOfBest(studentError(freedom), sizes);
    for (const [i, each] of published.entries()) expect(Math.abs(gold[i]! - each)).toBeLessThan(0.02);
    const best = gold.indexOf(Math.max(...gold));
    expect(peaks).toContain(sizes[best]);
    for (let i = best + 1; i < sizes.length; i++) expect(gold[i]!).toBeLessThan(gold[i - 1]!);
    expect(gold.at(-1)).toBeLessThan(0.45 * gold[best]!);
    // The formula for normal error, with whatever reliability, never falls.
    const formula = sizes.map((n) => gold[1]! * (normalMaximum(n).mean / normalMaximum(2).mean));
    expect(Math.abs(formula.at(-1)! - published.at(-1)!)).toBeGreaterThan(1);
  });

  test.each([2, 16])("t3 error, the best of %d simulated", (n) => {
    const random = rng(n);
    const student = () => {
      const square = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
      return random.normal() / Math.sqrt(square / 3);
    };
    const values = Array.from({ length: 160_000 / n }, () => {
      let [most, value] = [-Infinity, 0];
      for (let i = 0; i < n; i++) {
        const own = random.normal();
        const proxy = own + student();
        if (proxy > most) [most, value] = [proxy, own];
      }
      return value;
    });
    const error = Math.sqrt(variance(values) / values.length);
    expect(Math.abs(mean(values) - goldOfBest(studentError(3), [n])[0]!)).toBeLessThan(4 * error);
  });

  test("enough degrees of freedom are normal", () => {
    const scaled = studentError(300);
    const [t, normal] = [goldOfBest(scaled, [8])[0]!, goldOfBest(normalError(Math.sqrt(300 / 298)), [8])[0]!];
    expect(t).toBeCloseTo(normal, 2);
  });
});

describe("a heavy tail reached for", () => {
  test("the error's mean grows without bound while the divergence vanishes", () => {
    const law = studentError(3);
    const path = [1e1, 1e2, 1e4, 1e6, 1e10, 1e15].map((threshold) => upweightTail(law, threshold, threshold ** -0.8));
    for (let i = 1; i < path.length; i++) {
      expect(path[i]!.error).toBeGreaterThan(path[i - 1]!.error);
      expect(path[i]!.kl).toBeLessThan(path[i - 1]!.kl);
    }
    expect(path.at(-1)!.kl).toBeLessThan(1e-9);
    // E[X | X > t] tends to 3t/2, so the mean to 1.5 t^.2.
    expect(path.at(-1)!.error).toBeCloseTo(1500, 6);
  });

  test("with a light tail the same path costs ever more", () => {
    const path = [2, 4, 8, 16].map((threshold) => upweightTail(normalError(), threshold, threshold ** -0.8));
    for (let i = 1; i < path.length; i++) expect(path[i]!.kl).toBeGreaterThan(path[i - 1]!.kl);
    // Never more than the envelope √(2 KL) of exponential tilting.
    for (const { kl, error } of path) expect(error).toBeLessThan(Math.sqrt(2 * kl));
  });

  test("divergence and mean by numerical integration; the base's own mass changes nothing", () => {
    const law = studentError(5);
    const [threshold, mass] = [1.5, 0.4];
    const base = law.tail(threshold);
    let [kl, error] = [0, 0];
    const h = 2e-3;
    for (let x = -200 + h / 2; x < 200; x += h) {
      const ratio = x > threshold ? mass / base : (1 - mass) / (1 - base);
      kl += h * law.density(x) * ratio * Math.log(ratio);
      error += h * law.density(x) * ratio * x;
    }
    const closed = upweightTail(law, threshold, mass);
    expect(closed.kl).toBeCloseTo(kl, 5);
    expect(closed.error).toBeCloseTo(error, 5);
    const same = upweightTail(law, threshold, base);
    expect(same.kl).toBeCloseTo(0, 12);
    expect(same.error).toBeCloseTo(0, 12);
    expect(upweightTail(law, threshold, 1).kl).toBeCloseTo(-Math.log(base), 12);
  });
});
