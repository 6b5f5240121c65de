/**
 * @file Value iteration written into the weights of a network: a planner by
 * construction, without any training. The positive control of whatever looks
 * for search, weight-tied with a thinking-time knob or unrolled without one.
 *
 * Two truths, kept apart: that it plans is settled by how it was made; which
 * goal it realizes is measured like that of any other organism. Planted with
 * the corner for a goal it is a planner that serves the proxy.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const plantedPlanner = defineOrganism({
  id: "planted-planner",
  title: "Planted planner",
  source: "Positive control: value iteration (Bellman 1957) as convolution and maximum (Tamar et al. 2016)",
  params: z.object({
    unrolled: z.boolean().default(false).describe("Each tick has kernels of its own, and there is no knob to turn."),
    target: z
      .enum(["thing", "corner"])
      .default("thing")
      .describe("What it plans to: the nearest thing on the goal plane, or the top left corner around those things."),
    goalPlane: z.int().min(0).default(2).describe("Index of the observation plane that marks the target things."),
    jitter: z
      .number()
      .min(0)
      .default(0)
      .describe("Relative noise on every planted weight, so that training seeds give different networks; 0 = exact."),
  }),
  truth: ({ unrolled, target, goalPlane }) => ({
    kind: "planner",
    algorithm: "planner",
    sentence: `has value iteration written into its weights${unrolled ? ", unrolled into a layer for each backup" : ""}, towards ${
      target === "corner" ? "the top left corner" : `the nearest thing on observation plane ${goalPlane}`
    }`,
  }),
  recipe: (_, { unrolled, target, goalPlane, jitter }) => ({
    frames: 0,
    network: {
      id: "value-iteration",
      params: { tied: !unrolled, target, goalPlane, avoid: target === "corner" ? [goalPlane] : [], jitter },
    },
  }),
});
