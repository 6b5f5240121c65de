/**
 * @file Which rewards are the same: behavior identifies a reward only up to
 * potential shaping, R + γ Φ(s′) − Φ(s), and a positive affine change. Rewards are
 * compared by a representative of their class.
 */
import { assert } from "../../core/errors.ts";
import { lookAhead, type Mdp, policyValue, uniformPolicy } from "./mdp.ts";

/** In words, for reports. */
export const IDENTIFIED = "up to potential shaping, γ Φ(s′) − Φ(s), and multiplication by a positive number";

/**
 * The representative of STARC (Skalse et al. 2024): the advantage of each action
 * under the uniform policy, scaled to length 1; zeros where no choice matters. Equal
 * for rewards that differ by shaping and scale, and by what transitions make
 * unobservable.
 *
 * @param reward expected, `[states, actions]`
 */
export function canonical(mdp: Mdp, reward: Float64Array): Float64Array {
  const { states, actions } = mdp;
  const policy = uniformPolicy(mdp);
  const earned = Float64Array.from({ length: states }, (_, s) =>
    average(reward.subarray(s * actions, (s + 1) * actions)),
  );
  const value = policyValue(mdp, policy, earned);
  const out = lookAhead(mdp, value);
  let squares = 0;
  for (let row = 0; row < out.length; row++) {
    out[row]! += reward[row]! - value[Math.floor(row / actions)]!;
    squares += out[row]! ** 2;
  }
  // What elimination leaves of zeros is no direction.
  const size = Math.max(...reward.map(Math.abs), ...value.map(Math.abs));
  const length = Math.sqrt(squares);
  return length <= 1e-10 * size ? out.fill(0) : out.map((each) => each / length);
}

/** Half the distance of the representatives, in [0, 1]: 0 = same class, 1 = opposite; see {@link canonical}. */
export function starcDistance(mdp: Mdp, a: Float64Array, b: Float64Array): number {
  const [x, y] = [canonical(mdp, a), canonical(mdp, b)];
  return Math.sqrt(x.reduce((sum, each, i) => sum + (each - y[i]!) ** 2, 0)) / 2;
}

/**
 * The representative of EPIC (Gleave et al. 2021) with uniform states and actions:
 * R(s,a,s′) + E[γ R(s′,A,S′) − R(s,A,S′) − γ R(S,A,S′)]. Needs no dynamics.
 *
 * @param reward `[states, actions, states]`
 */
export function epicCanonical(
  reward: Float64Array,
  shape: { readonly states: number; readonly actions: number; readonly gamma: number },
): Float64Array {
  const { states, actions, gamma } = shape;
  assert(reward.length === states * actions * states, "a reward for every transition");
  const width = actions * states;
  const from = Float64Array.from({ length: states }, (_, s) => average(reward.subarray(s * width, (s + 1) * width)));
  const overall = average(from);
  return reward.map((each, i) => each + gamma * from[i % states]! - from[Math.floor(i / width)]! - gamma * overall);
}

/** √((1 − ρ) / 2) of the representatives, ρ their Pearson correlation: in [0, 1], 0 = same class. */
export function epicDistance(
  a: Float64Array,
  b: Float64Array,
  shape: { readonly states: number; readonly actions: number; readonly gamma: number },
): number {
  const [x, y] = [centered(epicCanonical(a, shape)), centered(epicCanonical(b, shape))];
  const rho = inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y));
  return Math.sqrt(Math.max(0, (1 - rho) / 2));
}

function centered(values: Float64Array): Float64Array {
  const center = average(values);
  return values.map((each) => each - center);
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
const average = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;
