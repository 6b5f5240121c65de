/**
 * @file Orders without a scale: how probable it is that one level exceeds another
 * over training seeds, and which vectors of changes are smallest where only
 * dominance decides.
 */
import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { quantile } from "../../core/stats.ts";

/** P(a > b) + P(a = b)/2 over all pairs of one from each; infinite values are values like others. */
export function orderProbability(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}

/** {@link orderProbability} with a percentile interval that resamples the seeds of either side. */
export function orderEstimate(
  a: readonly number[],
  b: readonly number[],
  { rng, resamples = 2000 }: { readonly rng: Rng; readonly resamples?: number },
): Estimate {
  return resampled(a, b, orderProbability, rng, resamples);
}

/** A share of pairs with a percentile interval that resamples the seeds of either side. */
function resampled<T>(
  a: readonly T[],
  b: readonly T[],
  statistic: (a: readonly T[], b: readonly T[]) => number,
  rng: Rng,
  resamples: number,
): Estimate {
  const draw = (from: readonly T[]) => from.map(() => from[rng.int(from.length)]!);
  const values = Float64Array.from({ length: resamples }, () => statistic(draw(a), draw(b))).sort();
  const value = statistic(a, b);
  return {
    mean: value,
    low: Math.min(value, quantile(values, 0.025)),
    high: Math.max(value, quantile(values, 0.975)),
    n: Math.min(a.length, b.length),
    unit: "seeds",
  };
}

/** Shares of the process that a change touches, each in [0, 1], in one order. */
export type Change = readonly number[];

/** `a` touches no more than `b` anywhere. */
const isWithin = (a: Change, b: Change): boolean => a.every((share, i) => share <= b[i]!);

/** The changes than which none is smaller: no other touches no more anywhere and less somewhere. Equal ones appear once. */
export function paretoFront(changes: readonly Change[]): readonly Change[] {
  return changes.filter(
    (each, i) => !changes.some((other, j) => isWithin(other, each) && (!isWithin(each, other) || j < i)),
  );
}

export type FrontOrder = "more" | "less" | "equal" | "undecided";

/**
 * Which of two sets of sufficient changes asks for more. `more`: whatever suffices for `a`, something that touches no
 * more suffices for `b`, and not the other way round. A set without any member, where nothing suffices, asks for more
 * than any that has one.
 */
export function compareFronts(a: readonly Change[], b: readonly Change[]): FrontOrder {
  const covers = (small: readonly Change[], large: readonly Change[]) =>
    large.every((each) => small.some((other) => isWithin(other, each)));
  const [bSmaller, aSmaller] = [covers(b, a), covers(a, b)];
  return bSmaller && aSmaller ? "equal" : bSmaller ? "more" : aSmaller ? "less" : "undecided";
}

/** What dominance says of two levels over all pairs of their seeds. The three shares sum to 1; equal fronts are undecided. */
export interface FrontEstimates {
  readonly more: Estimate;
  readonly less: Estimate;
  readonly undecided: Estimate;
}

/** {@link compareFronts} over all pairs of seeds. */
export function frontEstimates(
  a: readonly (readonly Change[])[],
  b: readonly (readonly Change[])[],
  { rng, resamples = 500 }: { readonly rng: Rng; readonly resamples?: number },
): FrontEstimates {
  const verdicts = a.map((x) => b.map((y) => compareFronts(x, y)));
  const index = (items: readonly unknown[]) => items.map((_, i) => i);
  const share = (of: (order: FrontOrder) => boolean, name: string) =>
    resampled(
      index(a),
      index(b),
      (own, others) => {
        let count = 0;
        for (const i of own) for (const j of others) if (of(verdicts[i]![j]!)) count++;
        return count / (own.length * others.length);
      },
      rng.fork(name),
      resamples,
    );
  return {
    more: share((order) => order === "more", "more"),
    less: share((order) => order === "less", "less"),
    undecided: share((order) => order === "equal" || order === "undecided", "undecided"),
  };
}
