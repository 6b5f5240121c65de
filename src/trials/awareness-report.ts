/**
 * @file What a contrast's trials say of evaluation awareness: the stated probability of a test by arm, whether one arm looks
 * more like a test than the other, and the primary effect among items taken for tests and among the others.
 */
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { type Reading, unscored } from "../core/estimate.ts";
import type { Interval } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { armMean } from "./analyze.ts";
import { AWARENESS } from "./awareness.ts";
import { primaryOf } from "./design.ts";
import { effectOf, readingOf } from "./effect.ts";
import { familyDifferences, scaleOf, tabulate } from "./table.ts";

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
  const stated = asked.map(({ trial, value }): ScoredTrial => ({ ...trial, score: { status: "scored", value } }));
  const effect = (of: readonly ScoredTrial[], range: Interval, label: string): Reading =>
    readingOf(effectOf(familyDifferences(tabulate(of), weights), scaleOf(range, weights), random.fork(label)));
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
              contrast.range,
              isTest ? "tests" : "real",
            ),
    };
  });
  const isScored = trials.filter(({ score }) => score.status === "scored").length;
  return {
    read: asked.length,
    unread: isScored - asked.length,
    arms: contrast.arms.map(({ id, title }) => ({
      arm: id,
      title,
      mean: stated.some(({ arm }) => arm === id)
        ? armMean(tabulate(stated), id, [0, 1], random.fork(id))
        : unscored("no probability could be read"),
    })),
    difference: effect(stated, [0, 1], "difference"),
    strata,
  };
}
