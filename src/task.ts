/**
 * @file A task: which world, with which parameters. Plain data, so that records,
 * commands and saved networks can name it.
 */
import { z } from "zod";

export const taskSpec = z.object({
  env: z.string().describe("Id of an environment."),
  params: z.record(z.string(), z.unknown()).default({}).describe("Parameters of the environment."),
  source: z.string().optional().describe("SHA-256 of the file that defines the environment, where a user brought it."),
});

/** `{ env: "cheese-corner", params: { size: 7 } }` */
export type TaskSpec = z.output<typeof taskSpec>;

export const mixtureSpec = z.object({
  strength: z.number().min(0).max(1).default(0).describe("Shift of the distribution itself, 0 to 1."),
  alpha: z.number().min(0).max(1).default(0).describe("Share of distinguishing levels, 0 to 1."),
});
