/**
 * @file The best of n draws: its expectation by quadrature, how many bits of optimization the choice is worth by three
 * legitimate counts, and how much of the winner's lead is luck.
 */
import { assert } from "../../core/errors.ts";
import { logNormalCdf, normalDensity, normalQuantile } from "../numerics/normal.ts";

/** H_n = 1 + 1/2 + … + 1/n. */
export function harmonic(n: number): number {
  let sum = 0;
  // Smallest first, so that little is lost to rounding.
  for (let k = n; k >= 1; k--) sum += 1 / k;
  return sum;
}

/** Mean and standard deviation of the greatest of several draws. */
export interface Maximum {
  readonly mean: number;
  readonly sd: number;
  /** E[max²]. */
  readonly square: number;
}

/** Where the integrals end, and their step: the trapezoid rule converges geometrically for what is smooth and decays. */
const REACH = 12;
const STEP = 1 / 64;

/**
 * The greatest of `n` standard normal draws: moments of the density n φ(x) Φ(x)^(n−1), by the trapezoid rule on
 * [−12, 12], to about 12 digits for n up to 10⁹.
 *
 * @example
 * normalMaximum(10).mean; // => ≈ 1.5387527308
 */
export function normalMaximum(n: number): Maximum {
  checkDraws("normalMaximum", n);
  let [first, second] = [0, 0];
  for (let x = -REACH; x <= REACH; x += STEP) {
    const weight = STEP * n * normalDensity(x) * Math.exp((n - 1) * logNormalCdf(x));
    first += weight * x;
    second += weight * x * x;
  }
  return { mean: first, sd: Math.sqrt(second - first * first), square: second };
}

/**
 * E[max] of `n` draws of any distribution with a mean: n ∫ x(p) (1 − p)^(n−1) dp over (0, 1), where x(p) is exceeded with
 * probability p, by the double-exponential rule of Takahasi and Mori 1974. From a sample instead, without bias and without
 * knowing the distribution: `bestOfScore(values, values, n)`.
 *
 * @param upperQuantile x(p), falling in p; its steps cost accuracy
 *
 * @example
 * expectedMaximum(4, (p) => -Math.log(p)); // => ≈ 2.083333333
 */
export function expectedMaximum(n: number, upperQuantile: (p: number) => number): number {
  checkDraws("expectedMaximum", n);
  const step = 1 / 64;
  let sum = 0;
  for (let t = -5.5; t <= 5.5; t += step) {
    // p = 1/(1 + e^(π sinh t)): both p and 1 − p keep their relative accuracy.
    const e = Math.exp(Math.PI * Math.sinh(t));
    const p = 1 / (1 + e);
    const rest = e / (1 + e);
    const weight = step * Math.PI * Math.cosh(t) * p * rest * n * rest ** (n - 1);
    if (weight > 0 && p < 1) sum += weight * upperQuantile(p);
  }
  return sum;
}

/** Euler's constant γ. */
const EULER = 0.5772156649015329;

/**
 * The approximation of E[max] that the deflated score uses: (1 − γ) Φ⁻¹(1 − 1/n) + γ Φ⁻¹(1 − 1/(n e)) for n ≥ 2. Too
 * high by .036 at n = 10 and .014 at n = 1000; {@link normalMaximum} is exact.
 *
 * Source: Bailey and López de Prado 2014, The deflated Sharpe ratio.
 */
export function approximateNormalMaximum(n: number): number {
  assert(n >= 2, `approximateNormalMaximum: at least two draws, got ${n}`);
  return -(1 - EULER) * normalQuantile(1 / n) - EULER * normalQuantile(1 / (n * Math.E));
}

/** Three counts of the same choice, each right about another question. */
export interface BestOfBits {
  /** log₂ n: what naming one of n takes. */
  readonly nominal: number;
  /** (ln n − (n − 1)/n) / ln 2: divergence of the winner's distribution from that of one draw. */
  readonly kl: number;
  /**
   * H_n / ln 2: mean of −log₂ P(a fresh draw is as good as the winner). One draw that nobody chose has 1.4427 of
   * them: that baseline is to be subtracted.
   */
  readonly tail: number;
}

/**
 * Bits of taking the best of `n` draws without ties. With ties the second is an upper bound; see `selectionKl`.
 *
 * Source: log n − (n − 1)/n from Stiennon et al. 2020, arXiv:2009.01325; an upper bound by Beirami et al. 2024,
 * arXiv:2401.01879. The third: −ln(1 − F) of the greatest of n is that of n exponentials, whose mean is H_n.
 */
export function bestOfBits(n: number): BestOfBits {
  checkDraws("bestOfBits", n);
  return { nominal: Math.log2(n), kl: bestOfKl(n) * Math.LOG2E, tail: harmonic(n) * Math.LOG2E };
}

/** ln n − (n − 1)/n: divergence of the best of `n` from one draw, in nats, without ties. */
export const bestOfKl = (n: number): number => Math.log(n) - (n - 1) / n;

/** n/(n + 1): probability that the best of `n` beats a fresh draw, without ties; with ties it is less. */
export const bestOfWinRate = (n: number): number => n / (n + 1);

/** What choosing by a noisy score buys. */
export interface Winner {
  /** E[score of the winner] above the mean. */
  readonly score: number;
  /** E[true value of the winner] above the mean: ρ² of the score's lead. */
  readonly value: number;
  /** The difference, which a fresh evaluation takes back. */
  readonly optimism: number;
}

/**
 * The winner's curse: the best of `n` by score = value + error, both normal and independent.
 *
 *     E[value | best score] = ρ² · sd(score) · E[max of n],   ρ² = Var(value) / Var(score)
 *
 * With Var(value) = 0 (all candidates alike) the whole lead is luck.
 */
export function winnersCurse(n: number, given: { readonly valueSd: number; readonly errorSd: number }): Winner {
  const scoreSd = Math.hypot(given.valueSd, given.errorSd);
  const score = scoreSd * normalMaximum(n).mean;
  const value = scoreSd === 0 ? 0 : (given.valueSd / scoreSd) ** 2 * score;
  return { score, value, optimism: score - value };
}

function checkDraws(where: string, n: number): void {
  assert(Number.isInteger(n) && n >= 1, `${where}: a whole number of draws, at least 1, got ${n}`);
}
