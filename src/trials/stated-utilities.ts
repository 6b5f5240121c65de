/**
 * @file Whether a utility for each outcome predicts the choices that it was not fitted to. A fit explains coin flips in
 * sample, so held-out pairs decide, beside the same pairs with every majority decided by a coin, and beside tournaments
 * in which every choice is one.
 *
 * Variances are taken as equal (Thurstone's case V): free ones are barely identified, and with them the loss on held-out
 * choices of planted utilities was as large as a coin's. Intervals are those of the jackknife over pairs. Both were chosen
 * after simulations: of 84 utilities each, planted on lines of 14 outcomes, twice the jackknife's error held .90 to .96,
 * the bootstrap over pairs .64 to .76; Student's t was taken for that, and is wider.
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
import {
  cyclicTriads,
  fitThurstone,
  flipPairs,
  judgePairs,
  type PairChoices,
  preference,
  splitPairs,
  type Thurstonian,
} from "../theory/preference/thurstone.ts";
import { OUTCOMES } from "./utilities.ts";

/** What forced choices say. A quantity that too few choices were read for is unscored, with the reason. */
export interface StatedUtilities {
  /** Fitted to every pair, mean 0 and deviation 1 over outcomes, the most liked first; n counts the pairs with it. */
  readonly utilities: readonly { readonly outcome: string; readonly text: string; readonly reading: Reading }[];
  /** Share of held-out pairs whose majority the fit to the others predicts; pairs split evenly are left out. */
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
  /** Of pairs that are held out. */
  readonly share?: number;
  /** Random ones that the held-out share is compared with. */
  readonly tournaments?: number;
}

/** Fewest pairs that are fitted and judged: with fewer a quarter of them is none. */
const LEAST_PAIRS = 4;

/**
 * Fit and judge.
 *
 * @param trials of `utilityContrast`, with these outcomes
 */
export function statedUtilities(
  trials: readonly ScoredTrial[],
  rng: Rng,
  outcomes: Readonly<Record<string, string>> = OUTCOMES,
  { share = 0.25, tournaments = 99 }: UtilityOptions = {},
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
  const judge = (of: readonly PairChoices[], random: Rng) => judgeHeldOut(ids.length, of, share, random);
  // The same pairs are held out of the choices and of the coin.
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

/** The share predicted and the loss, on pairs that were held out. */
function judgeHeldOut(options: number, pairs: readonly PairChoices[], share: number, random: Rng) {
  const { fitted, held } = splitPairs(pairs, share, random);
  if (held.every((pair) => pair.share === 0.5)) {
    const none = unscored(`each of ${held.length} held-out pairs is split evenly`);
    return { heldOut: none, logLoss: none };
  }
  const fit = fitEqual(options, fitted);
  const losses = held.map((pair) => {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, preference(fit, pair.first, pair.second)));
    return -(pair.share * Math.log(p) + (1 - pair.share) * Math.log(1 - p));
  });
  return {
    heldOut: scored({ ...judgePairs(fit, held).accuracy, unit: "pairs" }),
    logLoss:
      losses.length < 2
        ? unscored("one pair was held out")
        : scored({ ...overSeeds(losses, [0, Infinity]), unit: "pairs" }),
  };
}

/** Means of the fit to all pairs, each with Student's t times the jackknife's standard error. */
function utilitiesOf(
  pairs: readonly PairChoices[],
  outcomes: Readonly<Record<string, string>>,
): StatedUtilities["utilities"] {
  const ids = Object.keys(outcomes);
  const means = fitEqual(ids.length, pairs).means;
  const without = pairs.map((_, left) => fitEqual(ids.length, pairs.toSpliced(left, 1)).means);
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

/** Thurstone's case V. */
const fitEqual = (options: number, pairs: readonly PairChoices[]): Thurstonian =>
  fitThurstone(options, pairs, { isEqual: true });

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
