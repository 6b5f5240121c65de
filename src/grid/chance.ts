/**
 * @file Chance that is part of a batch's memory: one small counter-based
 * generator a slot, kept in an Int32Array, so that a restored snapshot draws
 * the same numbers again.
 */
import type { Rng } from "../core/rng.ts";

/** Words of state per slot. */
export const CHANCE_WORDS = 2;

/** Seed a slot's generator from a stream: a counter and a key. */
export function seedChance(state: Int32Array, slot: number, rng: Rng): void {
  state[slot * CHANCE_WORDS] = rng.bits();
  state[slot * CHANCE_WORDS + 1] = rng.bits();
}

/** The slot's next number, uniform in [0, 1) with 32 bits: a Weyl sequence through Mueller's finalizer, keyed twice. */
export function nextChance(state: Int32Array, slot: number): number {
  const at = slot * CHANCE_WORDS;
  const counter = (state[at]! + 0x9e3779b9) | 0;
  state[at] = counter;
  const key = state[at + 1]!;
  let x = counter ^ key;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15) ^ (key >>> 3), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}
