/** @file Bits of optimization: worked examples, selection by any weights, and what a sample resolves. */
import { defineReference, exactly, once, printed, type Quantity } from "../reference.ts";
import { priceEquation } from "../theory/evolution/price.ts";
import { optimizationPower, sampledPower } from "../theory/selection/optimization-power.ts";
import { bestOfBits, bestOfKl, normalMaximum } from "../theory/selection/order-statistics.ts";
import { normalTilt, reweightingKl } from "../theory/selection/selection.ts";

const CELLS = 100_000;
/** Midpoints of a uniform law. */
const levels = once(() => Float64Array.from({ length: CELLS }, (_, i) => (i + 0.5) / CELLS));
const uniform = once(() => new Float64Array(CELLS).fill(1 / CELLS));

const armstrong = (state: number, bits: string): Quantity => ({
  name: `eight equiprobable states, reaching X${state}: bits`,
  published: printed(bits),
  compute: () => optimizationPower((8 - state) / 8),
  mistakes: [{ name: "states strictly better only", compute: () => Math.log2(8 / Math.max(0.5, 7 - state)) }],
});

export const optimizationBits = defineReference({
  id: "optimization-bits",
  line: "E0",
  title: "Bits of optimization",
  source: "Yudkowsky 2008; worked example: Armstrong 2012; reweighting identity B = E[(w/w̄) log₂ (w/w̄)] and Price 1970",
  quantities: [
    armstrong(6, "2"),
    armstrong(4, "1"),
    armstrong(7, "3"),
    {
      name: "truncation at the best twentieth: −log₂ 0.05",
      published: printed("4.3219"),
      compute: () =>
        reweightingKl(
          uniform(),
          levels().map((u) => (u > 0.95 ? 1 : 0)),
        ) * Math.LOG2E,
    },
    {
      name: "best of 10 as the reweighting n u^(n − 1): bits",
      published: printed("2.02350", 1e-4),
      compute: () =>
        reweightingKl(
          uniform(),
          levels().map((u) => 10 * u ** 9),
        ) * Math.LOG2E,
      mistakes: [{ name: "log₂ n", compute: () => bestOfBits(10).nominal }],
    },
    {
      name: "tilt by e^(βr), β = 2, sd 1: gain − √(2 KL)",
      published: exactly(0, 4),
      compute: () => normalTilt(2, 1).gain - Math.sqrt(2 * normalTilt(2, 1).kl),
      mistakes: [
        { name: "the best of n reaches it", compute: () => normalMaximum(100).mean - Math.sqrt(2 * bestOfKl(100)) },
        { name: "KL in bits", compute: () => normalTilt(2, 1).gain - Math.sqrt(2 * normalTilt(2, 1).kl * Math.LOG2E) },
      ],
    },
    {
      name: "selection response of the best of 4 of a uniform trait, Cov(w, z)/w̄",
      published: printed("0.3000", 1e-4),
      compute: () =>
        priceEquation({ trait: levels(), fitness: levels().map((u) => 4 * u ** 3), offspringTrait: levels() })
          .selection,
    },
    {
      name: "the best that 1,000 references resolve, bits",
      published: printed("9.97"),
      compute: () => sampledPower(0, 1000),
    },
  ],
});
