/** @file Maximum entropy goal-directedness: one decision, and a grid with a known and with any utility. */
import { defineReference, exactly, once, printed, type Quantity } from "../reference.ts";
import { occupancies, softOptimal } from "../theory/agency/mdp.ts";
import { classUtilityMeg, expectedGain, knownUtilityMeg } from "../theory/agency/meg.ts";
import {
  best,
  blend,
  choice,
  choosing,
  corner,
  elementwiseGain,
  firstEnd,
  grid,
  uniform,
  worst,
} from "../theory/agency/published-grid.ts";

const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
const decision = (p: number): Quantity => ({
  name: `one binary decision, P = ${p}: ln 2 − H(p)`,
  published: exactly(Math.LN2 - entropy(p), 4),
  compute: () => knownUtilityMeg(choice, choosing(p), firstEnd).meg,
  mistakes: [
    { name: "the entropy", compute: () => entropy(p) },
    ...(p === 0.5 ? [] : [{ name: "bits", compute: () => 1 - entropy(p) / Math.LN2 }]),
    ...(p < 0.5 ? [{ name: "β above 0 only: nothing for who avoids", compute: () => 0 }] : []),
  ],
});

const known = (name: string, policy: () => Float64Array, digits: string, beta?: string): Quantity[] => [
  {
    name: `grid, ${name}: MEG, nats`,
    published: printed(digits, 1e-4),
    compute: () => knownUtilityMeg(grid, policy(), corner).meg,
  },
  ...(beta === undefined
    ? []
    : [
        {
          name: `grid, ${name}: β`,
          published: printed(beta, 0.001),
          compute: () => knownUtilityMeg(grid, policy(), corner).beta,
        },
      ]),
];

export const goalDirectedness = defineReference({
  id: "goal-directedness",
  line: "E16",
  title: "Maximum entropy goal-directedness",
  source:
    "MacDermott et al. 2024, arXiv:2412.04758; grid of 5 × 5 cells, slip 0.1, γ = 0.9, utility 1 in a corner, discounted sums",
  quantities: [
    decision(0.9),
    decision(0.5),
    decision(0.1),
    ...known("optimal policy", () => best, "8.6206"),
    ...known("0.8 optimal + 0.2 uniform", () => blend(0.8), "4.6753", "2.267"),
    ...known("half optimal", () => blend(0.5), "1.6099", "1.193"),
    ...known("uniform policy", () => uniform, "0.0000"),
    ...known("as bad as can be", worst, "0.4936"),
    {
      name: "grid, 0.8 optimal: the same for the utility 10 U + 3",
      published: printed("4.6753", 1e-4),
      compute: () =>
        knownUtilityMeg(
          grid,
          blend(0.8),
          corner.map((u) => 10 * u + 3),
        ).meg,
      mistakes: [
        {
          name: "β held where it was, so that scale matters",
          compute: () => {
            const { beta } = knownUtilityMeg(grid, blend(0.8), corner);
            const soft = softOptimal(
              grid,
              corner.map((u) => 10 * beta * u),
            );
            return expectedGain(occupancies(grid, blend(0.8)), blend(0.8), soft.gain);
          },
        },
      ],
    },
    {
      name: "grid, 0.8 optimal: the same for the utility −U",
      published: printed("4.6753", 1e-4),
      compute: () =>
        knownUtilityMeg(
          grid,
          blend(0.8),
          corner.map((u) => -u),
        ).meg,
    },
    {
      name: "grid, as bad as can be: sign of β",
      published: printed("-1"),
      compute: () => Math.sign(knownUtilityMeg(grid, worst(), corner).beta),
    },
    {
      name: "any utility of states, optimal policy",
      published: printed("11.16", 0.02),
      compute: once(() => classUtilityMeg(grid, best).meg),
      note: "The maximum lies at infinity; the published value stopped a little before.",
    },
    {
      name: "any utility of states, 0.8 optimal + 0.2 uniform",
      published: printed("5.344", 0.001),
      compute: () => classUtilityMeg(grid, blend(0.8)).meg,
      mistakes: [
        { name: "a gradient multiplied by the utility, elementwise", compute: () => elementwiseGain(blend(0.8)) },
        { name: "the one known utility", compute: () => knownUtilityMeg(grid, blend(0.8), corner).meg },
      ],
    },
    {
      name: "any utility of states, uniform policy",
      published: printed("0", 1e-9),
      compute: () => classUtilityMeg(grid, uniform).meg,
    },
  ],
});
