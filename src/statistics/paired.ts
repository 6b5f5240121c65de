/**
 * @file Paired binary answers: the same items in two arms. McNemar's test conditions on the discordant pairs; Newcombe's
 * interval is about the difference of the two shares. Both take every pair for independent: where items share the
 * wording of a family they are printed beside the test over families, and decide nothing.
 */
import { assert } from "../core/errors.ts";
import type { Estimate, Unit } from "../core/estimate.ts";
import { wilson } from "../core/intervals.ts";
import { binomialCdf, binomialMass } from "./special.ts";

/** Pairs by their two outcomes: `n10` counts 1 in the first arm and 0 in the second. */
export interface PairedTable {
  readonly n11: number;
  readonly n10: number;
  readonly n01: number;
  readonly n00: number;
}

/** The table of pairs of 0 and 1, `[n]` each. */
export function pairedTable(a: ArrayLike<number>, b: ArrayLike<number>): PairedTable {
  assert(a.length === b.length, "pairs need equal lengths");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) counts[(a[i]! > 0.5 ? 0 : 2) + (b[i]! > 0.5 ? 0 : 1)]!++;
  const [n11, n10, n01, n00] = counts;
  return { n11: n11!, n10: n10!, n01: n01!, n00: n00! };
}

/** Two-sided exact McNemar: 2 P(X ≤ min(n10, n01)) with X ~ Binomial(n10 + n01, 1/2), at most 1. */
export function mcnemarExact({ n10, n01 }: Pick<PairedTable, "n10" | "n01">): number {
  return Math.min(1, 2 * binomialCdf(Math.min(n10, n01), n10 + n01, 0.5));
}

/**
 * Two-sided mid-p McNemar: the exact p less the probability of the table itself. Closer to the nominal level than the
 * exact test; it can exceed it, if slightly (Fagerland, Lydersen and Laake 2013).
 */
export function mcnemarMidP({ n10, n01 }: Pick<PairedTable, "n10" | "n01">): number {
  const [n, k] = [n10 + n01, Math.min(n10, n01)];
  if (n10 === n01) return n === 0 ? 1 : 1 - binomialMass(k, n, 0.5) / 2;
  return 2 * binomialCdf(k, n, 0.5) - binomialMass(k, n, 0.5);
}

/**
 * Difference of two paired shares with Newcombe's score interval: Wilson's intervals of the two shares, joined with their
 * correlation φ̂ (continuity-corrected where positive).
 *
 * Source: Newcombe 1998, Statistics in Medicine 17:2635, method 10.
 */
export function newcombePaired({ n11, n10, n01, n00 }: PairedTable, unit: Unit = "items"): Estimate {
  const n = n11 + n10 + n01 + n00;
  const [a, b] = [wilson(n11 + n10, n, unit), wilson(n11 + n01, n, unit)];
  const margins = (n11 + n10) * (n01 + n00) * (n11 + n01) * (n10 + n00);
  const cross = n11 * n00 - n10 * n01;
  const corrected = cross > 0 ? Math.max(cross - n / 2, 0) : cross;
  const phi = margins === 0 ? 0 : corrected / Math.sqrt(margins);
  const join = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const mean = a.mean - b.mean;
  return {
    mean,
    low: Math.max(-1, mean - join(a.mean - a.low, b.high - b.mean)),
    high: Math.min(1, mean + join(a.high - a.mean, b.mean - b.low)),
    n,
    unit,
  };
}
