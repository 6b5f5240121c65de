/**
 * @file Generalized advantage estimation (Schulman et al. 2016, arXiv:1506.02438).
 *
 * δ_t = r_t + γ (1 − end_t) V_{t+1} − V_t ; A_t = δ_t + γ λ (1 − end_t) A_{t+1}.
 */

/** A rollout, step-major: entry `t · environments + slot`. */
export interface Rollout {
  readonly environments: number;
  readonly steps: number;
  readonly rewards: Float32Array;
  /** State values before each step. */
  readonly values: Float32Array;
  /** 1 where the step ended an episode. */
  readonly ends: Uint8Array;
  /** State values after the last step, `[environments]`. */
  readonly lastValues: Float32Array;
}

/**
 * Advantages, and the value targets `A + V`, in place.
 *
 * @param advantage receives A, `[steps · environments]`
 * @param target receives A + V, `[steps · environments]`
 */
export function estimateAdvantages(
  { environments, steps, rewards, values, ends, lastValues }: Rollout,
  { gamma, lambda }: { readonly gamma: number; readonly lambda: number },
  advantage: Float32Array,
  target: Float32Array,
): void {
  for (let slot = 0; slot < environments; slot++) {
    let running = 0;
    let nextValue = lastValues[slot]!;
    for (let i = (steps - 1) * environments + slot; i >= 0; i -= environments) {
      const goesOn = 1 - ends[i]!;
      const delta = rewards[i]! + gamma * goesOn * nextValue - values[i]!;
      running = delta + gamma * lambda * goesOn * running;
      nextValue = values[i]!;
      advantage[i] = running;
      target[i] = running + values[i]!;
    }
  }
}
