/** @file Revealed preference: ten observations of three goods, and what they waste. */
import { rng } from "../core/rng.ts";
import { defineReference, printed, type Quantity } from "../reference.ts";
import { cobbDouglas, pricedWrongWayRound, publishedDemand } from "../theory/preference/published-demand.ts";
import { houtmanMaks, varianIndex } from "../theory/preference/rationality-indices.ts";
import {
  bronarsPower,
  criticalCostEfficiency,
  expenditures,
  garp,
  moneyPump,
  warp,
} from "../theory/preference/revealed-preference.ts";

const cost = expenditures(publishedDemand);

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
      mistakes: [
        {
          name: "bundles priced the wrong way round",
          compute: () => criticalCostEfficiency(pricedWrongWayRound(cost)),
        },
      ],
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
      compute: () => bronarsPower(publishedDemand, { consumers: 3000, rng: rng(1) }),
      note: "0.848 by an independent computation, with shares flat on the simplex.",
    },
    {
      ...number("critical cost efficiency of a Cobb and Douglas consumer", "1", () =>
        criticalCostEfficiency(expenditures(cobbDouglas([0.5, 0.3, 0.2], 25, 1))),
      ),
    },
  ],
});
