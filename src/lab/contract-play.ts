/** @file How contract checks draw and play: fixed seeds, random actions, every mixture. */
import { LabError } from "../core/errors.ts";
import { type Rng, rng } from "../core/rng.ts";
import { type Batch, COUPLED, DECOUPLED, type Level, type Mixture, type Split, type World } from "../env.ts";

/** Coupled, decoupled, and two in between. */
export const MIXTURES: readonly Mixture[] = [
  COUPLED,
  DECOUPLED,
  { strength: 0.5, alpha: 0 },
  { strength: 0.25, alpha: 0.3 },
];

/** Levels from one stream, each in arrays of its own. */
export function drawn(world: World, n: number, mixture: Mixture, split: Split, seed: number): Level[] {
  const random = rng(seed);
  return Array.from({ length: n }, () => {
    const level = world.blank();
    world.draw(level, random, mixture, split);
    return level;
  });
}

/** Restart every ended slot on a fresh level. */
export function restart(world: World, batch: Batch, random: Rng, mixture: Mixture): void {
  for (let slot = 0; slot < batch.size; slot++) {
    if (batch.done[slot] === 0) continue;
    world.draw(batch.levels[slot]!, random, mixture, "train");
    batch.start(slot, random);
  }
}

/** A batch with an episode begun in every slot. */
export function started(world: World, size: number, random: Rng, mixture: Mixture = COUPLED): Batch {
  const batch = world.batch(size);
  batch.done.fill(1);
  restart(world, batch, random, mixture);
  return batch;
}

export function randomActions(world: World, out: Uint8Array, random: Rng): Uint8Array {
  for (let i = 0; i < out.length; i++) out[i] = random.int(world.actions.length);
  return out;
}

/** Observations (as a digest), places, ends and rewards of so many random steps. */
export function history(world: World, batch: Batch, steps: number, seed: number, mixture: Mixture): number[] {
  const random = rng(seed);
  const actions = new Uint8Array(batch.size);
  const seen: number[] = [];
  for (let t = 0; t < steps; t++) {
    batch.step(randomActions(world, actions, random));
    let hash = 0;
    for (const value of batch.observations) hash = (Math.imul(hash, 31) + value) | 0;
    seen.push(hash, ...batch.position, ...batch.done, ...batch.rewards.flatMap((rewards) => [...rewards]));
    restart(world, batch, random, mixture);
  }
  return seen;
}

/** The error that a call ends with, if it is one that the user is told; anything else goes on. */
export function problemOf(call: () => void): LabError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}
