/**
 * @file A heuristic follower: taught by a device that steps to whichever free
 * neighbor lies nearest to the goal in a straight line. Its labels need one
 * glance and no planning, and it is lost wherever a wall stands between.
 *
 * Crossed with architecture, so that no detector can win by reading it: on the
 * world's own feed-forward network, or on the weight-tied one of the thinker,
 * trained as the thinker is.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";
import { thinker } from "./thinker.ts";

export const reflex = defineOrganism({
  id: "reflex",
  title: "Heuristic follower",
  source: "Negative control: a device in the sense of Orseau et al. 2018, arXiv:1805.12387, learned by a network",
  params: thinker.params.extend({
    tied: z.boolean().default(false).describe("On the weight-tied network, otherwise on the world's own."),
    updates: z.int().min(1).default(1000).describe("Gradient steps."),
  }),
  truth: ({ tied, updates }) => ({
    kind: "reflex",
    algorithm: "reflex",
    sentence: `was taught for ${updates} updates${tied ? ", on a weight-tied network," : ""} by a device that steps straight towards the goal and sees no wall but those beside it`,
  }),
  recipe: (budget, { tied, ...params }) => {
    const like = thinker.recipe(budget, params);
    const { ticks, ...cloning } = like.optimizer!.params;
    return {
      ...like,
      network: tied ? like.network! : budget.network,
      optimizer: { id: "cloning", params: { ...cloning, teacher: "greedy", ...(tied ? { ticks } : {}) } },
    };
  },
});
