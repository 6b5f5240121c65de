/**
 * @file Stated probabilities against what was right: proper scores with their decomposition, and calibration error with
 * the band that a perfectly calibrated subject would show. Forecasts `p` in [0, 1] and outcomes `y` of 0 and 1, `[n]`.
 */
import { assert } from "../core/errors.ts";
import type { Interval } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean, quantile } from "../core/stats.ts";
import { logScore } from "../theory/numerics/log-score.ts";

/** Mean squared error of the forecasts. */
export function brier(p: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(p.length === y.length && p.length > 0, "forecasts need outcomes");
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (p[i]! - y[i]!) ** 2;
  return sum / p.length;
}

/** −ln of the probability given to what happened, in nats; infinite where that was ruled out. */
export const logLossOf = (p: number, y: number): number => -logScore([1 - p, p], y);

/** Its mean; forecasts are clipped to [clip, 1 − clip]. */
export function logLoss(p: ArrayLike<number>, y: ArrayLike<number>, clip = 1e-3): number {
  return mean(Float64Array.from(p, (each, i) => logLossOf(Math.min(1 - clip, Math.max(clip, each)), y[i]!)));
}

/**
 * Parts of the Brier score: reliability − resolution + uncertainty + withinVariance − 2 · withinCovariance. The last two
 * vanish where every bin holds one forecast value, which is Murphy's identity.
 *
 * Source: Murphy 1973; Stephenson, Coelho and Jolliffe 2008 for the terms within bins.
 */
export interface BrierParts {
  readonly reliability: number;
  readonly resolution: number;
  readonly uncertainty: number;
  readonly withinVariance: number;
  readonly withinCovariance: number;
}

export function brierParts(p: ArrayLike<number>, y: ArrayLike<number>, bins = 10): BrierParts {
  const n = p.length;
  const base = mean(y);
  let [reliability, resolution, withinVariance, withinCovariance] = [0, 0, 0, 0];
  for (const bin of equalMass(p, bins)) {
    const [forecast, rate] = [mean(bin.map((i) => p[i]!)), mean(bin.map((i) => y[i]!))];
    reliability += (bin.length * (forecast - rate) ** 2) / n;
    resolution += (bin.length * (rate - base) ** 2) / n;
    for (const i of bin) {
      withinVariance += (p[i]! - forecast) ** 2 / n;
      withinCovariance += ((y[i]! - rate) * (p[i]! - forecast)) / n;
    }
  }
  return { reliability, resolution, uncertainty: base * (1 - base), withinVariance, withinCovariance };
}

/** Expected calibration error Σ n_b/n · |p̄_b − ȳ_b| over bins of equal mass; biased upward, the more the fewer items. */
export function expectedCalibrationError(p: ArrayLike<number>, y: ArrayLike<number>, bins = 10): number {
  let sum = 0;
  for (const bin of equalMass(p, bins)) {
    let gap = 0;
    for (const i of bin) gap += p[i]! - y[i]!;
    sum += Math.abs(gap) / p.length;
  }
  return sum;
}

/**
 * Squared calibration error less its bias: Σ n_b/n · [(p̄_b − ȳ_b)² − ȳ_b(1 − ȳ_b)/(n_b − 1)], and its root where
 * positive. Bins of one item are left out.
 *
 * Source: Kumar, Liang and Ma 2019, Verified Uncertainty Calibration, section 4.
 */
export function debiasedCalibrationError(p: ArrayLike<number>, y: ArrayLike<number>, bins = 10): number {
  let sum = 0;
  for (const bin of equalMass(p, bins)) {
    if (bin.length < 2) continue;
    const [forecast, rate] = [mean(bin.map((i) => p[i]!)), mean(bin.map((i) => y[i]!))];
    sum += (bin.length / p.length) * ((forecast - rate) ** 2 - (rate * (1 - rate)) / (bin.length - 1));
  }
  return Math.sqrt(Math.max(0, sum));
}

/** The 95 % band of {@link expectedCalibrationError} for a subject that is calibrated exactly: y ~ Bernoulli(p). */
export function calibrationNull(p: ArrayLike<number>, rng: Rng, { bins = 10, draws = 1000 } = {}): Interval {
  const y = new Float64Array(p.length);
  const errors = Float64Array.from({ length: draws }, () => {
    for (let i = 0; i < y.length; i++) y[i] = rng.uniform() < p[i]! ? 1 : 0;
    return expectedCalibrationError(p, y, bins);
  }).sort();
  return [quantile(errors, 0.025), quantile(errors, 0.975)];
}

/** Items in bins of equal mass by forecast; equal forecasts share a bin, so that there may be fewer bins. */
function equalMass(p: ArrayLike<number>, bins: number): number[][] {
  const order = Array.from({ length: p.length }, (_, i) => i).sort((a, b) => p[a]! - p[b]! || a - b);
  const out: number[][] = [];
  for (const [rank, i] of order.entries()) {
    const last = out.at(-1);
    const isDue = rank >= (out.length * p.length) / bins;
    const isTied = last !== undefined && p[last.at(-1)!] === p[i];
    if (last === undefined || (isDue && !isTied)) out.push([i]);
    else last.push(i);
  }
  return out;
}
