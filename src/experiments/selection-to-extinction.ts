/**
 * @file Can selection evolve a population to extinction? Two ways in which it can, each among finitely many individuals
 * beside its closed form: an ornament that mates prefer and that costs the wearer's life, and a common resource that
 * whoever takes more of it leaves more offspring.
 *
 * A parable. It is told of the Irish elk, whose antlers weighed 40 kg; what ended the species is contested (for a limit of
 * minerals Moen, Pastor and Cohen 1999; against a limit set by allometry Hansen et al. 2024). Nothing here is fitted to it.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { commonsIndividuals } from "../theory/evolution/commons-individuals.ts";
import { criticalTrait, extinction, type OrnamentCost, ornamentStep } from "../theory/evolution/costly-ornament.ts";
import { type Commons, extinctionThreshold } from "../theory/evolution/evolutionary-suicide.ts";
import { observedCriticalTrait, ornamentedIndividuals } from "../theory/evolution/ornamented-individuals.ts";
import { isRunaway, type Lande } from "../theory/evolution/sexual-selection.ts";

/** Generation in which traits are compared with the closed form: before anybody dies out. */
const COMPARED = 20;

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Populations a condition."),
  covariances: z
    .array(z.number().min(0))
    .default([0, 0.05, 0.125, 0.2, 0.25])
    .describe("B, covariance of trait and preference; the runaway begins at G/W."),
  variance: z.number().positive().default(0.5).describe("G, variance of the trait."),
  preferenceVariance: z.number().positive().default(0.2).describe("H, variance of the preference; at least B²/G."),
  width: z.number().positive().default(4).describe("W, width of selection around the optimal trait, G included."),
  growth: z.number().min(1.01).default(1.5).describe("λ, growth of a small population at the optimum, a generation."),
  capacity: z.number().min(20).default(2000).describe("K, individuals; a population settles at (λ − 1) K."),
  preference: z.number().default(0.1).describe("Mean preference of the founders."),
  served: z.number().min(1).default(5).describe("Females a male can serve, in the condition where males alone pay."),
  generations: z.int().min(COMPARED).default(100).describe("Generations at most."),
  scale: z.int().min(50).default(1000).describe("Commons: individuals for each unit of consumers."),
  deviation: z.number().min(0).default(0.02).describe("Commons: standard deviation of a mutant's ln rate."),
  time: z.number().positive().default(2000).describe("Commons: time at most, in units of the resource's growth."),
});
type Params = z.output<typeof params>;

export const selectionToExtinction = defineExperiment({
  id: "selection-to-extinction",
  title: "Selection to extinction",
  source:
    "Lande 1981 and Kirkpatrick 1982 on runaway; Gyllenberg and Parvinen 2001, Parvinen and Dieckmann 2013 on evolutionary suicide",
  question: "Can selection among individuals drive their population to extinction, and where does theory say it must?",
  hypothesis:
    "Beyond the runaway threshold B/G > 1/W nearly every population dies out, within 10 % of the generation and 5 % of the critical trait of the closed form; without covariance of trait and preference none does; a commons whose users evolve collapses within 5 % of the exact threshold, and does not where they do not evolve.",
  params,
  budgets: {
    smoke: { seeds: 3, covariances: [0, 0.2], capacity: 400, scale: 100, time: 1000, deviation: 0.04 },
    full: {},
  },
  async *run(_, given, seed) {
    for (const covariance of given.covariances) yield ornamented(given, covariance, "both", seed);
    yield ornamented(given, given.covariances.at(-1)!, { served: given.served }, seed);
    yield commons(given, 0.1, seed);
    yield commons(given, 0, seed);
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Last generation of a population whose ornament runs away",
      x: { title: "B W/G: covariance of trait and preference, in units of the runaway's threshold", scale: "linear" },
      y: { title: "generation" },
      lines: besideExact(
        rows.filter(({ condition }) => condition.startsWith("ornament, B")),
        "generation",
      ),
    },
    {
      kind: "bars",
      title: "Populations that selection ended",
      axis: "share of populations",
      range: [0, 1],
      bars: rows.map(({ condition, quantities }) => ({ label: condition, reading: scored(quantities.extinct!) })),
    },
  ],
});

/** Populations with an ornament at one covariance. */
function ornamented(given: Params, covariance: number, pays: NonNullable<OrnamentCost["pays"]>, seed: number): Row {
  const { seeds, variance, preferenceVariance, width, growth, capacity, preference, generations } = given;
  const model: Lande = { variance, covariance, width, optimum: 0 };
  const cost: OrnamentCost = { growth, capacity, pays };
  const start = { trait: 0, preference, individuals: Math.round((growth - 1) * capacity) };
  const runs = overRuns(seeds, seed, "ornament", (random: Rng) =>
    ornamentedIndividuals({ ...model, preferenceVariance }, cost, start, generations, random),
  );
  let exact = { ...start };
  for (let generation = 0; generation < COMPARED; generation++) exact = ornamentStep(model, cost, exact);
  const critical = runs.map((history) => observedCriticalTrait(history, model.optimum));
  // Where the trait hardly moves, growth says nothing about the trait at which it would end.
  const isSeen = isRunaway(model) && pays === "both" && critical.every(Number.isFinite);
  const isAlive = runs.every((history) => history.length > COMPARED && history[COMPARED]!.individuals > 0);
  return simulatedRow({
    condition: pays === "both" ? `ornament, B ${covariance}` : `ornament, B ${covariance}, males alone pay`,
    x: (covariance * width) / variance,
    shares: { extinct: runs.map((history) => history.at(-1)!.individuals === 0) },
    means: {
      // The generation that ends a population is the last that bred.
      generation: runs.map((history) => history.length - 2),
      ...(isAlive ? { trait: runs.map((history) => history[COMPARED]!.trait) } : {}),
      ...(isSeen ? { "critical trait": critical } : {}),
    },
    exact: {
      generation: extinction(model, cost, start, generations)?.generation ?? generations - 1,
      ...(isAlive ? { trait: exact.trait } : {}),
      ...(isSeen ? { "critical trait": criticalTrait(model, cost) } : {}),
    },
  });
}

/** Commons as in the published numbers: viable from .4, Hopf at .667, extinction from .675. */
const COMMONS: Commons = { growth: 1, threshold: 0.2, capacity: 1, conversion: 0.5, death: 0.2 };

/** Populations on a commons, with mutants or without. */
function commons({ seeds, scale, deviation, time }: Params, mutation: number, seed: number): Row {
  const runs = overRuns(seeds, seed, "commons", (random) =>
    commonsIndividuals(COMMONS, { rate: 0.45, scale, mutation, deviation, time }, random),
  );
  return simulatedRow({
    condition: mutation > 0 ? "commons, rates evolve" : "commons, rates do not evolve",
    shares: { extinct: runs.map(({ end }) => end !== undefined) },
    means: { "rate at the end": runs.map(({ lastRate }) => lastRate) },
    exact: mutation > 0 ? { "rate at the end": extinctionThreshold(COMMONS, { time: 1000, tolerance: 1e-4 }) } : {},
  });
}
