/** @file Learning that guides evolution: shares of alleles in Hinton and Nowlan's simulation. */
import { rng } from "../core/rng.ts";
import { below, between, defineReference, once, printed, type Quantity } from "../reference.ts";
import { founderWithoutWrong, hintonNowlan } from "../theory/evolution/hinton-nowlan.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";

const SEEDS = 6;
const runs = once(() => Array.from({ length: SEEDS }, (_, seed) => hintonNowlan({ generations: 50, rng: rng(seed) })));
const at = (generation: number, pick: "right" | "wrong" | "open" | "inborn") =>
  sampledMean(runs().map((run) => run[generation]![pick]));
const withoutLearning = () =>
  sampledMean([1, 2].map((seed) => hintonNowlan({ generations: 50, trials: 0, rng: rng(seed) }).at(-1)!.right));
const withoutSpeed = () =>
  sampledMean([0, 1].map((seed) => hintonNowlan({ generations: 50, worth: () => 20, rng: rng(seed) }).at(-1)!.right));

const share = (generation: number, pick: "right" | "open", digits: string, spread: number): Quantity => ({
  name: `generation ${generation}: share of ${pick === "right" ? "correct" : "open"} alleles`,
  // Published over 60 runs with that spread, ours over six.
  published: printed(digits, 3 * spread * Math.hypot(1 / Math.sqrt(60), 1 / Math.sqrt(SEEDS))),
  compute: () => at(generation, pick),
});

export const guidedEvolution = defineReference({
  id: "guided-evolution",
  line: "E14",
  title: "Learning that guides evolution",
  source: "Hinton and Nowlan 1987; shares over 60 simulated runs",
  quantities: [
    {
      name: "generation 50: share of correct alleles, band",
      published: between(0.7, 0.82, 2),
      compute: () => at(50, "right"),
      mistakes: [
        { name: "no learning: fitness only if all is correct", compute: withoutLearning },
        { name: "success without its speed", compute: withoutSpeed },
      ],
    },
    share(20, "right", "0.666", 0.038),
    share(20, "open", "0.334", 0.037),
    share(50, "right", "0.762", 0.022),
    share(50, "open", "0.238", 0.022),
    { name: "generation 50: share of wrong alleles", published: below(0.01, 2), compute: () => at(50, "wrong") },
    {
      name: "founders without a wrong allele, 0.75²⁰",
      published: printed("0.00317"),
      compute: () => founderWithoutWrong(20),
    },
  ],
});
