/** @file Dependence: costs summed term by term, the point of no return, and principals simulated. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { continuingCost, type Dependence, delegate, lockedIn, pointOfNoReturn, switchingCost } from "./lock-in.ts";

const dependence: Dependence = { forgetting: 0.05, recovery: 0.02, damage: 0.1, discount: 0.98, detection: 0.05 };

test("costs are the sums that they stand for, and equal at the point of no return", () => {
  let sum = 0;
  const missing = 1 - 0.95 ** 10;
  for (let s = 0; s < 5000; s++) sum += 0.98 ** s * missing * 0.98 ** s;
  expect(switchingCost(dependence, 10)).toBeCloseTo(sum, 9);
  expect(continuingCost(dependence)).toBeCloseTo(5, 12);
  const point = pointOfNoReturn(dependence);
  expect(switchingCost(dependence, point)).toBeCloseTo(continuingCost(dependence), 9);
  // Damage greater than all that could be lost: switching off pays whenever.
  expect(pointOfNoReturn({ ...dependence, damage: 0.9 })).toBe(Infinity);
  expect(lockedIn({ ...dependence, damage: 0.9 })).toBe(0);
});

test("principals with many skills are locked in as often as derived", () => {
  const random = rng(1);
  const runs = Array.from({ length: 600 }, () => delegate(dependence, { skills: 400, imagined: 1 }, random));
  const { mean, standardError } = sampledMean(runs.map(({ isLocked }) => (isLocked ? 1 : 0)));
  expect(Math.abs(mean - lockedIn(dependence))).toBeLessThan(3.5 * standardError + 0.01);
  const period = sampledMean(runs.map((run) => run.period));
  expect(Math.abs(period.mean - 20)).toBeLessThan(3.5 * period.standardError);
});
