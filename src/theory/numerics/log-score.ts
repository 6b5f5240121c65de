/**
 * @file The logarithmic score of a forecast, ln p(what happened): strictly proper, so that who says what he believes
 * scores best, and the only proper score that looks at nothing but the probability of what happened.
 *
 * Source: Good 1952; Gneiting and Raftery 2007, Strictly proper scoring rules, JASA 102.
 */
import { assert } from "../../core/errors.ts";

/** ln p(outcome), nats; −∞ for what was called impossible. */
export function logScore(forecast: ArrayLike<number>, outcome: number): number {
  assert(outcome >= 0 && outcome < forecast.length, `an outcome of ${forecast.length}, got ${outcome}`);
  return Math.log(forecast[outcome]!);
}

/** −Σ p ln p, nats: what the best forecaster of a known distribution loses on average. */
export function entropyNats(distribution: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < distribution.length; i++) {
    const p = distribution[i]!;
    if (p > 0) sum -= p * Math.log(p);
  }
  return sum;
}

/** (1 − share) · forecast + share · uniform: nothing is called impossible. */
export function trembling(forecast: ArrayLike<number>, share: number): Float64Array {
  return Float64Array.from(forecast, (p) => (1 - share) * p + share / forecast.length);
}

/** Half the sum of absolute differences, in [0, 1]: the largest difference in the probability of any event. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert(a.length === b.length, "two forecasts of the same outcomes");
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / 2;
}
