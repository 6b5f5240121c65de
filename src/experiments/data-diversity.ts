/**
 * @file How many training levels must tell the goal from its proxy before the
 * goal is learned? The share of distinguishing levels is the dose.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import { defineExperiment } from "../experiment.ts";
import { doseCurve, doseParams, doseRankBar, doseSpecs } from "../lab/doses.ts";
import { measureConditions } from "../lab/outcomes.ts";

export const dataDiversity = defineExperiment({
  id: "data-diversity",
  title: "Distinguishing training levels",
  source: "Abdel Sadek et al. 2025, the mixture parameter alpha; Langosco et al. 2022, figure 2",
  question: "How does the learned goal depend on the share of training levels that tell it from its proxy?",
  hypothesis: "The goal is served more the larger the share: monotone, Spearman's ρ ≥ .9 over doses and seeds.",
  params: z.object({
    ...doseParams,
    alphas: z
      .array(z.number().min(0).max(1))
      .default([0, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 1])
      .describe("Shares of distinguishing training levels."),
  }),
  budgets: { smoke: { alphas: [0, 1], seeds: 2, frames: 32_768, levels: 128 }, full: {} },
  async *run(lab, params, seed) {
    const conditions = params.alphas.map((alpha) => ({
      condition: `alpha ${alpha}`,
      x: alpha,
      specs: doseSpecs(lab, params, { strength: 0, alpha }, seed),
    }));
    yield* await measureConditions(lab, conditions, params.levels, seed);
  },
  figures: (rows) => [
    doseCurve(rows, { title: "share of distinguishing training levels", scale: "log" }),
    doseRankBar(rows),
    {
      kind: "bars",
      title: "Skill on coupled levels",
      axis: "share of the attainable return",
      range: [0, 1],
      bars: rows.map(({ condition, quantities }) => ({ label: condition, reading: scored(quantities.on!) })),
    },
  ],
});
