/** @file Individuals that choose mates against the exact recursion of one generation. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { mateChoiceGeneration } from "./mate-choice-individuals.ts";
import { haplotypes, kirkpatrickStep } from "./sexual-selection.ts";

test("a generation of individuals is the recursion on average, linked or not", () => {
  for (const recombination of [0.5, 0.1]) {
    const model = { cost: 0.2, preference: 3, recombination };
    const zygotes = haplotypes(0.4, 0.3, 0.05);
    const expected = kirkpatrickStep(model, zygotes);
    const next = Array.from({ length: 200 }, (_, seed) => mateChoiceGeneration(model, zygotes, 2000, rng(seed)));
    for (const type of [0, 1, 2, 3] as const) {
      const { mean, standardError } = sampledMean(next.map((each) => each[type]));
      expect(Math.abs(mean - expected[type])).toBeLessThan(3.5 * standardError);
      expect(standardError).toBeLessThan(0.0015);
    }
  }
});
