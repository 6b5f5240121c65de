/**
 * @file When optimizing one reward harms another: whether a pair of rewards can be hacked on a set of policies (Skalse et
 * al. 2022, arXiv:2209.13085), the angle between two rewards as policies see them, and how far the true return falls from
 * its peak while a proxy is optimized ever harder (Karwowski et al. 2024, Goodhart's law in reinforcement learning,
 * arXiv:2310.09144).
 *
 * Rewards are `[states, actions]`; returns are discounted sums, ⟨η, R⟩ with η the expected discounted visits.
 */
import { clusterBootstrap } from "../../core/bootstrap.ts";
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { deterministic, lookAhead, type Mdp, occupancies, optimal, policyValue, tabular } from "../agency/mdp.ts";
import { dot, solve } from "../numerics/dense.ts";

/**
 * Share of pairs of policies that two returns order oppositely, among those that both order strictly: (1 − τ)/2 with
 * Kendall's τ where nothing ties. 0 says that no pair in the sample shows the rewards to be hackable, not that none
 * exists: it depends on which policies were looked at and how many. NaN where no pair is ordered by both.
 *
 * @param first return of each policy, `[n]`
 * @param second the other return of each, `[n]`
 */
export function discordance(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const n = first.length;
  assert(second.length === n, "two returns for each policy");
  let [discordant, ordered] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const product = (first[i]! - first[j]!) * (second[i]! - second[j]!);
      if (product === 0) continue;
      ordered++;
      if (product < 0) discordant++;
    }
  }
  return ordered === 0 ? Number.NaN : discordant / ordered;
}

/** {@link discordance} with a percentile interval over policies; for up to a few hundred of them. */
export function hackability(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: { readonly rng: Rng; readonly resamples?: number },
): Estimate {
  return clusterBootstrap({
    ...options,
    clusters: Int32Array.from({ length: first.length }, (_, i) => i),
    unit: "agents",
    statistic: (items) =>
      discordance(
        Float64Array.from(items, (i) => first[i]!),
        Float64Array.from(items, (i) => second[i]!),
      ),
  });
}

/** The {@link discordance} of two returns that are normal with correlation ρ: arccos(ρ)/π. */
export const normalDiscordance = (correlation: number): number => Math.acos(correlation) / Math.PI;

/**
 * The part of a reward that policies can earn more or less of: its projection on the directions in which visits can
 * change. What is taken off is the potential shaping x(s) − γ E[x(s′)] nearest to the reward, which every policy earns
 * alike. At an end the reward must not depend on the action.
 */
export function earnable(mdp: Mdp, reward: Float64Array): Float64Array {
  const { states, actions } = mdp;
  assert(reward.length === states * actions, `a reward for each of ${states * actions} states and actions`);
  // Row (s, a) of the shaping: e_s − γ P(·|s, a). Normal equations of the nearest shaping.
  const gram = new Float64Array(states * states);
  const right = new Float64Array(states);
  const rows = Array.from(reward, (_, row) => flowRow(mdp, row));
  for (const [row, entries] of rows.entries()) {
    for (const [i, a] of entries) {
      right[i]! += a * reward[row]!;
      for (const [j, b] of entries) gram[i * states + j]! += a * b;
    }
  }
  const potential = solve(gram, right, states);
  return reward.map((each, row) => rows[row]!.reduce((rest, [i, a]) => rest - a * potential[i]!, each));
}

/** What one discounted visit of a state and action adds to the balance of each state, summed by state. */
function flowRow({ actions, from, to, probability, gamma }: Mdp, row: number): (readonly [number, number])[] {
  const sums = new Map([[Math.floor(row / actions), 1]]);
  for (let e = from[row]!; e < from[row + 1]!; e++) {
    sums.set(to[e]!, (sums.get(to[e]!) ?? 0) - gamma * probability[e]!);
  }
  return [...sums];
}

/**
 * The angle between two rewards as policies see them, in radians: that of their {@link earnable} parts. 0 for equal up to
 * shaping and positive scale, π for opposite; on a set of policies with an open part, any angle above 0 is hackable.
 */
export function rewardAngle(mdp: Mdp, a: Float64Array, b: Float64Array): number {
  const [x, y] = [earnable(mdp, a), earnable(mdp, b)];
  const scale = norm(x) * norm(y);
  assert(scale > 0, "rewards that distinguish policies");
  return Math.acos(Math.max(-1, Math.min(1, dot(x, y) / scale)));
}

/**
 * A reward at a given angle from another, in the plane of both: cos θ · unit(reward) + sin θ · unit(other made orthogonal
 * to it), their earnable parts taken. Of length 1.
 */
export function rewardAtAngle(mdp: Mdp, reward: Float64Array, other: Float64Array, angle: number): Float64Array {
  const x = unit(earnable(mdp, reward));
  const y = earnable(mdp, other);
  const along = dot(x, y);
  const across = unit(y.map((each, i) => each - along * x[i]!));
  return x.map((each, i) => Math.cos(angle) * each + Math.sin(angle) * across[i]!);
}

/** A soft-optimal policy for a reward of states and actions. */
export interface SoftResponse {
  /** π(a | s), `[states, actions]`. */
  readonly policy: Float64Array;
  /** W(s), `[states]`; see {@link softResponse}. */
  readonly value: Float64Array;
}

/**
 * The policy of maximum discounted Σ reward − KL(π ‖ uniform), the inverse temperature folded into the reward:
 *
 *     W(s) = ln mean_a exp Q(s, a),   Q = r + γ Σ p(s′|s,a) W(s′),   π ∝ exp Q
 *
 * By policy iteration, as `softOptimal`, whose rewards are of states.
 *
 * @param warm W to begin from
 */
export function softResponse(mdp: Mdp, reward: Float64Array, warm?: Float64Array): SoftResponse {
  const { states, actions } = mdp;
  let value = warm ?? new Float64Array(states);
  for (let sweep = 0; ; sweep++) {
    const quality = lookAhead(mdp, value);
    const policy = new Float64Array(quality.length);
    const earned = new Float64Array(states);
    const improved = new Float64Array(states);
    for (let s = 0; s < states; s++) {
      let most = -Infinity;
      const row = s * actions;
      for (let i = row; i < row + actions; i++) {
        quality[i]! += reward[i]!;
        most = Math.max(most, quality[i]!);
      }
      let total = 0;
      for (let i = row; i < row + actions; i++) total += Math.exp(quality[i]! - most);
      const log = most + Math.log(total);
      improved[s] = log - Math.log(actions);
      for (let i = row; i < row + actions; i++) {
        policy[i] = Math.exp(quality[i]! - log);
        earned[s]! += policy[i]! * (reward[i]! - (quality[i]! - improved[s]!));
      }
    }
    const change = improved.reduce((max, each, s) => Math.max(max, Math.abs(each - value[s]!)), 0);
    const size = improved.reduce((max, each) => Math.max(max, Math.abs(each)), 1);
    if (change <= 1e-11 * size || sweep === 200) return { policy, value: improved };
    value = policyValue(mdp, policy, earned);
  }
}

/** η(s, a): expected discounted visits of states and actions, `[states, actions]`. */
export function pairOccupancies(mdp: Mdp, policy: Float64Array): Float64Array {
  const visits = occupancies(mdp, policy);
  return policy.map((each, row) => each * visits[Math.floor(row / mdp.actions)]!);
}

/** Policies that optimize a proxy ever harder. */
export interface PressurePath {
  /** η of each policy, `[points][states, actions]`. */
  readonly occupancies: readonly Float64Array[];
  /** True return of each, 0 that of the worst policy and 1 that of the best, `[points]`. */
  readonly truth: Float64Array;
}

/**
 * Soft-optimal policies for `beta` times a proxy, one for each of `betas`, and what they earn by the true reward.
 *
 * @param betas inverse temperatures, rising
 */
export function pressurePath(
  mdp: Mdp,
  { truth, proxy }: { readonly truth: Float64Array; readonly proxy: Float64Array },
  betas: readonly number[],
): PressurePath {
  const best = (reward: Float64Array) =>
    dot(pairOccupancies(mdp, deterministic(optimal(mdp, reward).action, mdp.actions)), truth);
  const [most, least] = [best(truth), best(truth.map((each) => -each))];
  assert(most > least, "a true reward that distinguishes policies");
  let warm: Float64Array | undefined;
  const path = betas.map((beta) => {
    const soft = softResponse(
      mdp,
      proxy.map((each) => beta * each),
      warm,
    );
    warm = soft.value;
    return pairOccupancies(mdp, soft.policy);
  });
  return { occupancies: path, truth: Float64Array.from(path, (eta) => (dot(eta, truth) - least) / (most - least)) };
}

/** Normalized drop height: the greatest value on the way minus the last. At least 0; some sources turn the sign. */
export const dropHeight = (truth: ArrayLike<number>): number => {
  let most = -Infinity;
  for (let i = 0; i < truth.length; i++) most = Math.max(most, truth[i]!);
  return most - truth[truth.length - 1]!;
};

/**
 * How far along a path of policies it is safe to go when the true reward is only known to be within `angle` of the proxy:
 * the index of the last policy before the first step on which the proxy's return rises too little for its length,
 *
 *     ⟨R, Δη⟩ / |Δη| < sin(angle) · |R|,   R the earnable part of the proxy.
 *
 * Up to it no reward within the angle has lost on any step; beyond it some has.
 */
export function safeStop(mdp: Mdp, proxy: Float64Array, path: readonly Float64Array[], angle: number): number {
  const seen = earnable(mdp, proxy);
  const limit = Math.sin(angle) * norm(seen);
  for (let i = 0; i + 1 < path.length; i++) {
    const step = path[i + 1]!.map((each, row) => each - path[i]![row]!);
    const length = norm(step);
    // What rounding leaves of two equal policies is no step.
    if (length > 1e-9 * norm(path[i]!) && dot(seen, step) < limit * length) return i;
  }
  return path.length - 1;
}

/**
 * A decision problem drawn at random: from every state and action to all states with Dirichlet probabilities.
 *
 * @param given.concentration of the Dirichlet distribution; below 1 few successors are likely
 */
export function randomMdp(
  given: {
    readonly states: number;
    readonly actions: number;
    readonly gamma: number;
    readonly concentration: number;
  },
  rng: Rng,
): Mdp {
  return tabular({
    ...given,
    step() {
      const weights = Array.from({ length: given.states }, () => gammaVariate(given.concentration, rng));
      const total = weights.reduce((sum, each) => sum + each, 0);
      return weights.map((each, to) => [to, each / total] as const);
    },
  });
}

/** Of any shape above 0 and unit scale: Marsaglia and Tsang 2000, with their step for shapes below 1. */
function gammaVariate(shape: number, rng: Rng): number {
  if (shape < 1) return gammaVariate(shape + 1, rng) * (1 - rng.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = rng.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

function unit(a: Float64Array): Float64Array {
  const length = norm(a);
  assert(length > 0, "rewards that distinguish policies, and differently");
  return a.map((each) => each / length);
}
