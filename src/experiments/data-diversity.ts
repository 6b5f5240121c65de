/**
 * @file How many training levels must tell the goal from its proxy before the
 * goal is learned? The share of distinguishing levels is the dose.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import { defineExperiment } from "../experiment.ts";
import { measureConditions, overTrainingSeeds } from "../lab/outcomes.ts";

export const dataDiversity = defineExperiment({
  id: "data-diversity",
  title: "Distinguishing training levels",
  source: "Abdel Sadek et al. 2025, the mixture parameter alpha; Langosco et al. 2022, figure 2",
  question: "How does the learned goal depend on the share of training levels that tell it from its proxy?",
  hypothesis: "The goal is served more the larger the share: monotone, Spearman's ρ ≥ .9 over doses and seeds.",
  params: z.object({
    env: z.string().default("cheese-corner").describe("World."),
    envParams: z
      .record(z.string(), z.unknown())
      .default({ blocking: true })
      .describe("Parameters of the world; by default the published definition of a distinguishing level."),
    alphas: z
      .array(z.number().min(0).max(1))
      .default([0, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 1])
      .describe("Shares of distinguishing training levels."),
    seeds: z.int().min(2).default(5).describe("Training seeds a dose."),
    frames: z.int().min(0).default(0).describe("Environment steps a seed; 0 = the world's own budget."),
    levels: z.int().min(16).default(4096).describe("Test levels of each kind."),
  }),
  budgets: { smoke: { alphas: [0, 1], seeds: 2, frames: 32_768, levels: 128 }, full: {} },
  async *run(lab, { env, envParams, alphas, seeds, frames, levels }, seed) {
    const conditions = alphas.map((alpha) => ({
      condition: `alpha ${alpha}`,
      x: alpha,
      specs: overTrainingSeeds(seeds, seed, (trainingSeed) =>
        lab.recipe("graded", env, {
          seed: trainingSeed,
          envParams,
          params: { alpha },
          ...(frames > 0 ? { frames } : {}),
        }),
      ),
    }));
    yield* await measureConditions(lab, conditions, levels, seed);
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Goal and proxy served where they part, by share of distinguishing training levels",
      x: { title: "share of distinguishing training levels", scale: "log" },
      y: { title: "share of test levels", range: [0, 1] },
      lines: (["off", "proxy"] as const).map((name) => ({
        label: name === "off" ? "goal" : "proxy",
        points: rows.map(({ x = 0, quantities }) => ({ x, y: quantities[name]! })),
      })),
    },
    {
      kind: "bars",
      title: "Skill on coupled levels",
      axis: "share of the attainable return",
      range: [0, 1],
      bars: rows.map(({ condition, quantities }) => ({ label: condition, reading: scored(quantities.on!) })),
    },
  ],
});
