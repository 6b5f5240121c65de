/**
 * @file Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943; Li et al. 2018, Hyperband): many configurations
 * are trained a little, the best 1/η of them η times as long in all, and so on until one is left.
 */
import { LabError } from "../core/errors.ts";
import {
  type Configuration,
  drawConfiguration,
  type Found,
  recorder,
  type Search,
  type Trial,
} from "../meta-optimizer.ts";

export interface HalvingOptions {
  /** Configurations at first, n. */
  readonly candidates: number;
  /** Of which every round keeps 1/η, rounded down, at least one. */
  readonly factor: number;
  /** Budget of each in the first round, r. */
  readonly budget: number;
}

/** One round: how many are in it, and how long each has been trained at its end. */
export interface Rung {
  readonly configurations: number;
  readonly budget: number;
}

/**
 * The rounds: n at r, n/η at η r, … until one is left.
 *
 * @throws {LabError} `input/invalid` for a factor below 2 or no candidates
 *
 * @example
 * rungs({ candidates: 9, factor: 3, budget: 1 }).length; // => 3
 */
export function rungs({ candidates, factor, budget }: HalvingOptions): readonly Rung[] {
  if (!(factor >= 2 && candidates >= 1)) {
    throw new LabError(
      "input/invalid",
      `successiveHalving: nothing would be halved, got ${candidates} candidates and factor ${factor}; expected at least 1 and 2`,
    );
  }
  const out: Rung[] = [];
  for (let left = candidates, own = budget; ; left = Math.max(1, Math.floor(left / factor)), own *= factor) {
    out.push({ configurations: left, budget: own });
    if (left === 1) return out;
  }
}

/**
 * The configuration that is left at the end. Training goes on from where the round before left it, so that a rung costs
 * only what it adds. Scores of different rungs are not compared.
 */
export async function successiveHalving<S>(search: Search<S>, options: HalvingOptions): Promise<Found<S>> {
  const record = recorder(search);
  let racers: { readonly configuration: Configuration; readonly trial?: Trial<S> }[] = Array.from(
    { length: options.candidates },
    () => ({ configuration: drawConfiguration(search.space, search.rng) }),
  );
  let before = 0;
  for (const { configurations, budget } of rungs(options)) {
    const raced: { readonly configuration: Configuration; readonly trial: Trial<S> }[] = [];
    for (const { configuration, trial } of racers.slice(0, configurations)) {
      const more = { configuration, budget: budget - before, ...(trial ? { from: trial.state } : {}) };
      raced.push({ configuration, trial: await record.attempt(more) });
    }
    racers = raced.sort((a, b) => b.trial.score - a.trial.score);
    before = budget;
  }
  const [winner] = racers;
  return record.found(winner?.trial ? { configuration: winner.configuration, trial: winner.trial } : undefined);
}
