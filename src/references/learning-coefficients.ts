/** @file The local learning coefficient: quadrature at finite n, and the two biases of the sampler. */
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { NB, sampledCrossing } from "../theory/geometry/crossing-valleys.ts";
import {
  crossingAtTemperature,
  normalCrossing,
  reducedRankCoefficient,
  stepBias,
} from "../theory/geometry/learning-coefficient.ts";

const sample = (a: number, b: number, stepSize: number, draws: number, isCorrected: boolean) =>
  sampledCrossing(a, b, { stepSize, draws, isCorrected }).value;

const quadrature = (a: number, b: number, digits: string): Quantity => {
  const { coefficient, multiplicity } = normalCrossing(a, b);
  return {
    name: `(w₁^${a} w₂^${b})² at n = 1000`,
    published: printed(digits, 3e-4),
    compute: () => crossingAtTemperature(a, b, NB),
    note: "Published from a grid whose ends were counted fully, which is up to 3e-4 off.",
    mistakes:
      multiplicity === 2 ? [{ name: "the asymptotic coefficient 1/(2 max k)", compute: () => coefficient }] : [],
  };
};

const bias = (stepSize: number, digits: string): Quantity => ({
  name: `regular direction, step ${stepSize}: ½/(1 − εh/4)`,
  published: printed(digits),
  compute: () => stepBias(stepSize, 8 * NB),
  mistakes: [
    { name: "the coefficient itself", compute: () => 0.5 },
    { name: "the bias with its sign turned", compute: () => 0.5 / (1 + (stepSize * 8 * NB) / 4) },
    { name: "to first order only", compute: () => 0.5 * (1 + (stepSize * 8 * NB) / 4) },
  ].filter(({ name }) => stepSize > 5e-4 || name !== "to first order only"),
});

const corrected = (a: number, b: number, digits: string, within: number): Quantity => ({
  name: `(w₁^${a} w₂^${b})² by Langevin dynamics with Metropolis`,
  published: printed(digits, within),
  compute: once(() => sample(a, b, 1e-3, 15_000, true)),
  mistakes: [{ name: "the asymptotic coefficient", compute: () => normalCrossing(a, b).coefficient }],
});

export const learningCoefficients = defineReference({
  id: "learning-coefficients",
  line: "E13",
  title: "The local learning coefficient",
  source:
    "Lau et al. 2023, arXiv:2308.12108 (estimator); quadrature at nβ = 1000/ln 1000 of K = 4 (w₁^a w₂^b)² on [−1, 1]²; Aoyagi and Watanabe 2005 for reduced rank",
  quantities: [
    quadrature(0, 1, "0.5000"),
    quadrature(1, 1, "0.3801"),
    quadrature(0, 2, "0.2500"),
    quadrature(1, 2, "0.2225"),
    quadrature(2, 2, "0.1558"),
    quadrature(3, 3, "0.0881"),
    bias(2e-4, "0.531"),
    bias(1e-3, "0.704"),
    {
      name: "regular direction, step 0.001, by Langevin dynamics",
      published: printed("0.704", 0.02),
      compute: once(() => sample(0, 1, 1e-3, 8000, false)),
      mistakes: [{ name: "with Metropolis, which removes the bias", compute: () => sample(0, 1, 1e-3, 8000, true) }],
    },
    corrected(1, 1, "0.3801", 0.03),
    corrected(2, 2, "0.1558", 0.02),
    corrected(3, 3, "0.0881", 0.016),
    {
      name: "reduced rank 1 → 1 → 1, (ab)²",
      published: printed("0.5", 1e-12),
      compute: () => reducedRankCoefficient(1, 1, 1),
      mistakes: [{ name: "half the number of parameters", compute: () => 1 }],
    },
  ],
});
