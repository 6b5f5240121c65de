/**
 * @file The standard normal distribution to about 14 digits, its far tails included, without tables of coefficients:
 * a power series near the center, a continued fraction in the tails, and Halley's method for the inverse.
 */
import { assert } from "../../core/errors.ts";

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** Beyond it the continued fraction is both faster and, relative to the tail, more accurate than the series. */
const TAIL = 3;
/** Of the continued fraction: 40 leave a relative error of 1e−14 at 3, and less beyond. */
const TERMS = 50;

/** φ(x) = exp(−x²/2) / √(2π). */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x - LOG_ROOT_TWO_PI);

/**
 * Φ(x) = P(Z ≤ x); relative error below 1e−12 for every x at which it is above the smallest number.
 *
 * @example
 * normalCdf(1.959963984540054); // => ≈ 0.975
 */
export function normalCdf(x: number): number {
  if (x < -TAIL) return normalDensity(x) * millsRatio(-x);
  if (x > TAIL) return 1 - normalDensity(x) * millsRatio(x);
  // Φ(x) = 1/2 + φ(x) Σ x^(2k+1) / (1·3·5 … (2k+1)), Marsaglia 2004.
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** ln Φ(x) in nats, finite where Φ itself is too small for a number. */
export function logNormalCdf(x: number): number {
  if (x < -TAIL) return -0.5 * x * x - LOG_ROOT_TWO_PI + Math.log(millsRatio(-x));
  return x > 0 ? Math.log1p(-normalCdf(-x)) : Math.log(normalCdf(x));
}

/**
 * Φ⁻¹(p): the x at which {@link normalCdf} is `p`; −∞ at 0 and ∞ at 1.
 *
 * Near 1 it is as exact as `p` is: pass the other tail and change the sign where that matters.
 */
export function normalQuantile(p: number): number {
  assert(p >= 0 && p <= 1, `normalQuantile: a probability, got ${p}`);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  // To 4.5e-4 by Hastings' rational form (Abramowitz and Stegun 26.2.23), then cubic convergence.
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let i = 0; i < 3; i++) {
    const error = (normalCdf(x) - p) / normalDensity(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

/** P(Z > x) / φ(x) for x ≥ 3 by its continued fraction 1/(x + 1/(x + 2/(x + 3/(x + …)))), from the inside out. */
function millsRatio(x: number): number {
  let below = x;
  for (let k = TERMS; k >= 1; k--) below = x + k / below;
  return 1 / below;
}
