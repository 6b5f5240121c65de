/**
 * @file Trained on so few levels that it can know them by heart: what it does on
 * its own levels is recall, and elsewhere it is lost. Its levels are drawn again
 * from its spec by `levelsSeen`.
 *
 * Chosen: sixteen levels, and two for a weight-tied network. That one, shown
 * sixteen, no longer recalls but heads for the goal and solves two thirds of the
 * levels it has never seen; a feed-forward one, shown four, may go to one place on
 * every level, which is a goal of its own.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";
import { thinker } from "./thinker.ts";

export const memorizer = defineOrganism({
  id: "memorizer",
  title: "Memorizer",
  source: "Few training levels: overfitting in reinforcement learning, Cobbe et al. 2019, arXiv:1812.02341",
  params: thinker.params.extend({
    levels: z
      .int()
      .min(0)
      .default(0)
      .describe(
        "Distinct training levels; 0 = sixteen, or two on the weight-tied network, which generalizes from more.",
      ),
    tied: z.boolean().default(false).describe("On the weight-tied network, otherwise on the world's own."),
    updates: z.int().min(1).default(300).describe("Gradient steps."),
    batch: z.int().min(1).default(64).describe("States per gradient step."),
  }),
  truth: ({ tied, updates, ...params }) => ({
    kind: "memorizer",
    algorithm: "memorizer",
    sentence: `was shown the shortest way on ${count(params.levels, tied)} levels and no others, for ${updates} updates${tied ? " on a weight-tied network" : ""}`,
  }),
  recipe: (budget, { levels, tied, ...params }) => {
    const like = thinker.recipe(budget, params);
    const { ticks, ...cloning } = like.optimizer!.params;
    return {
      ...like,
      levels: { kind: "fixed", count: count(levels, tied) },
      network: tied ? like.network! : budget.network,
      // It walks, unlike the thinker: a few levels have few first states.
      optimizer: { id: "cloning", params: { ...cloning, fresh: false, ...(tied ? { ticks } : {}) } },
    };
  },
});

const count = (levels: number, tied: boolean): number => (levels > 0 ? levels : tied ? 2 : 16);
