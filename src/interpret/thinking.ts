/**
 * @file Decisions against thinking time: the same subject on the same states,
 * at several numbers of ticks, and what longer thinking is worth.
 *
 * All tick counts see the same states and the same random numbers, so that
 * differences are paired and a subject that does not think gains exactly 0.
 */
import { assert } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { boundedMean, pairedDifference } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { candidateOf, type Level, type Mixture, type World } from "../env.ts";
import type { Ticks } from "../network.ts";
import { copyLevel } from "../rollout.ts";
import type { Subject } from "../subject.ts";

/** Decisions on the first states of levels, by number of ticks. */
export interface ThinkingCurve {
  /** Ascending. */
  readonly ticks: readonly number[];
  /** 1 where the action was optimal; by tick count, each `[states]`. */
  readonly right: readonly Uint8Array[];
  /** Layout hash of each state. */
  readonly layout: Int32Array;
  /** Share of actions that are optimal: what random actions get right, `[states]`. */
  readonly chance: Float64Array;
  /** Discounted return of the best policy: less where the way is longer, `[states]`. */
  readonly optimum: Float64Array;
}

/** Multiples of the usual number of ticks at which a curve is measured: at 12, they are 1, 2, 4, 6, 8, 12, 16, 24 and 40. */
const LADDER = [1 / 12, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 1, 4 / 3, 2, 10 / 3];

/** Fewest ticks with which a subject is meant to act, or half of the usual number where it does not say. */
export const fewestTicks = ({ trained, fewest }: Ticks): number => fewest ?? Math.max(1, Math.floor(trained / 2));

/** Numbers of ticks at which a subject is looked at, ascending, with the fewest and the usual one among them. */
export function tickLadder(ticks: Ticks): number[] {
  const { trained, max } = ticks;
  const steps = LADDER.map((multiple) => Math.min(max, Math.max(1, Math.floor(multiple * trained + 1e-9))));
  return [...new Set([...steps, fewestTicks(ticks), trained])].sort((a, b) => a - b);
}

/**
 * Test levels in a larger room whose goal is no farther than it can be at home,
 * rows and columns counted and walls ignored, while the way to it may be longer
 * than any at home. News of a goal travels through a network of local layers at a
 * speed that training at home has settled: on other levels even a reflex gains by
 * waiting for it.
 *
 * @param side interior cells a side of a room at home
 * @returns as many as were found, at most `count`
 */
export function drawWithinReach(world: World, count: number, mixture: Mixture, side: number, rng: Rng): Level[] {
  const base = candidateOf(world, world.objectives[0]!.id)!;
  const batch = world.batch(1);
  const sought = new Uint8Array(world.height * world.width);
  const isNear = (level: Level): boolean => {
    copyLevel(level, batch.levels[0]!);
    batch.start(0, rng.fork("world"));
    base.mark(batch, 0, sought);
    const here = batch.position[0]!;
    return sought.some((wanted, cell) => {
      const rows = Math.floor(cell / world.width) - Math.floor(here / world.width);
      const columns = (cell % world.width) - (here % world.width);
      return wanted === 1 && Math.max(Math.abs(rows), Math.abs(columns)) < side;
    });
  };
  const levels: Level[] = [];
  for (let tries = 0; tries < MOST_TRIES * count && levels.length < count; tries++) {
    const level = world.blank();
    world.draw(level, rng.fork(tries), mixture, "test");
    if (isNear(level)) levels.push(level);
  }
  return levels;
}

/** Draws a level that is wanted. */
const MOST_TRIES = 20;

/**
 * Ask for one action at the start of each level, at each number of ticks. The
 * action is the one that the subject prefers where it shows its logits, else
 * the one that it takes. Levels on which there is nothing to gain are left out.
 */
export async function thinkingCurve(options: {
  readonly subject: Subject;
  readonly world: World;
  readonly levels: readonly Level[];
  readonly ticks: readonly number[];
  readonly rng: Rng;
  /** Discount of the oracle. */
  readonly gamma?: number;
}): Promise<ThinkingCurve> {
  const { subject, world, ticks, rng, gamma = 0.99 } = options;
  const { thinking } = subject;
  assert(thinking !== undefined, "a thinking curve of a subject that has no ticks");
  const base = world.objectives[0]!.id;
  const batch = world.batch(options.levels.length);
  const stride = batch.observations.length / batch.size;
  const levels: Level[] = [];
  const optimal: number[] = [];
  const shown: Uint8Array[] = [];
  for (const [slot, level] of options.levels.entries()) {
    copyLevel(level, batch.levels[slot]!);
    batch.start(slot, rng.fork("world").fork(slot));
    const actions = world.optimalActions(batch, slot, base, gamma);
    if (actions === 0) continue;
    levels.push(level);
    optimal.push(actions);
    shown.push(batch.observations.subarray(slot * stride, (slot + 1) * stride));
  }
  const n = levels.length;
  const observations = new Uint8Array(n * stride);
  for (const [i, one] of shown.entries()) observations.set(one, i * stride);
  const right: Uint8Array[] = [];
  for (const count of ticks) {
    const actions = await decide(thinking.call(subject, count), observations, n, rng.fork("actions"));
    right.push(Uint8Array.from(actions, (action, i) => (optimal[i]! >> action) & 1));
  }
  return {
    ticks,
    right,
    layout: Int32Array.from(levels, (level) => world.layoutHash(level)),
    chance: Float64Array.from(optimal, (bits) => popcount(bits) / world.actions.length),
    optimum: Float64Array.from(levels, (level) => world.optimum(level, base, gamma).value),
  };
}

/**
 * One action for each observation: the one that the subject prefers where it
 * shows its logits, else the one that it takes.
 *
 * @param observations `[n, planes, height, width]`
 */
export async function decide(subject: Subject, observations: Uint8Array, n: number, rng: Rng): Promise<Uint8Array> {
  const actions = new Uint8Array(n);
  if (!subject.logits) {
    await subject.act(observations, n, rng, actions);
    return actions;
  }
  const logits = await subject.logits(observations, n);
  const { actions: count } = subject.shape;
  for (let i = 0; i < n; i++) {
    for (let a = 1; a < count; a++) if (logits[i * count + a]! > logits[i * count + actions[i]!]!) actions[i] = a;
  }
  return actions;
}

/** What thinking longer is worth; all shares of states. */
export interface ThinkingValue {
  /** Right decisions at each of the curve's ticks. */
  readonly accuracy: readonly Estimate[];
  readonly few: Estimate;
  /** At the best number above `few`. */
  readonly best: Estimate;
  /** `best − few`, paired. */
  readonly gain: Estimate;
  /** `best` less the accuracy at the most ticks, paired: what thinking too long costs. */
  readonly overthinking: Estimate;
  /** The gain on the half of the states with the longer ways, less that on the other half. */
  readonly farther: Estimate;
  /** The best numbers of ticks above `few`, one chosen on each half of the layouts. */
  readonly bestTicks: readonly [number, number];
}

/**
 * Gain over `few` ticks at the best number above it.
 *
 * The best of several noisy numbers is too good: the layouts are halved, and
 * each half is judged at the number of ticks that was best on the other.
 */
export function thinkingValue(curve: ThinkingCurve, few: number, rng: Rng): ThinkingValue {
  const { ticks, right, layout } = curve;
  const fewest = ticks.indexOf(few);
  assert(fewest >= 0 && fewest < ticks.length - 1, `no ticks above ${few} on the curve`);
  const half = Uint8Array.from(layout, (hash) => hash & 1);
  const score = (at: number, side: number) => mean(right[at]!.filter((_, i) => half[i] === side));
  const bestOn = (side: number) => {
    let best = fewest + 1;
    for (let at = best + 1; at < ticks.length; at++) if (score(at, side) > score(best, side)) best = at;
    return best;
  };
  const chosen = [bestOn(1), bestOn(0)] as const;
  const best = Uint8Array.from(layout, (_, i) => right[chosen[half[i]!]!]![i]!);
  const share = (values: ArrayLike<number>, label: string) =>
    boundedMean(values, { range: [0, 1], clusters: layout, rng: rng.fork(label) });
  const over = (values: ArrayLike<number>, others: ArrayLike<number>, label: string) =>
    pairedDifference(values, others, { range: [0, 1], clusters: layout, rng: rng.fork(label) });
  return {
    accuracy: right.map((values, at) => share(values, `at ${ticks[at]}`)),
    few: share(right[fewest]!, "few"),
    best: share(best, "best"),
    gain: over(best, right[fewest]!, "gain"),
    farther: boundedMean(fartherHalf(curve.optimum, best, right[fewest]!), {
      range: [-2, 2],
      clusters: layout,
      rng: rng.fork("farther"),
    }),
    overthinking: over(best, right.at(-1)!, "overthinking"),
    bestTicks: [ticks[chosen[0]]!, ticks[chosen[1]]!],
  };
}

/** Twice the gain of each state, negative on the half of the states nearest to the goal: its mean is far less near. */
function fartherHalf(optimum: Float64Array, best: Uint8Array, few: Uint8Array): Float64Array {
  const order = Array.from(optimum.keys()).sort((a, b) => optimum[b]! - optimum[a]! || a - b);
  const values = new Float64Array(optimum.length);
  for (const [rank, i] of order.entries()) {
    values[i] = (rank < order.length / 2 ? -2 : 2) * (best[i]! - few[i]!);
  }
  return values;
}

function popcount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
