/** @file Individuals against the closed form of their means: one generation, constant variances, growth, and what cannot stay constant. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { criticalTrait, type OrnamentCost } from "./costly-ornament.ts";
import { observedCriticalTrait, ornamentedIndividuals } from "./ornamented-individuals.ts";
import { landeStep } from "./sexual-selection.ts";

const model = { variance: 0.5, covariance: 0.2, width: 4, optimum: 0, preferenceVariance: 0.2 };
const cost: OrnamentCost = { growth: 1.5, capacity: 2000 };

test("one generation moves trait and preference as Lande's rule says, far from equilibrium too", () => {
  for (const now of [
    { trait: 0, preference: 0.8 },
    { trait: 1.5, preference: 0 },
  ]) {
    const steps = Array.from({ length: 150 }, (_, seed) => {
      const [before, after] = ornamentedIndividuals(model, cost, { ...now, individuals: 600 }, 1, rng(seed));
      return { trait: after!.trait - before!.trait, preference: after!.preference - before!.preference };
    });
    const expected = landeStep(model, now);
    for (const name of ["trait", "preference"] as const) {
      const { mean, standardError } = sampledMean(steps.map((step) => step[name]));
      expect(standardError).toBeLessThan(0.005);
      expect(Math.abs(mean - (expected[name] - now[name]))).toBeLessThan(3.5 * standardError);
    }
  }
});

test("variances stay: after ten generations the runaway is still as fast as it was", () => {
  const start = { trait: 0, preference: 0.3, individuals: 1000 };
  let exact: { readonly trait: number; readonly preference: number } = start;
  for (let generation = 0; generation < 10; generation++) exact = landeStep(model, exact);
  const ends = Array.from(
    { length: 24 },
    (_, seed) => ornamentedIndividuals(model, cost, start, 10, rng(seed)).at(-1)!,
  );
  const { mean, standardError } = sampledMean(ends.map(({ trait }) => trait));
  expect(Math.abs(mean - exact.trait)).toBeLessThan(3.5 * standardError);
  expect(standardError).toBeLessThan(0.06);
});

test("growth is λ at the optimum, and its zero as observed is the critical trait", () => {
  const still = { ...model, covariance: 0 };
  const growth = Array.from(
    { length: 40 },
    (_, seed) =>
      ornamentedIndividuals(still, cost, { trait: 0, preference: 0, individuals: 1000 }, 1, rng(seed))[0]!.growth!,
  );
  const { mean, standardError } = sampledMean(growth);
  expect(Math.abs(mean - 1.5)).toBeLessThan(3.5 * standardError);
  const runs = Array.from({ length: 10 }, (_, seed) =>
    ornamentedIndividuals(model, cost, { trait: 0, preference: 0.3, individuals: 1000 }, 100, rng(seed)),
  );
  expect(runs.every((run) => run.at(-1)!.individuals === 0)).toBe(true);
  const observed = sampledMean(runs.map((run) => observedCriticalTrait(run, 0)));
  expect(Math.abs(observed.mean - criticalTrait(model, cost))).toBeLessThan(0.05 * 1.8);
});

test("a covariance that selection alone exceeds, or more than the variances allow, is refused", () => {
  const start = { trait: 0, preference: 0, individuals: 10 };
  expect(() => ornamentedIndividuals({ ...model, covariance: 0.4 }, cost, start, 1, rng(0))).toThrow(/constant/);
  expect(() => ornamentedIndividuals({ ...model, width: 0.4 }, cost, start, 1, rng(0))).toThrow(/constant/);
});
