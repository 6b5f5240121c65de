/**
 * @file States met while a policy plays: observations with what is needed to
 * label them, and the layout that keeps training and test apart.
 */
import type { Rng } from "../core/rng.ts";
import type { Batch, Level, World } from "../env.ts";
import { type Act, type Episodes, rollout } from "../rollout.ts";

/** States in the order in which they were met. */
export interface States {
  readonly n: number;
  /** `[n, planes, height, width]` */
  readonly observations: Uint8Array;
  /** Index of the level, `[n]`. */
  readonly level: Int32Array;
  /** Steps taken before, `[n]`. */
  readonly time: Int32Array;
  /** The agent's cell, `[n]`. */
  readonly position: Int32Array;
  /** Action taken, `[n]`. */
  readonly action: Uint8Array;
  /** Hash of the level's layout, `[n]`: what a split and an interval go by. */
  readonly layout: Int32Array;
  /** With paths: `paths[level[i]].slice(time[i])` is where the agent went from state i on. */
  readonly episodes: Episodes & { readonly paths: readonly (readonly number[])[] };
}

export interface StateOptions {
  readonly world: World;
  readonly levels: readonly Level[];
  readonly act: Act;
  readonly rng: Rng;
  /** Share of the states that are kept; default 1. The first of each episode always is. */
  readonly share?: number;
  /** Called for each state that is kept, before the step: the moment to label it. */
  readonly onState?: (state: number, batch: Batch, slot: number) => void;
}

/** Play one episode a level and keep states. */
export async function recordStates({ world, levels, act, rng, share = 1, onState }: StateOptions): Promise<States> {
  const stride = world.planes.length * world.height * world.width;
  const kept: { level: number; time: number; position: number; action: number; observation: Uint8Array }[] = [];
  const choice = rng.fork("kept states");
  const episodes = await rollout({
    world,
    levels,
    act,
    rng,
    paths: true,
    onStep(batch, actions, active) {
      for (let slot = 0; slot < batch.size; slot++) {
        const level = active[slot]!;
        const time = batch.time[slot]!;
        if (level < 0 || (time > 0 && choice.uniform() >= share)) continue;
        onState?.(kept.length, batch, slot);
        const observation = batch.observations.slice(slot * stride, (slot + 1) * stride);
        kept.push({ level, time, position: batch.position[slot]!, action: actions[slot]!, observation });
      }
    },
  });
  const observations = new Uint8Array(kept.length * stride);
  for (const [i, { observation }] of kept.entries()) observations.set(observation, i * stride);
  return {
    n: kept.length,
    observations,
    level: Int32Array.from(kept, ({ level }) => level),
    time: Int32Array.from(kept, ({ time }) => time),
    position: Int32Array.from(kept, ({ position }) => position),
    action: Uint8Array.from(kept, ({ action }) => action),
    layout: Int32Array.from(kept, ({ level }) => episodes.layout[level]!),
    episodes: { ...episodes, paths: episodes.paths! },
  };
}
