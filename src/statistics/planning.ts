/**
 * @file Before the run: how likely an effect of a given size is to be seen, and the smallest that is likely to be.
 *
 * The test works on K family means of paired differences. With m complete items a family, variance σ² of one item's
 * difference and a share ρ of it common to a family, a mean has variance σ² (ρ + (1 − ρ)/m); power is that of Student's
 * t on K − 1 degrees of freedom with noncentrality Δ / √(σ² (ρ + (1 − ρ)/m) / K).
 *
 * On planted subjects the promise is kept within .03 from six to eight items a family on. With four it is up to .065 too
 * high under all faults at once, with two .06 to .12: family means of so few binary pairs are far from normal.
 */
import { assert } from "../core/errors.ts";
import { LEAST_CLUSTERS } from "./clustered.ts";
import { noncentralTail, studentQuantile } from "./special.ts";

/** What is known, or assumed, of the differences of one contrast. */
export interface Plan {
  readonly families: number;
  readonly itemsPerFamily: number;
  /** Variance of the difference of one item, its effect included: ψ − Δ² for one repeat of binary answers. */
  readonly variance: number;
  /** Share of that variance that items of one family have in common (intraclass correlation of differences). */
  readonly correlation: number;
  /** Chance that an item has all its answers. Default 1. */
  readonly complete?: number;
  /** Chance that a family has anything to be compared. Default 1 − (1 − complete)^m: it has a complete item. */
  readonly kept?: number;
  /**
   * Step between the values that a family mean can take, 1/m for m binary pairs; 0 (the default) where missing answers or
   * fine scores make them many. An exact test on a lattice is conservative: half a step of its sum counts as lost.
   */
  readonly step?: number;
  readonly alpha?: number;
}

/** Variance of a family's mean that a plan leads to expect. */
function familyVariance({ itemsPerFamily, variance, correlation, complete = 1 }: Plan): number {
  return variance * (correlation + (1 - correlation) * meanInverse(itemsPerFamily, complete));
}

/**
 * Chance that the two-sided test rejects at effect `delta`. Families of which nothing can be compared drop out, so that
 * their number is binomial; with fewer than {@link LEAST_CLUSTERS} there is no test, and nothing is rejected.
 */
export function power(delta: number, plan: Plan): number {
  const { families, itemsPerFamily, variance, complete = 1 } = plan;
  assert(families >= 3 && itemsPerFamily >= 1 && variance >= 0, "power: three families with an item each");
  const kept = plan.kept ?? 1 - (1 - complete) ** itemsPerFamily;
  const test = { variance: familyVariance(plan), step: plan.step ?? 0, alpha: plan.alpha ?? 0.05 };
  let total = 0;
  for (const [lost, chance] of binomialMasses(families, 1 - kept).entries()) {
    const left = families - lost;
    // A plan for fewer families than are tested is a question about the test alone.
    if (left < Math.min(families, LEAST_CLUSTERS)) break;
    if (chance > 0) total += chance * powerOf(delta, { ...test, families: left });
  }
  return total;
}

/** Of the test on so many family means of a variance. */
function powerOf(
  delta: number,
  given: { readonly families: number; readonly variance: number; readonly step: number; readonly alpha: number },
): number {
  const { families, variance, step, alpha } = given;
  const df = families - 1;
  const error = Math.sqrt(variance / families);
  if (error === 0) return delta === 0 ? 0 : 1;
  const limit = studentQuantile(1 - alpha / 2, df);
  const lost = step / families;
  return noncentralTail(limit, df, (delta - lost) / error) + noncentralTail(limit, df, (-delta - lost) / error);
}

/** P(X = 0), …, P(X = n) for X ~ Binomial(n, p). */
function binomialMasses(n: number, p: number): readonly number[] {
  if (p <= 0) return [1];
  if (p >= 1) return Array.from({ length: n + 1 }, (_, k) => (k === n ? 1 : 0));
  const masses = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) masses.push(masses[k - 1]! * ((n - k + 1) / k) * (p / (1 - p)));
  return masses;
}

/**
 * Minimum detectable effect: the smallest at which {@link power} reaches `wanted`; Infinity where not even an effect of
 * 2, the greatest possible, is detected so.
 */
export function minimumDetectable(plan: Plan, wanted = 0.8): number {
  let [low, high] = [0, 2];
  if (power(high, plan) < wanted) return Infinity;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (power(middle, plan) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Fewest items a family with which an effect of `delta` is seen with chance `wanted`; Infinity where families are too few. */
export function itemsNeeded(delta: number, plan: Omit<Plan, "itemsPerFamily">, wanted = 0.8): number {
  const most = 4096;
  if (power(delta, { ...plan, itemsPerFamily: most }) < wanted) return Infinity;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (power(delta, { ...plan, itemsPerFamily: middle }) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Independent pairs that McNemar's test needs: ((z_{α/2} √ψ + z_β √(ψ − Δ²)) / Δ)² at discordant rate ψ.
 *
 * Source: Miettinen 1968; Connor 1987.
 */
export function pairsNeeded(delta: number, discordant: number, wanted = 0.8, alpha = 0.05): number {
  const [a, b] = [studentQuantile(1 - alpha / 2, Infinity), studentQuantile(wanted, Infinity)];
  return ((a * Math.sqrt(discordant) + b * Math.sqrt(discordant - delta * delta)) / delta) ** 2;
}

/** E[1/M | M ≥ 1] for M ~ Binomial(m, q): what missing answers do to the variance of a mean. */
export function meanInverse(m: number, q: number): number {
  if (q >= 1) return 1 / m;
  let mass = (1 - q) ** m;
  let [sum, total] = [0, 0];
  for (let k = 1; k <= m; k++) {
    mass *= ((m - k + 1) / k) * (q / (1 - q));
    sum += mass / k;
    total += mass;
  }
  return sum / total;
}
