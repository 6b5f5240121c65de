/**
 * @file Scored trials as a table: items by arms, and from it one difference for each paraphrase family. An item counts
 * towards a contrast of arms only where every arm that takes part has a score: what is compared is always a pair.
 */
import type { Hypothesis, MissingReason, ScoredTrial } from "../contrast.ts";
import type { Cell } from "../statistics/missing.ts";

/** Scores of one item, by arm. */
export interface ItemRow {
  readonly item: string;
  readonly family: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** What a contrast of arms came to. */
export interface FamilyDifferences {
  /** Families with at least one complete item. */
  readonly families: readonly string[];
  /** Mean over the family's complete items of Σ weight × mean over repeats, `[families]`. */
  readonly differences: Float64Array;
  /** The same by item, `[items]`, and the family of each as an index. */
  readonly items: Float64Array;
  readonly familyOf: Int32Array;
  /** Items left out because an arm has no score. */
  readonly incomplete: number;
}

/** Items in order of their first trial. */
export function tabulate(trials: readonly ScoredTrial[]): readonly ItemRow[] {
  const rows = new Map<
    string,
    { item: string; family: string; cells: Record<string, { scores: number[]; missing: number }> }
  >();
  for (const { item, family, arm, score } of trials) {
    const row = rows.get(item) ?? { item, family, cells: {} };
    rows.set(item, row);
    const cell = row.cells[arm] ?? { scores: [], missing: 0 };
    row.cells[arm] = cell;
    if (score.status === "scored") cell.scores.push(score.value);
    else cell.missing++;
  }
  return [...rows.values()];
}

/** Differences of a contrast of arms over its complete items. */
export function familyDifferences(rows: readonly ItemRow[], weights: Hypothesis["weights"]): FamilyDifferences {
  const arms = Object.entries(weights).filter(([, weight]) => weight !== 0);
  const families: string[] = [];
  const index = new Map<string, number>();
  const [sums, counts]: [number[], number[]] = [[], []];
  const [items, familyOf]: [number[], number[]] = [[], []];
  let incomplete = 0;
  for (const { family, cells } of rows) {
    let difference = 0;
    let isComplete = true;
    for (const [arm, weight] of arms) {
      const scores = cells[arm]?.scores;
      if (!scores || scores.length === 0) {
        isComplete = false;
        break;
      }
      let sum = 0;
      for (const score of scores) sum += score;
      difference += (weight * sum) / scores.length;
    }
    if (!isComplete) {
      incomplete++;
      continue;
    }
    let at = index.get(family);
    if (at === undefined) {
      at = families.length;
      index.set(family, at);
      families.push(family);
      sums.push(0);
      counts.push(0);
    }
    sums[at]! += difference;
    counts[at]!++;
    items.push(difference);
    familyOf.push(at);
  }
  return {
    families,
    differences: Float64Array.from(sums, (sum, i) => sum / counts[i]!),
    items: Float64Array.from(items),
    familyOf: Int32Array.from(familyOf),
    incomplete,
  };
}

/** Trials without a score, counted by arm and reason. */
export function countMissing(
  trials: readonly ScoredTrial[],
): Readonly<Record<string, { readonly trials: number; readonly missing: Partial<Record<MissingReason, number>> }>> {
  const arms: Record<string, { trials: number; missing: Partial<Record<MissingReason, number>> }> = {};
  for (const { arm, score } of trials) {
    const entry = arms[arm] ?? { trials: 0, missing: {} };
    arms[arm] = entry;
    entry.trials++;
    if (score.status === "missing") entry.missing[score.reason] = (entry.missing[score.reason] ?? 0) + 1;
  }
  return arms;
}
