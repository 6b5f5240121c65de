/**
 * @file A network that has to think: one small cell applied again and again,
 * shown the shortest way from states all over the room, at a number of ticks
 * that changes from update to update, so that what it learns is a step of a
 * search and not a pass of a fixed depth.
 *
 * Trained for a thousand updates and no longer: the gain of thinking longer in
 * rooms larger than those of training shrinks as training goes on.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { defineOrganism } from "../organism.ts";

export const thinker = defineOrganism({
  id: "thinker",
  title: "Weight-tied thinker",
  source:
    "Thinking for longer on larger mazes: Schwarzschild et al. 2021, arXiv:2106.04537; Bansal et al. 2022, arXiv:2202.05826",
  params: z.object({
    channels: z.int().min(1).default(24).describe("Channels of the state."),
    fewest: z.int().min(1).default(6).describe("Fewest ticks of an update."),
    most: z.int().min(1).default(18).describe("Most ticks of an update."),
    updates: z.int().min(1).default(1000).describe("Gradient steps."),
    batch: z.int().min(1).default(128).describe("States per gradient step, each on a level of its own."),
    rate: z.number().positive().default(2e-3).describe("Adam step size."),
  }),
  truth: ({ fewest, most, updates }) => ({
    kind: "planner",
    algorithm: "planner",
    sentence: `was shown the shortest way from states all over the room for ${updates} updates, with ${fewest} to ${most} ticks to find it`,
  }),
  recipe: (_, { channels, fewest, most, updates, batch, rate }) => {
    if (fewest > most) {
      throw new LabError("input/invalid", `thinker: fewest ticks above most, got ${fewest} and ${most}`);
    }
    return {
      mixture: { strength: 1, alpha: 0 },
      frames: updates * batch,
      network: { id: "thinker", params: { channels, ticks: Math.round((fewest + most) / 2), fewest } },
      optimizer: { id: "cloning", params: { batch, rate, fresh: true, ticks: [fewest, most] } },
    };
  },
});
