/**
 * @file Shown the way by demonstrations of which a share serves a proxy: the
 * reward is right, the architecture is the usual one, and the data are not.
 *
 * Only levels that tell the objectives apart can be contaminated; elsewhere both
 * demonstrators do the same. States are the starts of levels, so that no
 * demonstration contradicts itself on its way.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const contaminated = defineOrganism({
  id: "contaminated",
  title: "Contaminated demonstrations",
  source: "Memorized data as the nearest level of optimization pressure; data poisoning, Biggio et al. 2012",
  params: z.object({
    share: z.number().min(0).max(1).default(0.6).describe("Share of distinguishing levels shown by the contaminant."),
    contaminant: z.string().default("").describe("Objective of those demonstrations; empty = the first proxy."),
    alpha: z.number().min(0).max(1).default(0.1).describe("Share of distinguishing training levels, 0 to 1."),
    updates: z.int().min(1).default(600).describe("Gradient steps."),
    batch: z.int().min(1).default(512).describe("States per gradient step, each on a level of its own."),
  }),
  truth: ({ share, contaminant, alpha }) => ({
    kind: "misspecified",
    sentence: `was shown the way on levels of which a share of ${alpha} tells the objectives apart, and on a share of ${share} of those by somebody who serves ${contaminant || "a proxy"}`,
  }),
  recipe: (_, { share, contaminant, alpha, updates, batch }) => ({
    mixture: { strength: 0, alpha },
    frames: updates * batch,
    optimizer: { id: "cloning", params: { batch, fresh: true, contaminated: share, contaminant } },
  }),
});
