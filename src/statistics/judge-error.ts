/**
 * @file Rates read by a judge that errs. On a subset that people labeled, its errors are measured; the rate is corrected
 * for them, with an interval that carries the uncertainty of both.
 */
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { mean, variance } from "../core/stats.ts";
import { normalQuantile } from "../theory/numerics/normal.ts";

const Z = normalQuantile(0.975);

/** What people said and what the judge said, on the labeled subset. */
export interface JudgeTable {
  /** Labeled 1: of those, how many the judge called 1. */
  readonly positives: number;
  readonly truePositives: number;
  /** Labeled 0: of those, how many the judge called 0. */
  readonly negatives: number;
  readonly trueNegatives: number;
}

/**
 * The corrected rate π = (r + Sp − 1) / (Se + Sp − 1) where r is the rate that the judge reports; the interval is the
 * delta method's over all three shares, each shrunk by half a case at both ends so that a faultless subset is not taken
 * for a faultless judge.
 *
 * Source: Rogan and Gladen 1978; Lang and Reiczigel 2014 for the shrinkage.
 *
 * @throws {LabError} `input/invalid` when the judge is no better than chance on the subset, or there is none
 */
export function roganGladen(called: number, total: number, table: JudgeTable): Estimate {
  const share = (k: number, n: number) => (k + 0.5) / (n + 1);
  const sensitivity = share(table.truePositives, table.positives);
  const specificity = share(table.trueNegatives, table.negatives);
  const youden = sensitivity + specificity - 1;
  if (table.positives === 0 || table.negatives === 0 || youden <= 0.1) {
    throw new LabError(
      "input/invalid",
      `judge: too poor to be corrected, got sensitivity ${sensitivity.toFixed(2)} and specificity ${specificity.toFixed(2)}; expected both labels and a sum above 1.1`,
      { hint: "Label more answers of both kinds, or change the judge." },
    );
  }
  const rate = share(called, total);
  const clip = (value: number) => Math.max(0, Math.min(1, value));
  const center = (rate + specificity - 1) / youden;
  const spread =
    (rate * (1 - rate)) / (total + 1) +
    (center ** 2 * sensitivity * (1 - sensitivity)) / (table.positives + 1) +
    ((1 - center) ** 2 * specificity * (1 - specificity)) / (table.negatives + 1);
  const half = (Z * Math.sqrt(spread)) / youden;
  const corrected = clip((called / total + specificity - 1) / youden);
  return {
    mean: corrected,
    low: Math.min(corrected, clip(center - half)),
    high: Math.max(corrected, clip(center + half)),
    n: total,
    unit: "trials",
  };
}

/**
 * Prediction-powered mean: the judge's mean over everything, moved by its mean error on the labeled subset,
 * f̄ + mean(y − f), with variance Var(f)/N + Var(y − f)/n. Unbiased whatever the judge does; narrow where it is good.
 *
 * Source: Angelopoulos et al. 2023, arXiv:2301.09633.
 *
 * @param judged the judge's scores of all unlabeled answers, `[N]`
 * @param labeled pairs of label and judge's score, `[n]`; n at least 2
 */
export function predictionPowered(
  judged: ArrayLike<number>,
  labeled: readonly { readonly label: number; readonly judged: number }[],
): Estimate {
  const errors = labeled.map((each) => each.label - each.judged);
  const center = mean(judged) + mean(errors);
  const half = Z * Math.sqrt(variance(judged) / judged.length + variance(errors) / errors.length);
  return { mean: center, low: center - half, high: center + half, n: judged.length + labeled.length, unit: "trials" };
}
