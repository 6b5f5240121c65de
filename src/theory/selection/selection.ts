/**
 * @file Selection among finitely many outcomes: the divergence of what is selected from what was there, exact with ties,
 * for the best of n and for any weights.
 *
 * Reweighting p to p w / w̄ costs KL = E_p[(w/w̄) ln(w/w̄)] nats and moves a trait by Cov(w, z)/w̄ (see `price.ts`):
 * one identity for truncation, best of n, and exponential tilting.
 */
import { assert } from "../../core/errors.ts";

/** Outcomes with what a selector sees of them. */
export interface Outcomes {
  /** Probability of each outcome, `[k]`, sums to 1. */
  readonly probabilities: ArrayLike<number>;
  /** Reward of each outcome, `[k]`; equal rewards tie. Default: all differ, and rise with the index. */
  readonly rewards?: ArrayLike<number>;
}

/** A group of outcomes that tie. */
interface Rank {
  readonly mass: number;
  /** P(worse), and P(worse or tied). */
  readonly below: number;
  readonly upTo: number;
  readonly members: readonly number[];
}

/** Outcomes by reward, worst first. */
function ranked({ probabilities, rewards }: Outcomes): Rank[] {
  const k = probabilities.length;
  assert(k > 0 && (rewards === undefined || rewards.length === k), `a reward for each of ${k} outcomes`);
  let total = 0;
  for (let i = 0; i < k; i++) {
    assert(probabilities[i]! >= 0, `probabilities at least 0, got ${probabilities[i]}`);
    total += probabilities[i]!;
  }
  assert(Math.abs(total - 1) < 1e-9, `probabilities that sum to 1, got ${total}`);
  const reward = (i: number) => (rewards ? rewards[i]! : i);
  const order = Array.from({ length: k }, (_, i) => i).sort((a, b) => reward(a) - reward(b));
  const out: Rank[] = [];
  let below = 0;
  for (let at = 0; at < k; ) {
    let end = at;
    let mass = 0;
    while (end < k && reward(order[end]!) === reward(order[at]!)) mass += probabilities[order[end++]!]!;
    out.push({ mass, below, upTo: end === k ? 1 : below + mass, members: order.slice(at, end) });
    below += mass;
    at = end;
  }
  return out;
}

/** F^n − F₋^n, without cancellation where both are close to 1. */
const powerDifference = (below: number, upTo: number, n: number): number =>
  below === 0 ? upTo ** n : upTo ** n * -Math.expm1(n * Math.log(below / upTo));

/**
 * Distribution of the outcome of greatest reward among `n` draws, `[k]`: q = F^n − F₋^n for a group of ties, shared
 * within it as under p (whichever of the tied draws is taken).
 */
export function bestOfDistribution(outcomes: Outcomes, n: number): Float64Array {
  const out = new Float64Array(outcomes.probabilities.length);
  for (const { mass, below, upTo, members } of ranked(outcomes)) {
    if (mass === 0) continue;
    const factor = powerDifference(below, upTo, n) / mass;
    for (const i of members) out[i] = outcomes.probabilities[i]! * factor;
  }
  return out;
}

/**
 * Divergence of the best of `n` draws from one draw in nats: Σ q ln(q/p) over groups of ties. At most
 * ln n − (n − 1)/n, which only a distribution without ties reaches.
 *
 * Source: Beirami et al. 2024, Theoretical guarantees on the best-of-n alignment policy, arXiv:2401.01879.
 *
 * @example
 * selectionKl({ probabilities: [0.5, 0.5] }, 2); // => ≈ 0.1308
 */
export function selectionKl(outcomes: Outcomes, n: number): number {
  assert(Number.isInteger(n) && n >= 1, `a whole number of draws, at least 1, got ${n}`);
  let sum = 0;
  for (const { mass, below, upTo } of ranked(outcomes)) {
    const q = powerDifference(below, upTo, n);
    if (q > 0) sum += q * Math.log(q / mass);
  }
  return Math.max(0, sum);
}

/**
 * P(the best of `n` has more reward than a fresh draw) + P(they tie)/2; at most n/(n + 1), which only a distribution
 * without ties reaches.
 */
export function selectionWinRate(outcomes: Outcomes, n: number): number {
  let sum = 0;
  for (const { mass, below, upTo } of ranked(outcomes)) {
    sum += powerDifference(below, upTo, n) * (below + mass / 2);
  }
  return sum;
}

/**
 * Divergence of p w / w̄ from p in nats, E_p[(w/w̄) ln(w/w̄)]. Truncation to a share s of the best costs −ln s.
 *
 * @param weights at least 0, `[k]`; only their ratios matter
 */
export function reweightingKl(probabilities: ArrayLike<number>, weights: ArrayLike<number>): number {
  assert(probabilities.length === weights.length, "a weight for each outcome");
  let average = 0;
  for (let i = 0; i < weights.length; i++) {
    assert(weights[i]! >= 0, `weights at least 0, got ${weights[i]}`);
    average += probabilities[i]! * weights[i]!;
  }
  assert(average > 0, "something that is selected");
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const ratio = weights[i]! / average;
    if (ratio > 0) sum += probabilities[i]! * ratio * Math.log(ratio);
  }
  return Math.max(0, sum);
}

/** What a process of selection costs and brings. */
export interface Tilt {
  /** Nats. */
  readonly kl: number;
  /** Rise of the mean reward. */
  readonly gain: number;
}

/**
 * Exponential tilting π ∝ π₀ exp(β r) of a normal reward: gain β σ², KL β² σ²/2, so gain = σ √(2 KL). No other change of
 * π₀ gains as much for the same divergence.
 */
export const normalTilt = (beta: number, sd: number): Tilt => ({
  kl: (beta * sd) ** 2 / 2,
  gain: beta * sd * sd,
});
