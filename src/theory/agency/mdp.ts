/**
 * @file Finite Markov decision problems: soft-optimal policies for an inverse
 * temperature of either sign, optimal policies, and how often a policy visits
 * each state. Everything is exact, by linear solves, for up to a few hundred states.
 *
 * A state whose actions lead nowhere is an end: it is visited once, and what is
 * chosen there does not matter.
 */
import { assert } from "../../core/errors.ts";

/** Transitions in compressed rows, one row for each state and action. */
export interface Mdp {
  readonly states: number;
  readonly actions: number;
  /** Discount a step, in [0, 1). */
  readonly gamma: number;
  /** Probability of starting in each state, `[states]`. */
  readonly start: Float64Array;
  /** Row s · actions + a is entries `from[row]` up to `from[row + 1]`, `[states · actions + 1]`. */
  readonly from: Int32Array;
  /** State that an entry leads to, and with which probability; a row sums to 1, or is empty. */
  readonly to: Int32Array;
  readonly probability: Float64Array;
}

/**
 * An MDP from a function that lists where a state and an action lead.
 *
 * @param given.start default: uniform over all states
 */
export function tabular(given: {
  readonly states: number;
  readonly actions: number;
  readonly gamma: number;
  readonly start?: Float64Array;
  readonly step: (state: number, action: number) => readonly (readonly [to: number, probability: number])[];
}): Mdp {
  const { states, actions, gamma } = given;
  assert(gamma >= 0 && gamma < 1, `a discount in [0, 1), got ${gamma}`);
  const from = new Int32Array(states * actions + 1);
  const to: number[] = [];
  const probability: number[] = [];
  for (let row = 0; row < states * actions; row++) {
    const entries = given.step(Math.floor(row / actions), row % actions);
    const total = entries.reduce((sum, [, p]) => sum + p, 0);
    assert(entries.length === 0 || Math.abs(total - 1) < 1e-9, `row ${row} sums to 1, got ${total}`);
    for (const [next, p] of entries) {
      to.push(next);
      probability.push(p);
    }
    from[row + 1] = to.length;
  }
  return {
    states,
    actions,
    gamma,
    start: given.start ?? new Float64Array(states).fill(1 / states),
    from,
    to: Int32Array.from(to),
    probability: Float64Array.from(probability),
  };
}

/** Does the episode end in this state? */
export const isEnd = ({ from, actions }: Mdp, state: number): boolean =>
  from[state * actions] === from[(state + 1) * actions];

/** γ Σ p(s′ | s, a) values(s′) for every state and action, `[states, actions]`. */
export function lookAhead(mdp: Mdp, values: Float64Array): Float64Array {
  const out = new Float64Array(mdp.states * mdp.actions);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) sum += mdp.probability[e]! * values[mdp.to[e]!]!;
    out[row] = mdp.gamma * sum;
  }
  return out;
}

/** A soft-optimal policy. */
export interface SoftPolicy {
  /** π(a | s), `[states, actions]`. */
  readonly policy: Float64Array;
  /** ln π(a | s) + ln actions: nats above a uniform choice, `[states, actions]`. */
  readonly gain: Float64Array;
  /** W(s), `[states]`; see {@link softOptimal}. */
  readonly value: Float64Array;
}

const MAX_SWEEPS = 200;

/**
 * The policy of maximum discounted Σ utility − KL(π ‖ uniform): with β folded into
 * the utility, the maximum-entropy policy of Ziebart 2010 for β of either sign.
 *
 *     W(s) = u(s) + ln mean_a exp(γ Σ p(s′|s,a) W(s′)),   π(a|s) ∝ exp(γ Σ p W)
 *
 * The mean instead of the sum over actions makes an end worth no entropy: choices
 * after it neither count for a policy nor against it. Solved by policy iteration,
 * which is Newton's method on this equation.
 *
 * @param utility β · u for each state, `[states]`
 * @param warm W to begin from
 */
export function softOptimal(mdp: Mdp, utility: Float64Array, warm?: Float64Array): SoftPolicy {
  const { states, actions } = mdp;
  let value = warm ?? new Float64Array(states);
  let improved = improve(mdp, value);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    const earned = Float64Array.from({ length: states }, (_, s) => {
      let sum = utility[s]!;
      for (let a = 0; a < actions; a++) {
        sum -= improved.policy[s * actions + a]! * improved.gain[s * actions + a]!;
      }
      return sum;
    });
    const next = policyValue(mdp, improved.policy, earned);
    let change = 0;
    let size = 1;
    for (let s = 0; s < states; s++) {
      change = Math.max(change, Math.abs(next[s]! - value[s]!));
      size = Math.max(size, Math.abs(next[s]!));
    }
    value = next;
    improved = improve(mdp, value);
    if (change <= 1e-12 * size) break;
  }
  return { ...improved, value };
}

function improve(mdp: Mdp, value: Float64Array): { readonly policy: Float64Array; readonly gain: Float64Array } {
  const { states, actions } = mdp;
  const gain = lookAhead(mdp, value);
  const policy = new Float64Array(gain.length);
  const base = Math.log(actions);
  for (let row = 0; row < states * actions; row += actions) {
    let max = -Infinity;
    for (let a = 0; a < actions; a++) max = Math.max(max, gain[row + a]!);
    let total = 0;
    for (let a = 0; a < actions; a++) total += Math.exp(gain[row + a]! - max);
    const log = max + Math.log(total);
    for (let a = 0; a < actions; a++) {
      policy[row + a] = Math.exp(gain[row + a]! - log);
      gain[row + a] = gain[row + a]! - log + base;
    }
  }
  return { policy, gain };
}

/** Discounted Σ of what is earned in each state from each state on, under a policy, `[states]`. */
export function policyValue(mdp: Mdp, policy: Float64Array, earned: Float64Array): Float64Array {
  return solveDominant(kernel(mdp, policy, false), earned);
}

/** Expected discounted visits of each state from the start, `[states]`; see {@link visitsFrom}. */
export const occupancies = (mdp: Mdp, policy: Float64Array): Float64Array => visitsFrom(mdp, policy, mdp.start);

/** d = source + γ Pᵀ d: expected discounted visits when each state is entered `source` times, `[states]`. */
export function visitsFrom(mdp: Mdp, policy: Float64Array, source: Float64Array): Float64Array {
  return solveDominant(kernel(mdp, policy, true), source);
}

/** I − γ P under a policy, or its transpose, `[states, states]`. */
function kernel(mdp: Mdp, policy: Float64Array, transposed: boolean): Float64Array {
  const { states, actions, gamma } = mdp;
  const matrix = new Float64Array(states * states);
  for (let s = 0; s < states; s++) {
    matrix[s * states + s]! += 1;
    for (let row = s * actions; row < (s + 1) * actions; row++) {
      const weight = gamma * policy[row]!;
      for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
        const next = mdp.to[e]!;
        matrix[transposed ? next * states + s : s * states + next]! -= weight * mdp.probability[e]!;
      }
    }
  }
  return matrix;
}

/**
 * Solve M·x = v by elimination, in place; no pivoting, for M is diagonally dominant by
 * rows or by columns. Nothing is done outside the band around the diagonal, which is
 * as narrow as a row of cells where states are cells in order.
 */
function solveDominant(m: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const x = Float64Array.from(vector);
  let band = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i - band; j++) if (m[i * n + j] !== 0) band = i - j;
    for (let j = n - 1; j > i + band; j--) if (m[i * n + j] !== 0) band = j - i;
  }
  for (let k = 0; k < n; k++) {
    const pivot = m[k * n + k]!;
    const end = Math.min(n, k + band + 1);
    for (let i = k + 1; i < end; i++) {
      const factor = m[i * n + k]! / pivot;
      if (factor === 0) continue;
      for (let j = k + 1; j < end; j++) m[i * n + j]! -= factor * m[k * n + j]!;
      x[i]! -= factor * x[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    const end = Math.min(n, i + band + 1);
    for (let j = i + 1; j < end; j++) sum -= m[i * n + j]! * x[j]!;
    x[i] = sum / m[i * n + i]!;
  }
  return x;
}

/** An optimal policy, its values and those of every action. */
export interface OptimalPolicy {
  /** `[states]` */
  readonly value: Float64Array;
  /** r + γ Σ p V, `[states, actions]`. */
  readonly quality: Float64Array;
  /** First best action of each state, `[states]`. */
  readonly action: Uint8Array;
}

/**
 * The policy that earns most, by policy iteration.
 *
 * @param reward for each state and action, `[states, actions]`; see {@link stateReward}
 */
export function optimal(mdp: Mdp, reward: Float64Array): OptimalPolicy {
  const { states, actions } = mdp;
  const action = new Uint8Array(states);
  for (;;) {
    const earned = Float64Array.from(action, (a, s) => reward[s * actions + a]!);
    const value = policyValue(mdp, deterministic(action, actions), earned);
    const quality = lookAhead(mdp, value);
    for (let row = 0; row < quality.length; row++) quality[row]! += reward[row]!;
    let isStable = true;
    for (let s = 0; s < states; s++) {
      const row = s * actions;
      const scale = 1e-10 * (1 + Math.abs(value[s]!));
      for (let a = 0; a < actions; a++) {
        if (quality[row + a]! <= quality[row + action[s]!]! + scale) continue;
        action[s] = a;
        isStable = false;
      }
    }
    if (isStable) return { value, quality, action };
  }
}

/** A reward of states as one of states and actions, `[states, actions]`. */
export function stateReward({ states, actions }: Mdp, utility: Float64Array): Float64Array {
  return Float64Array.from({ length: states * actions }, (_, row) => utility[Math.floor(row / actions)]!);
}

/** One action a state as a policy, `[states, actions]`. */
export function deterministic(action: ArrayLike<number>, actions: number): Float64Array {
  const policy = new Float64Array(action.length * actions);
  for (let s = 0; s < action.length; s++) policy[s * actions + action[s]!] = 1;
  return policy;
}

/** Equal probability for every action, `[states, actions]`. */
export const uniformPolicy = ({ states, actions }: Mdp): Float64Array =>
  new Float64Array(states * actions).fill(1 / actions);
