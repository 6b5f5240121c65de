/**
 * @file The elk's antlers: a runaway trait with a population that pays for it, until there is none.
 *
 *     N′ = N λ exp(−(z − θ)²/(2ω²)) / (1 + N/K),   z and y by Lande's rule
 *
 * Nobody is selected against the trait fast enough, because what is selected is relative. A
 * parable: that antlers made the Irish elk extinct is disputed (Moen, Pastor and Cohen 1999 on
 * mineral limits; Hansen et al. 2024 against an allometric constraint).
 */
import { assert } from "../../core/errors.ts";
import { type Lande, landeStep, type TraitAndPreference } from "./sexual-selection.ts";

/** Demography of the population that carries the trait. */
export interface OrnamentCost {
  /** λ, growth of a small population at the optimum, per generation; above 1. */
  readonly growth: number;
  /** K of 1/(1 + N/K), in individuals: the population settles at (λ − 1) K. */
  readonly capacity: number;
  /** Who pays: both sexes, or males alone while one male serves `served` females. */
  readonly pays?: "both" | { readonly served: number };
}

/** A population in one generation. */
export interface OrnamentedPopulation extends TraitAndPreference {
  readonly individuals: number;
}

/** |z − θ| beyond which even a small population shrinks: ω √(2 ln λ). */
export const criticalTrait = ({ width }: Lande, { growth }: OrnamentCost): number =>
  Math.sqrt(2 * width * Math.log(growth));

/**
 * One generation: survival by the trait of today, then the trait moves on.
 *
 * Where males alone pay, births fall only once there are too few of them: the factor is min(1, served × survival).
 */
export function ornamentStep(model: Lande, cost: OrnamentCost, now: OrnamentedPopulation): OrnamentedPopulation {
  const { growth, capacity, pays = "both" } = cost;
  const survival = Math.exp(-((now.trait - model.optimum) ** 2) / (2 * model.width));
  const births = pays === "both" ? survival : Math.min(1, pays.served * survival);
  return {
    ...landeStep(model, now),
    individuals: (now.individuals * growth * births) / (1 + now.individuals / capacity),
  };
}

/** The end of a population. */
export interface Extinction {
  /** The last generation that breeds, the start being 0: fewer than one individual follows it. */
  readonly generation: number;
  /** What follows it. */
  readonly population: OrnamentedPopulation;
}

/** Runs until extinction; undefined where it does not come before `generations` have bred. */
export function extinction(
  model: Lande,
  cost: OrnamentCost,
  start: OrnamentedPopulation,
  generations: number,
): Extinction | undefined {
  assert(cost.growth > 1, `growth above 1, got ${cost.growth}`);
  let population = start;
  for (let generation = 0; generation < generations; generation++) {
    population = ornamentStep(model, cost, population);
    if (population.individuals < 1) return { generation, population };
  }
  return undefined;
}
