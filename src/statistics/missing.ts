/**
 * @file Answers that are missing: how far the estimate could move whatever they would have been.
 *
 * Worst-case bounds (Manski 1990) assume nothing at all about why an answer is missing: each missing score is put at
 * whichever end of its range pushes the contrast lowest, then highest.
 */
import type { Interval } from "../core/intervals.ts";

/** Scores of one item in one arm: those that exist, and how many more there should be. */
export interface Cell {
  readonly scores: readonly number[];
  readonly missing: number;
}

/**
 * Bounds of one item's contrast Σ_a w_a · mean of arm a, over every value the missing scores could have.
 *
 * @param cells one per arm of the contrast
 * @param weights of the same arms; 0 where an arm takes no part
 * @param range least and greatest score
 */
export function worstCase(cells: readonly Cell[], weights: readonly number[], range: Interval): Interval {
  let [low, high] = [0, 0];
  for (const [arm, { scores, missing }] of cells.entries()) {
    const weight = weights[arm]!;
    const n = scores.length + missing;
    if (weight === 0 || n === 0) continue;
    const sum = scores.reduce((a, b) => a + b, 0);
    const [least, most] = range.map((end) => (weight * (sum + missing * end)) / n) as [number, number];
    low += Math.min(least, most);
    high += Math.max(least, most);
  }
  return [low, high];
}
