/**
 * @file Scored trials as a table: items by arms, and from it one difference for each paraphrase family.
 *
 * Where two arms are compared, an item counts only where both have a score: what is compared is always a pair. Where
 * more take part, as in a factorial design, complete items would be few; there each arm is averaged over its own items
 * within the family, which is unbiased under the same assumption: that missing does not go with the outcome.
 */
import type { Hypothesis, MissingReason, ScoredTrial } from "../contrast.ts";
import type { Cell } from "../statistics/missing.ts";

/** Scores of one item, by arm. */
export interface ItemRow {
  readonly item: string;
  readonly family: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** Greatest possible |difference| of a contrast of arms: the width of the range times the sum of the positive weights. */
export const scaleOf = ([low, high]: readonly [number, number], weights: Hypothesis["weights"]): number =>
  (high - low) * Object.values(weights).reduce((sum, weight) => sum + Math.max(0, weight), 0);

/** What a contrast of arms came to. */
export interface FamilyDifferences {
  /** Families with a difference. */
  readonly families: readonly string[];
  /** Of two arms: mean over the family's complete items. Of more: Σ weight × mean of the arm. `[families]` */
  readonly differences: Float64Array;
  /** What the differences are means of: one for each complete item of two arms, else one for each family, `[units]`. */
  readonly items: Float64Array;
  /** Family of each of `items` as an index. */
  readonly familyOf: Int32Array;
  /** Items with a score in every arm that takes part, and those without. */
  readonly complete: number;
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

/** Differences of a contrast of arms. */
export function familyDifferences(rows: readonly ItemRow[], weights: Hypothesis["weights"]): FamilyDifferences {
  const arms = Object.entries(weights).filter(([, weight]) => weight !== 0);
  return arms.length === 2 ? ofPairs(rows, arms) : ofArmMeans(rows, arms);
}

type Arms = readonly (readonly [string, number])[];

const sumOf = (scores: readonly number[]): number => {
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
};

function ofPairs(rows: readonly ItemRow[], arms: Arms): FamilyDifferences {
  const families: string[] = [];
  const index = new Map<string, number>();
  const [sums, counts]: [number[], number[]] = [[], []];
  const [items, familyOf]: [number[], number[]] = [[], []];
  for (const { family, cells } of rows) {
    let difference = 0;
    let isComplete = true;
    for (const [arm, weight] of arms) {
      const scores = cells[arm]?.scores;
      if (!scores || scores.length === 0) {
        isComplete = false;
        break;
      }
      difference += (weight * sumOf(scores)) / scores.length;
    }
    if (!isComplete) continue;
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
    complete: items.length,
    incomplete: rows.length - items.length,
  };
}

function ofArmMeans(rows: readonly ItemRow[], arms: Arms): FamilyDifferences {
  const found = new Map<string, { readonly sums: Float64Array; readonly counts: Float64Array }>();
  let complete = 0;
  for (const { family, cells } of rows) {
    const own = found.get(family) ?? { sums: new Float64Array(arms.length), counts: new Float64Array(arms.length) };
    found.set(family, own);
    let scored = 0;
    for (const [i, [arm]] of arms.entries()) {
      const scores = cells[arm]?.scores;
      if (!scores || scores.length === 0) continue;
      scored++;
      own.sums[i]! += sumOf(scores) / scores.length;
      own.counts[i]!++;
    }
    if (scored === arms.length) complete++;
  }
  const families = [...found.keys()].filter((family) => found.get(family)!.counts.every((count) => count > 0));
  const differences = Float64Array.from(families, (family) => {
    const { sums, counts } = found.get(family)!;
    return arms.reduce((sum, [, weight], i) => sum + (weight * sums[i]!) / counts[i]!, 0);
  });
  return {
    families,
    differences,
    items: differences,
    familyOf: Int32Array.from(families, (_, i) => i),
    complete,
    incomplete: rows.length - complete,
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
