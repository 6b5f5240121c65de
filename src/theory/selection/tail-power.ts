/**
 * @file Bits of optimization beyond what a sample of the reference resolves: a generalized Pareto tail fitted to its
 * largest values and followed outward (Pickands 1975).
 *
 *     P(X > u + y) ≈ (k/n) (1 + ξ y/σ)^(−1/ξ)
 *
 * A sample of n shows log₂(n + 1) bits at most; everything beyond is extrapolation, said to be, and its interval is wide.
 * Where the fitted tail ends before the outcome (ξ < 0) it has no finite answer, and the bound remains. Nine
 * bits beyond 2,000 references the shape's error makes some five bits of difference, and resampling the sample knows
 * nothing of it. So the lower end of the interval is never above what the sample shows.
 *
 * Source: Hosking and Wallis 1987 (probability-weighted moments, good for ξ below ½).
 */
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { optimizationPower, resolvableBits, sampledPower } from "./optimization-power.ts";

/** Stands for infinity in resamples, whose percentiles are interpolated. */
const ENDLESS = 1e9;
/** −log₂ of the least positive double. */
const MOST_BITS = 1074;

/** The law of what lies above a threshold. */
export interface ParetoTail {
  /** u */
  readonly threshold: number;
  /** ξ: above 0 heavy, 0 exponential, below 0 it ends. */
  readonly shape: number;
  /** σ */
  readonly scale: number;
  /** Share of the sample above the threshold. */
  readonly share: number;
}

/**
 * The tail above the (1 − share)-quantile of a sample, by probability-weighted moments.
 *
 * @param share of the sample that counts as tail; at least 20 values
 */
export function fitParetoTail(sample: ArrayLike<number>, share: number): ParetoTail {
  const sorted = Float64Array.from(sample as ArrayLike<number>).sort();
  const k = Math.floor(share * sorted.length);
  assert(k >= 20 && k < sorted.length, `at least 20 values of ${sorted.length} in the tail, got ${k}`);
  const threshold = sorted[sorted.length - k - 1]!;
  // a₀ = E X, a₁ = E X (1 − F(X)) of the excesses.
  let [a0, a1] = [0, 0];
  for (let i = 0; i < k; i++) {
    const excess = sorted[sorted.length - k + i]! - threshold;
    a0 += excess / k;
    a1 += (excess * (1 - (i + 0.65) / k)) / k;
  }
  assert(a0 > 2 * a1, "excesses that vary");
  return {
    threshold,
    shape: 2 - a0 / (a0 - 2 * a1),
    scale: (2 * a0 * a1) / (a0 - 2 * a1),
    share: k / sorted.length,
  };
}

/** P(X > x) above the threshold; 0 beyond where the tail ends. */
export function paretoTail({ threshold, shape, scale, share }: ParetoTail, x: number): number {
  assert(x >= threshold, `a value in the tail, at least ${threshold}, got ${x}`);
  const z = (x - threshold) / scale;
  if (Math.abs(shape) < 1e-9) return share * Math.exp(-z);
  const inside = 1 + shape * z;
  return inside <= 0 ? 0 : share * inside ** (-1 / shape);
}

/** Bits of an outcome against a sampled reference. */
export interface TailPower {
  /** By rank within the sample; by the fitted tail beyond it; the sample's bound where the tail ends before. */
  readonly bits: number;
  /** At most {@link TailPower.resolvable}. */
  readonly low: number;
  /** Infinite where resampled tails end before the outcome. */
  readonly high: number;
  /** Beyond the largest reference outcome. */
  readonly isExtrapolated: boolean;
  /** The most that the sample resolves. */
  readonly resolvable: number;
}

/**
 * Bits of an outcome, extrapolated where it exceeds the reference, with a bootstrap interval over the sample.
 *
 * @param options.share of the sample that the tail is fitted to
 */
export function tailPower(
  outcome: number,
  reference: ArrayLike<number>,
  options: { readonly share?: number; readonly resamples?: number; readonly rng: Rng },
): TailPower {
  const { share = 0.1, resamples = 200, rng } = options;
  const n = reference.length;
  const resolvable = resolvableBits(n);
  const bitsOf = (sample: Float64Array): number => {
    const fitted = fitParetoTail(sample, share);
    if (outcome < fitted.threshold) {
      let better = 0;
      for (const each of sample) if (each >= outcome) better++;
      return sampledPower(better, n);
    }
    const tail = paretoTail(fitted, outcome);
    return tail > 0 ? optimizationPower(tail) : ENDLESS;
  };
  const { mean, low, high } = clusterBootstrap({
    clusters: Int32Array.from({ length: n }, (_, i) => i),
    statistic: (items) => bitsOf(Float64Array.from(items, (i) => reference[i]!)),
    rng,
    resamples,
    unit: "agents",
  });
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) most = Math.max(most, reference[i]!);
  const bits = mean < ENDLESS ? mean : resolvable;
  // Between a number and ENDLESS a percentile is interpolated: more than any probability is no number either.
  return {
    bits,
    low: Math.min(low, resolvable, bits),
    high: high < MOST_BITS ? high : Number.POSITIVE_INFINITY,
    isExtrapolated: outcome > most,
    resolvable,
  };
}
