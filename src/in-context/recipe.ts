/**
 * @file How a learner is made: one set of settings for tasks, architecture and training, of which every recipe is a
 * selection, and what a recipe says of the learner it makes.
 */
import { z } from "zod";
import type { AttentionShape, InContextTruth, TaskLaw } from "../in-context.ts";
import type { Plugin } from "../plugin.ts";

/** Every setting of a learner, with the defaults of the smallest one: one linear layer, fresh tasks. */
export const learnerParams = z.object({
  dimensions: z.int().min(1).default(10).describe("d, coordinates of an input."),
  examples: z.int().min(1).default(10).describe("N, examples in a context, the query not counted."),
  inputs: z.enum(["uniform", "normal"]).default("uniform").describe("Law of an input coordinate."),
  scale: z.number().positive().default(1).describe("Full width of the uniform law, or deviation of the normal one."),
  condition: z.number().min(1).default(1).describe("Greatest over least variance of the coordinates; 1 = all alike."),
  tasks: z.int().min(0).default(0).describe("Different tasks in training; 0 = a new one for every context."),
  noise: z.number().min(0).default(0).describe("Variance of the noise on the examples' targets."),
  layers: z.int().min(1).max(8).default(1).describe("Attention layers."),
  tied: z.boolean().default(true).describe("All layers share their weights."),
  heads: z.int().min(1).max(8).default(1).describe("Attention heads of a layer."),
  attention: z.enum(["linear", "softmax"]).default("linear").describe("Scores as they are, or normalized."),
  bare: z.boolean().default(false).describe("Only the preconditioner and the step are trained; other entries stay 0."),
  steps: z.int().min(0).default(3000).describe("Updates; 0 leaves the starting weights."),
  batch: z.int().min(1).default(512).describe("Contexts of an update, all new."),
  rate: z.number().positive().default(1e-3).describe("Adam's step size; β = (0.9, 0.98)."),
  anneal: z
    .number()
    .min(0.01)
    .max(1)
    .default(0.5)
    .describe("Last share of the updates, in which the step size falls to 0."),
  clip: z.number().positive().default(1e-3).describe("Longest gradient, Euclidean norm over all weights."),
  init: z.number().positive().default(0.02).describe("Variance of the starting weights times fan-in and layers."),
  silent: z.boolean().default(true).describe("W_Q starts with zeros where it reads targets."),
  patience: z.int().min(1).default(1350).describe("Updates without emergence after which a run is stopped as stalled."),
});
export type LearnerParams = z.output<typeof learnerParams>;

/** How the weights of a learner come about. */
export type Making = "training" | "gradient descent by construction" | "mesa-layer";

export interface InContextRecipe extends Plugin<typeof learnerParams> {
  readonly making: Making;
  /** It continues sequences instead of answering regressions. */
  readonly sequences?: true;
  truth(params: LearnerParams): InContextTruth;
}

/** The tasks that training draws. */
export const lawOf = ({ dimensions, examples, inputs, scale, condition, tasks, noise }: LearnerParams): TaskLaw => ({
  dimensions,
  examples,
  inputs,
  scale,
  condition,
  tasks,
  noise,
});

export const shapeOf = ({ dimensions, layers, tied, heads, attention }: LearnerParams): AttentionShape => ({
  dimensions,
  layers,
  tied,
  heads,
  attention,
});
