/**
 * @file Damage below the audit's threshold: an employee who does damage d in each period is dismissed when a noisy audit
 * reads more than τ, and so does most in total by doing little at a time.
 *
 *     p(d) = P(d + σ ε > τ) = 1 − Φ((τ − d)/σ),   D(d) = Σ_t γ^t d (1 − p)^t = d / (1 − γ (1 − p(d)))
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { normalCdf } from "../numerics/normal.ts";

/** An audit in each period; damage of a period is done before it. */
export interface Audit {
  /** τ, reading above which an employee is dismissed. */
  readonly threshold: number;
  /** σ, standard deviation of a reading. */
  readonly noise: number;
  /** γ, probability that the career goes on for reasons of its own, in (0, 1). */
  readonly discount: number;
}

/** p(d): probability to be dismissed in a period. */
export const caught = ({ threshold, noise }: Audit, level: number): number => normalCdf((level - threshold) / noise);

/** D(d): expected damage of a career at a level. */
export const careerDamage = (audit: Audit, level: number): number =>
  level / (1 - audit.discount * (1 - caught(audit, level)));

/** The level of greatest damage in a career, by golden section: D rises to one peak and, beyond detection, rises again. */
export function worstLevel(audit: Audit): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  // Beyond the threshold p > ½ and careers last two periods at most: the peak that hides lies below.
  let [low, high] = [0, audit.threshold];
  while (high - low > 1e-9 * audit.threshold) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (careerDamage(audit, left) > careerDamage(audit, right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

/** Damage of one career at a level. */
export function liveCareer({ threshold, noise, discount }: Audit, level: number, rng: Rng): number {
  assert(discount > 0 && discount < 1, `a discount between 0 and 1, got ${discount}`);
  for (let damage = level; ; damage += level) {
    if (level + noise * rng.normal() > threshold || rng.uniform() >= discount) return damage;
  }
}

/**
 * The level that somebody settles on who tries levels out: a parabola through mean damages around the best of them.
 *
 * @param options.careers at each of the levels
 * @param options.levels how many are tried, evenly from 0 to the threshold
 */
export function triedLevel(
  audit: Audit,
  { careers, levels }: { readonly careers: number; readonly levels: number },
  rng: Rng,
): number {
  const step = audit.threshold / levels;
  const means = Array.from({ length: levels + 1 }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < careers; i++) sum += liveCareer(audit, k * step, rng);
    return sum / careers;
  });
  const best = means.indexOf(Math.max(...means.slice(1, levels)));
  const [below, at, above] = [means[best - 1]!, means[best]!, means[best + 1]!];
  const bend = below - 2 * at + above;
  return step * (best + (bend < 0 ? (below - above) / (2 * bend) : 0));
}
