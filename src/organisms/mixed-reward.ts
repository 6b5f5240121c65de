/**
 * @file Paid for something else than the base objective, or for several things
 * at once: the specification itself departs from the intent. Levels that tell
 * the objectives apart are frequent in training, so what is learned is what is
 * paid.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const mixedReward = defineOrganism({
  id: "mixed-reward",
  title: "Paid by a mixture of objectives",
  source: "Outer misalignment in Hubinger et al. 2019, arXiv:1906.01820; weighted base objectives",
  params: z.object({
    weights: z
      .record(z.string(), z.number())
      .default({})
      .describe("Reward for each objective of the world, by id; empty = the base objective alone."),
    alpha: z.number().min(0).max(1).default(0.5).describe("Share of distinguishing training levels, 0 to 1."),
  }),
  truth: ({ weights }) => ({
    kind: "misspecified",
    sentence: `was paid ${
      Object.entries(weights)
        .map(([objective, weight]) => `${weight} for ${objective}`)
        .join(" and ") || "for the base objective"
    }, on levels that tell the objectives apart`,
  }),
  recipe: (_, { weights, alpha }) => ({ reward: weights, mixture: { strength: 0, alpha } }),
});
