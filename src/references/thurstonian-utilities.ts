/** @file Thurstonian utilities: recovery, and a random tournament that only looks like one in sample. */
import { type Rng, rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { above, below, defineReference, once, printed } from "../reference.ts";
import { sampledMean } from "../theory/numerics/sampled.ts";
import {
  cyclicTriads,
  fitThurstone,
  judgePairs,
  type PairChoices,
  preference,
  type Thurstonian,
} from "../theory/preference/thurstone.ts";

const OPTIONS = 50;
/** 2 N log₂ N */
const FITTED = Math.round(2 * OPTIONS * Math.log2(OPTIONS));

function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (x: number, y: number) => number) => a.reduce((s, each, i) => s + f(each - ma, b[i]! - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

/** All pairs, in random order, with what `shareOf` says of each. */
function tournament(random: Rng, count: number, shareOf: (first: number, second: number) => number): PairChoices[] {
  const pairs: PairChoices[] = [];
  for (let i = 0; i < OPTIONS; i++) for (let j = 0; j < i; j++) pairs.push({ first: i, second: j, share: 0, count });
  const order = pairs.map((_, i) => i);
  random.shuffle(order);
  return order.map((i) => ({ ...pairs[i]!, share: shareOf(pairs[i]!.first, pairs[i]!.second) }));
}

const recovered = once(() => {
  const random = rng(1);
  const truth: Thurstonian = {
    means: Float64Array.from({ length: OPTIONS }, () => random.normal()),
    variances: Float64Array.from({ length: OPTIONS }, () => Math.exp(-1 + 0.7 * random.normal())),
  };
  const pairs = tournament(random, 10, (first, second) => {
    let chosen = 0;
    for (let k = 0; k < 10; k++) if (random.uniform() < preference(truth, first, second)) chosen++;
    return chosen / 10;
  });
  return { truth, pairs, fit: fitThurstone(OPTIONS, pairs.slice(0, FITTED)), heldOut: pairs.slice(FITTED) };
});

/** How far preferences on held-out pairs lie from one half on average, over the true distance. */
function strength(fit: Thurstonian): number {
  const { truth, heldOut } = recovered();
  const of = (utilities: Thurstonian) =>
    mean(heldOut.map(({ first, second }) => Math.abs(preference(utilities, first, second) - 0.5)));
  return of(fit) / of(truth);
}

/** Tournaments whose every pair is decided by a coin, fitted and judged. */
const tournamentsOfCoins = (count: number) =>
  once(() =>
    Array.from({ length: count }, (_, seed) => {
      const random = rng(101 + seed);
      const pairs = tournament(random, 1, () => (random.bits() < 0 ? 1 : 0));
      const utilities = fitThurstone(OPTIONS, pairs.slice(0, FITTED));
      const { cyclic, triads } = cyclicTriads(OPTIONS, pairs);
      return {
        training: judgePairs(utilities, pairs.slice(0, FITTED)).accuracy.mean,
        heldOut: judgePairs(utilities, pairs.slice(FITTED)).accuracy.mean,
        cyclic: cyclic / triads,
      };
    }),
  );
const coins = tournamentsOfCoins(3);
const manyCoins = tournamentsOfCoins(40);

export const thurstonianUtilities = defineReference({
  id: "thurstonian-utilities",
  line: "E17",
  title: "Thurstonian utilities: 50 options, 564 pairs",
  source: "Mazeika et al. 2025, arXiv:2502.08640; recovery and the random tournament by simulation",
  quantities: [
    {
      name: "ten choices a pair: correlation of means with the truth",
      published: above(0.97, 2),
      compute: () => correlation(recovered().fit.means, recovered().truth.means),
    },
    {
      name: "sign accuracy on held-out pairs",
      published: printed("0.952", 0.025),
      compute: () => {
        const { fit, truth, heldOut } = recovered();
        const agrees = ({ first, second }: PairChoices) =>
          preference(fit, first, second) > 0.5 === preference(truth, first, second) > 0.5;
        return heldOut.filter(agrees).length / heldOut.length;
      },
    },
    {
      name: "root mean squared error of P on held-out pairs",
      published: printed("0.060", 0.015),
      compute: () => {
        const { fit, truth, heldOut } = recovered();
        return Math.sqrt(
          mean(
            heldOut.map(
              ({ first, second }) => (preference(fit, first, second) - preference(truth, first, second)) ** 2,
            ),
          ),
        );
      },
    },
    {
      name: "correlation of log variances less that of means: barely identified",
      published: below(0, 2),
      compute: () => {
        const { fit, truth } = recovered();
        return (
          correlation(fit.variances.map(Math.log), truth.variances.map(Math.log)) - correlation(fit.means, truth.means)
        );
      },
      note: "0.43 and 0.985 were published, for variances drawn otherwise.",
    },
    {
      name: "strength of preferences over the true one",
      published: printed("1.00", 0.1),
      compute: () => strength(recovered().fit),
      mistakes: [
        {
          name: "two fifths of the answers unreadable and counted as one half",
          compute: () =>
            strength(
              fitThurstone(
                OPTIONS,
                recovered()
                  .pairs.slice(0, FITTED)
                  .map((pair) => ({ ...pair, share: pair.share * 0.6 + 0.2 })),
              ),
            ),
        },
      ],
    },
    {
      name: "random tournament: accuracy on the pairs fitted",
      published: printed("0.663", 0.03),
      compute: () => sampledMean(coins().map(({ training }) => training)),
    },
    {
      name: "random tournament: accuracy on held-out pairs",
      published: printed("0.503", 0.03),
      compute: () => sampledMean(coins().map(({ heldOut }) => heldOut)),
      mistakes: [
        { name: "judged on the pairs fitted", compute: () => sampledMean(coins().map(({ training }) => training)) },
      ],
      note: "Published with ± 0.010; three tournaments of 661 pairs have a deviation of 0.011.",
    },
    {
      name: "40 random tournaments: accuracy on the pairs fitted",
      published: printed("0.663", 0.01),
      compute: () => sampledMean(manyCoins().map(({ training }) => training)),
      isSlow: true,
    },
    {
      name: "40 random tournaments: accuracy on held-out pairs",
      published: printed("0.503", 0.01),
      compute: () => sampledMean(manyCoins().map(({ heldOut }) => heldOut)),
      mistakes: [
        { name: "judged on the pairs fitted", compute: () => sampledMean(manyCoins().map(({ training }) => training)) },
      ],
      isSlow: true,
    },
    {
      name: "random tournament: share of cyclic triads",
      published: printed("0.25", 0.02),
      compute: () => sampledMean(coins().map(({ cyclic }) => cyclic)),
    },
  ],
});
