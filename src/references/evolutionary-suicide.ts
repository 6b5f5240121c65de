/** @file Evolutionary suicide: thresholds of a commons with an Allee effect. */
import { defineReference, once, printed } from "../reference.ts";
import {
  type Commons,
  extinctionThreshold,
  hopfPoint,
  interiorEquilibrium,
  lastEquilibrium,
  runCommons,
  suicideByMutation,
  viableFrom,
} from "../theory/evolution/evolutionary-suicide.ts";

const commons: Commons = { growth: 1, threshold: 0.2, capacity: 1, conversion: 0.5, death: 0.2 };
const range = once(() => {
  const { resource, consumers } = interiorEquilibrium(commons, 0.67);
  return runCommons(commons, 0.67, { resource: 1.001 * resource, consumers }, 6000).range;
});
const end = once(() => suicideByMutation(commons, { rate: 0.45, mutation: 0.01, time: 1000, most: 40 })!);

export const evolutionarySuicide = defineReference({
  id: "evolutionary-suicide",
  line: "E15",
  title: "Evolutionary suicide",
  source:
    "Gyllenberg and Parvinen 2001 (conditions); model with an Allee effect, ρ = 1, A = 0.2, K = 1, e = 0.5, δ = 0.2",
  quantities: [
    { name: "viable from x", published: printed("0.4", 1e-9), compute: () => viableFrom(commons) },
    {
      name: "cycles from x_H (Hopf)",
      published: printed("0.6667"),
      compute: () => hopfPoint(commons),
      mistakes: [{ name: "2δ/(e K): the threshold forgotten", compute: () => hopfPoint({ ...commons, threshold: 0 }) }],
    },
    {
      name: "extinction from x_c",
      published: printed("0.67508", 5e-5),
      compute: once(() => extinctionThreshold(commons, { time: 1000, tolerance: 1e-5 })),
      mistakes: [
        { name: "where the equilibrium loses its stability", compute: () => hopfPoint(commons) },
        { name: "where the equilibrium ends", compute: () => lastEquilibrium(commons) },
      ],
    },
    { name: "the equilibrium ends at x", published: printed("2", 1e-9), compute: () => lastEquilibrium(commons) },
    { name: "cycle at x = 0.67: least resource", published: printed("0.509"), compute: () => range()[0] },
    { name: "cycle at x = 0.67: greatest resource", published: printed("0.693"), compute: () => range()[1] },
    {
      name: "substitutions from 0.45 by 0.01 until the end",
      published: printed("23"),
      compute: () => end().substitutions,
    },
    { name: "the last rate", published: printed("0.68", 1e-9), compute: () => end().rate },
  ],
});
