/** @file Rationality indices: brute force over subsets and over all efficiencies, bounds, rational consumers, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { cobbDouglas } from "./published-demand.ts";
import { houtmanMaks, varianIndex } from "./rationality-indices.ts";
import { criticalCostEfficiency, type Demand, expenditures, garp, randomConsumer } from "./revealed-preference.ts";

/** Random choices from random budgets. */
function randomCost(observations: number, goods: number, random: Rng): Float64Array {
  const size = observations * goods;
  const prices = Float64Array.from({ length: size }, () => 1 + 9 * random.uniform());
  const demand: Demand = { goods, prices, quantities: prices.map((price) => 100 / price) };
  return expenditures(randomConsumer(demand, random));
}

const subset = (cost: Float64Array, kept: readonly number[]) => {
  const n = Math.sqrt(cost.length);
  return Float64Array.from(kept.flatMap((i) => kept.map((j) => cost[i * n + j]!)));
};

/** Whether no cycle violates where i compares itself at eᵢ, by transitive closure; ties are dropped as in the supremum. */
function isRational(cost: Float64Array, limits: readonly number[]): boolean {
  const n = limits.length;
  const ratio = (i: number, j: number) => cost[i * n + j]! / cost[i * (n + 1)]!;
  const weak = (i: number, j: number) => ratio(i, j) <= 1 && ratio(i, j) < limits[i]!;
  const reach = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => weak(i, j)));
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (reach[i]![k]! && reach[k]![j]!) reach[i]![j] = true;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (i !== j && weak(i, j) && ratio(i, j) < 1 && reach[j]![i]!) return false;
  return true;
}

describe("Houtman and Maks", () => {
  test("brute force over all subsets of eight observations", () => {
    const random = rng(1);
    for (let round = 0; round < 25; round++) {
      const cost = randomCost(8, 3, random);
      let most = 0;
      for (let set = 0; set < 256; set++) {
        const kept = [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => set & (1 << i));
        if (kept.length > most && garp(subset(cost, kept)).holds) most = kept.length;
      }
      const found = houtmanMaks(cost);
      expect(found.kept.length).toBe(most);
      expect(found.share).toBe(most / 8);
      expect(garp(subset(cost, found.kept)).holds).toBe(true);
    }
  });

  test("wrong version: dropping whatever takes part in a violation drops too much", () => {
    // One choice contradicts four that agree among themselves.
    const random = rng(2);
    let larger = 0;
    for (let round = 0; round < 20; round++) {
      const cost = randomCost(8, 3, random);
      const innocent = Array.from({ length: 8 }, (_, i) => i).filter((i) =>
        Array.from({ length: 8 }, (_, j) => j).every((j) => i === j || garp(subset(cost, [i, j])).holds),
      );
      if (houtmanMaks(cost).kept.length > innocent.length) larger++;
    }
    expect(larger).toBeGreaterThan(10);
  });
});

describe("Varian", () => {
  test("brute force over every choice of limits for four observations", () => {
    const random = rng(3);
    let [improved, violating] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const cost = randomCost(4, 3, random);
      const options = [0, 1, 2, 3].map((i) => [
        Number.POSITIVE_INFINITY,
        ...[0, 1, 2, 3]
          .filter((j) => j !== i && cost[4 * i + j]! <= cost[5 * i]!)
          .map((j) => cost[4 * i + j]! / cost[5 * i]!),
      ]);
      let least = Number.POSITIVE_INFINITY;
      for (const a of options[0]!)
        for (const b of options[1]!)
          for (const c of options[2]!)
            for (const d of options[3]!) {
              const limits = [a, b, c, d];
              const waste =
                limits.reduce((sum, each) => sum + (each === Number.POSITIVE_INFINITY ? 0 : 1 - each), 0) / 4;
              if (waste < least && isRational(cost, limits)) least = waste;
            }
      const found = varianIndex(cost);
      expect(found.waste).toBeCloseTo(least, 12);
      expect(found.efficiencies.reduce((sum, each) => sum + (1 - each) / 4, 0)).toBeCloseTo(found.waste, 12);
      const own = Array.from(found.efficiencies, (each) => (each === 1 ? Number.POSITIVE_INFINITY : each));
      expect(isRational(cost, own)).toBe(true);
      // Wrong version: Afriat's share taken off every budget wastes more.
      const afriat = 1 - criticalCostEfficiency(cost);
      expect(found.waste).toBeLessThanOrEqual(afriat + 1e-12);
      expect(found.waste).toBeGreaterThanOrEqual(afriat / 4 - 1e-12);
      if (afriat > 0) violating++;
      if (found.waste < afriat - 1e-6) improved++;
    }
    expect(violating).toBeGreaterThan(10);
    expect(improved).toBeGreaterThan(violating / 2);
  });

  test("twenty random choices are solved, within Afriat's bounds", () => {
    const cost = randomCost(20, 3, rng(4));
    const { waste, efficiencies } = varianIndex(cost);
    const limits = Array.from(efficiencies, (each) => (each === 1 ? Number.POSITIVE_INFINITY : each));
    expect(isRational(cost, limits)).toBe(true);
    const afriat = 1 - criticalCostEfficiency(cost);
    expect(waste).toBeGreaterThan(0);
    expect(waste).toBeLessThan(afriat);
  });
});

test("a consumer with a utility wastes nothing and is kept whole", () => {
  const cost = expenditures(cobbDouglas([0.5, 0.3, 0.2], 20, 5));
  expect(varianIndex(cost)).toEqual({ efficiencies: new Float64Array(20).fill(1), waste: 0 });
  expect(houtmanMaks(cost).share).toBe(1);
});
