/**
 * @file Trained where base objective and proxies always coincide, so that
 * nothing in training says which of them to pursue.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const misgeneralized = defineOrganism({
  id: "misgeneralized",
  title: "Goal misgeneralization",
  source:
    "Langosco et al. 2022, Goal Misgeneralization in Deep RL, arXiv:2105.14111; alpha = 0 in Abdel Sadek et al. 2025",
  params: z.object({}),
  truth: () => ({
    kind: "misgeneralized",
    sentence: "was trained on levels where a proxy earned exactly what the base objective earned",
  }),
  recipe: () => ({ mixture: { strength: 0, alpha: 0 } }),
});
