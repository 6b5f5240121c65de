/**
 * @file A planner that has learned its goal: value iteration is written into the weights, the map of what is to be
 * reached is not. Training by the right moves, on levels where several goals ask for the same ones, decides what it
 * plans for: an optimizer whose objective came out of training and need not be the base objective.
 */
import { z } from "zod";
import { defineOrganism } from "../organism.ts";

export const mesaOptimizer = defineOrganism({
  id: "mesa-optimizer",
  title: "Planner with a learned goal",
  source:
    "Hubinger et al. 2019, Risks from Learned Optimization, arXiv:1906.01820; a planner's map of rewards learned from moves, Tamar et al. 2016, arXiv:1602.02867",
  params: z.object({
    alpha: z.number().min(0).max(1).default(0).describe("Share of distinguishing training levels, 0 to 1."),
    ticks: z.int().min(0).default(0).describe("Backups of its planning; 0 = half the cells of the grid."),
    sharpness: z.number().positive().default(50).describe("Logits per unit of value before training."),
    smoothing: z.number().min(0).max(1).default(0).describe("Label smoothing: unsteadiness that it is taught."),
    updates: z.int().min(1).default(300).describe("Gradient steps."),
    batch: z.int().min(1).default(128).describe("States per gradient step, each on a level of its own."),
    rate: z.number().positive().default(3e-3).describe("Adam step size."),
  }),
  truth: ({ alpha }) => ({
    kind: "planner",
    algorithm: "planner",
    sentence: `has value iteration written into its weights and learned where to from the best moves, on levels of which a share of ${alpha} tells the objectives apart`,
  }),
  recipe: (_, { alpha, ticks, sharpness, smoothing, updates, batch, rate }) => ({
    mixture: { strength: 0, alpha },
    frames: updates * batch,
    network: { id: "value-iteration", params: { target: "learned", ticks, sharpness, jitter: 0.01 } },
    optimizer: { id: "cloning", params: { batch, rate, fresh: true, smoothing } },
  }),
});
