/**
 * @file The difference of two estimates of which nothing is known but their intervals: two audits, two published
 * numbers.
 */
import type { Estimate, Reading } from "./estimate.ts";

/** A difference with its 95 % interval; what n counts belongs to the two sides. */
export type Difference = Pick<Estimate, "mean" | "low" | "high">;

/**
 * `b − a` with the interval that the two intervals imply for independent estimates (method of variance estimates
 * recovery; for shares with Wilson's intervals it is Newcombe's score interval):
 *
 *     low  = d − √((b − low_b)² + (high_a − a)²)
 *     high = d + √((high_b − b)² + (a − low_a)²)
 *
 * Too wide where the two rise and fall together, as on the same levels; too narrow where one falls as the other rises.
 *
 * Source: Newcombe 1998, Statistics in Medicine 17, method 10; Donner and Zou 2012.
 *
 * @example
 * import { wilson } from "./intervals.ts";
 * const [a, b] = [wilson(48, 80, "levels"), wilson(56, 70, "levels")];
 * independentDifference(a, b).low; // => ≈ 0.0524
 */
export function independentDifference(a: Estimate, b: Estimate): Difference {
  const mean = b.mean - a.mean;
  return {
    mean,
    low: mean - Math.hypot(b.mean - b.low, a.high - a.mean),
    high: mean + Math.hypot(b.high - b.mean, a.mean - a.low),
  };
}

/** Does the whole interval lie on one side of zero? */
export const excludesZero = ({ low, high }: Difference): boolean => low > 0 || high < 0;

/** Two readings of one quantity; a side that did not measure it has none. */
export interface ComparedReadings {
  readonly a?: Reading;
  readonly b?: Reading;
  /** `b − a`, where both are scored. */
  readonly difference?: Difference;
  /** The whole interval of the difference lies on one side of zero. */
  readonly isDifferent: boolean;
}

/** Put two readings side by side. */
export function compareReadings(a: Reading | undefined, b: Reading | undefined): ComparedReadings {
  const difference =
    a?.status === "scored" && b?.status === "scored" ? independentDifference(a.value, b.value) : undefined;
  return {
    ...(a ? { a } : {}),
    ...(b ? { b } : {}),
    ...(difference ? { difference } : {}),
    isDifferent: difference !== undefined && excludesZero(difference),
  };
}

/** How many differences were computed, and how many exclude zero. */
export interface Looks {
  readonly computed: number;
  readonly different: number;
}

export const looksAt = (compared: readonly ComparedReadings[]): Looks => ({
  computed: compared.filter(({ difference }) => difference !== undefined).length,
  different: compared.filter(({ isDifferent }) => isDifferent).length,
});
