/**
 * @file The difference of two estimates of which nothing is known but their intervals: two audits, two published
 * numbers.
 */
import type { Estimate } from "./estimate.ts";

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
