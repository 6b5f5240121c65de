/**
 * @file A policy that remembers, paid for the goal on levels that tell it from the proxies. Where the world offers to
 * wait (`waiting`), it may stand still and let its memory work before it moves; nothing pays for that but what it
 * finds out meanwhile.
 *
 * What computes its actions is left open: it may plan with its steps, or not.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const recurrent = defineOrganism({
  id: "recurrent",
  title: "Recurrent, paid for the goal",
  source:
    "Recurrent policies that gain by steps of no consequence: Guez et al. 2019, arXiv:1901.03559; Taufeeque et al. 2024, arXiv:2407.15421",
  params: z.object({
    alpha: z.number().min(0).max(1).default(0.5).describe("Share of distinguishing training levels, 0 to 1."),
    width: z.int().min(1).default(64).describe("Units in the layer that sees."),
    units: z.int().min(1).default(64).describe("Numbers remembered."),
  }),
  truth: ({ alpha, units }) => ({
    kind: "aligned",
    sentence: `remembers ${units} numbers from step to step, and was trained where the proxies come apart from the goal on a share of ${alpha} of the levels`,
  }),
  // 1 million frames on cheese-corner with waiting, in 18 seconds of one core: skill .92, .93 and .93 on three seeds.
  recipe: ({ optimizer }, { alpha, width, units }) => ({
    mixture: { strength: 0, alpha },
    network: { id: "recurrent", params: { width, units } },
    optimizer: optimizer.id === "ppo" ? optimizer : { id: "ppo", params: {} },
  }),
});
