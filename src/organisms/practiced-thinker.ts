/**
 * @file A thinker that is shown states on the way and not first states alone: in worlds where things are moved, what
 * decides an episode is hardly ever in sight at its start.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { defineOrganism } from "../organism.ts";

export const practicedThinker = defineOrganism({
  id: "practiced-thinker",
  title: "Weight-tied thinker, shown states on the way",
  source: "As the thinker; states by a mixture of oracle and random steps (Ross et al. 2011, arXiv:1011.0686)",
  params: z.object({
    channels: z.int().min(1).default(16).describe("Channels of the state."),
    fewest: z.int().min(1).default(4).describe("Fewest ticks of an update."),
    most: z.int().min(1).default(10).describe("Most ticks of an update."),
    updates: z.int().min(1).default(2000).describe("Gradient steps."),
    batch: z.int().min(1).default(128).describe("States per gradient step, walked through side by side."),
    rate: z.number().positive().default(2e-3).describe("Adam step size."),
  }),
  truth: ({ fewest, most, updates }) => ({
    kind: "planner",
    algorithm: "planner",
    sentence: `was shown the best moves all along the way for ${updates} updates, with ${fewest} to ${most} ticks to find them`,
  }),
  recipe: (_, { channels, fewest, most, updates, batch, rate }) => {
    if (fewest > most) {
      throw new LabError("input/invalid", `practiced-thinker: fewest ticks above most, got ${fewest} and ${most}`);
    }
    return {
      mixture: { strength: 1, alpha: 0 },
      frames: updates * batch,
      network: { id: "thinker", params: { channels, ticks: Math.round((fewest + most) / 2), fewest } },
      optimizer: { id: "cloning", params: { batch, rate, ticks: [fewest, most] } },
    };
  },
});
