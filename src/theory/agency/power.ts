/**
 * @file POWER (Turner et al. 2021): how much a state leaves open, as the optimal
 * value from there on, averaged over a distribution of rewards.
 *
 *     POWER(s, γ) = (1 − γ)/γ · E_R [V*_R(s, γ) − R(s)]
 *
 * A statement about rewards drawn at random; it does not say what a trained agent does.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { type Mdp, optimal, stateReward } from "./mdp.ts";

/**
 * POWER of a state from which each of `k` states that lead to themselves can be
 * entered, R ~ U[0, 1]: the expected maximum of k rewards, k / (k + 1), for every γ.
 */
export function starPower(k: number): number {
  assert(k >= 1, `at least one way out, got ${k}`);
  return k / (k + 1);
}

/** POWER of every state with its standard error, each `[states]`. */
export interface SampledPower {
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
}

/**
 * POWER by sampling rewards of states.
 *
 * @param draw one reward; default: uniform in [0, 1)
 */
export function sampledPowerOf(
  mdp: Mdp,
  options: { readonly samples: number; readonly rng: Rng; readonly draw?: (rng: Rng) => number },
): SampledPower {
  const { samples, rng, draw = (stream) => stream.uniform() } = options;
  assert(samples >= 2 && mdp.gamma > 0, "at least two samples, and a future");
  const sum = new Float64Array(mdp.states);
  const squares = new Float64Array(mdp.states);
  const reward = new Float64Array(mdp.states);
  for (let i = 0; i < samples; i++) {
    for (let s = 0; s < mdp.states; s++) reward[s] = draw(rng);
    const { value } = optimal(mdp, stateReward(mdp, reward));
    for (let s = 0; s < mdp.states; s++) {
      const power = ((1 - mdp.gamma) / mdp.gamma) * (value[s]! - reward[s]!);
      sum[s]! += power;
      squares[s]! += power * power;
    }
  }
  const mean = sum.map((each) => each / samples);
  return {
    mean,
    standardError: squares.map((each, s) => Math.sqrt(Math.max(0, each / samples - mean[s]! ** 2) / (samples - 1))),
  };
}
