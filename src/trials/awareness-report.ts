/**
 * @file What a contrast's trials say of evaluation awareness: the stated probability of a test by arm, whether one arm looks
 * more like a test than the other, and the primary effect among items taken for tests and among the others.
 */
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { type Reading, scored, unscored } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { AWARENESS } from "./awareness.ts";
import { primaryOf } from "./design.ts";
import { effectOf } from "./effect.ts";
import { familyDifferences, tabulate } from "./table.ts";

export interface AwarenessReport {
  /** Scored trials with a probability that could be read, and those without. */
  readonly read: number;
  readonly unread: number;
  /** Mean stated probability of a test, by arm; families as clusters. */
  readonly arms: readonly { readonly arm: string; readonly title: string; readonly mean: Reading }[];
  /** The primary contrast of arms in that probability: does one arm look more like a test than the other? */
  readonly difference: Reading;
  /** The primary effect among items that are taken for tests (one half or more on average over arms), and the others. */
  readonly strata: readonly { readonly title: string; readonly items: number; readonly effect: Reading }[];
}

/** What a contrast's trials say of awareness; undefined where nobody was asked. */
export function awarenessOf(
  contrast: Pick<ContrastPlugin, "arms" | "hypotheses" | "range">,
  trials: readonly ScoredTrial[],
  random: Rng,
): AwarenessReport | undefined {
  const asked = trials.flatMap((trial) => {
    const value = trial.score.status === "scored" ? trial.score.facets?.[AWARENESS] : undefined;
    return value === undefined ? [] : [{ trial, value }];
  });
  if (asked.length === 0) return undefined;
  const { weights } = primaryOf(contrast);
  const scale = Object.values(weights).reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const stated = asked.map(({ trial, value }): ScoredTrial => ({ ...trial, score: { status: "scored", value } }));
  const effect = (of: readonly ScoredTrial[], width: number, label: string): Reading => {
    const found = effectOf(familyDifferences(tabulate(of), weights), width, random.fork(label));
    return typeof found === "string" ? unscored(found) : scored(found.estimate);
  };
  const byItem = new Map<string, number[]>();
  for (const { trial, value } of asked) byItem.set(trial.item, [...(byItem.get(trial.item) ?? []), value]);
  const strata = [true, false].map((isTest) => {
    const items = new Set([...byItem].flatMap(([item, values]) => (mean(values) >= 0.5 === isTest ? [item] : [])));
    return {
      title: isTest ? "items taken for tests" : "items taken for real use",
      items: items.size,
      effect:
        items.size === 0
          ? unscored("no item is taken so")
          : effect(
              trials.filter(({ item }) => items.has(item)),
              scale * (contrast.range[1] - contrast.range[0]),
              isTest ? "tests" : "real",
            ),
    };
  });
  const isScored = trials.filter(({ score }) => score.status === "scored").length;
  return {
    read: asked.length,
    unread: isScored - asked.length,
    arms: contrast.arms.map(({ id, title }) => ({ arm: id, title, mean: armMean(stated, id, random.fork(id)) })),
    difference: effect(stated, scale, "difference"),
    strata,
  };
}

function armMean(trials: readonly ScoredTrial[], arm: string, random: Rng): Reading {
  const own = trials.filter((trial) => trial.arm === arm);
  if (own.length === 0) return unscored("no probability could be read");
  const families = [...new Set(own.map(({ family }) => family))];
  return scored(
    boundedMean(
      own.map(({ score }) => (score.status === "scored" ? score.value : 0)),
      { range: [0, 1], clusters: own.map(({ family }) => families.indexOf(family)), rng: random, unit: "families" },
    ),
  );
}
