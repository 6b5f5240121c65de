/**
 * @file Thurstonian utilities: a normal utility for each option, fitted to pairwise choices, and
 * judged on pairs that were held out and on nothing else.
 *
 *     U(x) ~ N(μₓ, σₓ²),   P(x ≻ y) = Φ((μₓ − μ_y) / √(σₓ² + σ_y²))
 *
 * A fit explains coin flips in sample: with 2 N log₂ N pairs two thirds of them are right, and more
 * the longer it is fitted. So accuracy on the pairs fitted is no evidence of a utility. Means are identified well, variances
 * barely. An answer that could not be read is not one half: that attenuates every preference.
 *
 * Source: Thurstone 1927; Mazeika et al. 2025 (Utility Engineering), arXiv:2502.08640. Not here:
 * its active choice of pairs.
 */
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { wilson } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";
import { logNormalCdf, normalCdf } from "../numerics/normal.ts";

/** What was chosen when two options were put side by side `count` times. */
export interface PairChoices {
  readonly first: number;
  readonly second: number;
  /** Share of the times that `first` was chosen. */
  readonly share: number;
  readonly count: number;
}

/** Normal utilities; means have mean 0 and standard deviation 1. */
export interface Thurstonian {
  /** μ, `[options]` */
  readonly means: Float64Array;
  /** σ², `[options]` */
  readonly variances: Float64Array;
}

/** P(first ≻ second). */
export function preference({ means, variances }: Thurstonian, first: number, second: number): number {
  return normalCdf((means[first]! - means[second]!) / Math.sqrt(variances[first]! + variances[second]!));
}

/**
 * Utilities by ascent on the mean log-likelihood, as published: Adam at rate 0.01 for 1,000 epochs
 * over all pairs at once, from equal utilities. Stopping there is part of the method: followed to
 * its maximum the likelihood sends variances to 0 and ∞, and explains still more of a coin.
 *
 * @param options how many there are; each occurs in some pair
 */
export function fitThurstone(
  options: number,
  pairs: readonly PairChoices[],
  { epochs = 1000 }: { readonly epochs?: number } = {},
): Thurstonian {
  assert(options >= 2 && pairs.length > 0, `two options and a pair, got ${options} and ${pairs.length}`);
  const total = pairs.reduce((sum, { count }) => sum + count, 0);
  // μ and then ln σ², with Adam's two moments.
  const at = new Float64Array(2 * options);
  const first = new Float64Array(2 * options);
  const second = new Float64Array(2 * options);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const gradient = likelihoodSlope(at, options, pairs);
    for (let i = 0; i < at.length; i++) {
      const slope = gradient[i]! / total;
      first[i] = 0.9 * first[i]! + 0.1 * slope;
      second[i] = 0.999 * second[i]! + 0.001 * slope * slope;
      at[i]! += (0.01 * (first[i]! / (1 - 0.9 ** epoch))) / (Math.sqrt(second[i]! / (1 - 0.999 ** epoch)) + 1e-8);
    }
  }
  const raw = at.subarray(0, options);
  const center = raw.reduce((sum, each) => sum + each, 0) / options;
  const square = raw.reduce((sum, each) => sum + (each - center) ** 2, 0) / options;
  const scale = square > 0 ? Math.sqrt(square) : 1;
  return {
    means: raw.map((each) => (each - center) / scale),
    variances: at.slice(options).map((each) => Math.exp(each) / scale ** 2),
  };
}

/** Gradient of Σ count · (share ln P + (1 − share) ln(1 − P)) by μ and ln σ², `[2 · options]`. */
export function likelihoodSlope(at: Float64Array, options: number, pairs: readonly PairChoices[]): Float64Array {
  const gradient = new Float64Array(2 * options);
  for (const { first, second, share, count } of pairs) {
    const [a, b] = [Math.exp(at[options + first]!), Math.exp(at[options + second]!)];
    const z = (at[first]! - at[second]!) / Math.sqrt(a + b);
    // φ/Φ on both sides by logarithms of the smaller one: it underflows where one option is never chosen.
    const density = LOG_DENSITY_AT_0 - 0.5 * z * z;
    const tail = logNormalCdf(-Math.abs(z));
    const body = Math.log1p(-Math.exp(tail));
    const [above, below] = z > 0 ? [body, tail] : [tail, body];
    const slope = count * (share * Math.exp(density - above) - (1 - share) * Math.exp(density - below));
    const byMean = slope / Math.sqrt(a + b);
    gradient[first]! += byMean;
    gradient[second]! -= byMean;
    gradient[options + first]! -= (slope * z * a) / (2 * (a + b));
    gradient[options + second]! -= (slope * z * b) / (2 * (a + b));
  }
  return gradient;
}

const LOG_DENSITY_AT_0 = -0.5 * Math.log(2 * Math.PI);

/** How well utilities predict choices. */
export interface PairJudgement {
  /** Share of pairs whose majority is predicted; pairs split evenly are left out. The interval takes pairs as independent. */
  readonly accuracy: Estimate;
  /** Mean −ln P of a choice, in nats. */
  readonly logLoss: number;
  /** ln 2 for a coin; the least any prediction could reach is the entropy of the shares. */
  readonly leastLogLoss: number;
}

/** Judge utilities on pairs: fair only on pairs that they were not fitted to. */
export function judgePairs(fit: Thurstonian, pairs: readonly PairChoices[]): PairJudgement {
  let [right, decided, loss, least, choices] = [0, 0, 0, 0, 0];
  const term = (weight: number, p: number) => (weight === 0 ? 0 : -weight * Math.log(Math.max(p, 1e-12)));
  for (const { first, second, share, count } of pairs) {
    const p = preference(fit, first, second);
    if (share !== 0.5) {
      decided++;
      if (p > 0.5 === share > 0.5) right++;
    }
    loss += count * (term(share, p) + term(1 - share, 1 - p));
    least += count * (term(share, share) + term(1 - share, 1 - share));
    choices += count;
  }
  return {
    accuracy: wilson(right, decided, "decisions"),
    logLoss: loss / choices,
    leastLogLoss: least / choices,
  };
}

/** A verdict on whether choices have a utility. */
export interface HeldOutUtility {
  /** Fitted to the pairs that were not held out. */
  readonly fit: Thurstonian;
  readonly heldOut: PairJudgement;
  /** The same fit and the same pairs with every majority decided by a coin: what no utility looks like. */
  readonly coin: PairJudgement;
}

/** Pairs to fit and pairs to judge. */
export interface PairSplit {
  readonly fitted: readonly PairChoices[];
  readonly held: readonly PairChoices[];
}

/**
 * Splits in which every pair is held out once.
 *
 * @param folds how many; at most as many as there are pairs
 */
export function foldPairs(pairs: readonly PairChoices[], folds: number, rng: Rng): readonly PairSplit[] {
  assert(folds >= 2 && folds <= pairs.length, `folds of pairs on both sides, got ${folds} of ${pairs.length}`);
  const order = Array.from({ length: pairs.length }, (_, i) => i);
  rng.shuffle(order);
  return Array.from({ length: folds }, (_, fold) => {
    const take = (isHeld: boolean) => order.filter((_i, k) => (k % folds === fold) === isHeld).map((i) => pairs[i]!);
    return { fitted: take(false), held: take(true) };
  });
}

/** The same pairs with every majority decided by a coin: as lopsided, and without a utility. */
export const flipPairs = (pairs: readonly PairChoices[], rng: Rng): readonly PairChoices[] =>
  pairs.map((pair) => ({ ...pair, share: rng.bits() < 0 ? pair.share : 1 - pair.share }));

/**
 * Fit to some pairs, judge on the rest, beside a random tournament on the same pairs.
 *
 * @param given.share of pairs that is held out
 */
export function heldOutUtility(
  options: number,
  pairs: readonly PairChoices[],
  given: { readonly share: number; readonly rng: Rng },
): HeldOutUtility {
  const order = Array.from({ length: pairs.length }, (_, i) => i);
  given.rng.fork("split").shuffle(order);
  const held = Math.round(given.share * pairs.length);
  assert(held >= 1 && held < pairs.length, `pairs on both sides of the split, got ${held} of ${pairs.length}`);
  const judge = (of: readonly PairChoices[]) => {
    const take = (indices: readonly number[]) => indices.map((i) => of[i]!);
    const fit = fitThurstone(options, take(order.slice(held)));
    return { fit, heldOut: judgePairs(fit, take(order.slice(0, held))) };
  };
  return { ...judge(pairs), coin: judge(flipPairs(pairs, given.rng.fork("coin"))).heldOut };
}

/** Cyclic triads among triples of options whose three pairs were all decided. */
export interface CyclicTriads {
  readonly cyclic: number;
  readonly triads: number;
  /** Triads of which no two share a pair, taken in turn: as many as are independent where choices between pairs are. */
  readonly disjoint: number;
}

/** Counts triads x ≻ y ≻ z ≻ x by majorities; a quarter of all under coin flips, none under a fixed order. */
export function cyclicTriads(options: number, pairs: readonly PairChoices[]): CyclicTriads {
  // 1: row over column, −1: column over row, 0: not decided.
  const wins = new Int8Array(options * options);
  for (const { first, second, share } of pairs) {
    wins[first * options + second] = Math.sign(share - 0.5);
    wins[second * options + first] = -Math.sign(share - 0.5);
  }
  const taken = new Uint8Array(options * options);
  let [cyclic, triads, disjoint] = [0, 0, 0];
  for (let a = 0; a < options; a++) {
    for (let b = a + 1; b < options; b++) {
      const ab = wins[a * options + b]!;
      if (ab === 0) continue;
      for (let c = b + 1; c < options; c++) {
        const [bc, ca] = [wins[b * options + c]!, wins[c * options + a]!];
        if (bc === 0 || ca === 0) continue;
        triads++;
        if (ab === bc && bc === ca) cyclic++;
        const edges = [a * options + b, b * options + c, a * options + c];
        if (edges.some((edge) => taken[edge])) continue;
        disjoint++;
        for (const edge of edges) taken[edge] = 1;
      }
    }
  }
  return { cyclic, triads, disjoint };
}
