/** @file Several steps in context: gradient descent and GD++ with tied rates. */
import { rng } from "../core/rng.ts";
import { defineReference, once, printed } from "../reference.ts";
import { bestGradientDescent, bestPlusPlus, sampleSpectra, stepsLoss } from "../theory/in-context/in-context-steps.ts";

const spectra = once(() =>
  sampleSpectra({
    contexts: 4000,
    dimensions: 10,
    examples: 10,
    draw: (stream) => stream.uniform() - 0.5,
    second: 1 / 12,
    rng: rng(1),
  }),
);
const plain = once(() => bestGradientDescent(spectra(), 2));
const plusPlus = once(() => bestPlusPlus(spectra(), 2));

export const inContextSteps = defineReference({
  id: "in-context-steps",
  line: "E3",
  title: "Several steps of gradient descent, and of GD++, in context",
  source:
    "von Oswald et al. 2023, arXiv:2212.07677; losses at d = N = 10, U(−½, ½), by simulation of 10,000 tasks, whose standard error the tolerances are 2.5 times",
  quantities: [
    {
      name: "gradient descent, 2 steps",
      published: printed("0.1584", 0.006),
      compute: () => plain().loss,
      mistakes: [{ name: "GD++ taken for gradient descent", compute: () => plusPlus().loss }],
    },
    {
      name: "gradient descent, 2 steps: rate",
      published: printed("0.597", 0.01),
      compute: () => plain().rate,
    },
    {
      name: "gradient descent, 5 steps",
      published: printed("0.1114", 0.005),
      compute: () => bestGradientDescent(spectra(), 5).loss,
    },
    {
      name: "gradient descent, 10 steps",
      published: printed("0.0861", 0.0045),
      compute: () => bestGradientDescent(spectra(), 10).loss,
    },
    {
      name: "GD++, 2 steps",
      published: printed("0.1138", 0.005),
      compute: () => plusPlus().loss,
      mistakes: [
        {
          name: "its rate read as a step size of gradient descent",
          compute: () => stepsLoss(spectra(), { steps: 2, rate: plusPlus().rate, shrinkage: 0 }),
        },
        { name: "two steps of gradient descent", compute: () => plain().loss },
      ],
    },
    { name: "GD++, 2 steps: rate", published: printed("1.354", 0.02), compute: () => plusPlus().rate },
    { name: "GD++, 2 steps: shrinkage", published: printed("0.175", 0.003), compute: () => plusPlus().shrinkage },
    {
      name: "GD++, 5 steps",
      published: printed("0.0529", 0.004),
      compute: () => bestPlusPlus(spectra(), 5).loss,
    },
  ],
});
