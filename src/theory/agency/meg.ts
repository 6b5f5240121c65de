/**
 * @file Maximum entropy goal-directedness (MacDermott et al. 2024): by how many
 * nats a soft-optimal policy for a utility predicts a policy better than uniform
 * guessing does, under the best inverse temperature of either sign.
 *
 *     MEG_U(π) = max_β E_π Σ_t γ^t (ln π_β(a_t | s_t) + ln actions)
 *
 * Sums telescope, so this is β E_π[U] − W_β(start), a Legendre transform: concave in
 * β, and in the weights of any linear class of utilities, with gradient E_π[U] −
 * E_{π_β}[U]. Scaling or negating U changes nothing; the sign of β is reported.
 */
import { type AscentOptions, ascend } from "../numerics/ascent.ts";
import { type Mdp, occupancies, softOptimal, visitsFrom } from "./mdp.ts";

export interface Directedness {
  /** Nats, discounted and summed over decisions; at most ln(actions) / (1 − γ). */
  readonly meg: number;
  /**
   * Inverse temperature per unit of utility; below 0 the policy avoids what the utility rewards. For a policy that is
   * as good or as bad as can be it lies at infinity, and this is where arithmetic no longer sees a difference.
   */
  readonly beta: number;
}

/** Largest |β| times the spread of the utility. */
const MOST = 1e6;

/**
 * Goal-directedness of a policy towards a known utility.
 *
 * @param policy `[states, actions]`
 * @param utility earned at each visit of a state, `[states]`
 */
export function knownUtilityMeg(mdp: Mdp, policy: Float64Array, utility: Float64Array): Directedness {
  const visits = occupancies(mdp, policy);
  const spread = Math.max(...utility) - Math.min(...utility);
  if (spread === 0) return { meg: 0, beta: 0 };
  const own = dot(visits, utility);
  let warm: Float64Array | undefined;
  const solve = (beta: number) => {
    const soft = softOptimal(
      mdp,
      utility.map((each) => beta * each),
      warm,
    );
    warm = soft.value;
    return soft;
  };
  const ahead = (beta: number) => own - dot(occupancies(mdp, solve(beta).policy), utility);
  const read = (beta: number): Directedness => ({
    meg: Math.max(0, expectedGain(visits, policy, solve(beta).gain)),
    beta,
  });

  const first = ahead(0);
  const scale = dot(visits, utility.map(Math.abs)) + Number.MIN_VALUE;
  if (Math.abs(first) <= 1e-12 * scale) return { meg: 0, beta: 0 };
  const sign = Math.sign(first);
  // What the soft policy earns rises with β: bisect ln |β|.
  let [low, high] = [Math.log(1e-9 / spread), Math.log(1 / spread)];
  const limit = Math.log(MOST / spread);
  while (sign * ahead(sign * Math.exp(high)) > 0) {
    if (high >= limit) return read(sign * Math.exp(limit));
    low = high;
    high = Math.min(limit, high + Math.log(8));
  }
  for (let i = 0; i < 60 && high - low > 1e-9; i++) {
    const middle = (low + high) / 2;
    if (sign * ahead(sign * Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return read(sign * Math.exp((low + high) / 2));
}

export interface ClassDirectedness {
  /** Nats, as in {@link Directedness}. */
  readonly meg: number;
  /** Utility of the class that predicts best, β included, `[states]`; unique up to what no policy can tell apart. */
  readonly utility: Float64Array;
  /** The maximum was reached; false where it lies at infinity and `meg` is a lower bound close to it. */
  readonly isReached: boolean;
}

/**
 * Goal-directedness towards the best utility of a linear class, found by joint
 * ascent in its weights with gradient Φᵀ (d_π − d_soft).
 *
 * @param features of each state, `[states, count]`; default: one for each state, every state utility
 */
export function classUtilityMeg(
  mdp: Mdp,
  policy: Float64Array,
  features: { readonly count: number; readonly values: Float64Array } = everyState(mdp.states),
  options: AscentOptions = { tolerance: 1e-6, maxSteps: 400 },
): ClassDirectedness {
  const visits = occupancies(mdp, policy);
  const summit = ascend(
    (theta) => {
      const soft = softOptimal(mdp, combine(features, theta));
      const reached = occupancies(mdp, soft.policy);
      return {
        value: expectedGain(visits, policy, soft.gain),
        gradient: pull(
          features,
          visits.map((each, s) => each - reached[s]!),
        ),
      };
    },
    new Float64Array(features.count),
    options,
  );
  return {
    meg: Math.max(0, summit.value),
    utility: combine(features, summit.at),
    isReached: summit.isReached,
  };
}

/** Σ_s d(s) Σ_a π(a|s) gain(s, a): nats above uniform guessing in expectation. */
export function expectedGain(visits: Float64Array, policy: Float64Array, gain: Float64Array): number {
  const actions = policy.length / visits.length;
  let sum = 0;
  for (let row = 0; row < policy.length; row++) {
    // 0 · −∞ is 0: what is never done costs nothing.
    if (policy[row]! > 0) sum += visits[Math.floor(row / actions)]! * policy[row]! * gain[row]!;
  }
  return sum;
}

/** Log-likelihood of decisions above uniform guessing, with its gradient. */
export interface DecisionFit {
  readonly value: number;
  /** By the utility of each state, `[states]`. */
  readonly gradient: Float64Array;
  /** W of the soft policy, to begin the next fit from, `[states]`. */
  readonly warm: Float64Array;
}

/**
 * How well the soft-optimal policy for a utility predicts weighted decisions.
 * With the discounted visits of a policy as weights the gradient is its visits
 * minus the soft ones; with counts of observed decisions it is that of maximum
 * likelihood, wherever the episodes were cut off.
 *
 * @param weights of each decision, `[states, actions]`
 * @param warm of a fit of a similar utility
 */
export function decisionFit(mdp: Mdp, utility: Float64Array, weights: Float64Array, warm?: Float64Array): DecisionFit {
  const { states, actions } = mdp;
  const { policy, gain, value: next } = softOptimal(mdp, utility, warm);
  const source = new Float64Array(states);
  let value = 0;
  for (let s = 0; s < states; s++) {
    let total = 0;
    for (let row = s * actions; row < (s + 1) * actions; row++) {
      if (weights[row] !== 0) value += weights[row]! * gain[row]!;
      total += weights[row]!;
    }
    if (total === 0) continue;
    for (let row = s * actions; row < (s + 1) * actions; row++) {
      const excess = weights[row]! - total * policy[row]!;
      for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
        source[mdp.to[e]!]! += mdp.gamma * mdp.probability[e]! * excess;
      }
    }
  }
  return { value, gradient: visitsFrom(mdp, policy, source), warm: next };
}

/** A class with a weight of its own for every state. */
export function everyState(states: number): { readonly count: number; readonly values: Float64Array } {
  const values = new Float64Array(states * states);
  for (let s = 0; s < states; s++) values[s * states + s] = 1;
  return { count: states, values };
}

/** Φ θ, `[states]`. */
export function combine(
  { count, values }: { readonly count: number; readonly values: Float64Array },
  theta: Float64Array,
): Float64Array {
  return Float64Array.from({ length: values.length / count }, (_, s) =>
    dot(values.subarray(s * count, (s + 1) * count), theta),
  );
}

/** Φᵀ x, `[count]`. */
export function pull(
  { count, values }: { readonly count: number; readonly values: Float64Array },
  x: Float64Array,
): Float64Array {
  const out = new Float64Array(count);
  for (let s = 0; s < x.length; s++) for (let f = 0; f < count; f++) out[f]! += values[s * count + f]! * x[s]!;
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
