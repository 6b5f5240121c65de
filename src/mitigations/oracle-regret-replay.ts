/**
 * @file Replay the training levels on which the agent falls furthest short of
 * the oracle: rare distinguishing levels are kept, so a small share of them
 * goes a long way. With none of them there is nothing to keep.
 */
import { z } from "zod";
import { defineMitigation } from "../mitigation.ts";

export const oracleRegretReplay = defineMitigation({
  id: "oracle-regret-replay",
  title: "Oracle-regret level replay",
  source: "Jiang et al. 2021, Prioritized Level Replay, arXiv:2010.03934; oracle regret: Abdel Sadek et al. 2025",
  changes: "data",
  cost: "An oracle for the base objective, one optimum a level, and a buffer of levels; the frames stay the same.",
  fails: [
    "Does nothing where no training level distinguishes the goals: there is no regret to replay.",
    "An oracle that is wrong or biased concentrates training on the wrong levels.",
  ],
  params: z.object({
    capacity: z.int().min(1).default(4096).describe("Levels kept in the buffer."),
    share: z.number().min(0).max(1).default(0.5).describe("Share of resets that replay a kept level."),
    gamma: z.number().min(0).max(1).default(0.99).describe("Discount of oracle and achieved return, per step."),
  }),
  apply: (spec, params) => ({ ...spec, levels: { kind: "regret-replay", ...params } }),
});
