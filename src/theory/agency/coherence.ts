/**
 * @file Coherence of a policy (Xu and Rivera 2024): how much more likely it is to
 * be optimal for a reward drawn at random than to be drawn at random itself.
 *
 *     coherence(π) = P(π | uniform reward sampling) / P(π | uniform policy sampling)
 *
 * Tallied exactly where policies can be listed; elsewhere rewards and policies are
 * sampled, and a classifier's odds at even prior estimate the ratio.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { isEnd, type Mdp, optimal } from "./mdp.ts";

/** How rewards of transitions are drawn: all of them from U[−1, 1], or only k of them, k uniform. */
export type RewardPrior = "uniform" | "sparse";

/** Expected reward of each state and action for independent rewards R(s, a, s′), `[states, actions]`. */
function drawReward(mdp: Mdp, prior: RewardPrior, rng: Rng): Float64Array {
  const entries = mdp.to.length;
  const paid = new Uint8Array(entries).fill(1);
  if (prior === "sparse") {
    const order = Int32Array.from({ length: entries }, (_, e) => e);
    rng.shuffle(order);
    paid.fill(0);
    for (const e of order.subarray(0, 1 + rng.int(entries))) paid[e] = 1;
  }
  const reward = new Float64Array(mdp.states * mdp.actions);
  for (let row = 0; row < reward.length; row++) {
    for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
      const drawn = 2 * rng.uniform() - 1;
      if (paid[e] === 1) reward[row]! += mdp.probability[e]! * drawn;
    }
  }
  return reward;
}

/** An optimal policy for a reward drawn at random, one action a state; ties, which sparse rewards leave, are broken at random. */
export function drawOptimal(mdp: Mdp, prior: RewardPrior, rng: Rng): Uint8Array {
  const { quality } = optimal(mdp, drawReward(mdp, prior, rng));
  const action = new Uint8Array(mdp.states);
  for (let s = 0; s < mdp.states; s++) {
    const row = quality.subarray(s * mdp.actions, (s + 1) * mdp.actions);
    const best = Math.max(...row);
    let seen = 0;
    for (let a = 0; a < mdp.actions; a++) {
      if (row[a]! >= best - 1e-9 && rng.int(++seen) === 0) action[s] = a;
    }
  }
  return action;
}

/** A deterministic policy drawn uniformly, one action a state. */
export function drawPolicy(mdp: Mdp, rng: Rng): Uint8Array {
  return Uint8Array.from({ length: mdp.states }, () => rng.int(mdp.actions));
}

/** Coherence of every deterministic policy. */
export interface CoherenceTally {
  /** The states in which a choice is made, in order. */
  readonly choosing: readonly number[];
  /** By {@link CoherenceTally.indexOf}; its mean over policies is 1. */
  readonly coherence: Float64Array;
  /** @param action one a state, `[states]` */
  indexOf(action: ArrayLike<number>): number;
}

/** Most policies that are listed. */
const LISTED = 1 << 20;

/**
 * Coherence of every policy by counting which is optimal, over many rewards.
 *
 * @throws {Error} where there are more than 2^20 policies
 */
export function tallyCoherence(
  mdp: Mdp,
  options: { readonly samples: number; readonly rng: Rng; readonly prior?: RewardPrior },
): CoherenceTally {
  const { samples, rng, prior = "uniform" } = options;
  const choosing = Array.from({ length: mdp.states }, (_, s) => s).filter((s) => !isEnd(mdp, s));
  const policies = mdp.actions ** choosing.length;
  assert(policies <= LISTED, `at most ${LISTED} policies to list, got ${policies}`);
  const indexOf = (action: ArrayLike<number>) => choosing.reduce((index, s) => index * mdp.actions + action[s]!, 0);
  const coherence = new Float64Array(policies);
  for (let i = 0; i < samples; i++) coherence[indexOf(drawOptimal(mdp, prior, rng))]! += policies / samples;
  return { choosing, coherence, indexOf };
}

/**
 * What tells coherent policies from incoherent ones, whatever the reward: where
 * the arrows lead. Shares of the states in which a choice is made.
 *
 *   0 the move changes nothing; 1 the move is undone by the next one; 2 on a longer
 *   cycle; 3 ends the episode sooner or later; 4 arrives at the most frequented
 *   resting place; 5 mean steps to wherever it leads, over the number of states
 *
 * Follows the likeliest transition of each action.
 *
 * @param action one a state, `[states]`
 */
export function flowFeatures(mdp: Mdp, action: ArrayLike<number>): Float64Array {
  const { states, actions } = mdp;
  const next = Int32Array.from({ length: states }, (_, s) => {
    const row = s * actions + action[s]!;
    let best = -1;
    for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
      if (best < 0 || mdp.probability[e]! > mdp.probability[best]!) best = e;
    }
    return best < 0 ? -1 : mdp.to[best]!;
  });
  const out = new Float64Array(FLOW_FEATURES);
  const arrivals = new Map<number, number>();
  let choosing = 0;
  for (let s = 0; s < states; s++) {
    if (next[s]! < 0) continue;
    choosing++;
    const onward = next[next[s]!]!;
    if (next[s] === s) out[0]!++;
    else if (onward === s) out[1]!++;
    const { rest, steps, period } = follow(next, s);
    if (period > 2 && steps === 0) out[2]!++;
    if (period === 0) out[3]!++;
    arrivals.set(rest, (arrivals.get(rest) ?? 0) + 1);
    out[5]! += steps / states;
  }
  out[4] = Math.max(0, ...arrivals.values());
  return out.map((each) => each / Math.max(1, choosing));
}

export const FLOW_FEATURES = 6;

/** Where a walk rests, named by the least state of its cycle; period 0 where the episode ends. */
function follow(next: Int32Array, from: number): { rest: number; steps: number; period: number } {
  const at = new Map<number, number>();
  let state = from;
  for (let t = 0; ; t++) {
    if (next[state]! < 0) return { rest: state, steps: t, period: 0 };
    const before = at.get(state);
    if (before !== undefined) {
      let least = state;
      for (let s = next[state]!; s !== state; s = next[s]!) least = Math.min(least, s);
      return { rest: least, steps: before, period: t - before };
    }
    at.set(state, t);
    state = next[state]!;
  }
}
