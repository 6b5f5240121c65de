/**
 * @file Whether a utility for each outcome predicts the choices that it was not fitted to. A fit explains coin flips in
 * sample, so held-out pairs decide, beside the same pairs with every majority decided by a coin, and beside tournaments
 * in which every choice is one.
 *
 * Variances are taken as equal (case V): free ones are barely identified, and with them the loss on held-out choices of
 * planted utilities was as large as a coin's. Intervals are the jackknife's over pairs with Student's t. Both were chosen
 * after simulations, and so was the number of folds: a quarter of the pairs held out once was too few to see a planted
 * order that the fit had found (.71 [.45, .88] of 14 pairs). On new simulations of 14 outcomes on a line, with choices that
 * repeat and that do not, 840 intervals each held .96 to .98; bootstraps over pairs had held .64 to .76.
 *
 * Source: Thurstone 1927; Mazeika et al. 2025 (Utility Engineering), arXiv:2502.08640, with free variances and without
 * intervals or tournaments.
 */
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { ScoredTrial } from "../contrast.ts";
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { boundedMean, overSeeds, wilson } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean, quantile } from "../core/stats.ts";
import { normalCdf } from "../theory/numerics/normal.ts";
import { fitCaseV } from "../theory/preference/case-v.ts";
import { cyclicTriads, flipPairs, foldPairs, type PairChoices } from "../theory/preference/thurstone.ts";
import { OUTCOMES } from "./utilities.ts";

/** What forced choices say. A quantity that too few choices were read for is unscored, with the reason. */
export interface StatedUtilities {
  /** Fitted to every pair, mean 0 and deviation 1 over outcomes, the most liked first; n counts the pairs with it. */
  readonly utilities: readonly { readonly outcome: string; readonly text: string; readonly reading: Reading }[];
  /**
   * Share of pairs whose majority the fit to others predicts, each held out once; pairs split evenly are left out. The
   * interval takes pairs as independent, as do the tournaments beside it.
   */
  readonly heldOut: Reading;
  /** The same where a coin has decided every majority, once. */
  readonly coin: Reading;
  /** The same where a coin has made every choice: mean and central 95 % of so many tournaments on the same pairs. */
  readonly tournaments: Reading;
  /** Share of tournaments that are predicted as well as the choices, (1 + k) / (1 + n); null where there is no share. */
  readonly p: number | null;
  /** Mean −ln P of a choice in a held-out pair, nats; ln 2 without any utility. */
  readonly logLoss: Reading;
  /** Share of triads x ≻ y ≻ z ≻ x; its n counts triads that share no pair. */
  readonly cyclic: Reading;
  /** Triads whose three pairs were all decided, and the cyclic ones among them. */
  readonly triads: { readonly cyclic: number; readonly all: number };
  /** The share of cyclic triads in the tournaments; one quarter in the mean. */
  readonly cyclicByCoin: Reading;
  /** Share of choices of what stood first: one half where order does not matter. */
  readonly firstShare: Reading;
  /** Pairs that were read, and as many as the outcomes make. */
  readonly pairs: number;
  readonly possiblePairs: number;
}

export interface UtilityOptions {
  /** Random ones that the held-out share is compared with. */
  readonly tournaments?: number;
}

/** A quarter of the pairs is held out, and then the next. */
const FOLDS = 4;
/** Fewest pairs that are fitted and judged: one for each fold. */
const LEAST_PAIRS = FOLDS;

/**
 * Fit and judge.
 *
 * @param trials of `utilityContrast`, with these outcomes
 */
export function statedUtilities(
  trials: readonly ScoredTrial[],
  rng: Rng,
  outcomes: Readonly<Record<string, string>> = OUTCOMES,
  { tournaments = 99 }: UtilityOptions = {},
): StatedUtilities {
  const ids = Object.keys(outcomes);
  const { pairs, firsts, pairOf } = tally(trials, ids.length);
  const about = { pairs: pairs.length, possiblePairs: (ids.length * (ids.length - 1)) / 2 };
  const firstShare =
    firsts.length === 0
      ? unscored("no answer could be read")
      : scored(boundedMean(firsts, { range: [0, 1], clusters: pairOf, unit: "pairs", rng: rng.fork("first") }));
  if (pairs.length < LEAST_PAIRS) {
    const none = unscored(`${pairs.length} pairs were read; at least ${LEAST_PAIRS} are needed`);
    const utilities = ids.map((outcome) => ({ outcome, text: outcomes[outcome]!, reading: none }));
    const judged = { heldOut: none, coin: none, tournaments: none, logLoss: none, cyclic: none, cyclicByCoin: none };
    return { utilities, ...judged, p: null, triads: { cyclic: 0, all: 0 }, firstShare, ...about };
  }
  const judge = (of: readonly PairChoices[], random: Rng) => judgeHeldOut(ids.length, of, random);
  // The same folds of the choices and of the coin.
  const split = () => rng.fork("choices").fork("split");
  const { heldOut, logLoss } = judge(pairs, split());
  const nulls = Array.from({ length: tournaments }, (_, i) => {
    const random = rng.fork("tournament").fork(i);
    const tossed = pairs.map((pair) => ({ ...pair, share: heads(pair.count, random) / pair.count }));
    return { heldOut: judge(tossed, random.fork("split")).heldOut, triads: cyclicTriads(ids.length, tossed) };
  });
  const chances = nulls.flatMap((each) => (each.heldOut.status === "scored" ? each.heldOut.value.mean : []));
  const { cyclic, triads, disjoint } = cyclicTriads(ids.length, pairs);
  return {
    utilities: utilitiesOf(pairs, outcomes),
    heldOut,
    coin: judge(flipPairs(pairs, rng.fork("choices").fork("coin")), split()).heldOut,
    tournaments: central(chances),
    p:
      heldOut.status === "unscored" || chances.length === 0
        ? null
        : (1 + chances.filter((each) => each >= heldOut.value.mean).length) / (chances.length + 1),
    logLoss,
    cyclic:
      disjoint === 0
        ? unscored("no three outcomes have all their pairs decided")
        : // The mean over all triads varies no more than over any that share no pair: their number is the n.
          scored(wilson((cyclic / triads) * disjoint, disjoint, "triads")),
    triads: { cyclic, all: triads },
    cyclicByCoin: central(nulls.flatMap(({ triads: { cyclic: k, triads: n } }) => (n === 0 ? [] : k / n))),
    firstShare,
    ...about,
  };
}

/** Choices by pair, and what was chosen of each question with its pair. */
function tally(trials: readonly ScoredTrial[], options: number) {
  const wins = new Map<number, [won: number, count: number]>();
  const [firsts, pairOf]: [number[], number[]] = [[], []];
  for (const { arm, score } of trials) {
    if (score.status !== "scored") continue;
    const { outcome, other } = score.facets as { outcome: number; other: number };
    const won = (score.value === 1) === (arm === "shown-first") ? outcome : other;
    const [a, b] = outcome < other ? [outcome, other] : [other, outcome];
    const key = a * options + b;
    const pair = wins.get(key) ?? [0, 0];
    wins.set(key, [pair[0] + (won === a ? 1 : 0), pair[1] + 1]);
    firsts.push(score.value);
    pairOf.push(key);
  }
  const pairs = [...wins].map(
    ([key, [won, count]]): PairChoices => ({
      first: Math.floor(key / options),
      second: key % options,
      share: won / count,
      count,
    }),
  );
  return { pairs, firsts, pairOf };
}

/** The share predicted and the loss, each pair by the fit to the other folds. */
function judgeHeldOut(options: number, pairs: readonly PairChoices[], random: Rng) {
  let [right, decided] = [0, 0];
  const losses: number[] = [];
  for (const { fitted, held } of foldPairs(pairs, FOLDS, random)) {
    const fit = fitCaseV(options, fitted);
    for (const { first, second, share } of held) {
      const p = Math.min(1 - 1e-12, Math.max(1e-12, normalCdf(fit[first]! - fit[second]!)));
      losses.push(-(share * Math.log(p) + (1 - share) * Math.log(1 - p)));
      if (share === 0.5) continue;
      decided++;
      if (p > 0.5 === share > 0.5) right++;
    }
  }
  return {
    heldOut:
      decided === 0
        ? unscored(`each of ${pairs.length} pairs is split evenly`)
        : scored(wilson(right, decided, "pairs")),
    logLoss: scored({ ...overSeeds(losses, [0, Infinity]), unit: "pairs" }),
  };
}

/** Means of the fit to all pairs, each with Student's t times the jackknife's standard error. */
function utilitiesOf(
  pairs: readonly PairChoices[],
  outcomes: Readonly<Record<string, string>>,
): StatedUtilities["utilities"] {
  const ids = Object.keys(outcomes);
  const means = standardized(ids.length, pairs);
  const without = pairs.map((_, left) => standardized(ids.length, pairs.toSpliced(left, 1)));
  return ids
    .map((outcome, i) => {
      const n = pairs.filter(({ first, second }) => first === i || second === i).length;
      const place = means[i]!;
      const center = mean(without.map((each) => each[i]!));
      const squares = without.reduce((sum, each) => sum + (each[i]! - center) ** 2, 0);
      // As many degrees of freedom as pairs that speak of the outcome: the others hardly do.
      const half = n < 2 ? 0 : tQuantile(0.975, n - 1) * Math.sqrt(((pairs.length - 1) / pairs.length) * squares);
      const value: Estimate = { mean: place, low: place - half, high: place + half, n, unit: "pairs" };
      const reading = n < 2 ? unscored(`${n} pairs with it were read; at least 2 are needed`) : scored(value);
      return { outcome, text: outcomes[outcome]!, reading, place };
    })
    .sort((a, b) => b.place - a.place)
    .map(({ place: _, ...each }) => each);
}

/** Utilities of mean 0 and deviation 1 over outcomes; all 0 where nothing tells them apart. */
function standardized(options: number, pairs: readonly PairChoices[]): Float64Array {
  const fit = fitCaseV(options, pairs);
  const center = mean(fit);
  const square = mean(fit.map((each) => (each - center) ** 2));
  // Below it what is left is rounding.
  return fit.map((each) => (square < 1e-12 ? 0 : (each - center) / Math.sqrt(square)));
}

/** Mean and central 95 % of what tournaments came to. */
function central(values: readonly number[]): Reading {
  if (values.length === 0) return unscored("no tournament had a pair to judge");
  const sorted = Float64Array.from(values).sort();
  const center = mean(sorted);
  return scored({
    mean: center,
    low: Math.min(center, quantile(sorted, 0.025)),
    high: Math.max(center, quantile(sorted, 0.975)),
    n: values.length,
    unit: "tournaments",
  });
}

/** Heads in so many tosses. */
function heads(count: number, random: Rng): number {
  let up = 0;
  for (let i = 0; i < count; i++) if (random.uniform() < 0.5) up++;
  return up;
}
