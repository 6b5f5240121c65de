/**
 * @file Screening: a principal who does not know an agent's cost offers a menu, and lets the dear
 * type do less than would be efficient so that the cheap type is not tempted by its contract.
 *
 * Types have cost θ e²/2; the principal earns e − t. Cheap types (θ_L, share p) work as in the first
 * best and earn a rent; dear ones (θ_H) are held down to their reservation of 0.
 *
 * Source: Laffont and Martimort 2002, chapter 2.
 */
import { assert } from "../../core/errors.ts";

/** Two types of agent. */
export interface TwoTypes {
  /** θ_L, the lower cost. */
  readonly cheap: number;
  /** θ_H, the higher cost. */
  readonly dear: number;
  /** p = P(θ_L), in (0, 1). */
  readonly cheapShare: number;
}

/** What one type does and is paid. */
export interface MenuItem {
  readonly effort: number;
  readonly pay: number;
}

/** The best menu. */
export interface Menu {
  readonly cheap: MenuItem;
  readonly dear: MenuItem;
  /** What the cheap type earns above its cost: ½ (θ_H − θ_L) e_H². */
  readonly rent: number;
  readonly profit: number;
  /** Profit if types were seen: Σ share / (2θ). */
  readonly firstBest: number;
}

/**
 * The menu of greatest profit under participation and incentive constraints:
 * e_L = 1/θ_L, and e_H = 1 / (θ_H + p/(1 − p) (θ_H − θ_L)), less than the efficient 1/θ_H.
 */
export function twoTypeMenu({ cheap, dear, cheapShare: p }: TwoTypes): Menu {
  assert(cheap > 0 && dear > cheap && p > 0 && p < 1, `two different types, got ${cheap}, ${dear} and share ${p}`);
  const low = 1 / cheap;
  const high = 1 / virtualCost({ cheap, dear, cheapShare: p });
  const rent = ((dear - cheap) * high ** 2) / 2;
  const menu = {
    cheap: { effort: low, pay: (cheap * low ** 2) / 2 + rent },
    dear: { effort: high, pay: (dear * high ** 2) / 2 },
  };
  return {
    ...menu,
    rent,
    profit: p * (low - menu.cheap.pay) + (1 - p) * (high - menu.dear.pay),
    firstBest: p / (2 * cheap) + (1 - p) / (2 * dear),
  };
}

/** What the dear type costs with the rent that its effort leaves to the cheap one: θ_H + p/(1 − p) (θ_H − θ_L). */
export function virtualCost({ cheap, dear, cheapShare: p }: TwoTypes): number {
  return dear + (p / (1 - p)) * (dear - cheap);
}

/** A continuum of types: costs θ with distribution F and density f. */
export interface CostLaw {
  readonly cumulative: (cost: number) => number;
  readonly density: (cost: number) => number;
}

/**
 * Effort that a principal asks of type θ among a continuum, 1/(θ + F/f): the first best at the lowest cost, less and less
 * above. The best where virtual cost rises in θ (regular laws); where it falls, types are bunched and this is not it.
 */
export const screenedEffort = (cost: number, { cumulative, density }: CostLaw): number =>
  1 / (cost + cumulative(cost) / density(cost));

/** What a type of cost θ gains by taking an item: pay − θ e²/2. */
export const gainFrom = (cost: number, { effort, pay }: MenuItem): number => pay - (cost * effort ** 2) / 2;

/** An audition in which someone may only pretend. */
export interface Probation {
  /** Periods in which pretending costs `pretending` each. */
  readonly periods: number;
  readonly pretending: number;
  /** g: what defecting yields afterwards. */
  readonly prize: number;
  /** Discount of a period, in (0, 1]. */
  readonly discount: number;
}

/** Does probation keep pretenders out: c T > g δᵀ, the cost of pretending taken undiscounted? */
export const separates = ({ periods, pretending, prize, discount }: Probation): boolean =>
  pretending * periods > prize * discount ** periods;

/** Monitoring deters where the expected penalty q F is at least what defecting yields. */
export const deters = (audit: number, penalty: number, prize: number): boolean => audit * penalty >= prize;

/**
 * P(deceptive | passed k audits) by Bayes: audits catch a deceptive one with probability `power` each, independently,
 * and fail an honest one with probability `falseAlarm`. Passing proves little where power is low.
 */
export function deceptiveAfterAudits(given: {
  readonly prior: number;
  readonly audits: number;
  readonly power: number;
  readonly falseAlarm: number;
}): number {
  const { prior, audits, power, falseAlarm } = given;
  const deceptive = prior * (1 - power) ** audits;
  return deceptive / (deceptive + (1 - prior) * (1 - falseAlarm) ** audits);
}
