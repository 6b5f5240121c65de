/** @file The boosting attack on a leaderboard, and the Ladder that withstands it. */
import { rng } from "../core/rng.ts";
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { normalCdf } from "../theory/numerics/normal.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { boostedLoss, boostingAttack, ladder, naiveLeaderboard } from "../theory/selection/ladder.ts";

const law = (k: number, n: number, digits: string): Quantity => ({
  name: `loss on ${n} items after ${k} submissions: 1 − Φ(√(k/(π n)))`,
  published: printed(digits),
  compute: () => boostedLoss(k, n),
  mistakes: (
    [
      ["all submissions voted on", 1 / (2 * Math.PI)],
      ["the bias of one vote doubled", 4 / Math.PI],
      ["half the submissions kept, biased as if all were", 2 / Math.PI],
      ["π forgotten", 1],
    ] as const
  ).map(([name, factor]) => ({ name, compute: () => normalCdf(-Math.sqrt((factor * k) / n)) })),
});

const attacks = (make: typeof ladder, items: number, submissions: number, runs: number) =>
  once(() => Array.from({ length: runs }, (_, seed) => boostingAttack(make(), { submissions, items }, rng(seed))));
const [naive, small] = [attacks(naiveLeaderboard, 4000, 100, 8), attacks(naiveLeaderboard, 1000, 400, 8)];
const withstood = attacks(ladder, 1000, 400, 8);

export const leaderboardBoosting = defineReference({
  id: "leaderboard-boosting",
  line: "E10",
  title: "A leaderboard under attack",
  source: "Blum and Hardt 2015, arXiv:1502.04585; the law derived, simulations with their spreads",
  quantities: [
    law(400, 4000, "0.4292"),
    law(100, 4000, "0.4645"),
    law(400, 1000, "0.3606"),
    {
      name: "the attack simulated: 4000 items, 100 submissions",
      published: printed("0.461", 0.0066),
      compute: () => sampledMean(naive().map(({ loss }) => loss)),
    },
    {
      name: "the attack simulated: 1000 items, 400 submissions",
      published: printed("0.361", 0.014),
      compute: () => sampledMean(small().map(({ loss }) => loss)),
    },
    {
      name: "the Ladder reports, 1000 items, 400 submissions",
      published: printed("0.469", 0.03),
      compute: () => sampledMean(withstood().map(({ reported }) => reported)),
      mistakes: [
        { name: "the naive leaderboard's report", compute: () => sampledMean(small().map(({ reported }) => reported)) },
      ],
      note: "One run was published.",
    },
  ],
});
