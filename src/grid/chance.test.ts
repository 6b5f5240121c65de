/** @file Chance in memory: uniform, independent between slots, and replayed by restoring two words. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { CHANCE_WORDS, nextChance, seedChance } from "./chance.ts";

test("numbers are uniform and successive ones uncorrelated", () => {
  const state = new Int32Array(CHANCE_WORDS);
  seedChance(state, 0, rng(1));
  const n = 100_000;
  const bins = new Array<number>(20).fill(0);
  let [previous, products] = [0.5, 0];
  for (let i = 0; i < n; i++) {
    const value = nextChance(state, 0);
    bins[Math.floor(value * 20)]!++;
    products += (value - 0.5) * (previous - 0.5);
    previous = value;
  }
  const chiSquare = bins.reduce((sum, bin) => sum + (bin - n / 20) ** 2 / (n / 20), 0);
  expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, p = 0.001
  expect(Math.abs(products / n) * 12).toBeLessThan(5 / Math.sqrt(n));
});

test("slots do not share numbers, and a restored state draws the same ones", () => {
  const state = new Int32Array(2 * CHANCE_WORDS);
  const random = rng(2);
  seedChance(state, 0, random);
  seedChance(state, 1, random);
  const draw = (slot: number) => Array.from({ length: 8 }, () => nextChance(state, slot));
  const kept = state.slice();
  const first = draw(0);
  expect(draw(1)).not.toEqual(first);
  state.set(kept);
  expect(draw(0)).toEqual(first);
});
