/** @file The best of n candidates: published values, simulation, wrong versions. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { bestCandidate, type Candidates } from "./hiring.ts";

const plain: Candidates = { manipulation: 0, noise: 1, alignmentWithCompetence: 0, alignmentWithManipulation: 0 };

test("noise as large as competence: +1.088 for ten interviews, +1.773 for a hundred", () => {
  expect(bestCandidate(10, plain).competence).toBeCloseTo(1.088, 3);
  expect(bestCandidate(100, plain).competence).toBeCloseTo(1.773, 3);
  expect(bestCandidate(1, plain).competence).toBeCloseTo(0, 9);
  // Wrong versions: the score taken at its word, and variance for deviation.
  expect(bestCandidate(10, plain).score).toBeCloseTo(2 * 1.088, 2);
  expect(Math.abs(1.53875 / 2 - 1.088)).toBeGreaterThan(0.3);
});

test("interviews simulated: competence, manipulation and alignment of the best of eight", () => {
  const given: Candidates = {
    manipulation: 1.5,
    noise: 0.5,
    alignmentWithCompetence: 0.3,
    alignmentWithManipulation: -0.6,
  };
  const random = rng(1);
  const hires = Array.from({ length: 10_000 }, () => {
    let best = { score: -Infinity, competence: 0, manipulation: 0, alignment: 0 };
    for (let i = 0; i < 8; i++) {
      const [competence, manipulation] = [random.normal(), random.normal()];
      const alignment = 0.3 * competence - 0.6 * manipulation + Math.sqrt(1 - 0.45) * random.normal();
      const score = competence + 1.5 * manipulation + 0.5 * random.normal();
      if (score > best.score) best = { score, competence, manipulation, alignment };
    }
    return best;
  });
  const expected = bestCandidate(8, given);
  for (const trait of ["competence", "manipulation", "alignment", "score"] as const) {
    const { mean, standardError } = sampledMean(hires.map((hire) => hire[trait]));
    expect(Math.abs(mean - expected[trait])).toBeLessThan(3.5 * standardError);
  }
  // More competent than average, and less aligned, the more so the more are interviewed.
  expect(expected.competence).toBeGreaterThan(0);
  expect(bestCandidate(100, given).alignment).toBeLessThan(expected.alignment);
});
