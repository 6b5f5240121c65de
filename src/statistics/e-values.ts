/**
 * @file Evidence that may be looked at any time: e-values, whose expectation without an effect is at most 1, so that
 * stopping when one exceeds 1/α errs with probability at most α, however often one looks (Ville 1939).
 */
import type { Interval } from "../core/intervals.ts";
import { logSumExp } from "../core/stats.ts";
import { betaTail } from "./beta-tail.ts";
import { logBeta } from "./special.ts";

/**
 * E-value of discordant pairs against θ = 1/2, where θ is the share of discordants that favor the first arm:
 * E = 2^m B(a + n10, a + n01) / B(a, a) with m = n10 + n01. The pairs must be independent.
 *
 * @param a parameter of the Beta(a, a) mixture over θ
 */
export function discordantEValue(n10: number, n01: number, a = 0.5): number {
  return Math.exp((n10 + n01) * Math.LN2 + logBeta(a + n10, a + n01) - logBeta(a, a));
}

/** The same against θ ≤ 1/2 alone: the mixture is truncated to θ > 1/2. */
export function discordantEValueGreater(n10: number, n01: number, a = 0.5): number {
  return 2 * discordantEValue(n10, n01, a) * betaTail(0.5, a + n10, a + n01);
}

/**
 * Anytime-valid interval of θ: the values whose mixture likelihood ratio stays below 1/α.
 * E(θ) = B(a + n10, a + n01) / (B(a, a) θ^n10 (1 − θ)^n01).
 */
export function discordantInterval(n10: number, n01: number, alpha = 0.05, a = 0.5): Interval {
  const mixture = logBeta(a + n10, a + n01) - logBeta(a, a);
  const isIn = (theta: number) =>
    mixture - (n10 === 0 ? 0 : n10 * Math.log(theta)) - (n01 === 0 ? 0 : n01 * Math.log1p(-theta)) < -Math.log(alpha);
  const best = n10 + n01 === 0 ? 0.5 : n10 / (n10 + n01);
  const edge = (outside: number) => {
    if (isIn(outside)) return outside;
    let [inside, out] = [best, outside];
    for (let i = 0; i < 60; i++) {
      const middle = (inside + out) / 2;
      if (isIn(middle)) inside = middle;
      else out = middle;
    }
    return out;
  };
  return [edge(0), edge(1)];
}

/** Bets of the e-process over clusters, per unit of the scaled difference: from mild to bold, equally weighted. */
const BETS = [1, 2, 4, 8, 16, 32] as const;

/** ln cosh without overflow. */
const logCosh = (x: number): number => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) - Math.LN2;

/**
 * E-values of cluster differences against symmetry about `center`, after each cluster in turn, `[n]`: the mixture over
 * bets ±λ of Π exp(λ (dᵢ − c)) / cosh(λ (dᵢ − c)), each factor of which has expectation 1 when dᵢ − c is symmetric given
 * the past. It needs no independence of the items within a cluster.
 *
 * Source: de la Peña 1999; Ramdas, Ruf, Larsson and Koolen 2020, arXiv:2009.03167, section 6.
 *
 * @param scale greatest possible |dᵢ|: bets are per unit of it
 */
export function symmetricEProcess(differences: ArrayLike<number>, scale: number, center = 0): Float64Array {
  const [plus, normalizer] = [new Float64Array(BETS.length), new Float64Array(BETS.length)];
  return Float64Array.from({ length: differences.length }, (_, i) => {
    for (let k = 0; k < BETS.length; k++) {
      const step = (BETS[k]! * (differences[i]! - center)) / scale;
      plus[k]! += step;
      normalizer[k]! += logCosh(step);
    }
    const logs = [...plus].flatMap((sum, k) => [sum - normalizer[k]!, -sum - normalizer[k]!]);
    return Math.exp(logSumExp(logs) - Math.log(logs.length));
  });
}

/** The last of {@link symmetricEProcess}; 1 before the first cluster. */
export const symmetricEValue = (differences: ArrayLike<number>, scale: number, center = 0): number =>
  symmetricEProcess(differences, scale, center).at(-1) ?? 1;

/**
 * Anytime-valid interval of the center: the shifts whose {@link symmetricEValue} stays below 1/α, found by bisection
 * outward from the mean on a range of ±scale.
 */
export function symmetricInterval(differences: ArrayLike<number>, scale: number, alpha = 0.05): Interval {
  if (differences.length === 0) return [-scale, scale];
  const values = Float64Array.from(differences).sort();
  const middle = values[values.length >> 1]!;
  const isIn = (center: number) => symmetricEValue(differences, scale, center) < 1 / alpha;
  const edge = (outside: number) => {
    if (isIn(outside)) return outside;
    let [inside, out] = [middle, outside];
    for (let i = 0; i < 50; i++) {
      const between = (inside + out) / 2;
      if (isIn(between)) inside = between;
      else out = between;
    }
    return out;
  };
  return [edge(-scale), edge(scale)];
}
