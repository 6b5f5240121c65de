/** @file Which functions a perceptron with random weights computes. */
import { type Rng, rng } from "../core/rng.ts";
import { defineReference, printed, type Quantity } from "../reference.ts";
import { onesOverSigns, perceptronOnes } from "../theory/geometry/function-prior.ts";

const DRAWS = 100_000;

/** The largest |P(t) − 2⁻ⁿ| over t, by sampling. */
function worst(n: number, ones: (random: Rng) => number, draws = DRAWS): number {
  const random = rng(2);
  const counts = new Float64Array(2 ** n);
  for (let i = 0; i < draws; i++) counts[ones(random)]!++;
  return counts.reduce((most, each) => Math.max(most, Math.abs(each / draws - 2 ** -n)), 0);
}

/** Inputs to which a perceptron of three weights says 1. */
function onesOf(weights: readonly number[], inputs: (bit: number) => number, bias: number): number {
  let ones = 0;
  for (let x = 0; x < 8; x++) {
    if (weights.reduce((sum, each, i) => sum + each * inputs((x >> i) & 1), bias) > 0) ones++;
  }
  return Math.min(ones, 7);
}
const three = (random: Rng) => [random.normal(), random.normal(), random.normal()];

const sampled = (n: number, within: number): Quantity => ({
  name: `n = ${n}: greatest |P(t) − 2⁻ⁿ| over ${DRAWS} draws`,
  published: printed("0.0000", within),
  compute: () => worst(n, (random) => perceptronOnes(Float64Array.from({ length: n }, () => random.normal()))),
  note: "Four standard errors of a share.",
  mistakes:
    n === 3
      ? [
          {
            name: "with a bias",
            compute: () => worst(3, (random) => onesOf(three(random), (b) => b, 2 * random.normal()), 20_000),
          },
          {
            name: "inputs −1 and 1",
            compute: () => worst(3, (random) => onesOf(three(random), (b) => 2 * b - 1, 0), 20_000),
          },
          {
            name: "weights of one sign",
            compute: () => worst(3, (random) => onesOf(three(random).map(Math.abs), (b) => b, 0), 20_000),
          },
        ]
      : [],
});

export const functionPrior = defineReference({
  id: "function-prior",
  line: "E13",
  title: "A perceptron without bias: P(t ones) = 2⁻ⁿ",
  source: "Mingard et al. 2019, arXiv:1909.11522",
  quantities: [
    {
      name: "n = 7: greatest |P(t) − 2⁻ⁿ| by enumeration of signs",
      published: printed("0", 1e-12),
      compute: () => {
        const random = rng(1);
        const law = onesOverSigns(Array.from({ length: 7 }, () => random.normal()));
        return law.reduce((most, each) => Math.max(most, Math.abs(each - 2 ** -7)), 0);
      },
      mistakes: [
        {
          name: "equal magnitudes, whose subset sums tie",
          compute: () =>
            onesOverSigns(new Float64Array(7).fill(1)).reduce((most, p) => Math.max(most, Math.abs(p - 2 ** -7)), 0),
        },
      ],
    },
    sampled(3, 4 * Math.sqrt((0.125 * 0.875) / DRAWS)),
    sampled(5, 4 * Math.sqrt((0.03125 * 0.96875) / DRAWS)),
  ],
});
