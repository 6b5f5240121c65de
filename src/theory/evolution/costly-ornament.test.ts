/** @file A runaway trait that its population cannot pay: the published extinction, and who survives it. */
import { expect, test } from "vitest";
import { criticalTrait, extinction, type OrnamentCost, ornamentStep } from "./costly-ornament.ts";
import type { Lande } from "./sexual-selection.ts";

const model: Lande = { variance: 0.5, covariance: 0.2, width: 4, optimum: 0 };
const cost: OrnamentCost = { growth: 1.5, capacity: 1000 };
const start = { trait: 0, preference: 0.1, individuals: 500 };

test("critical trait 1.8010; gone in generation 48 with z = 3.38", () => {
  expect(criticalTrait(model, cost)).toBeCloseTo(1.801, 4);
  const end = extinction(model, cost, start, 200)!;
  expect(end.generation).toBe(48);
  expect(end.population.trait).toBeCloseTo(3.38, 2);
  // At the critical trait a small population neither grows nor shrinks.
  const still = ornamentStep(model, cost, { trait: criticalTrait(model, cost), preference: 0, individuals: 1e-6 });
  expect(still.individuals / 1e-6).toBeCloseTo(1, 8);
});

test("the population holds at (λ − 1) K as long as the trait stays, and no runaway is no extinction", () => {
  const stable = { ...model, covariance: 0.1 };
  let now = start;
  for (let i = 0; i < 5000; i++) now = ornamentStep(stable, { ...cost, growth: 2 }, now);
  // The trait settles at 2, short of 2 √(2 ln 2) = 2.35, and costs part of the population.
  expect(now.trait).toBeCloseTo(2, 6);
  expect(now.individuals).toBeCloseTo((2 * Math.exp(-0.5) - 1) * 1000, 4);
  expect(extinction(stable, { ...cost, growth: 2 }, start, 1000)).toBeUndefined();
});

test("where males alone pay, polygyny puts the end off", () => {
  const late = extinction(model, { ...cost, pays: { served: 5 } }, start, 400)!;
  expect(late.generation).toBeGreaterThan(55);
  const later = extinction(model, { ...cost, pays: { served: 50 } }, start, 400)!;
  expect(later.generation).toBeGreaterThan(late.generation);
});

test("wrong versions: ω for ω², and a trait that stops at its critical value", () => {
  expect(Math.abs(criticalTrait({ ...model, width: 2 }, cost) - 1.801)).toBeGreaterThan(0.4);
  const wide = extinction({ ...model, width: 16 }, cost, start, 200);
  expect(wide?.generation).not.toBe(48);
  // Extinction is long after the trait passed the critical value: it is no threshold for the end itself.
  let now = start;
  let passed = 0;
  while (now.trait < criticalTrait(model, cost)) {
    now = ornamentStep(model, cost, now);
    passed++;
  }
  expect(passed).toBeLessThan(40);
  expect(now.individuals).toBeGreaterThan(100);
});
