/** @file Careers of saboteurs against the renewal formula, and the worst level against a grid. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { careerDamage, caught, liveCareer, triedLevel, worstLevel } from "./hidden-sabotage.ts";

const audit = { threshold: 2, noise: 0.5, discount: 0.95 };

test("damage of a career is d/(1 − γ(1 − p)), lived through", () => {
  for (const level of [0.5, 0.9, 2.2]) {
    const random = rng(1).fork(`${level}`);
    const { mean, standardError } = sampledMean(Array.from({ length: 20_000 }, () => liveCareer(audit, level, random)));
    expect(Math.abs(mean - careerDamage(audit, level))).toBeLessThan(3.5 * standardError);
  }
  // At the threshold every other audit dismisses: d/(1 − .95/2).
  expect(caught(audit, 2)).toBeCloseTo(0.5, 12);
  expect(careerDamage(audit, 2)).toBeCloseTo(2 / 0.525, 10);
  // Damage that is seen at once is done once.
  expect(careerDamage(audit, 9)).toBeCloseTo(9, 10);
});

test("the worst level is the best of a fine grid, and found by trying", () => {
  for (const threshold of [1, 2, 3]) {
    const own = { ...audit, threshold };
    const grid = Array.from({ length: 2000 }, (_, k) => (threshold * k) / 2000);
    const best = Math.max(...grid.map((level) => careerDamage(own, level)));
    expect(careerDamage(own, worstLevel(own))).toBeGreaterThanOrEqual(best);
    expect(careerDamage(own, triedLevel(own, { careers: 3000, levels: 12 }, rng(2)))).toBeGreaterThan(0.97 * best);
  }
});
