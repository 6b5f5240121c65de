/** @file POWER of a star, and how many rewards prefer the larger set of options. */
import { rng } from "../core/rng.ts";
import { defineReference, printed, type Quantity } from "../reference.ts";
import { optimal, stateReward, tabular } from "../theory/agency/mdp.ts";
import { sampledPowerOf, starPower } from "../theory/agency/power.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";

/** State 0 leads to each of k states that lead to themselves. */
const star = (k: number, gamma: number) =>
  tabular({ states: k + 1, actions: k, gamma, step: (s, a) => [[s === 0 ? a + 1 : s, 1]] });

const closed = (k: number, digits: string): Quantity => ({
  name: `star with ${k} ways out: k/(k + 1)`,
  published: printed(digits),
  compute: () => starPower(k),
  mistakes: k > 1 ? [{ name: "the mean reward of a way out", compute: () => 0.5 }] : [],
});

/** At the center of the star: the optimal value itself in the place of POWER. */
const rawValue = (k: number, gamma: number) => {
  const [mdp, random] = [star(k, gamma), rng(1)];
  return sampledMean(
    Float64Array.from({ length: 4000 }, () => {
      const reward = Float64Array.from({ length: k + 1 }, () => random.uniform());
      return (1 - gamma) * optimal(mdp, stateReward(mdp, reward)).value[0]!;
    }),
  );
};

/** State 0 leads to an end, or to a state from which k ends are reached; share of rewards that prefer the latter. */
const prefersMore = (k: number) => {
  const mdp = tabular({
    states: k + 3,
    actions: Math.max(2, k),
    gamma: 0.9,
    start: Float64Array.from({ length: k + 3 }, (_, s) => (s === 0 ? 1 : 0)),
    // 0: the fork, 1: the lone end, 2: the hall, from 3 on its ends.
    step: (s, a) => [[s === 0 ? (a === 0 ? 1 : 2) : s === 2 ? 3 + (a % k) : s, 1]],
  });
  const random = rng(2);
  return sampledMean(
    Float64Array.from({ length: 4000 }, () => {
      // Only ends are worth something, so that the way there costs all the same.
      const reward = Float64Array.from({ length: k + 3 }, (_, s) => (s === 0 || s === 2 ? 0 : random.uniform()));
      const { action } = optimal(
        mdp,
        stateReward(
          mdp,
          reward.map((each, s) => (s === 1 ? 0.9 * each : each)),
        ),
      );
      return action[0] === 0 ? 0 : 1;
    }),
  );
};

const sampled = (k: number, gamma: number): Quantity => ({
  name: `the same by sampling, k = ${k}, γ = ${gamma}`,
  published: printed((k / (k + 1)).toFixed(4), 0.02),
  compute: () => {
    const { mean, standardError } = sampledPowerOf(star(k, gamma), { samples: 4000, rng: rng(1) });
    const half = 1.96 * standardError[0]!;
    return { mean: mean[0]!, low: mean[0]! - half, high: mean[0]! + half, n: 4000 };
  },
  mistakes:
    gamma < 0.9 ? [{ name: "the own reward not taken off, γ not divided out", compute: () => rawValue(k, gamma) }] : [],
});

export const powerSeeking = defineReference({
  id: "power-seeking",
  line: "E16",
  title: "POWER",
  source: "Turner et al. 2021, arXiv:1912.01683; star with rewards uniform on [0, 1]",
  quantities: [
    closed(1, "0.5000"),
    closed(2, "0.6667"),
    closed(3, "0.7500"),
    closed(10, "0.9091"),
    sampled(2, 0.9),
    sampled(3, 0.3),
    sampled(10, 0.9),
    {
      name: "share of rewards whose optimal policy goes where 3 ends are, not 1: k/(k + 1)",
      published: printed("0.7500", 0.025),
      compute: () => prefersMore(3),
      mistakes: [{ name: "one half: of two ways one", compute: () => 1 / 2 }],
      note: "One step farther on; the lone end is worth γ as much, so that both are reached at one cost.",
    },
  ],
});
