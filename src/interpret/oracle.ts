/**
 * @file The oracle as a player: episodes in which every action is optimal for
 * one objective, ties broken at random. It sees the world's state, which a
 * subject does not.
 */
import type { Rng } from "../core/rng.ts";
import type { Batch, Level, World } from "../env.ts";
import { type Episodes, rollout } from "../rollout.ts";

/** Below 1, so that the oracle does not dawdle. */
const GAMMA = 0.99;

/** One episode a level, played optimally for an objective; random actions where nothing is left to gain. */
export function oracleRollout(options: {
  readonly world: World;
  readonly levels: readonly Level[];
  readonly objective: string;
  readonly rng: Rng;
  readonly paths?: boolean;
}): Promise<Episodes> {
  const { world, objective } = options;
  const ties = options.rng.fork("ties");
  return rollout({
    ...options,
    act: async () => undefined,
    onStep(batch: Batch, actions: Uint8Array) {
      for (let slot = 0; slot < batch.size; slot++) {
        const best = world.optimalActions(batch, slot, objective, GAMMA);
        actions[slot] = pick(best, world.actions.length, ties);
      }
    },
  });
}

/** One set bit at random; any action when none is set. */
export function pick(mask: number, actions: number, rng: Rng): number {
  let left = 0;
  for (let a = 0; a < actions; a++) left += (mask >> a) & 1;
  if (left === 0) return rng.int(actions);
  left = rng.int(left);
  for (let a = 0; ; a++) if (((mask >> a) & 1) === 1 && left-- === 0) return a;
}
