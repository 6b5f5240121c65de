/** @file Revealed preference: ten observations of three goods, and what they waste. */
import { rng } from "../core/rng.ts";
import { defineReference, printed, type Quantity } from "../reference.ts";
import { houtmanMaks, varianIndex } from "../theory/preference/rationality-indices.ts";
import {
  bronarsPower,
  criticalCostEfficiency,
  type Demand,
  expenditures,
  garp,
  moneyPump,
  warp,
} from "../theory/preference/revealed-preference.ts";

/** Ten observations of three goods: the example in the documentation of revpref. */
const demand: Demand = {
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
const cost = expenditures(demand);
const n = 10;
/** Bundles at others' prices, the wrong way round. */
const transposed = cost.map((_, at) => cost[(at % n) * n + Math.floor(at / n)]!);

/** Fixed shares of the budget whatever the prices: 25 observations of three goods. */
function cobbDouglas(): Demand {
  const random = rng(1);
  const prices = Float64Array.from({ length: 75 }, () => 1 + 9 * random.uniform());
  return { goods: 3, prices, quantities: prices.map((price, at) => ([0.5, 0.3, 0.2][at % 3]! * 100) / price) };
}

const number = (name: string, digits: string, compute: () => number, within?: number): Quantity => ({
  name,
  published: printed(digits, within),
  compute,
});

export const revealedPreference = defineReference({
  id: "revealed-preference",
  line: "E17",
  title: "Revealed preference",
  source: "Ten observations of three goods and their results in the documentation of the R package revpref",
  quantities: [
    {
      ...number("GARP: ordered pairs that violate it", "8", () => garp(cost).violations),
      mistakes: [{ name: "no transitive closure (WARP)", compute: () => warp(cost).violations }],
    },
    number("WARP: pairs that violate it", "1", () => warp(cost).violations),
    number("GARP at efficiency 0.90: violations", "0", () => garp(cost, 0.9).violations),
    {
      ...number("critical cost efficiency (Afriat)", "0.9488409", () => criticalCostEfficiency(cost)),
      mistakes: [{ name: "bundles priced the wrong way round", compute: () => criticalCostEfficiency(transposed) }],
    },
    number("money pump index, least", "0.07242757", () => moneyPump(cost)[0], 1e-7),
    number("money pump index, greatest", "0.18732824", () => moneyPump(cost)[1], 1e-7),
    {
      ...number(
        "observations in the largest rational subset (Houtman and Maks)",
        "9",
        () => houtmanMaks(cost).kept.length,
      ),
      note: "By enumeration of all 1,024 subsets.",
    },
    {
      ...number(
        "mean waste (Varian): 1 − CCEI over 10, since one choice is at fault",
        "0.00511591",
        () => varianIndex(cost).waste,
      ),
      mistakes: [{ name: "Afriat's waste off every budget", compute: () => 1 - criticalCostEfficiency(cost) }],
    },
    {
      name: "Bronars' power",
      published: printed("0.858", 0.03),
      compute: () => bronarsPower(demand, { consumers: 3000, rng: rng(1) }),
      note: "0.848 by an independent computation, with shares flat on the simplex.",
    },
    {
      ...number("critical cost efficiency of a Cobb and Douglas consumer", "1", () =>
        criticalCostEfficiency(expenditures(cobbDouglas())),
      ),
    },
  ],
});
