/**
 * @file The area under the ROC curve, P(positive > negative) + ½ P(equal), with
 * intervals that respect clusters and never collapse to a point.
 *
 * DeLong's variance for agents as independent units; Newcombe's score interval
 * where separation is perfect or nearly so, because there DeLong's is zero; and
 * the cluster bootstrap over worlds, since agents of one world are alike. The
 * interval reported is the hull of those that apply.
 */
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { variance } from "../../core/stats.ts";
import { auroc } from "../../statistics/selective.ts";

/** 97.5 % point of the standard normal. */
const Z = 1.959963984540054;

/**
 * Variance of the area, DeLong, DeLong and Clarke-Pearson 1988: s₁/m + s₀/n, where s₁ is the variance over positives
 * of the share of negatives each is above, and s₀ over negatives of the share of positives above each.
 */
export function delongVariance(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const of = (label: number) => Array.from(scores as ArrayLike<number>).filter((_, i) => labels[i] === label);
  const [positives, negatives] = [of(1), of(0)];
  assert(positives.length > 0 && negatives.length > 0, "delongVariance needs both classes");
  const above = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const share = (of: readonly number[], one: (each: number) => number) =>
    of.reduce((total, each) => total + one(each), 0) / of.length;
  const s1 = variance(positives.map((p) => share(negatives, (n) => above(p, n))));
  const s0 = variance(negatives.map((n) => share(positives, (p) => above(p, n))));
  return s1 / positives.length + s0 / negatives.length;
}

/**
 * Newcombe's score interval (2006, method 5): the areas θ with |area − θ| ≤ z √V(θ), where V is Hanley and McNeil's
 * variance for exponential scores with both classes counted as (m + n)/2. Never a point, also at 0 and 1.
 */
export function newcombeInterval(area: number, positives: number, negatives: number): readonly [number, number] {
  const half = (positives + negatives) / 2 - 1;
  const spread = (theta: number) =>
    (theta * (1 - theta) * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta)))) / (positives * negatives);
  const excess = (theta: number) => Math.abs(area - theta) - Z * Math.sqrt(Math.max(0, spread(theta)));
  // Between the area, where the excess is at most 0, and the end of the range, where it is at least 0.
  const limit = (end: number): number => {
    if (area === end) return end;
    let [inside, outside] = [area, end];
    if (area === 1 || area === 0) inside = area + (end - area) * 1e-12;
    for (let i = 0; i < 60; i++) {
      const middle = (inside + outside) / 2;
      if (excess(middle) <= 0) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return [limit(0), limit(1)];
}

export interface AurocOptions {
  /** World of each agent, as a number. */
  readonly clusters: ArrayLike<number>;
  readonly rng: Rng;
  readonly resamples?: number;
}

/** The area with its interval: the hull of DeLong's (on the logit scale), Newcombe's and, from three worlds on, that of a bootstrap over worlds. */
export function aurocEstimate(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { clusters, rng, resamples = 1000 }: AurocOptions,
): Estimate | undefined {
  const area = auroc(scores, labels);
  if (Number.isNaN(area)) return undefined;
  const positives = Array.from(labels as ArrayLike<number>).filter((label) => label === 1).length;
  const intervals: (readonly [number, number])[] = [newcombeInterval(area, positives, labels.length - positives)];
  if (area > 0 && area < 1) {
    const half = (Z * Math.sqrt(delongVariance(scores, labels))) / (area * (1 - area));
    const logit = Math.log(area / (1 - area));
    intervals.push([1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit))]);
  }
  const worlds = new Set(Array.from(clusters as ArrayLike<number>)).size;
  if (worlds >= 3) {
    const { low, high } = clusterBootstrap({
      clusters,
      rng,
      resamples,
      statistic: (items) =>
        auroc(
          Float64Array.from(items, (i) => scores[i]!),
          Uint8Array.from(items, (i) => labels[i]!),
        ),
    });
    intervals.push([low, high]);
  }
  return {
    mean: area,
    low: Math.min(area, ...intervals.map(([low]) => low)),
    high: Math.max(area, ...intervals.map(([, high]) => high)),
    n: labels.length,
    unit: "agents",
  };
}
