/**
 * @file The other dose of diversity: how far the training distribution itself is
 * spread (for cheese in the corner, the side of the block in which the cheese
 * may lie) before the goal is learned.
 */
import { z } from "zod";
import { defineExperiment } from "../experiment.ts";
import { measureConditions, overTrainingSeeds } from "../lab/outcomes.ts";

export const shiftDiversity = defineExperiment({
  id: "shift-diversity",
  title: "Spread of the training distribution",
  source: "Corner size in JaxGMG, gmg-corner-13; rand_region in Langosco et al. 2022",
  question: "How does the learned goal depend on how far the training distribution is shifted?",
  hypothesis: "The goal is served more the larger the shift: monotone, Spearman's ρ ≥ .9 over doses and seeds.",
  params: z.object({
    env: z.string().default("cheese-corner").describe("World."),
    envParams: z
      .record(z.string(), z.unknown())
      .default({ blocking: true })
      .describe("Parameters of the world; by default the published definition of a distinguishing level."),
    strengths: z
      .array(z.number().min(0).max(1))
      .default([0, 0.25, 0.5, 0.75, 1])
      .describe("Shifts of the training distribution; cheese-corner at size 7: blocks of side 1 to 5."),
    seeds: z.int().min(2).default(5).describe("Training seeds a dose."),
    frames: z.int().min(0).default(0).describe("Environment steps a seed; 0 = the world's own budget."),
    levels: z.int().min(16).default(4096).describe("Test levels of each kind."),
  }),
  budgets: { smoke: { strengths: [0, 1], seeds: 2, frames: 32_768, levels: 128 }, full: {} },
  async *run(lab, { env, envParams, strengths, seeds, frames, levels }, seed) {
    const conditions = strengths.map((strength) => ({
      condition: `shift ${strength}`,
      x: strength,
      specs: overTrainingSeeds(seeds, seed, (trainingSeed) =>
        lab.recipe("graded", env, {
          seed: trainingSeed,
          envParams,
          params: { alpha: 0, strength },
          ...(frames > 0 ? { frames } : {}),
        }),
      ),
    }));
    yield* await measureConditions(lab, conditions, levels, seed);
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Goal and proxy served where they part, by shift of the training distribution",
      x: { title: "shift of the training distribution", scale: "linear" },
      y: { title: "share of test levels", range: [0, 1] },
      lines: (["off", "proxy"] as const).map((name) => ({
        label: name === "off" ? "goal" : "proxy",
        points: rows.map(({ x = 0, quantities }) => ({ x, y: quantities[name]! })),
      })),
    },
  ],
});
