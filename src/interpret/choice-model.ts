/**
 * @file A model of choice: π(a) ∝ exp(θ · x_a), features per action, fitted by
 * penalized maximum likelihood (conditional logit, McFadden 1974). The objective
 * is concave, so Newton's method finds its one maximum.
 */
import type { Rng } from "../core/rng.ts";
import { logSumExp } from "../core/stats.ts";

/** Decisions that look alike, so that each distinct one is evaluated once. */
export interface Choices {
  readonly actions: number;
  readonly features: number;
  /** Distinct situations, each `[actions, features]`. */
  readonly situations: readonly Float64Array[];
  /** Situation of each decision. */
  readonly situation: Int32Array;
  readonly chosen: Uint8Array;
}

/** Standard deviation of the normal prior on every coefficient: keeps a perfectly predictable choice finite. */
const PRIOR_SD = 5;
const MAX_STEPS = 50;

/**
 * Coefficients that maximize ln likelihood − Σ θ²/(2·25) over some decisions.
 *
 * @param uses which decisions count, `[n]`, nonzero = yes
 */
export function fitChoices(choices: Choices, uses: Uint8Array): Float64Array {
  const counts = countsOf(choices, uses);
  let theta = new Float64Array(choices.features);
  let best = climb(choices, counts, theta);
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = solve(best.curvature, best.slope);
    let scale = 1;
    let next = best;
    let moved = theta;
    for (; scale > 1e-6; scale /= 2) {
      moved = theta.map((value, f) => value + scale * direction[f]!);
      next = climb(choices, counts, moved);
      if (next.value >= best.value) break;
    }
    const gain = next.value - best.value;
    if (scale <= 1e-6 || gain < 0) break;
    theta = moved;
    best = next;
    if (gain < 1e-9) break;
  }
  return theta;
}

/**
 * Coefficients drawn from the posterior of {@link fitChoices}, which Laplace's approximation takes for normal:
 * N(θ̂, H⁻¹) with H the curvature of the penalized log-likelihood at its maximum.
 *
 * @param theta the maximum
 */
export function posteriorDraws(
  choices: Choices,
  uses: Uint8Array,
  theta: Float64Array,
  draws: number,
  rng: Rng,
): readonly Float64Array[] {
  const factor = cholesky(climb(choices, countsOf(choices, uses), theta).curvature, theta.length);
  return Array.from({ length: draws }, () => {
    // H = L·Lᵀ, so that x = L⁻ᵀ·z has covariance H⁻¹.
    const z = Float64Array.from(theta, () => rng.normal());
    return transposedSolve(factor, z).map((each, f) => theta[f]! + each);
  });
}

/** ln π(a) in one situation, `[actions]`. */
export function logPolicy(situation: Float64Array, theta: Float64Array, actions: number): Float64Array {
  const scores = new Float64Array(actions);
  for (let a = 0; a < actions; a++) {
    for (let f = 0; f < theta.length; f++) scores[a]! += theta[f]! * situation[a * theta.length + f]!;
  }
  const total = logSumExp(scores);
  return scores.map((score) => score - total);
}

/** The penalized log-likelihood, its gradient, and its negative Hessian `[features, features]`. */
function climb({ actions, features, situations }: Choices, counts: Float64Array, theta: Float64Array) {
  const slope = new Float64Array(features);
  const curvature = new Float64Array(features * features);
  const center = new Float64Array(features);
  let value = 0;
  for (let f = 0; f < features; f++) {
    value -= theta[f]! ** 2 / (2 * PRIOR_SD ** 2);
    slope[f] = -theta[f]! / PRIOR_SD ** 2;
    curvature[f * features + f] = 1 / PRIOR_SD ** 2;
  }
  for (const [s, x] of situations.entries()) {
    const row = counts.subarray(s * actions, (s + 1) * actions);
    const n = row.reduce((sum, count) => sum + count, 0);
    if (n === 0) continue;
    const policy = logPolicy(x, theta, actions);
    center.fill(0);
    for (let a = 0; a < actions; a++) {
      value += row[a]! * policy[a]!;
      for (let f = 0; f < features; f++) center[f]! += Math.exp(policy[a]!) * x[a * features + f]!;
    }
    for (let a = 0; a < actions; a++) {
      const weight = n * Math.exp(policy[a]!);
      for (let f = 0; f < features; f++) {
        const away = x[a * features + f]! - center[f]!;
        slope[f]! += row[a]! * away;
        for (let g = 0; g <= f; g++) {
          const both = weight * away * (x[a * features + g]! - center[g]!);
          curvature[f * features + g]! += both;
          if (g !== f) curvature[g * features + f]! += both;
        }
      }
    }
  }
  return { value, slope, curvature };
}

/** How often each action was taken in each situation, `[situations, actions]`. */
function countsOf({ actions, situations, situation, chosen }: Choices, uses: Uint8Array): Float64Array {
  const counts = new Float64Array(situations.length * actions);
  for (let i = 0; i < uses.length; i++) {
    if (uses[i] !== 0) counts[situation[i]! * actions + chosen[i]!]!++;
  }
  return counts;
}

/** Solve M·x = v for a symmetric positive definite M, by Cholesky's factorization. */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const l = cholesky(matrix, n);
  const x = Float64Array.from(vector);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return transposedSolve(l, x);
}

/** The lower triangular L of M = L·Lᵀ, `[n, n]`. */
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  return l;
}

/** Solve Lᵀ·x = v. */
function transposedSolve(l: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const x = Float64Array.from(vector);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return x;
}
