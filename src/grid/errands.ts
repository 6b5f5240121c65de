/**
 * @file Exact oracle for worlds in which things lie about and stepping on one
 * does something: keys, chests, apples. A walk is cut at each event; between two
 * events nothing happens, so only the order of events has to be searched, with
 * breadth-first distances of walks that touch nothing on the way.
 *
 *     V(cell, taken, left) = max over things i that can be stepped on next of
 *       γ^(d−1) · reward(i) + γ^d · V(cell of i, taken + i, left − d)
 *
 * Treating every possible event as a stop makes it exact where passing a thing
 * has an effect that cannot be declined (a chest opens when a key is held).
 * Values are remembered for each (taken, last thing). They hold for any time
 * left that is at least as long as the longest walk behind them; shorter times
 * are remembered one by one.
 */
import { assert } from "../core/errors.ts";
import { floodUntil } from "./flood.ts";

/** More things than this on one level would need more than 2^14 sets. */
export const MAX_THINGS = 14;

/** What stepping on things does; things are numbered 0, 1, …, and a set of them is a bit mask. */
export interface ErrandRules {
  /** Does stepping on thing i do anything when `taken` are gone? Only asked while i is not taken. */
  isActive(taken: number, thing: number): boolean;
  /** Reward of taking thing i; not negative. */
  reward(taken: number, thing: number): number;
  /** Is the episode over once `taken` are gone? */
  isOver(taken: number): boolean;
}

export interface Errands {
  /**
   * Choose the level. Cheap when it is the level of the last call.
   *
   * @param cells where each thing is; all present, no two on one cell
   */
  load(walls: Uint8Array, cells: readonly number[], rules: ErrandRules, gamma: number): void;
  /** Best discounted return from `from` with `left` steps to go. */
  value(from: number, taken: number, left: number): number;
  /** Bit a is set when move a is optimal; 0 when nothing more can be earned. */
  moves(from: number, taken: number, left: number, deltas: Int16Array): number;
}

/**
 * A solver with its own memory. `rules` must depend only on the level passed
 * with it: the memory is cleared when walls, cells, gamma or the rules object change.
 */
export function makeErrands(cellCount: number, width: number): Errands {
  const walls = new Uint8Array(cellCount);
  const distance = new Int16Array(cellCount);
  const queue = new Int16Array(cellCount);
  const stops = new Uint8Array(cellCount);
  const thingAt = new Int16Array(cellCount).fill(-1);
  let cells: readonly number[] = [];
  let rules: ErrandRules | undefined;
  let gamma = 1;
  /** γ^d for every distance that occurs. */
  const power = new Float64Array(cellCount + 1);
  /** Steps from a thing to each other thing, by (taken, last); read where `known` holds the present stamp. */
  let legs = new Int16Array(0);
  let known = new Int32Array(0);
  let values = new Float64Array(0);
  /** Longest walk behind the value; −1 when the value is not known for unlimited time. */
  let longest = new Int32Array(0);
  let stamp = 0;
  const limited = new Map<number, number>();
  /** Set by `best` when a thing was out of reach in time. */
  let truncated = false;
  let walk = 0;

  function load(nextWalls: Uint8Array, nextCells: readonly number[], nextRules: ErrandRules, nextGamma: number): void {
    const same =
      rules === nextRules &&
      gamma === nextGamma &&
      cells.length === nextCells.length &&
      cells.every((cell, i) => cell === nextCells[i]) &&
      walls.every((wall, i) => wall === nextWalls[i]);
    if (same) return;
    assert(nextCells.length <= MAX_THINGS, `errands: ${nextCells.length} things`);
    walls.set(nextWalls);
    cells = [...nextCells];
    rules = nextRules;
    gamma = nextGamma;
    thingAt.fill(-1);
    for (const [thing, cell] of cells.entries()) thingAt[cell] = thing;
    for (let d = 0; d <= cellCount; d++) power[d] = gamma ** d;
    const states = cells.length << cells.length;
    if (known.length < states) {
      known = new Int32Array(states);
      values = new Float64Array(states);
      longest = new Int32Array(states);
      stamp = 0;
    }
    if (legs.length < states * cells.length) legs = new Int16Array(states * cells.length);
    stamp++;
    limited.clear();
  }

  /** Distances from `from` to the things that can be stepped on next, into `out[at…]`; −1 = not next. */
  function measure(from: number, taken: number, out: Int16Array, at: number): void {
    for (let thing = 0; thing < cells.length; thing++) {
      const active = (taken & (1 << thing)) === 0 && rules!.isActive(taken, thing);
      stops[cells[thing]!] = active ? 1 : 0;
    }
    floodUntil(walls, width, from, distance, queue, stops);
    for (let thing = 0; thing < cells.length; thing++) {
      const cell = cells[thing]!;
      const steps = stops[cell] === 1 ? distance[cell]! : -1;
      // Standing on a thing is past its event: stepping on it again takes leaving and coming back, never the shortest way.
      out[at + thing] = steps === 0 ? -1 : steps;
      stops[cell] = 0;
    }
  }

  /** The recursion over measured legs; leaves `truncated` and `walk` for the caller. */
  function best(table: Int16Array, at: number, taken: number, left: number): number {
    let found = 0;
    let cut = false;
    let longestWalk = 0;
    for (let thing = 0; thing < cells.length; thing++) {
      const steps = table[at + thing]!;
      if (steps < 0) continue;
      if (steps > left) {
        cut = true;
        continue;
      }
      const after = taken | (1 << thing);
      let worth = power[steps - 1]! * rules!.reward(taken, thing);
      truncated = false;
      walk = 0;
      if (!rules!.isOver(after)) worth += power[steps]! * valueAtThing(thing, after, left - steps);
      cut ||= truncated;
      longestWalk = Math.max(longestWalk, steps + walk);
      if (worth > found) found = worth;
    }
    truncated = cut;
    walk = longestWalk;
    return found;
  }

  function valueAtThing(last: number, taken: number, left: number): number {
    const state = taken * cells.length + last;
    const at = state * cells.length;
    if (known[state] !== stamp) {
      measure(cells[last]!, taken, legs, at);
      known[state] = stamp;
      longest[state] = -1;
    }
    if (longest[state]! >= 0 && left >= longest[state]!) {
      truncated = false;
      walk = longest[state]!;
      return values[state]!;
    }
    const key = state * 32768 + left;
    const stored = limited.get(key);
    if (stored !== undefined) {
      truncated = true;
      walk = 0;
      return stored;
    }
    const found = best(legs, at, taken, left);
    if (truncated) limited.set(key, found);
    else {
      values[state] = found;
      longest[state] = walk;
    }
    return found;
  }

  const first = new Int16Array(MAX_THINGS);
  function value(from: number, taken: number, left: number): number {
    measure(from, taken, first, 0);
    return best(first, 0, taken, left);
  }

  function moves(from: number, taken: number, left: number, deltas: Int16Array): number {
    const worths = new Float64Array(deltas.length);
    if (left < 1 || rules!.isOver(taken)) return 0;
    for (let action = 0; action < deltas.length; action++) {
      const ahead = from + deltas[action]!;
      const to = walls[ahead] === 0 ? ahead : from;
      const thing = to === from ? -1 : thingAt[to]!;
      let after = taken;
      let reward = 0;
      if (thing >= 0 && (taken & (1 << thing)) === 0 && rules!.isActive(taken, thing)) {
        after |= 1 << thing;
        reward = rules!.reward(taken, thing);
      }
      worths[action] = reward + (rules!.isOver(after) ? 0 : gamma * value(to, after, left - 1));
    }
    const top = Math.max(...worths);
    // Rewards are 0 or 1 and discounts stay far above this: what is smaller is rounding.
    if (top <= 1e-12) return 0;
    let mask = 0;
    for (let action = 0; action < deltas.length; action++) {
      if (worths[action]! >= top * (1 - 1e-12)) mask |= 1 << action;
    }
    return mask;
  }

  return { load, value, moves };
}
