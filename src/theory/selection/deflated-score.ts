/**
 * @file The deflated score (Bailey and López de Prado 2014, The deflated Sharpe ratio): how probable it is that the best of
 * several candidates, by a score of the form mean/sd over items, is better than the best of as many candidates without any
 * merit would seem.
 *
 *     S₀  = √V · ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e)))
 *     DSR = Φ( (S − S₀) √(T − 1) / √(1 − skew S + (kurtosis − 1)/4 S²) )
 *
 * All scores are those of one item, never annualized; kurtosis is 3 for a normal distribution, not its excess.
 */
import { assert } from "../../core/errors.ts";
import { mean } from "../../core/stats.ts";
import { normalCdf } from "../numerics/normal.ts";
import { approximateNormalMaximum } from "./order-statistics.ts";

/** A candidate's results on items, as far as the deflated score needs them. */
export interface ItemScore {
  /** S: mean/sd. */
  readonly score: number;
  /** T: how many items. */
  readonly items: number;
  /** Third standardized moment. */
  readonly skew: number;
  /** Fourth standardized moment; 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** The {@link ItemScore} of values that differ; moments divide by n. */
export function itemScore(values: ArrayLike<number>): ItemScore {
  const items = values.length;
  const center = mean(values);
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < items; i++) {
    const d = values[i]! - center;
    second += (d * d) / items;
    third += (d * d * d) / items;
    fourth += (d * d * d * d) / items;
  }
  assert(second > 0, "values that differ");
  return {
    score: center / Math.sqrt(second),
    items,
    skew: third / second ** 1.5,
    kurtosis: fourth / second ** 2,
  };
}

/** S₀: the score that the best of `candidates` without merit is expected to show, their scores having variance V. */
export const chanceScore = (candidates: number, variance: number): number =>
  candidates === 1 ? 0 : Math.sqrt(variance) * approximateNormalMaximum(candidates);

/** Probability that the true score exceeds `benchmark`, by the asymptotic distribution of mean/sd. */
export function probabilisticScore({ score, items, skew, kurtosis }: ItemScore, benchmark: number): number {
  const spread = 1 - skew * score + ((kurtosis - 1) / 4) * score * score;
  assert(items >= 2 && spread > 0, `at least two items and possible moments, got ${items} and ${spread}`);
  return normalCdf(((score - benchmark) * Math.sqrt(items - 1)) / Math.sqrt(spread));
}

/** A score beside what chance would show. */
export interface DeflatedScore {
  /** S₀ */
  readonly chance: number;
  /** DSR: probability that the true score exceeds it. */
  readonly probability: number;
}

/**
 * The deflated score of the best of several candidates.
 *
 * @param selection.candidates N, how many independent ones were tried
 * @param selection.variance V, of their scores
 */
export function deflatedScore(
  best: ItemScore,
  { candidates, variance }: { readonly candidates: number; readonly variance: number },
): DeflatedScore {
  const chance = chanceScore(candidates, variance);
  return { chance, probability: probabilisticScore(best, chance) };
}
