/** @file Over-optimization of a proxy: the best-of-n law on its toy, and the estimator from samples. */
import { rng } from "../core/rng.ts";
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import {
  bestOfDistance,
  bestOfScore,
  fitOveroptimization,
  overoptimizationPeak,
  quadraticToy,
} from "../theory/goodhart/over-optimization.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import { bestOfKl, normalMaximum } from "../theory/selection/order-statistics.ts";

const sizes = Array.from({ length: 11 }, (_, i) => 2 ** i);
const scores = sizes.map((n) => quadraticToy(n, 0.3));
const law = once(() => fitOveroptimization("best-of-n", sizes.map(bestOfDistance), scores));

/** The law fitted over something else than √KL in nats, or in the other form. */
const wrongFits = once(() => ({
  "over KL, not its root": fitOveroptimization("best-of-n", sizes.map(bestOfKl), scores),
  "over √KL in bits": fitOveroptimization(
    "best-of-n",
    sizes.map((n) => Math.sqrt(bestOfKl(n) * Math.LOG2E)),
    scores,
  ),
  "over √ln n": fitOveroptimization(
    "best-of-n",
    sizes.map((n) => Math.sqrt(Math.log(n))),
    scores,
  ),
  "the law of reinforcement": fitOveroptimization("reinforcement", sizes.map(bestOfDistance), scores),
}));
const mistakes = (pick: "alpha" | "beta") =>
  (["over KL, not its root", "over √KL in bits", "over √ln n", "the law of reinforcement"] as const).map((name) => ({
    name,
    compute: () => wrongFits()[name][pick],
  }));

const PUBLISHED = "0 0.564 0.864 1.003 1.041 1.013 0.934 0.821 0.681 0.526 0.352".split(" ");
const toy = (i: number): Quantity => ({
  name: `gold of the best of ${2 ** i}, z − 0.3 z² + 0.3 selected by z`,
  published: printed(PUBLISHED[i]!, i < 8 ? 0.002 : 0.0065),
  compute: () => scores[i]!,
  ...(i < 8 ? {} : { note: "The published value is a simulation, noisier where n is large." }),
});

/** A proxy law whose two forms can be told apart. */
const reinforced = { form: "reinforcement", alpha: 1.4, beta: 0.45 } as const;

/** Estimates of E gold of the best of 8 from 12 samples each. */
const estimates = once(() => {
  const random = rng(2);
  return Array.from({ length: 4000 }, () => {
    const z = Float64Array.from({ length: 12 }, () => random.normal()).sort();
    return {
      unbiased: bestOfScore(z, z, 8),
      replaced: z.reduce((sum, x, i) => sum + x * (((i + 1) / 12) ** 8 - (i / 12) ** 8), 0),
    };
  });
});

export const overOptimization = defineReference({
  id: "over-optimization",
  line: "E11",
  title: "Over-optimization of a proxy",
  source: "Gao, Schulman and Hilton 2022, arXiv:2210.10760; toy by simulation, peaks derived",
  quantities: [
    {
      name: "best-of-n law on the toy: α",
      published: printed("1.548", 0.03),
      compute: () => law().alpha,
      mistakes: mistakes("alpha").filter(({ name }) => name !== "over √ln n"),
    },
    {
      name: "best-of-n law on the toy: β",
      published: printed("0.576", 0.015),
      compute: () => law().beta,
      mistakes: mistakes("beta"),
    },
    {
      name: "its peak: distance",
      published: printed("1.34", 0.01),
      compute: () => overoptimizationPeak(law()).d,
      mistakes: [{ name: "α/β, where the law is back at 0", compute: () => overoptimizationPeak(law()).zero }],
    },
    {
      name: "its peak: n",
      published: printed("16"),
      compute: () => sizes[scores.indexOf(Math.max(...scores))]!,
    },
    ...PUBLISHED.map((_, i) => toy(i)),
    {
      name: "law of reinforcement, α = 1.4, β = 0.45: distance of the peak, exp(α/β − 1)",
      published: printed(Math.exp(1.4 / 0.45 - 1).toFixed(6)),
      compute: () => overoptimizationPeak(reinforced).d,
      mistakes: [
        {
          name: "R = α d − β d², the law of best-of-n, taken for that of reinforcement",
          compute: () => overoptimizationPeak({ ...reinforced, form: "best-of-n" }).d,
        },
      ],
    },
    {
      name: "E max of 8 from 12 samples, over all subsets",
      published: printed("1.42360", 0.04),
      compute: () => sampledMean(estimates().map(({ unbiased }) => unbiased)),
      mistakes: [
        {
          name: "resampling with replacement",
          compute: () => sampledMean(estimates().map(({ replaced }) => replaced)),
        },
      ],
      note: `Exact: ${normalMaximum(8).mean.toFixed(5)}; the tolerance is four standard errors of our simulation.`,
    },
  ],
});
