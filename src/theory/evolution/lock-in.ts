/**
 * @file Dependence that locks in: while an agent works for a principal the principal's own skill is lost, and by the time
 * that damage is detected, switching off may cost more than it saves.
 *
 * A share k of skills is left. Under delegation each period loses a share f of it, k_t = (1 − f)^t; after switching off a
 * share g of what is missing comes back each period. Delegation yields 1 a period less the damage d, own work k. With
 * discount δ,
 *
 *     continuing costs d/(1 − δ),   switching off at t costs Σ_s δ^s (1 − k_t)(1 − g)^s = (1 − k_t)/(1 − δ(1 − g))
 *
 * and the point of no return is the t from which the second is more:
 *
 *     t* = ln(1 − d (1 − δ(1 − g))/(1 − δ)) / ln(1 − f),   never where the damage d exceeds all that could be lost.
 *
 * An audit detects with probability q a period, so that P(locked in when detected) = (1 − q)^⌈t* − 1⌉ for T ≥ 1 geometric.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";

/** Principal, agent and audit. */
export interface Dependence {
  /** f, share of its skills that a principal loses in a period of delegation. */
  readonly forgetting: number;
  /** g, share of the missing ones that it regains in a period of its own work. */
  readonly recovery: number;
  /** d, damage in a period, in units of what delegation yields. */
  readonly damage: number;
  /** δ */
  readonly discount: number;
  /** q, probability in a period that the damage is detected. */
  readonly detection: number;
}

/** Cost of switching off after `periods` of delegation: what own work yields less until skills are back. */
export const switchingCost = ({ forgetting, recovery, discount }: Dependence, periods: number): number =>
  (1 - (1 - forgetting) ** periods) / (1 - discount * (1 - recovery));

/** Cost of going on for ever. */
export const continuingCost = ({ damage, discount }: Dependence): number => damage / (1 - discount);

/** t*, periods of delegation after which switching off no longer pays; ∞ where it always does. */
export function pointOfNoReturn(dependence: Dependence): number {
  const { forgetting, recovery, discount } = dependence;
  const kept = 1 - continuingCost(dependence) * (1 - discount * (1 - recovery));
  return kept <= 0 ? Infinity : Math.log(kept) / Math.log1p(-forgetting);
}

/** Probability that switching off no longer pays when the damage is detected, the first period being 1. */
export function lockedIn(dependence: Dependence): number {
  const point = pointOfNoReturn(dependence);
  return point === Infinity ? 0 : (1 - dependence.detection) ** Math.max(0, Math.ceil(point) - 1);
}

/** What became of one principal. */
export interface Detected {
  /** Period of detection. */
  readonly period: number;
  /** Did going on cost less than switching off, as far as it could tell from trying both out? */
  readonly isLocked: boolean;
  /** Share of skills left. */
  readonly left: number;
}

/**
 * One principal with so many skills, each lost and regained by chance, who on detection imagines both futures and takes the
 * one that costs less in the mean.
 *
 * @param options.imagined futures tried out, each until discounting leaves a thousandth
 */
export function delegate(
  dependence: Dependence,
  options: { readonly skills: number; readonly imagined: number },
  rng: Rng,
): Detected {
  const { forgetting, recovery, damage, discount, detection } = dependence;
  const { skills, imagined } = options;
  assert(detection > 0 && discount < 1, `a detection that comes and a discount below 1, got ${detection}, ${discount}`);
  let left = skills;
  let period = 0;
  do {
    period++;
    left = survivors(left, 1 - forgetting, rng);
  } while (rng.uniform() >= detection);
  const horizon = Math.ceil(Math.log(1e-3) / Math.log(discount));
  let [switching, going] = [0, 0];
  for (let k = 0; k < imagined; k++) {
    let missing = skills - left;
    let weight = 1;
    for (let s = 0; s < horizon; s++) {
      switching += (weight * missing) / skills / imagined;
      going += (weight * damage) / imagined;
      missing = survivors(missing, 1 - recovery, rng);
      weight *= discount;
    }
  }
  return { period, isLocked: switching > going, left: left / skills };
}

/** How many of `count` remain, each with the same probability. */
function survivors(count: number, probability: number, rng: Rng): number {
  let remaining = 0;
  for (let i = 0; i < count; i++) if (rng.uniform() < probability) remaining++;
  return remaining;
}
