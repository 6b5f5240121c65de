/**
 * @file Inverse reinforcement learning: rewards that explain decisions. Maximum
 * causal entropy (Ziebart 2010) gives the best soft-optimal fit of a linear reward;
 * Bayesian IRL (Ramachandran and Amir 2007) a posterior over rewards on a grid.
 *
 * A reward is found up to its class only, see `reward-classes.ts`: judge a fit by
 * the decisions it predicts where it was not fitted.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { logSumExp, quantile } from "../../core/stats.ts";
import { ascend } from "../numerics/ascent.ts";
import { type Mdp, optimal, stateReward } from "./mdp.ts";
import { combine, decisionFit, pull } from "./meg.ts";

/** Decisions in one environment, and what its states look like to a reward. */
export interface Demonstration {
  readonly mdp: Mdp;
  /** Features of each state, `[states, count]`; the count is the same in all demonstrations. */
  readonly features: { readonly count: number; readonly values: Float64Array };
  /** How often each decision was taken, or the discounted visits of a policy times its probabilities, `[states, actions]`. */
  readonly weights: Float64Array;
}

export interface CausalEntropyFit {
  /** Weights of the features; the reward of a state is their product, in nats. */
  readonly theta: Float64Array;
  /** Penalized log-likelihood above uniform guessing, nats. */
  readonly value: number;
  readonly isReached: boolean;
}

/**
 * The linear reward whose soft-optimal policies predict the decisions best:
 * ascent in Σ ln π_θ(a|s) − ridge/2 · |θ|², with the expert's discounted feature
 * counts minus the soft ones as gradient.
 *
 * @param options.tolerance of the gradient, for each decision
 */
export function causalEntropyIrl(
  demonstrations: readonly Demonstration[],
  options: { readonly ridge: number; readonly maxSteps?: number; readonly tolerance?: number },
): CausalEntropyFit {
  const { ridge, maxSteps = 200, tolerance = 1e-6 } = options;
  const count = demonstrations[0]?.features.count ?? 0;
  assert(count > 0, "demonstrations with features");
  const total = demonstrations.reduce((sum, { weights }) => sum + weights.reduce((a, b) => a + b, 0), 0);
  const warm: (Float64Array | undefined)[] = [];
  const summit = ascend(
    (theta) => {
      const gradient = theta.map((each) => -ridge * each);
      let value = 0;
      for (const each of theta) value -= (ridge / 2) * each * each;
      for (const [d, { mdp, features, weights }] of demonstrations.entries()) {
        const fit = decisionFit(mdp, combine(features, theta), weights, warm[d]);
        warm[d] = fit.warm;
        value += fit.value;
        for (const [f, slope] of pull(features, fit.gradient).entries()) gradient[f]! += slope;
      }
      return { value, gradient };
    },
    new Float64Array(count),
    { tolerance: tolerance * (1 + total), maxSteps, maxMove: 5 },
  );
  return { theta: summit.at, value: summit.value, isReached: summit.isReached };
}

export interface BayesianIrl {
  /** Posterior mean of each state's reward, `[states]`. */
  readonly mean: Float64Array;
  /** Limits of the central 95 % of the posterior, each `[states]`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Share of proposals that were accepted. */
  readonly accepted: number;
  /** Sampled rewards as grid indices, each `[states]`. */
  readonly samples: readonly Uint8Array[];
}

/**
 * PolicyWalk: a walk over rewards of states on a grid, with a uniform prior and
 * P(decisions | R) ∝ exp(α Σ Q*_R(s, a)), normalized in each state. A proposal moves
 * one state's reward to a neighboring value; one off the grid is refused.
 *
 * @param options.grid values that a state's reward can take, ascending
 * @param options.samples kept, after as many `burn` steps, every `thin` steps
 */
export function bayesianIrl(
  mdp: Mdp,
  weights: Float64Array,
  options: {
    readonly alpha: number;
    readonly grid: readonly number[];
    readonly samples: number;
    readonly burn: number;
    readonly thin?: number;
    readonly rng: Rng;
  },
): BayesianIrl {
  const { alpha, grid, burn, thin = 1, rng } = options;
  const rewardOf = (at: Uint8Array) => Float64Array.from(at, (index) => grid[index]!);
  const at = new Uint8Array(mdp.states).fill(grid.length >> 1);
  let log = boltzmannLikelihood(mdp, rewardOf(at), weights, alpha);
  const samples: Uint8Array[] = [];
  let accepted = 0;
  const steps = burn + options.samples * thin;
  for (let step = 0; step < steps; step++) {
    const s = rng.int(mdp.states);
    const before = at[s]!;
    const after = before + (rng.int(2) === 0 ? -1 : 1);
    if (after >= 0 && after < grid.length) {
      at[s] = after;
      const proposed = boltzmannLikelihood(mdp, rewardOf(at), weights, alpha);
      if (Math.log(1 - rng.uniform()) < proposed - log) {
        log = proposed;
        accepted++;
      } else at[s] = before;
    }
    if (step >= burn && (step - burn) % thin === thin - 1) samples.push(at.slice());
  }
  const sorted = Array.from(at, (_, s) => Float64Array.from(samples, (each) => grid[each[s]!]!).sort());
  return {
    mean: Float64Array.from(sorted, (values) => values.reduce((a, b) => a + b, 0) / values.length),
    low: Float64Array.from(sorted, (values) => quantile(values, 0.025)),
    high: Float64Array.from(sorted, (values) => quantile(values, 0.975)),
    accepted: accepted / steps,
    samples,
  };
}

/** Σ weights · ln(exp(α Q*(s, a)) / Σ_b exp(α Q*(s, b))) for a reward of states, nats. */
export function boltzmannLikelihood(mdp: Mdp, reward: Float64Array, weights: Float64Array, alpha: number): number {
  const { quality } = optimal(mdp, stateReward(mdp, reward));
  let sum = 0;
  for (let row = 0; row < weights.length; row += mdp.actions) {
    const scores = quality.subarray(row, row + mdp.actions).map((each) => alpha * each);
    const total = logSumExp(scores);
    for (let a = 0; a < mdp.actions; a++) {
      if (weights[row + a] !== 0) sum += weights[row + a]! * (scores[a]! - total);
    }
  }
  return sum;
}
