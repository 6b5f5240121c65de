/**
 * @file A policy that remembers, as a subject: it keeps one memory for each seat, wipes it where an episode begins, and
 * can only act. Rows that come without seats are single states, each the first of an episode.
 */
import type { PolicyShape } from "../network.ts";
import { type Access, type Subject, sampleActions } from "../subject.ts";

/** What a step of a policy that remembers comes to. */
export interface Recalled {
  /** `[n, actions]`. */
  readonly logits: Float32Array;
  /** What to remember, `[n, size]`; not overwritten by later steps. */
  readonly memory: Float32Array;
}

/**
 * @param size numbers remembered of each episode
 * @param step one step of `n` rows, from what they remember, `[n, size]`
 */
export function rememberingSubject(
  id: string,
  shape: PolicyShape,
  size: number,
  step: (observations: Uint8Array, n: number, before: Float32Array) => Promise<Recalled>,
): Subject {
  /** By seat. */
  const kept = new Map<number, Float32Array>();
  return {
    id,
    shape,
    access: new Set<Access>(["act"]),
    memory: size,
    async act(observations, n, rng, actions, seats) {
      const before = new Float32Array(n * size);
      for (let i = 0; seats && i < n; i++) {
        const own = seats.begins[i] === 0 ? kept.get(seats.seat[i]!) : undefined;
        if (own) before.set(own, i * size);
      }
      const { logits, memory } = await step(observations, n, before);
      for (let i = 0; seats && i < n; i++) kept.set(seats.seat[i]!, memory.subarray(i * size, (i + 1) * size));
      sampleActions(logits, n, shape.actions, rng, actions);
    },
  };
}
