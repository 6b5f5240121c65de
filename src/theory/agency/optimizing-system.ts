/**
 * @file Optimization without an optimizer: measures of a system that moves by itself toward few of its states, from
 * nearly everywhere, and back when it is pushed. Finite systems, exact.
 *
 * What is asked (Flint 2020, The ground of optimization): how much of the state space is drawn in (basin), how far it can
 * be pushed and return (robustness), and how little of it has to be changed to change where it goes (retargetability).
 *
 * How strongly (Altair 2023, Towards measures of optimization): Ω(x) = −log₂ of the measure of states at least as high,
 * its rise along the motion, and that rise above what the average initial state has by itself.
 */
import { assert } from "../../core/errors.ts";

/** A Markov chain; a deterministic motion has one successor a state. */
export interface MovingSystem {
  readonly states: number;
  /** P(next | state), `[states, states]`. */
  readonly transition: Float64Array;
}

/** The system that moves each state to one other. */
export function deterministicSystem(next: ArrayLike<number>): MovingSystem {
  const states = next.length;
  const transition = new Float64Array(states * states);
  for (let s = 0; s < states; s++) transition[s * states + next[s]!] = 1;
  return { states, transition };
}

/** Law of the state after some steps, `[states]`. */
function afterSteps({ states, transition }: MovingSystem, from: Float64Array, steps: number): Float64Array {
  let now = from;
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(states);
    for (let s = 0; s < states; s++) {
      if (now[s] === 0) continue;
      for (let t = 0; t < states; t++) next[t]! += now[s]! * transition[s * states + t]!;
    }
    now = next;
  }
  return now;
}

/**
 * Ω of every state, bits, `[states]`: −log₂ of the measure of states at least as high.
 *
 * @param height the order of states; equal heights tie
 * @param measure of each state, sums to 1
 */
export function orderBits(height: ArrayLike<number>, measure: ArrayLike<number>): Float64Array {
  const n = height.length;
  assert(measure.length === n, `a measure for each of ${n} states`);
  return Float64Array.from({ length: n }, (_, x) => {
    let tail = 0;
    for (let y = 0; y < n; y++) if (height[y]! >= height[x]!) tail += measure[y]!;
    return tail >= 1 ? 0 : -Math.log2(tail);
  });
}

/** How much a system optimized from one initial state. */
export interface Rise {
  /** Ω of where it begins. */
  readonly start: number;
  /** E Ω of where it is after the steps, less that. */
  readonly relative: number;
  /** `relative` less its mean over initial states drawn from the measure: what was special about this one. */
  readonly counterfactual: number;
}

/** The rise of Ω from one state, and above the average state's. */
export function riseFrom(
  system: MovingSystem,
  given: { readonly height: ArrayLike<number>; readonly measure: ArrayLike<number>; readonly steps: number },
  from: number,
): Rise {
  const bits = orderBits(given.height, given.measure);
  const rise = (state: number) => {
    const point = new Float64Array(system.states).fill(0);
    point[state] = 1;
    return afterSteps(system, point, given.steps).reduce((sum, p, x) => sum + p * bits[x]!, 0) - bits[state]!;
  };
  let average = 0;
  for (let s = 0; s < system.states; s++) if (given.measure[s]! > 0) average += given.measure[s]! * rise(s);
  const relative = rise(from);
  return { start: bits[from]!, relative, counterfactual: relative - average };
}

/** The mean rise of Ω over initial states drawn from the measure; 0 for whatever preserves the measure. */
export function meanRise(
  system: MovingSystem,
  {
    height,
    measure,
    steps,
  }: { readonly height: ArrayLike<number>; readonly measure: Float64Array; readonly steps: number },
): number {
  const bits = orderBits(height, measure);
  const end = afterSteps(system, measure, steps);
  return bits.reduce((sum, each, x) => sum + each * (end[x]! - measure[x]!), 0);
}

/** States that the system takes to the target and keeps there, `[states]` of 0 and 1. */
export function basin(
  system: MovingSystem,
  isTarget: ArrayLike<number>,
  { steps, chance = 0.99 }: { readonly steps: number; readonly chance?: number },
): Uint8Array {
  const { states, transition } = system;
  const ahead = (value: Float64Array) =>
    Float64Array.from({ length: states }, (_, s) => {
      let sum = 0;
      for (let t = 0; t < states; t++) sum += transition[s * states + t]! * value[t]!;
      return sum;
    });
  // A target that is left again does not count: it has to hold for as many steps as there are to reach it.
  let stays: Float64Array = Float64Array.from({ length: states }, (_, s) => (isTarget[s]! ? 1 : 0));
  for (let step = 0; step < steps; step++) stays = ahead(stays).map((each, s) => (isTarget[s]! ? each : 0));
  let arrives = stays;
  for (let step = 0; step < steps; step++) arrives = ahead(arrives).map((each, s) => Math.max(each, stays[s]!));
  return Uint8Array.from(arrives, (each) => (each >= chance ? 1 : 0));
}

/** Basin and target as shares of a measure. */
export interface Attraction {
  readonly basin: number;
  readonly target: number;
  /** log₂ (basin / target): how much the system narrows what may be. */
  readonly bits: number;
}

/** How much larger the basin is than the target; no bits where the target is not kept. */
export function attraction(
  drawn: ArrayLike<number>,
  isTarget: ArrayLike<number>,
  measure: ArrayLike<number>,
): Attraction {
  const share = (of: ArrayLike<number>) =>
    Array.from(measure as ArrayLike<number>).reduce((sum, each, s) => sum + (of[s]! ? each : 0), 0);
  const [large, small] = [share(drawn), share(isTarget)];
  return { basin: large, target: small, bits: large > 0 ? Math.log2(large / small) : 0 };
}

/**
 * How far every state of the target can be pushed and still be drawn back: the most perturbations r such that all that
 * r steps along `perturb` can reach lies in the basin; −1 where the target does not lie in it.
 *
 * @param perturb states that one perturbation leads to
 */
export function robustness(
  drawn: ArrayLike<number>,
  isTarget: ArrayLike<number>,
  perturb: (state: number) => readonly number[],
): number {
  const states = isTarget.length;
  let front = Array.from({ length: states }, (_, s) => s).filter((s) => isTarget[s]!);
  const reached = new Set(front);
  for (let radius = -1; ; radius++) {
    if (front.some((s) => !drawn[s]!)) return radius;
    front = [...new Set(front.flatMap(perturb))].filter((s) => !reached.has(s));
    // Everything that perturbations reach is drawn back.
    if (front.length === 0) return Number.POSITIVE_INFINITY;
    for (const s of front) reached.add(s);
  }
}

/**
 * Which coordinates of a state may be changed to anything without the system failing to return: their number is the
 * dimension of what it is robust in.
 *
 * @param sizes how many values each coordinate takes; states count with the first coordinate slowest
 */
export function robustDimensions(
  drawn: ArrayLike<number>,
  isTarget: ArrayLike<number>,
  sizes: readonly number[],
): readonly number[] {
  const strides = sizes.map((_, k) => sizes.slice(k + 1).reduce((product, each) => product * each, 1));
  return sizes.flatMap((size, k) => {
    for (let s = 0; s < isTarget.length; s++) {
      if (!isTarget[s]!) continue;
      const own = Math.floor(s / strides[k]!) % size;
      for (let v = 0; v < size; v++) if (!drawn[s + (v - own) * strides[k]!]!) return [];
    }
    return [k];
  });
}

/** One setting of what steers a system, and where the system then goes. */
export interface Steered {
  /** Settings, one a part. */
  readonly setting: readonly number[];
  /** Any name of the target that it reaches. */
  readonly target: string;
}

/**
 * The fewest parts of a setting whose change changes the target, from the first setting listed; infinite where none
 * does. Small beside the number of parts: the target is represented in one place, and the rest would do for any other.
 */
export function retargetingCost(settings: readonly Steered[]): number {
  const [now, ...others] = settings;
  assert(now !== undefined, "a setting to begin with");
  let least = Number.POSITIVE_INFINITY;
  for (const { setting, target } of others) {
    assert(setting.length === now.setting.length, `${now.setting.length} parts a setting, got ${setting.length}`);
    if (target === now.target) continue;
    least = Math.min(least, setting.filter((each, i) => each !== now.setting[i]).length);
  }
  return least;
}
