/**
 * @file Over-optimization of a proxy (Gao, Schulman and Hilton 2022, arXiv:2210.10760): the gold score as a function of
 * d = √KL(π ‖ π₀), KL in nats, and its estimate for the best of n.
 *
 *     best of n:      R(d) = d (α − β d)        peak at d = α/(2β), α²/(4β); back to zero at α/β
 *     reinforcement:  R(d) = d (α − β ln d)     peak at d = exp(α/β − 1), β d; back to zero at exp(α/β)
 *
 * KL does not compare the two: at equal proxy score reinforcement spends much more of it.
 */
import { assert } from "../../core/errors.ts";
import { bestOfKl, normalMaximum } from "../selection/order-statistics.ts";

/** Which of the two laws. */
export type OveroptimizationForm = "best-of-n" | "reinforcement";

/** A law with its coefficients. */
export interface OveroptimizationLaw {
  readonly form: OveroptimizationForm;
  readonly alpha: number;
  readonly beta: number;
}

/** The gold score above that of the initial policy at d = √KL; 0 at d = 0. */
export function goldScore({ form, alpha, beta }: OveroptimizationLaw, d: number): number {
  assert(d >= 0, `a distance at least 0, got ${d}`);
  if (d === 0) return 0;
  return d * (alpha - beta * (form === "best-of-n" ? d : Math.log(d)));
}

/** Where a law peaks, and where all that was gained is lost. */
export interface OveroptimizationPeak {
  /** √KL at the peak, and the score there. */
  readonly d: number;
  readonly score: number;
  /** √KL at which the score is back at 0. */
  readonly zero: number;
}

/** The peak of a law with β > 0; without over-optimization there is none. */
export function overoptimizationPeak({ form, alpha, beta }: OveroptimizationLaw): OveroptimizationPeak {
  assert(beta > 0, `a score that comes to fall, β above 0, got ${beta}`);
  if (form === "best-of-n") return { d: alpha / (2 * beta), score: alpha ** 2 / (4 * beta), zero: alpha / beta };
  const d = Math.exp(alpha / beta - 1);
  return { d, score: beta * d, zero: d * Math.E };
}

/** A law fitted to scores. */
export interface OveroptimizationFit extends OveroptimizationLaw {
  /** Greatest absolute residual, in units of the score. */
  readonly maxResidual: number;
  /** √ of the mean squared residual. */
  readonly rmse: number;
}

/**
 * Least squares fit of a law; both are linear in α and β. The score at d = 0 must have been subtracted, and points with
 * d = 0 count for nothing.
 *
 * An interval: resample training seeds (clusters) and fit again.
 *
 * @param d √KL of each point, KL in nats, `[n]`
 * @param score gold score above the initial policy's, `[n]`
 */
export function fitOveroptimization(
  form: OveroptimizationForm,
  d: ArrayLike<number>,
  score: ArrayLike<number>,
): OveroptimizationFit {
  const n = d.length;
  assert(score.length === n, "a score for each distance");
  const second = (x: number) => (x === 0 ? 0 : form === "best-of-n" ? -x * x : -x * Math.log(x));
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b, y] = [d[i]!, second(d[i]!), score[i]!];
    aa += a * a;
    ab += a * b;
    bb += b * b;
    ay += a * y;
    by += b * y;
  }
  const determinant = aa * bb - ab * ab;
  assert(determinant > 1e-12 * aa * bb, "at least two different distances above 0");
  const law = { form, alpha: (bb * ay - ab * by) / determinant, beta: (aa * by - ab * ay) / determinant };
  let [maxResidual, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const residual = score[i]! - goldScore(law, d[i]!);
    maxResidual = Math.max(maxResidual, Math.abs(residual));
    squares += residual * residual;
  }
  return { ...law, maxResidual, rmse: Math.sqrt(squares / n) };
}

/** √KL of the best of `n` draws without ties, the abscissa of the best-of-n law. */
export const bestOfDistance = (n: number): number => Math.sqrt(bestOfKl(n));

/**
 * The expected gold score of the best of `n` by proxy, from N ≥ n samples without bias: the mean over all subsets of n,
 * in closed form. With samples ascending by proxy, the i-th (from 1) is the best of C(i − 1, n − 1) of the C(N, n).
 *
 *     Σ_i C(i − 1, n − 1) gold_(i) / C(N, n)
 *
 * Samples that tie share their chance: of tied ones any is picked with equal probability.
 *
 * @param proxy `[N]`
 * @param gold `[N]`, in the same order
 */
export function bestOfScore(proxy: ArrayLike<number>, gold: ArrayLike<number>, n: number): number {
  const size = proxy.length;
  assert(gold.length === size, "a gold score for each proxy score");
  assert(Number.isInteger(n) && n >= 1 && n <= size, `between 1 and ${size} of ${size} samples, got ${n}`);
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => proxy[a]! - proxy[b]!);
  // n/N for the greatest; C(i − 1, n − 1) / C(i, n − 1) = (i − n + 1)/i from each to the one below it.
  const weight = new Float64Array(size);
  weight[size - 1] = n / size;
  for (let i = size - 1; i >= 1; i--) weight[i - 1] = weight[i]! * Math.max(0, (i - n + 1) / i);
  let sum = 0;
  for (let at = 0; at < size; ) {
    let [end, mass, total] = [at, 0, 0];
    while (end < size && proxy[order[end]!] === proxy[order[at]!]) {
      mass += weight[end]!;
      total += gold[order[end]!]!;
      end++;
    }
    sum += (mass * total) / (end - at);
    at = end;
  }
  return sum;
}

/**
 * Gold scores of a toy whose best of n follows the law closely: proxy z ~ N(0, 1), gold z − c z² + c, so that
 * E[gold of the best] = E[max] − c E[max²] + c exactly.
 *
 * @param curvature c; .3 in the golden example, where α = 1.548 and β = .576
 */
export function quadraticToy(n: number, curvature: number): number {
  const { mean, square } = normalMaximum(n);
  return mean - curvature * square + curvature;
}
