/** @file Screening of two types: the menu, its rent and its profit. */
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { twoTypeMenu } from "../theory/incentives/screening.ts";

const types = { cheap: 1, dear: 2, cheapShare: 0.5 };
const menu = once(() => twoTypeMenu(types));
const skewed = { ...types, cheapShare: 0.2 };

const number = (name: string, digits: string, compute: () => number, within?: number): Quantity => ({
  name,
  published: printed(digits, within),
  compute,
});

export const screening = defineReference({
  id: "screening",
  line: "E18",
  title: "Screening of two types, θ = (1, 2), p = 0.5",
  source: "Laffont and Martimort 2002, chapter 2; quadratic cost of effort",
  quantities: [
    number("effort of the cheap type: no distortion at the top", "1", () => menu().cheap.effort, 1e-12),
    {
      ...number("effort of the dear type", "0.3333", () => menu().dear.effort),
      mistakes: [{ name: "the first best, 1/θ", compute: () => 1 / types.dear }],
    },
    number("rent of the cheap type", "0.0556", () => menu().rent),
    number("pay of the cheap type", "0.5556", () => menu().cheap.pay),
    number("pay of the dear type", "0.1111", () => menu().dear.pay),
    {
      ...number("profit", "0.3333", () => menu().profit),
      mistakes: [
        {
          name: "first-best efforts with the rent they take",
          compute: () => 0.5 * (1 - 0.5 - 0.5 * (types.dear - types.cheap) * 0.25) + 0.5 * 0.25,
        },
        { name: "types known: the first best", compute: () => menu().firstBest },
      ],
    },
    number("profit of the first best", "0.375", () => menu().firstBest, 1e-12),
    {
      ...number(
        "p = 0.2: effort of the dear type, 1/(θ_H + p/(1 − p) Δθ)",
        "0.4444",
        () => twoTypeMenu(skewed).dear.effort,
      ),
      mistakes: [{ name: "(1 − p)/p for p/(1 − p)", compute: () => 1 / (2 + 0.8 / 0.2) }],
    },
  ],
});
