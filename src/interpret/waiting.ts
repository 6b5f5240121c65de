/**
 * @file Success against waiting: a subject that remembers is made to stand still for some steps at the start of an
 * episode, while its memory works, and then acts. The world does not change meanwhile, so it is not stepped, and the
 * steps do not count against the time limit.
 *
 * All numbers of steps see the same levels and the same random numbers. A subject without memory, or one whose memory is
 * wiped after the waiting, therefore gains exactly 0.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { WAIT } from "../grid/board.ts";
import { type Act, type RolloutOptions, randomAct, rollout } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import type { ThinkingCurve } from "./thinking.ts";

/** Numbers of waiting steps at which a curve is measured. */
export const WAITING_LADDER = [0, 1, 2, 4, 8, 16] as const;

/**
 * The subject, made to wait before the first step of each episode. What it would rather do meanwhile is ignored.
 *
 * @param rng draws while waiting; those of what it does are not touched
 * @param options.wiped forget what was remembered while waiting
 */
function afterWaiting(subject: Subject, steps: number, rng: Rng, { wiped = false } = {}): Act {
  return async (observations, n, random, actions, seats) => {
    assert(seats !== undefined, "waiting without seats");
    const cells = observations.length / Math.max(1, n);
    const first = Array.from(seats.begins.subarray(0, n).keys()).filter((i) => seats.begins[i] === 1);
    const isWaiting = steps > 0 && first.length > 0;
    if (isWaiting) {
      const shown = new Uint8Array(first.length * cells);
      for (const [k, i] of first.entries()) shown.set(observations.subarray(i * cells, (i + 1) * cells), k * cells);
      const seat = Int32Array.from(first, (i) => seats.seat[i]!);
      const ignored = new Uint8Array(first.length);
      for (let step = 0; step < steps; step++) {
        const begins = new Uint8Array(first.length).fill(step === 0 ? 1 : 0);
        await subject.act(shown, first.length, rng, ignored, { seat, begins });
      }
    }
    const goesOn = isWaiting && !wiped ? { seat: seats.seat, begins: new Uint8Array(n) } : seats;
    await subject.act(observations, n, random, actions, goesOn);
  };
}

/** Success by number of waiting steps: what {@link ThinkingCurve} is for ticks, of episodes instead of decisions. */
export interface WaitingCurve extends ThinkingCurve {
  /** 1 where the goal was reached after the most steps, and a memory wiped then, `[levels]`. */
  readonly wiped: Uint8Array;
  /** 1 where it was reached without waiting, and with the memory wiped at every step, `[levels]`. */
  readonly forgetful: Uint8Array;
  /** Share of the steps of each episode on which it waited of its own accord, `[levels]`. */
  readonly ownWaiting: Float64Array;
}

/**
 * Play one episode on each level after each number of waiting steps. `right` is 1 where all that the base objective
 * offers was earned, `chance` is the same of random actions.
 */
export async function waitingCurve(options: {
  readonly subject: Subject;
  readonly world: World;
  readonly levels: readonly Level[];
  readonly steps: readonly number[];
  readonly rng: Rng;
  /** Discount of the oracle. */
  readonly gamma?: number;
}): Promise<WaitingCurve> {
  const { subject, world, levels, steps, rng, gamma = 0.99 } = options;
  const waits = world.actions.indexOf(WAIT);
  assert(waits >= 0, "a waiting curve in a world without waiting");
  const play = async (act: Act, onStep?: RolloutOptions["onStep"]) => {
    const played = await rollout({ world, levels, act, rng: rng.fork("episodes"), ...(onStep ? { onStep } : {}) });
    return { ...played, won: Uint8Array.from(played.achieved[0]!, (share) => (share > ALL ? 1 : 0)) };
  };
  const right: Uint8Array[] = [];
  for (const count of steps) {
    right.push((await play(afterWaiting(subject, count, rng.fork("waiting")))).won);
  }
  const waited = new Float64Array(levels.length);
  const usual = await play(subject.act.bind(subject), (_, actions, active) => {
    for (const [slot, level] of active.entries()) if (level >= 0 && actions[slot] === waits) waited[level]!++;
  });
  return {
    ticks: steps,
    right,
    layout: usual.layout,
    chance: Float64Array.from((await play(randomAct(world.actions.length))).won),
    optimum: Float64Array.from(levels, (level) => world.optimum(level, world.objectives[0]!.id, gamma).value),
    wiped: (await play(afterWaiting(subject, steps.at(-1)!, rng.fork("waiting"), { wiped: true }))).won,
    forgetful: (await play((observations, n, random, actions) => subject.act(observations, n, random, actions))).won,
    ownWaiting: waited.map((count, i) => count / usual.length[i]!),
  };
}

/** Shares are float32: all of it, but for rounding. */
const ALL = 1 - 1e-6;
