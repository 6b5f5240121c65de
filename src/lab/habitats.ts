/**
 * @file Where learners with inherited rewards live, as parameters that several experiments share: features and what they
 * are worth in offspring, what there is to find, a novelty, and how circuits are inherited.
 */
import { z } from "zod";
import type { Habitat, Inheritance } from "../theory/evolution/reward-circuits.ts";

/** Features of options, in the order of `worth` and `novelty`. */
const FEATURES = "mating cue, sweetness, warmth, color, bitterness";

export const habitatParams = {
  worth: z
    .array(z.number())
    .length(5)
    .default([1, 0.6, 0.3, 0, -0.5])
    .describe(`Offspring a trial for each unit of a feature: ${FEATURES}.`),
  novelty: z
    .array(z.number())
    .length(5)
    .default([1, 1, 1, 0.5, 0])
    .describe(`Features of the novelty, which leaves no offspring: ${FEATURES}; natural ones are uniform in 0 to 1.`),
  natural: z.int().min(1).default(8).describe("Natural options in a life."),
  barren: z.int().min(1).default(20).describe("Barren options; the novelty takes the place of one."),
  exploration: z.number().min(0).max(1).default(0.1).describe("Probability that a trial explores."),
  invention: z.number().min(0).max(1).default(0.1).describe("Probability that a trial which explores invents."),
  population: z.int().min(2).default(300).describe("Individuals of a generation."),
  generations: z.int().min(1).default(60).describe("Generations before the novelty."),
  lifetime: z.int().min(1).default(100).describe("Trials of an ancestral life."),
  lives: z.int().min(1).default(4).describe("Lives over which an individual's offspring are counted."),
  mutation: z.number().min(0).default(0.05).describe("Standard deviation of a mutation, for each weight of a circuit."),
};

const schema = z.object(habitatParams);

/** What those parameters describe. */
export function habitatOf(given: z.output<typeof schema>): {
  readonly habitat: Habitat;
  readonly novelty: readonly number[];
  readonly inheritance: Omit<Inheritance, "isSelected">;
} {
  const { worth, natural, barren, exploration, invention, population, generations, lifetime, lives, mutation } = given;
  return {
    habitat: {
      worth,
      // The least that keeps offspring from falling below none.
      base: -worth.reduce((sum, each) => sum + Math.min(0, each), 0),
      natural,
      barren,
      exploration,
      invention,
    },
    novelty: given.novelty,
    inheritance: { population, generations, founders: 0.5, mutation, trials: lifetime, lives },
  };
}
