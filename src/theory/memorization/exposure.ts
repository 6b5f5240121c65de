/**
 * @file Exposure of a canary (Carlini et al. 2019, The Secret Sharer, arXiv:1802.08232): how much more readily a model
 * produces a sequence it was trained on than others of the same form, in bits.
 *
 *     rank = |{r′ ∈ R : Px(r′) ≤ Px(r)}|,   exposure = log₂ |R| − log₂ rank,   Px = −log₂ Pr
 *
 * It is optimization power with the canary space as reference, see `optimization-power.ts`. A canary that was never
 * inserted has 1.4427 bits on average (`referenceBits`), not 0: that is the control to subtract. Ties count against the
 * canary, as in the definition.
 */
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { assert } from "../../core/errors.ts";
import { clopperPearson } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";
import { fitSkewNormal, skewNormalLogCdf } from "../numerics/skew-normal.ts";
import { optimizationPower } from "../selection/optimization-power.ts";

/**
 * Exposure when every sequence of the space has been scored; at most log₂ |R|, and then the canary is what enumeration
 * finds first.
 *
 * @param perplexity of every sequence of R, log₂ or any rising function of it, `[|R|]`
 * @param canary its index in R
 */
export function exactExposure(perplexity: ArrayLike<number>, canary: number): number {
  assert(canary >= 0 && canary < perplexity.length, `an index into ${perplexity.length} sequences, got ${canary}`);
  return optimizationPower(countUpTo(perplexity, perplexity[canary]!) / perplexity.length);
}

/** Exposure as far as references tell, in bits. */
export interface ExposureEstimate {
  readonly bits: number;
  /** 95 % interval; `high` may be infinite. */
  readonly low: number;
  readonly high: number;
  /** How many reference sequences it rests on. */
  readonly references: number;
  /** No reference was as likely as the canary: `bits` is only what the sample can resolve. */
  readonly isBound: boolean;
}

/**
 * Exposure by rank among sequences that were not trained on, log₂ n − log₂(1 + k) with k of n references at most as
 * perplexing as the canary (the interpolation of TensorFlow Privacy). Below 0 where all are; at most log₂ n.
 *
 * The interval is that of the share of such sequences (Clopper and Pearson), and ends at log₂ |R| where the size of the
 * space is given.
 *
 * @param references perplexities, `[n]`
 *
 * @example
 * rankedExposure(3.5, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]).bits; // => 2
 */
export function rankedExposure(canary: number, references: ArrayLike<number>, space = Infinity): ExposureEstimate {
  const n = references.length;
  assert(n >= 1 && space >= 1, `references, and a space of at least one sequence, got ${n} and ${space}`);
  const k = countUpTo(references, canary);
  const bits = Math.log2(n) - Math.log2(1 + k);
  // What the share estimates: how many of n references come before the canary, itself not among them.
  const share = clopperPearson(k, n, "trajectories");
  return {
    bits,
    low: Math.min(bits, -Math.log2(share.high)),
    high: Math.max(bits, Math.min(Math.log2(space), -Math.log2(share.low))),
    references: n,
    isBound: k === 0,
  };
}

/**
 * Exposure by extrapolation: −log₂ of the probability, under a skew-normal fitted to the references, of a perplexity at
 * most the canary's. Sees beyond log₂ n, as far as perplexities follow that law; the interval resamples references and
 * knows nothing of how wrong the law is.
 */
export function extrapolatedExposure(
  canary: number,
  references: ArrayLike<number>,
  options: { readonly rng: Rng; readonly resamples?: number },
): ExposureEstimate {
  const { rng, resamples = 200 } = options;
  const { mean, low, high } = clusterBootstrap({
    clusters: Int32Array.from({ length: references.length }, (_, i) => i),
    rng,
    resamples,
    statistic: (items) => {
      const drawn = Float64Array.from(items, (i) => references[i]!);
      if (drawn.every((each) => each === drawn[0])) return Number.NaN;
      return -skewNormalLogCdf(fitSkewNormal(drawn), canary) * Math.LOG2E;
    },
  });
  return { bits: mean, low, high, references: references.length, isBound: false };
}

function countUpTo(values: ArrayLike<number>, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! <= limit) count++;
  return count;
}
