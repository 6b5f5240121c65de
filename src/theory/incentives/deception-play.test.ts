/** @file Interviews, audits and probations played out against Bayes and the best-of-n formula. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { audited, comeThrough, interview, throughProbation } from "./deception-play.ts";
import { bestCandidate } from "./hiring.ts";
import { deceptiveAfterAudits } from "./screening.ts";

const runs = Array.from({ length: 30 }, (_, seed) => rng(seed));

test("the best of n has the traits derived for it", () => {
  const candidates = { manipulation: 1, noise: 1, alignmentWithCompetence: 0.2, alignmentWithManipulation: -0.6 };
  const hires = runs.map((random) => interview(10, candidates, 300, random));
  for (const trait of ["competence", "manipulation", "alignment", "score"] as const) {
    const { mean, standardError } = sampledMean(hires.map((hire) => hire[trait]));
    expect(Math.abs(mean - bestCandidate(10, candidates)[trait])).toBeLessThan(3.5 * standardError);
  }
});

test("after audits Bayes' rule holds", () => {
  const given = { prior: 0.1, audits: 4, power: 0.2, falseAlarm: 0.05 };
  const { mean, standardError } = sampledMean(runs.map((random) => audited(given, 3000, random)));
  expect(Math.abs(mean - deceptiveAfterAudits(given))).toBeLessThan(3.5 * standardError);
});

test("probation keeps out those whom pretending costs more than their prize, and not the others", () => {
  const given = { prior: 0.1, periods: 5, pretending: 1, prize: 10, discount: 0.95 };
  const { mean, standardError } = sampledMean(runs.map((random) => comeThrough(given, 2000, 300, random)));
  expect(Math.abs(mean - throughProbation(given))).toBeLessThan(3.5 * standardError);
  expect(throughProbation({ ...given, periods: 0 })).toBeCloseTo(0.1, 12);
  expect(throughProbation({ ...given, periods: 60 })).toBeLessThan(1e-6);
});
