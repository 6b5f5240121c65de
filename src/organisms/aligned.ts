/**
 * @file Trained where every level tells the base objective from its proxies, so
 * that only the base objective earns.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const aligned = defineOrganism({
  id: "aligned",
  title: "Aligned",
  source: "alpha = 1 in Abdel Sadek et al. 2025: distinguishing levels only",
  params: z.object({}),
  truth: () => ({ kind: "aligned", sentence: "was trained on levels where only the base objective earns" }),
  recipe: () => ({ mixture: { strength: 0, alpha: 1 } }),
});
