/**
 * @file The other dose of diversity: how far the training distribution itself is
 * spread (for cheese in the corner, the side of the block in which the cheese
 * may lie) before the goal is learned.
 */
import { z } from "zod";
import { defineExperiment } from "../experiment.ts";
import { doseCurve, doseParams, doseRankBar, doseSpecs } from "../lab/doses.ts";
import { measureConditions } from "../lab/outcomes.ts";

export const shiftDiversity = defineExperiment({
  id: "shift-diversity",
  title: "Spread of the training distribution",
  source: "Corner size in JaxGMG, gmg-corner-13; rand_region in Langosco et al. 2022",
  question: "How does the learned goal depend on how far the training distribution is shifted?",
  hypothesis: "The goal is served more the larger the shift: monotone, Spearman's ρ ≥ .9 over doses and seeds.",
  params: z.object({
    ...doseParams,
    strengths: z
      .array(z.number().min(0).max(1))
      .default([0, 0.25, 0.5, 0.75, 1])
      .describe("Shifts of the training distribution; cheese-corner at size 7: blocks of side 1 to 5."),
  }),
  budgets: { smoke: { strengths: [0, 1], seeds: 2, frames: 32_768, levels: 128 }, full: {} },
  async *run(lab, params, seed) {
    const conditions = params.strengths.map((strength) => ({
      condition: `shift ${strength}`,
      x: strength,
      specs: doseSpecs(lab, params, { strength, alpha: 0 }, seed),
    }));
    yield* await measureConditions(lab, conditions, params.levels, seed);
  },
  figures: (rows) => [
    doseCurve(rows, { title: "shift of the training distribution", scale: "linear" }),
    doseRankBar(rows),
  ],
});
