/**
 * @file From family differences to an effect: the estimate, its interval and its test, in one function that audits and
 * their validation share.
 *
 * The test flips signs of whole families and is exact whatever their items have in common. The interval belongs to it.
 * Where fewer families differ than the test needs to reject anything, it says little about what was not seen: then the
 * interval also holds what is compatible with so few discordant items.
 */
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { clopperPearson, type Interval } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { LEAST_CLUSTERS } from "../statistics/clustered.ts";
import { type SignFlip, signFlip } from "../statistics/sign-flip.ts";
import type { FamilyDifferences } from "./table.ts";

/** Correlation of items within a family that bounds on unseen discordance allow for: chosen, above what planted families show by default. */
const ALLOWED_CORRELATION = 0.2;
/** Families that must differ before the sign-flip test can reject at .05: 2/2⁶ is below it, 2/2⁵ is not. */
const LEAST_DIFFERING = 6;

/** An effect as a reading: its estimate, or why there is none. */
export const readingOf = (effect: Effect | string): Reading =>
  typeof effect === "string" ? unscored(effect) : scored(effect.estimate);

export interface Effect {
  readonly estimate: Estimate;
  /** Two-sided, exact under symmetry of the family differences. */
  readonly p: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/**
 * The effect, or why there is none.
 *
 * @param scale greatest possible |difference|
 */
export function effectOf(
  { differences, items }: Pick<FamilyDifferences, "differences" | "items">,
  scale: number,
  rng: Rng,
  alpha = 0.05,
): Effect | string {
  const families = differences.length;
  if (families < LEAST_CLUSTERS) {
    return `${families} families with complete items; at least ${LEAST_CLUSTERS} are needed`;
  }
  const { mean, p, pGreater, pLess, interval }: SignFlip = signFlip(differences, rng, alpha);
  const differing = differences.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  const [low, high] = differing < LEAST_DIFFERING ? hull(interval, unseen(items, families, scale)) : interval;
  const estimate: Estimate = {
    mean,
    low: Math.max(-scale, Math.min(mean, low)),
    high: Math.min(scale, Math.max(mean, high)),
    n: families,
    unit: "families",
  };
  return { estimate, p, pGreater, pLess };
}

/** How much could lie on either side, given how few items differ: Clopper and Pearson on the effective number of items. */
function unseen(items: Float64Array, families: number, scale: number): Interval {
  const n = items.length;
  const effective = n / (1 + (n / families - 1) * ALLOWED_CORRELATION);
  const bound = (count: number) =>
    clopperPearson(Math.min(Math.floor(effective), Math.ceil((count * effective) / n)), Math.floor(effective), "items")
      .high;
  const above = items.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  const below = items.reduce((count, value) => count + (value < 0 ? 1 : 0), 0);
  return [-scale * bound(below), scale * bound(above)];
}

const hull = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
