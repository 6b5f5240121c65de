/** @file Demand whose indices are known: the example in the documentation of the R package revpref (GPL-3), and consumers with a utility. */
import { rng } from "../../core/rng.ts";
import type { Demand } from "./revealed-preference.ts";

/** Ten observations of three goods. */
export const publishedDemand: Demand = {
  goods: 3,
  // biome-ignore format: rows of ten as published, read row by row into observations of three
  prices: Float64Array.of(
    4, 4, 4, 1, 9, 3, 2, 8, 3, 1,
    8, 4, 3, 1, 9, 3, 2, 8, 8, 4,
    1, 4, 1, 8, 9, 3, 1, 8, 3, 2,
  ),
  // biome-ignore format: as above
  quantities: Float64Array.of(
    1.81, 0.19, 10.51, 17.28, 2.26, 4.13, 12.33, 2.05, 2.99, 6.06,
    5.19, 0.62, 11.34, 10.33, 0.63, 4.33, 8.08, 2.61, 4.36, 1.34,
    9.76, 1.37, 36.35, 1.02, 3.21, 4.97, 6.2, 0.32, 8.53, 10.92,
  ),
};

/** A mistake: bundles at others' prices, the wrong way round. */
export function pricedWrongWayRound(cost: Float64Array): Float64Array {
  const n = Math.sqrt(cost.length);
  return cost.map((_, at) => cost[(at % n) * n + Math.floor(at / n)]!);
}

/**
 * A consumer of Cobb and Douglas: fixed shares of a budget of 100, whatever the prices, which are drawn from [1, 10).
 *
 * @param shares of the budget, one a good
 */
export function cobbDouglas(shares: readonly number[], observations: number, seed: number): Demand {
  const random = rng(seed);
  const prices = Float64Array.from({ length: observations * shares.length }, () => 1 + 9 * random.uniform());
  const quantities = prices.map((price, at) => (shares[at % shares.length]! * 100) / price);
  return { goods: shares.length, prices, quantities };
}
