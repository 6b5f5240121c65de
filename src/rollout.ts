/**
 * @file The evaluation loop: one episode per level, inference batched over all
 * of them, summaries as typed arrays. The training loop lives in `train.ts`.
 */
import type { Rng } from "./core/rng.ts";
import type { Batch, Level, Mixture, Split, World } from "./env.ts";
import type { Subject } from "./subject.ts";

/** Chooses actions for `n` observations; a {@link Subject} is one, and so is a plain function. */
export type Act = Subject["act"];

/** What happened, one entry per level, in the order of the levels. */
export interface Episodes {
  readonly n: number;
  /** Index of the objective served, −1 for none; see {@link World.served}. Only meaningful on distinguishing levels. */
  readonly served: Int8Array;
  /** Share of the attainable return, by objective, each `[n]`; see {@link World.achieved}. */
  readonly achieved: readonly Float32Array[];
  /** Return by objective, undiscounted unless `gamma` was given, each `[n]`. */
  readonly returns: readonly Float32Array[];
  /** Steps taken. */
  readonly length: Int32Array;
  /** 1 = ended by the rules, 2 = cut off by the time limit. */
  readonly ended: Uint8Array;
  /** Layout hash of each level: the cluster that an interval over levels resamples. */
  readonly layout: Int32Array;
  /** Cells visited, the start first; present when asked for. */
  readonly paths?: readonly (readonly number[])[];
}

export interface RolloutOptions {
  readonly world: World;
  /** One episode is played on each. */
  readonly levels: readonly Level[];
  readonly act: Act;
  readonly rng: Rng;
  /** Episodes in flight at once; more means fewer, larger inference calls. */
  readonly slots?: number;
  readonly paths?: boolean;
  /** Leave `served` and `achieved` at −1 and 0: worlds whose oracle is costly compute them at a cost. */
  readonly returnsOnly?: boolean;
  /** Discount of `returns`: reward on the t-th step counts gamma^(t−1); default 1. */
  readonly gamma?: number;
  /**
   * Called before each step with the chosen actions. `active[slot]` is the index
   * of the level being played in the slot, or −1 where the slot idles.
   */
  readonly onStep?: (batch: Batch, actions: Uint8Array, active: Int32Array) => void;
}

/**
 * Play one episode on each level.
 *
 * The subject is asked about running episodes only: a batch has no empty slots,
 * but thought about an idle one is wasted, and a subject may be slow.
 *
 * The action noise of an episode depends on the seed and on which episodes run
 * beside it, so the same call gives the same result, and a different `slots` another.
 */
export async function rollout(options: RolloutOptions): Promise<Episodes> {
  const { world, levels, act, rng, onStep, gamma = 1 } = options;
  const n = levels.length;
  const slots = Math.min(options.slots ?? 512, n);
  const objectives = world.objectives.map((_, o) => o);
  const episodes = {
    n,
    served: new Int8Array(n).fill(-1),
    achieved: objectives.map(() => new Float32Array(n)),
    returns: objectives.map(() => new Float32Array(n)),
    length: new Int32Array(n),
    ended: new Uint8Array(n),
    layout: Int32Array.from(levels, (level) => world.layoutHash(level)),
  };
  const paths: number[][] | undefined = options.paths ? levels.map(() => []) : undefined;
  if (n === 0) return { ...episodes, ...(paths ? { paths } : {}) };

  const batch = world.batch(slots);
  const actions = new Uint8Array(slots);
  const ask = askingTheRunning(act, batch);
  const active = new Int32Array(slots).fill(-1);
  const chance = rng.fork("world");
  const choice = rng.fork("actions");
  let next = 0;
  let playing = 0;
  const begin = (slot: number) => {
    const index = next < n ? next++ : -1;
    active[slot] = index;
    // An idle slot replays the last level, unrecorded: a batch has no empty slots.
    copyLevel(levels[index < 0 ? n - 1 : index]!, batch.levels[slot]!);
    batch.start(slot, chance.fork(index < 0 ? `idle ${slot}` : index));
    if (index < 0) return;
    playing++;
    paths?.[index]?.push(batch.position[slot]!);
  };
  for (let slot = 0; slot < slots; slot++) begin(slot);

  while (playing > 0) {
    await ask(active, choice, actions);
    onStep?.(batch, actions, active);
    batch.step(actions);
    for (let slot = 0; slot < slots; slot++) {
      const index = active[slot]!;
      if (index >= 0) {
        const weight = gamma === 1 ? 1 : gamma ** (batch.time[slot]! - 1);
        for (const o of objectives) episodes.returns[o]![index]! += weight * batch.rewards[o]![slot]!;
        paths?.[index]?.push(batch.position[slot]!);
      }
      if (batch.done[slot] === 0) continue;
      if (index >= 0) {
        if (!options.returnsOnly) {
          episodes.served[index] = world.served(batch, slot);
          for (const o of objectives) episodes.achieved[o]![index] = world.achieved(batch, slot, o);
        }
        episodes.length[index] = batch.time[slot]!;
        episodes.ended[index] = batch.done[slot]!;
        playing--;
      }
      begin(slot);
    }
  }
  return { ...episodes, ...(paths ? { paths } : {}) };
}

/** Asks for the actions of running slots alone; idle ones are told to take action 0. */
function askingTheRunning(act: Act, { size, observations, time }: Batch) {
  const cells = observations.length / size;
  const seat = new Int32Array(size);
  const begins = new Uint8Array(size);
  const seen = new Uint8Array(size * cells);
  const chosen = new Uint8Array(size);
  return async (active: Int32Array, rng: Rng, actions: Uint8Array) => {
    let n = 0;
    for (let slot = 0; slot < size; slot++) {
      if (active[slot]! < 0) continue;
      seat[n] = slot;
      begins[n++] = time[slot] === 0 ? 1 : 0;
    }
    if (n === size) return act(observations, n, rng, actions, { seat, begins });
    for (let i = 0; i < n; i++) {
      const from = seat[i]! * cells;
      seen.set(observations.subarray(from, from + cells), i * cells);
    }
    await act(seen, n, rng, chosen, { seat, begins });
    actions.fill(0);
    for (let i = 0; i < n; i++) actions[seat[i]!] = chosen[i]!;
  };
}

/** Draw `n` levels, each in arrays of its own. */
export function drawLevels(world: World, n: number, mixture: Mixture, split: Split, rng: Rng): Level[] {
  return Array.from({ length: n }, (_, i) => {
    const level = world.blank();
    world.draw(level, rng.fork(i), mixture, split);
    return level;
  });
}

/** Copy a level's contents into another's arrays. */
export function copyLevel(from: Level, into: Level): void {
  into.walls.set(from.walls);
  into.items.set(from.items);
}

/** Uniformly random actions: the reference measure of optimization power. */
export function randomAct(actions: number): Act {
  return async (_, n, rng, out) => {
    for (let i = 0; i < n; i++) out[i] = rng.int(actions);
  };
}
