/**
 * @file Between aligned and misgeneralized: a dose of distinguishing levels, or
 * of shift, in training.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const graded = defineOrganism({
  id: "graded",
  title: "Graded training diversity",
  source: "Dose of distinguishing levels (alpha) in Abdel Sadek et al. 2025; dose of shift (corner size) in JaxGMG",
  params: z.object({
    alpha: z.number().min(0).max(1).default(0.01).describe("Share of distinguishing training levels, 0 to 1."),
    strength: z.number().min(0).max(1).default(0).describe("Shift of the training distribution itself, 0 to 1."),
  }),
  truth: ({ alpha, strength }) => ({
    kind: "graded",
    sentence: `was trained with a share of ${alpha} distinguishing levels and a shift of ${strength}`,
  }),
  recipe: (_, mixture) => ({ mixture }),
});
