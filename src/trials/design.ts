/**
 * @file From a design to its trials: items drawn from the seed, each in every arm, in an order that goes with nothing.
 */

import type { ContrastPlugin, Design, Hypothesis, Item, Trial } from "../contrast.ts";
import { rng } from "../core/rng.ts";
import { parseParams } from "../plugin.ts";
import type { DecisionPlan } from "../providers/planted/model.ts";

/** One paraphrase family of a contrast: its items, and its trials in the order in which they are run. */
export interface Block {
  readonly family: string;
  readonly items: readonly Item[];
  readonly trials: readonly Trial[];
}

/** Blocks in random order: what is seen first goes with nothing, so that stopping early is fair. */
export function blocksOf(contrast: ContrastPlugin, { itemsPerFamily, repeats, seed }: Design): readonly Block[] {
  const root = rng(seed).fork("design").fork(contrast.id);
  const params = parseParams(contrast);
  const order = contrast.families.map((_, i) => i);
  root.fork("blocks").shuffle(order);
  return order.map((at) => {
    const family = contrast.families[at]!;
    const own = root.fork(family);
    const items = Array.from({ length: itemsPerFamily }, (_, number) => ({
      id: `${family}-${number}`,
      family,
      data: contrast.item(family, own.fork(number), params),
    }));
    const trials = items.flatMap((item) =>
      contrast.arms.flatMap((arm) =>
        Array.from(
          { length: repeats },
          (_, repeat): Trial => ({
            id: `${contrast.id}/${item.id}.${arm.id}#${repeat}`,
            contrast: contrast.id,
            item: item.id,
            family,
            arm: arm.id,
            repeat,
          }),
        ),
      ),
    );
    const turns = trials.map((_, i) => i);
    own.fork("order").shuffle(turns);
    return { family, items, trials: turns.map((i) => trials[i]!) };
  });
}

/** The primary hypothesis; the contract of contrasts promises that there is one. */
export const primaryOf = ({ hypotheses }: Pick<ContrastPlugin, "hypotheses">): Hypothesis =>
  hypotheses.find(({ role }) => role === "primary")!;

/** How far an arm moves per unit of an effect: w⁺ / Σ w⁺², so that Σ w · pull = 1. */
function pullOf({ weights }: Pick<Hypothesis, "weights">, arm: string): number {
  const squares = Object.values(weights).reduce((sum, weight) => sum + Math.max(0, weight) ** 2, 0);
  return Math.max(0, weights[arm] ?? 0) / squares;
}

/** What a planted subject may know of a trial beside its turn. */
export function decisionPlan(contrast: ContrastPlugin, trial: Trial, seed: number): DecisionPlan {
  return {
    contrast: contrast.id,
    drive: contrast.drive,
    group: contrast.group,
    item: trial.item,
    family: trial.family,
    arm: trial.arm,
    factors: contrast.arms.find(({ id }) => id === trial.arm)?.factors ?? {},
    pull: pullOf(primaryOf(contrast), trial.arm),
    repeat: trial.repeat,
    seed,
  };
}
