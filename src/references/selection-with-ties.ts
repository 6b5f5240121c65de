/** @file Selection among outcomes that tie: its divergence and its win rate. */
import { defineReference, printed, type Quantity } from "../reference.ts";
import { bestOfKl, bestOfWinRate } from "../theory/selection/order-statistics.ts";
import { selectionKl, selectionWinRate } from "../theory/selection/selection.ts";

const uniform = (k: number) => ({ probabilities: new Float64Array(k).fill(1 / k) });

const kl = (outcomes: number, n: number, digits: string): Quantity => ({
  name: `KL of the best of ${n} among ${outcomes} outcomes, nats`,
  published: printed(digits),
  compute: () => selectionKl(uniform(outcomes), n),
  mistakes: [{ name: "the formula without ties, ln n − (n − 1)/n", compute: () => bestOfKl(n) }],
});

const wins = (n: number): Quantity => ({
  name: `win rate of the best of ${n} without ties, n/(n + 1)`,
  published: printed((n / (n + 1)).toFixed(4)),
  compute: () => selectionWinRate(uniform(20_000), n),
  mistakes: [{ name: "(n − 1)/n", compute: () => (n - 1) / n }],
});

export const selectionWithTies = defineReference({
  id: "selection-with-ties",
  line: "E8",
  title: "Selection among outcomes that tie",
  source: "Beirami et al. 2024, arXiv:2401.01879; numbers by enumeration",
  quantities: [
    kl(2, 2, "0.13081"),
    kl(2, 4, "0.45936"),
    kl(16, 16, "1.79404"),
    kl(4096, 1024, "5.92985"),
    {
      name: "KL of the best of very many among 2 outcomes: ln 2",
      published: printed("0.69315"),
      compute: () => selectionKl(uniform(2), 10_000),
      mistakes: [{ name: "the formula without ties", compute: () => bestOfKl(10_000) }],
    },
    wins(2),
    wins(4),
    wins(10),
    {
      name: "win rate of the best of 4 among 3 outcomes: at most n/(n + 1)",
      published: { text: "below 0.8000", low: 0.5, high: 0.8, tolerance: "as stated", decimals: 4 },
      compute: () => selectionWinRate(uniform(3), 4),
    },
    { name: "the bound itself, n = 4", published: printed("0.8", 1e-12), compute: () => bestOfWinRate(4) },
  ],
});
