/** @file Functions that the tests of this folder rest on: ln Γ, ln B, binomial tails, and Student's t away from the null. */
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { assert } from "../core/errors.ts";
import { normalCdf, normalQuantile } from "../theory/numerics/normal.ts";

// Lanczos, g = 7, nine terms (Godfrey 2001): relative error below 1e−15 on the positive axis.
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0, in nats. */
export function logGamma(x: number): number {
  assert(x > 0, `logGamma: a positive number, got ${x}`);
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b). */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** P(X = k) for X ~ Binomial(n, p). */
export function binomialMass(k: number, n: number, p: number): number {
  if (p === 0 || p === 1) return k === (p === 0 ? 0 : n) ? 1 : 0;
  return Math.exp(-Math.log(n + 1) - logBeta(k + 1, n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** P(X ≤ k) for X ~ Binomial(n, p), summed term by term. */
export function binomialCdf(k: number, n: number, p: number): number {
  let sum = 0;
  for (let i = 0; i <= Math.min(k, n); i++) sum += binomialMass(i, n, p);
  return Math.min(1, sum);
}

/** The `p` quantile of Student's t on `df` degrees of freedom; the normal's where `df` is infinite. */
export const studentQuantile = (p: number, df: number): number =>
  Number.isFinite(df) ? tQuantile(p, df) : normalQuantile(p);

/**
 * P(T > t) for T = (Z + δ) / √(χ²_df / df), by integrating over the scale: ∫ P(Z > t s − δ) f(s) ds with s = √(χ²/df).
 * Simpson's rule over where the scale has its mass; error below 1e−7 for df ≥ 2.
 *
 * @param delta noncentrality: effect over standard error
 */
export function noncentralTail(t: number, df: number, delta: number): number {
  assert(df >= 2, `noncentralTail: at least 2 degrees of freedom, got ${df}`);
  if (!Number.isFinite(df)) return 1 - normalCdf(t - delta);
  const steps = 400;
  const high = 1 + 9 / Math.sqrt(2 * df);
  const low = Math.max(0, 1 - 9 / Math.sqrt(2 * df));
  const width = (high - low) / steps;
  const log = Math.LN2 + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const s = low + i * width;
    if (s === 0) continue;
    const density = Math.exp(log + (df - 1) * Math.log(s) - (df * s * s) / 2);
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density * normalCdf(delta - t * s);
  }
  return (sum * width) / 3;
}
