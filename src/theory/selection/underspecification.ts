/**
 * @file Underspecification (D'Amour et al. 2020, arXiv:2011.03395): training runs that differ in their seed alone are
 * equally good where they were validated and not where it matters. What validation leaves open, the seed decides.
 *
 *     ratio = sd over seeds of a stress test / sd over seeds of the validation score
 *
 * Large, with a rank correlation near 0, it says that choosing a run by its validation score does not choose its
 * behavior under stress. Both scores have the same unit, such as accuracy.
 */
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { spearmanEstimate } from "../../core/rank.ts";
import type { Rng } from "../../core/rng.ts";
import { variance } from "../../core/stats.ts";

/** Scores of the same runs, one a seed, `[seeds]`. */
export interface SeedScores {
  readonly validation: ArrayLike<number>;
  readonly stress: ArrayLike<number>;
  /**
   * Variance of a validation score that comes of its finite test set alone, such as p (1 − p)/n; taken off, since it is
   * no difference between seeds.
   */
  readonly validationNoise?: number;
  /** The same of a stress score. */
  readonly stressNoise?: number;
}

/** How much the seed decides, with intervals over seeds. */
export interface Underspecification {
  /** Infinite where validation scores differ by no more than their noise. */
  readonly ratio: Estimate;
  /** Spearman's ρ of the two scores over seeds; NaN where one does not vary. */
  readonly rankCorrelation: Estimate;
  /** Standard deviations over seeds, with noise taken off. */
  readonly validationSd: number;
  readonly stressSd: number;
}

/**
 * The ratio of spreads and the rank correlation, with percentile intervals of a bootstrap over seeds.
 *
 * @throws for fewer than 10 seeds: a ratio of standard deviations says nothing from fewer
 */
export function underspecification(
  { validation, stress, validationNoise = 0, stressNoise = 0 }: SeedScores,
  { resamples = 1000, rng }: { readonly resamples?: number; readonly rng: Rng },
): Underspecification {
  const n = validation.length;
  assert(n === stress.length, `as many stress scores as validation scores, got ${stress.length} and ${n}`);
  assert(n >= 10, `at least 10 seeds, got ${n}`);
  const seeds = Int32Array.from({ length: n }, (_, i) => i);
  const sd = (of: ArrayLike<number>, noise: number, at: Int32Array) =>
    Math.sqrt(Math.max(0, variance(Float64Array.from(at, (i) => of[i]!)) - noise));
  const ratioOf = (at: Int32Array): number => {
    const [above, below] = [sd(stress, stressNoise, at), sd(validation, validationNoise, at)];
    return below > 0 ? above / below : above > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  };
  return {
    ratio: clusterBootstrap({ clusters: seeds, statistic: ratioOf, rng: rng.fork("ratio"), resamples, unit: "seeds" }),
    rankCorrelation: spearmanEstimate(validation, stress, { clusters: seeds, rng: rng.fork("rank"), resamples }),
    validationSd: sd(validation, validationNoise, seeds),
    stressSd: sd(stress, stressNoise, seeds),
  };
}

/**
 * The smallest pipeline that is underspecified: two features that are equal in training, so that every w with
 * w₁ + w₂ = 1 fits, and the seed decides the split, w₁ ~ N(½, τ²). Where the features part (independent, variance 1,
 * the first being the cause) the expected squared error of a run is (1 − w₁)² + w₂² = 2 (1 − w₁)².
 *
 * @returns mean and standard deviation of that error over seeds
 */
export function splitWeightsError(tau: number): { readonly mean: number; readonly sd: number } {
  // With v = 1 − w₁ ~ N(½, τ²): E 2v² = ½ + 2τ², Var 2v² = 4 (2τ⁴ + τ²).
  return { mean: 0.5 + 2 * tau ** 2, sd: 2 * tau * Math.sqrt(1 + 2 * tau ** 2) };
}
