/**
 * @file The oracle of the oracles: exhaustive search over everything that can
 * happen on a level of a deterministic world, through the batch alone. Snapshots
 * are taken and put back through `memory`, so what memory leaves out shows up
 * here as a wrong value.
 */
import { rng } from "../core/rng.ts";
import type { Batch, Level, World } from "../env.ts";

/** Write `level` into a slot and begin. */
export function begin(batch: Batch, slot: number, level: Level, seed = 0): void {
  batch.levels[slot]!.walls.set(level.walls);
  batch.levels[slot]!.items.set(level.items);
  batch.start(slot, rng(seed));
}

/** Everything that changes over time, as it was. */
export type Snapshot = readonly (Uint8Array | Int16Array | Int32Array | Float32Array)[];

export const takeSnapshot = (batch: Batch): Snapshot => batch.memory.map((array) => array.slice());

export function putBack(batch: Batch, snapshot: Snapshot): void {
  for (const [i, array] of batch.memory.entries()) array.set(snapshot[i]!);
}

/** Bytes as a key. */
function text(bytes: Uint8Array): string {
  let all = "";
  for (let i = 0; i < bytes.length; i += 4096) all += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return all;
}

/** What a state is worth under the best and under the worst actions. */
export interface StateValue {
  readonly best: number;
  readonly worst: number;
  /** Bit a is set when action a attains `best`; 0 when every way to go on earns the same. */
  readonly optimal: number;
}

/** The worth of a level's start, and how many states were solved on the way. */
export interface Exhausted extends StateValue {
  readonly states: number;
}

/**
 * Solve a level by dynamic programming over all reachable states, time included.
 *
 * @param visit called with the batch in each undecided state
 */
export function exhaust(
  world: World,
  level: Level,
  objective: number,
  gamma: number,
  visit?: (batch: Batch, value: StateValue) => void,
): Exhausted {
  const batch = world.batch(1);
  const outcome = new Set<unknown>([batch.done, ...batch.rewards]);
  const state = batch.memory.filter((array) => !outcome.has(array));
  const bytes = state.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  // In parts, because what a call takes as arguments is limited.
  const key = () => bytes.map((part) => text(part)).join("");
  const known = new Map<string, StateValue>();
  const action = new Uint8Array(1);

  function solve(): StateValue {
    const id = key();
    const found = known.get(id);
    if (found) return found;
    const here = takeSnapshot(batch);
    const worths: number[] = [];
    let worst = Number.POSITIVE_INFINITY;
    for (let a = 0; a < world.actions.length; a++) {
      action[0] = a;
      batch.step(action);
      const reward = batch.rewards[objective]![0]!;
      const rest = batch.done[0] === 0 ? solve() : { best: 0, worst: 0 };
      worths.push(reward + gamma * rest.best);
      worst = Math.min(worst, reward + gamma * rest.worst);
      putBack(batch, here);
    }
    const best = Math.max(...worths);
    // Rewards are float32: equal worths may differ by their rounding.
    const close = 1e-6;
    const optimal = worths.reduce((mask, worth, a) => (worth > best - close ? mask | (1 << a) : mask), 0);
    const value = { best, worst, optimal: best - worst < close ? 0 : optimal };
    known.set(id, value);
    visit?.(batch, value);
    return value;
  }

  begin(batch, 0, level);
  return { ...solve(), states: known.size };
}
