/**
 * @file Stopped long before it became competent: a failure of capability, not of
 * the goal, and the control that every goal detector must decline on.
 *
 * Small worlds are learned so fast that the first checkpoint at the usual step
 * size already has a quarter of the attainable skill; a tenth of the step size
 * makes an early checkpoint early.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const incapable = defineOrganism({
  id: "incapable",
  title: "Incapable",
  source: "Capability failure as the control of Langosco et al. 2022, section on agents and devices",
  params: z.object({
    share: z.number().positive().max(1).default(0.01).describe("Share of the world's training budget that is spent."),
    rate: z.number().positive().default(1e-4).describe("Step size of the optimizer."),
  }),
  truth: ({ share, rate }) => ({
    kind: "incapable",
    sentence: `was stopped after ${100 * share} % of its training at a step size of ${rate}`,
  }),
  recipe: ({ frames, optimizer }, { share, rate }) => ({
    mixture: { strength: 0, alpha: 0.5 },
    frames: Math.round(frames * share),
    optimizer: { ...optimizer, params: { ...optimizer.params, rate } },
  }),
});
