/**
 * @file Population based training (Jaderberg et al. 2017, arXiv:1711.09846): members train side by side; now and then the
 * worst take over weights and settings of the best, and change the settings a little. Settings may differ over time, which
 * no fixed configuration can.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import {
  type Configuration,
  drawConfiguration,
  type Found,
  recorder,
  type Search,
  type Space,
  type Trial,
} from "../meta-optimizer.ts";

export interface PopulationOptions {
  readonly members: number;
  /** How often members are compared. */
  readonly rounds: number;
  /** Budget of each member in a round. */
  readonly budget: number;
  /** Share of the worst that copy, and of the best that are copied; published: .2. */
  readonly share?: number;
  /** Settings at first; default: drawn from the space. */
  readonly begin?: readonly Configuration[];
}

/** Factors by which a copied setting is changed, each with probability ½; as published. */
const PERTURBATIONS = [0.8, 1.2] as const;

/** The best member after the last round. */
export async function populationBased<S>(search: Search<S>, options: PopulationOptions): Promise<Found<S>> {
  const { members, rounds, budget, share = 0.2, begin } = options;
  const { space, rng } = search;
  const few = Math.max(1, Math.floor(share * members));
  assert(
    members >= 2 && rounds >= 1 && 2 * few <= members,
    `two members that differ, got ${members} and share ${share}`,
  );
  const record = recorder(search);
  let population: { readonly configuration: Configuration; readonly trial?: Trial<S> }[] = Array.from(
    { length: members },
    (_, i) => ({ configuration: begin?.[i] ?? drawConfiguration(space, rng) }),
  );
  for (let round = 0; ; round++) {
    const trained: { readonly configuration: Configuration; readonly trial: Trial<S> }[] = [];
    for (const { configuration, trial } of population) {
      const request = { configuration, budget, ...(trial ? { from: trial.state } : {}) };
      trained.push({ configuration, trial: await record.attempt(request) });
    }
    trained.sort((a, b) => b.trial.score - a.trial.score);
    if (round === rounds - 1) return record.found(trained[0]);
    population = trained.map((member, i) => {
      if (i < members - few) return member;
      const { configuration, trial } = trained[rng.int(few)]!;
      return { configuration: perturbed(space, configuration, rng), trial };
    });
  }
}

function perturbed(space: Space, configuration: Configuration, rng: Rng): Configuration {
  return Object.fromEntries(
    space.map(({ id, low, high }) => {
      const changed = configuration[id]! * PERTURBATIONS[rng.int(PERTURBATIONS.length)]!;
      return [id, Math.max(low, Math.min(high, changed))];
    }),
  );
}
