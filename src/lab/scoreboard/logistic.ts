/**
 * @file Ridge logistic regression by Newton's method, with its penalty chosen on
 * held-out clusters: the joint model of the scoreboard.
 */
import { assert } from "../../core/errors.ts";
import { mean } from "../../core/stats.ts";
import { logLossOf } from "../../statistics/forecasts.ts";

/** ln(p / (1 − p)). */
export const logit = (p: number): number => Math.log(p / (1 - p));
/** 1 / (1 + e^−x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** p = σ(intercept + Σ weights · x). */
export interface Logistic {
  readonly intercept: number;
  readonly weights: readonly number[];
}

export const linear = ({ intercept, weights }: Logistic, x: ArrayLike<number>): number =>
  weights.reduce((sum, weight, j) => sum + weight * x[j]!, intercept);

/**
 * The least of Σ log-loss + λ/2 · |weights|²; the intercept is not penalized.
 *
 * @param rows `[n][features]`, of a common scale
 * @param labels 0 or 1, both present
 * @param lambda > 0, so that separable data have a solution
 */
export function fitLogistic(rows: readonly ArrayLike<number>[], labels: ArrayLike<number>, lambda: number): Logistic {
  assert(rows.length === labels.length && rows.length > 0 && lambda > 0, "fitLogistic: rows, labels and a penalty");
  const features = rows[0]!.length;
  const size = features + 1;
  const base = mean(labels);
  assert(base > 0 && base < 1, "fitLogistic needs both classes");
  let theta = new Float64Array(size);
  theta[features] = logit(base);
  const column = (row: ArrayLike<number>, j: number) => (j === features ? 1 : row[j]!);
  const loss = (at: Float64Array) => {
    let total = 0;
    for (let j = 0; j < features; j++) total += (lambda / 2) * at[j]! ** 2;
    for (const [i, row] of rows.entries()) {
      let z = 0;
      for (let j = 0; j < size; j++) z += at[j]! * column(row, j);
      // ln(1 + e^z) − y z without overflow.
      total += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[i]! * z;
    }
    return total;
  };
  let current = loss(theta);
  for (let iteration = 0; iteration < 100; iteration++) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    for (const [i, row] of rows.entries()) {
      let z = 0;
      for (let j = 0; j < size; j++) z += theta[j]! * column(row, j);
      const p = sigmoid(z);
      const curvature = Math.max(p * (1 - p), 1e-12);
      for (let j = 0; j < size; j++) {
        gradient[j]! += (p - labels[i]!) * column(row, j);
        for (let k = 0; k <= j; k++) hessian[j]![k]! += curvature * column(row, j) * column(row, k);
      }
    }
    for (let j = 0; j < features; j++) {
      gradient[j]! += lambda * theta[j]!;
      hessian[j]![j]! += lambda;
    }
    const step = solve(hessian, gradient);
    // Halved until it descends: Newton alone may overshoot where the classes nearly separate.
    let scale = 1;
    let next = theta;
    let value = current;
    do {
      next = theta.map((each, j) => each - scale * step[j]!);
      value = loss(next);
      scale /= 2;
    } while (value > current && scale > 1e-10);
    const gain = current - value;
    if (gain >= 0) [theta, current] = [next, value];
    if (gain < 1e-12 * (1 + Math.abs(current))) break;
  }
  return { intercept: theta[features]!, weights: Array.from(theta.subarray(0, features)) };
}

/** Solve A x = b for a positive definite A by Cholesky; the lower triangle is read and overwritten. */
function solve(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = a[j]![k]!;
      for (let i = j; i < n; i++) a[i]![j]! -= a[i]![k]! * factor;
    }
    const root = Math.sqrt(Math.max(a[j]![j]!, 1e-12));
    for (let i = j; i < n; i++) a[i]![j]! /= root;
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i]![k]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k]![i]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  return x;
}

/** Penalties tried, weakest first. Chosen: a factor of three apart, from nearly free to nearly the base rate. */
export const PENALTIES = [0.3, 1, 3, 10, 30, 100] as const;

/**
 * The penalty with the least log-loss on held-out clusters; ties, and data of which no cluster can be held out, go to
 * the strongest.
 */
export function choosePenalty(
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  clusters: ArrayLike<number>,
): number {
  const losses = PENALTIES.map((lambda) => {
    const folds = heldOut(labels, clusters, (kept) => {
      const model = fitLogistic(
        kept.map((i) => rows[i]!),
        kept.map((i) => labels[i]!),
        lambda,
      );
      return (i) => linear(model, rows[i]!);
    });
    const told = folds.flatMap((fold, i) => (fold ? [logLossOf(sigmoid(fold.logOdds), labels[i]!)] : []));
    return told.length === 0 ? Infinity : mean(told);
  });
  return PENALTIES[losses.lastIndexOf(Math.min(...losses))]!;
}

/** What a model fitted without an agent's cluster says of the agent. */
export interface HeldOut {
  readonly logOdds: number;
  /** Share of positives among the agents it was fitted to. */
  readonly base: number;
  /** Agents of the rarer class that it was fitted to. */
  readonly rarer: number;
}

/**
 * Leave one cluster out: every agent is scored by a model that saw none of its cluster; undefined where what is left
 * has one class only.
 *
 * @param learn a model of some agents, by index; it returns the ln odds of any agent
 */
export function heldOut(
  labels: ArrayLike<number>,
  clusters: ArrayLike<number>,
  learn: (kept: readonly number[]) => (agent: number) => number,
): (HeldOut | undefined)[] {
  const all = Array.from({ length: labels.length }, (_, i) => i);
  const out: (HeldOut | undefined)[] = all.map(() => undefined);
  for (const cluster of new Set(all.map((i) => clusters[i]!))) {
    const kept = all.filter((i) => clusters[i] !== cluster);
    const positives = kept.filter((i) => labels[i] === 1).length;
    const rarer = Math.min(positives, kept.length - positives);
    if (rarer === 0) continue;
    const predict = learn(kept);
    for (const i of all) {
      if (clusters[i] === cluster) out[i] = { logOdds: predict(i), base: positives / kept.length, rarer };
    }
  }
  return out;
}
