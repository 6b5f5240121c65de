/**
 * @file Hiring as selection: the best of n interviews, when the score also rewards talk and
 * alignment goes with competence only as far as it happens to.
 *
 *     score s = θ + κ m + ε,   θ competence, m manipulation, a alignment
 *
 * All normal, so choosing the best of n moves every trait by Cov(trait, s) / sd(s) · E[max of n]:
 * selection does not care which of them it was meant for.
 */
import { assert } from "../../core/errors.ts";
import { normalMaximum } from "../selection/order-statistics.ts";

/** Candidates; competence, alignment and manipulation each have variance 1. */
export interface Candidates {
  /** κ, what a unit of manipulation adds to the score. */
  readonly manipulation: number;
  /** Standard deviation of ε. */
  readonly noise: number;
  /** Correlation of alignment with competence. */
  readonly alignmentWithCompetence: number;
  /** Correlation of alignment with manipulation; manipulation and competence are independent. */
  readonly alignmentWithManipulation: number;
}

/** Expected traits of whoever is hired, in standard deviations above a random candidate. */
export interface Hire {
  readonly competence: number;
  readonly manipulation: number;
  readonly alignment: number;
  /** What the score promises. */
  readonly score: number;
}

/**
 * The best of `n` by score.
 *
 * @example
 * const candidates = { manipulation: 0, noise: 1, alignmentWithCompetence: 0, alignmentWithManipulation: 0 };
 * bestCandidate(10, candidates).competence; // => ≈ 1.088
 */
export function bestCandidate(n: number, candidates: Candidates): Hire {
  const { manipulation: kappa, noise, alignmentWithCompetence: rho, alignmentWithManipulation: tau } = candidates;
  assert(rho ** 2 + tau ** 2 <= 1, `correlations of one trait with two independent ones, got ${rho} and ${tau}`);
  const deviation = Math.sqrt(1 + kappa ** 2 + noise ** 2);
  const intensity = normalMaximum(n).mean / deviation;
  return {
    competence: intensity,
    manipulation: kappa * intensity,
    alignment: (rho + kappa * tau) * intensity,
    score: deviation ** 2 * intensity,
  };
}
