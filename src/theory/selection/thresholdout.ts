/**
 * @file The reusable holdout (Dwork et al. 2015, Generalization in adaptive data analysis and holdout reuse,
 * arXiv:1506.02629): questions are answered from the training set, and from the holdout only where the two differ by more
 * than a noisy threshold; each such answer costs a unit of a budget.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";

/** An answer, or that the budget is spent. */
export type HoldoutAnswer =
  | { readonly from: "training" | "holdout"; readonly value: number }
  | { readonly from: "exhausted" };

/** A holdout that answers questions about means. */
export interface ReusableHoldout {
  /**
   * @param training mean of the question on the training set
   * @param holdout its mean on the holdout, which the asker must not see
   */
  ask(training: number, holdout: number): HoldoutAnswer;
  /** How many answers from the holdout are left. */
  left(): number;
}

/**
 * Thresholdout, with Laplace noise: the threshold T̂ = T + Lap(2σ) is drawn anew after each answer from the holdout; a
 * question is answered by the training mean while |training − holdout| ≤ T̂ + Lap(4σ), else by holdout + Lap(σ).
 *
 * @param given.threshold T: how much overfitting goes unnoticed
 * @param given.noise σ, in units of the mean
 * @param given.budget B: answers from the holdout
 */
export function thresholdout(
  given: { readonly threshold: number; readonly noise: number; readonly budget: number },
  rng: Rng,
): ReusableHoldout {
  const { threshold, noise, budget } = given;
  assert(threshold >= 0 && noise >= 0 && budget >= 0, "a threshold, noise and budget of at least 0");
  let left = budget;
  let limit = threshold + laplace(2 * noise, rng);
  return {
    left: () => left,
    ask(training, holdout) {
      if (left < 1) return { from: "exhausted" };
      if (Math.abs(training - holdout) <= limit + laplace(4 * noise, rng)) return { from: "training", value: training };
      left--;
      limit = threshold + laplace(2 * noise, rng);
      return { from: "holdout", value: holdout + laplace(noise, rng) };
    },
  };
}

/** Laplace noise around 0 of the given scale: a sign and an exponential. */
export function laplace(scale: number, rng: Rng): number {
  const size = -scale * Math.log(1 - rng.uniform());
  return rng.uniform() < 0.5 ? -size : size;
}
