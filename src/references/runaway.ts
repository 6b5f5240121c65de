/** @file Runaway selection: Lande's line of equilibria, Kirkpatrick's two loci, and a population that pays for its ornament. */
import { defineReference, once, printed, type Quantity } from "../reference.ts";
import { criticalTrait, extinction } from "../theory/evolution/costly-ornament.ts";
import {
  alleles,
  type Haplotypes,
  haplotypes,
  type Kirkpatrick,
  kirkpatrickRange,
  kirkpatrickStep,
  type Lande,
  landeEquilibrium,
  landeRate,
  landeStep,
} from "../theory/evolution/sexual-selection.ts";

const lande = (covariance: number): Lande => ({ variance: 0.5, covariance, width: 4, optimum: 0 });
const start = { trait: 0, preference: 0.1 };
const settled = once(() => {
  let now = start;
  for (let i = 0; i < 3000; i++) now = landeStep(lande(0.1), now);
  return now;
});

const loci: Kirkpatrick = { cost: 0.2, preference: 3, recombination: 0.5 };
const settle = (t: number, p: number, step = (now: Haplotypes) => kirkpatrickStep(loci, now)) => {
  let now = haplotypes(t, p);
  for (let i = 0; i < 6000; i++) now = step(now);
  return alleles(now);
};
const low = once(() => settle(0.3, 0.18));
const high = once(() => settle(0.3, 0.2));

/** Females weigh males 3 : 1 whoever is on offer, and all is scaled to 1 afterwards. */
function careless(zygotes: Haplotypes): Haplotypes {
  const next = [0, 0, 0, 0];
  for (let m = 0; m < 4; m++) {
    for (let f = 0; f < 4; f++) {
      const pair = zygotes[m]! * zygotes[f]! * (m >= 2 ? 0.8 : 1) * (m >= 2 && f % 2 === 1 ? 3 : 1);
      for (const child of [m, f, (m & 2) | (f & 1), (f & 2) | (m & 1)]) next[child]! += pair / 4;
    }
  }
  const total = next.reduce((sum, each) => sum + each);
  return [next[0]! / total, next[1]! / total, next[2]! / total, next[3]! / total];
}

const ornament = { growth: 1.5, capacity: 1000 };
const elk = once(() => extinction(lande(0.2), ornament, { ...start, individuals: 500 }, 200)!);

const number = (name: string, digits: string, compute: () => number, within?: number): Quantity => ({
  name,
  published: printed(digits, within),
  compute,
});

export const runaway = defineReference({
  id: "runaway",
  line: "E15",
  title: "Runaway selection",
  source:
    "Lande 1981; Kirkpatrick 1982; equilibria derived and simulated. The elk with its demography is a parable: whether antlers had to do with their end is disputed",
  quantities: [
    {
      ...number(
        "Lande, B = 0.1: trait at the end, closed form",
        "2.0",
        () => landeEquilibrium(lande(0.1), start)!.trait,
        1e-9,
      ),
      mistakes: [
        {
          name: "ω for ω²",
          compute: () => landeEquilibrium({ ...lande(0.1), width: 2 }, start)!.trait,
        },
      ],
    },
    number(
      "Lande, B = 0.1: preference at the end, closed form",
      "0.5",
      () => landeEquilibrium(lande(0.1), start)!.preference,
      1e-9,
    ),
    number("Lande, B = 0.1: trait after 3000 generations", "2.0", () => settled().trait, 1e-8),
    number("Lande, B = 0.1: preference after 3000 generations", "0.5", () => settled().preference, 1e-8),
    {
      ...number("Lande, B = 0.2: growth of the distance to the line per generation", "1.0375", () =>
        landeRate(lande(0.2)),
      ),
      mistakes: [
        {
          name: "without the half of one sex",
          compute: () => landeRate({ ...lande(0.2), variance: 1, covariance: 0.4 }),
        },
      ],
    },
    {
      ...number("Kirkpatrick from (0.3, 0.18): trait", "0.328406", () => low().t),
      mistakes: [
        { name: "survivors' frequency read as the zygotes'", compute: () => (0.8 * low().t) / (1 - 0.2 * low().t) },
        { name: "choice that ignores who is on offer", compute: () => settle(0.3, 0.18, careless).t },
      ],
    },
    number("Kirkpatrick from (0.3, 0.18): preference", "0.182471", () => low().p),
    number("Kirkpatrick from (0.3, 0.18): linkage disequilibrium", "0.019522", () => low().d),
    number("Kirkpatrick from (0.3, 0.20): trait", "0.565671", () => high().t),
    number("Kirkpatrick from (0.3, 0.20): preference", "0.223992", () => high().p),
    number("Kirkpatrick from (0.05, 0.22): trait", "1", () => settle(0.05, 0.22).t, 1e-6),
    number("Kirkpatrick from (0.6, 0.1): trait", "0", () => settle(0.6, 0.1).t, 1e-6),
    number("interior preferences from", "0.125", () => kirkpatrickRange(loci)[0]),
    number("interior preferences to", "0.300", () => kirkpatrickRange(loci)[1]),
    {
      ...number("elk: critical trait, ω √(2 ln λ)", "1.8010", () => criticalTrait(lande(0.2), ornament)),
      mistakes: [{ name: "ω for ω²", compute: () => criticalTrait({ ...lande(0.2), width: 2 }, ornament) }],
    },
    {
      ...number("elk: last generation that breeds", "48", () => elk().generation),
      mistakes: [
        {
          name: "the generation at which the critical trait is passed",
          compute: () => {
            let now = start;
            let generation = 0;
            for (; now.trait < criticalTrait(lande(0.2), ornament); generation++) now = landeStep(lande(0.2), now);
            return generation;
          },
        },
      ],
    },
    number("elk: its trait", "3.38", () => elk().population.trait),
  ],
});
