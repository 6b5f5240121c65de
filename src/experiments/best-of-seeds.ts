/**
 * @file Agents that differ in their training seed alone enter a noisy benchmark, and the best of n is taken. How many bits is
 * that, how much of the winner's lead is luck, and which traits come along that the benchmark never looked at?
 *
 * Every zoo is an independent set of seeds and one unit of the intervals. What is true of an agent is exact (arrival times
 * by dynamic programming); the benchmark is a sample of its episodes. The expectation over which n of a zoo are compared is
 * taken in closed form. Network, rate, share of distinguishing levels and length of the benchmark were chosen on pilot
 * seeds that are not among those of the run, so that seeds differ at all: the first settings tried left a standard
 * deviation of .005 in the return. A first full run with 8 zoos was inconclusive (best of 32: return .39 [−.14, .92]
 * deviations of the score); the number of zoos was then raised to 24, and all of them are of other seeds than that run's.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import { mean, variance } from "../core/stats.ts";
import { COUPLED, DECOUPLED, type Mixture, type Split } from "../env.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { type Candidate, type Competition, enter, type Traits } from "../lab/pressure/candidates.ts";
import { exactLevels } from "../lab/pressure/exact-outcomes.ts";
import { DISCOUNT } from "../lab/pressure/stack.ts";
import { mlp } from "../networks/mlp.ts";
import { parseParams } from "../plugin.ts";
import { policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { bestOfScore } from "../theory/goodhart/over-optimization.ts";
import { sampledPower } from "../theory/selection/optimization-power.ts";
import { bestOfBits, winnersCurse } from "../theory/selection/order-statistics.ts";

const TRAITS = ["corner", "entropy", "norm", "label"] as const satisfies readonly (keyof Traits)[];

export const bestOfSeeds = defineExperiment({
  id: "best-of-seeds",
  title: "Best of n training seeds",
  source:
    "D'Amour et al. 2020, arXiv:2011.03395, on seeds that differ where no one looked; Stiennon et al. 2020 for KL",
  question: "What does picking the best of many training seeds select, in bits, and what comes along?",
  hypothesis:
    "The winner's score leads by as much as the closed form for normal scores says at every n, of which the share that reliability allows is real and the rest is luck; its tail bits follow H_n log₂ e. At n = 32 the return really rises, and the policy's pull to the corner, which the benchmark cannot see, moves by more than a tenth of its deviation; a random label does not.",
  params: z.object({
    zoos: z.int().min(2).default(24).describe("Independent zoos of training seeds."),
    size: z.int().min(4).default(32).describe("Agents in a zoo."),
    updates: z.int().min(1).default(24).describe("PPO updates of 2048 frames."),
    episodes: z.int().min(1).default(128).describe("Episodes of the benchmark."),
    levels: z.int().min(4).default(64).describe("Levels of the benchmark, and of those that tell cheese from corner."),
  }),
  budgets: { smoke: { zoos: 2, size: 8, updates: 6, levels: 16 }, full: {} },
  async *run(lab, { zoos, size, updates, episodes, levels }, seed) {
    const world = lab.world({ env: "cheese-corner" });
    const random = rng(seed).fork("best of many seeds");
    const draw = (mixture: Mixture, split: Split, name: string) =>
      exactLevels(
        world,
        drawLevels(world, levels, mixture, split, random.fork(name)),
        DISCOUNT,
        random.fork(`${name} tables`),
      );
    const network = mlp.build(policyShape(world), parseParams(mlp, { width: 16 }));
    const test = draw(COUPLED, "test", "test");
    const stack = { world, network, executor: lab.executor, validation: test, mixture: { strength: 0, alpha: 0.3 } };
    const competition: Competition = { stack, test, apart: draw(DECOUPLED, "test", "apart"), updates, episodes };
    const all: Candidate[][] = [];
    for (let zoo = 0; zoo < zoos; zoo++) {
      const own: Candidate[] = [];
      for (let i = 0; i < size; i++)
        own.push(
          await enter(
            competition,
            rng(seed + zoo)
              .fork("best of seeds")
              .fork(i),
          ),
        );
      all.push(own);
    }
    const spread = spreadOf(all);
    for (let n = 1; n <= size; n *= 2) yield rowOf(n, all, spread);
    const r = (trait: keyof Traits) =>
      all.map((zoo) =>
        correlation(
          zoo.map(({ value }) => value),
          zoo.map(({ traits }) => traits[trait]),
        ),
      );
    yield estimates(
      "correlation with the true return",
      undefined,
      Object.fromEntries(TRAITS.map((trait) => [trait, r(trait)])),
    );
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Lead of the best of n: what the benchmark says, what is true, and what normal scores predict",
      x: { title: "n", scale: "log" },
      y: { title: "standard deviations of the benchmark score" },
      lines: (
        [
          ["benchmark", "score"],
          ["true", "value"],
          ["closed form, benchmark", "scoreExpected"],
          ["closed form, true", "valueExpected"],
        ] as const
      ).map(([label, name]) => ({ label, points: pointsOf(rows, name) })),
    },
    {
      kind: "curve",
      title: "Traits that come along",
      x: { title: "n", scale: "log" },
      y: { title: "shift in standard deviations over seeds" },
      lines: TRAITS.map((name) => ({ label: name, points: pointsOf(rows, name) })),
    },
  ],
});

const pointsOf = (rows: readonly Row[], name: string) =>
  rows.flatMap(({ x, quantities }) => (x === undefined || !quantities[name] ? [] : [{ x, y: quantities[name] }]));

/** Standard deviations within zoos, pooled over all of them. */
interface Spread {
  readonly score: number;
  readonly value: number;
  /** Of the benchmark's error, as it is known. */
  readonly error: number;
  readonly traits: Traits;
}

function spreadOf(all: readonly (readonly Candidate[])[]): Spread {
  const within = (of: (candidate: Candidate) => number) => Math.sqrt(mean(all.map((zoo) => variance(zoo.map(of)))));
  const [corner, entropy, norm, label] = TRAITS.map((trait) => within(({ traits }) => traits[trait]));
  return {
    score: within(({ score }) => score),
    value: within(({ value }) => value),
    error: Math.sqrt(mean(all.flat().map(({ errorSd }) => errorSd ** 2))),
    traits: { corner: corner!, entropy: entropy!, norm: norm!, label: label! },
  };
}

/** What taking the best of n comes to, one value a zoo. */
function rowOf(n: number, all: readonly (readonly Candidate[])[], spread: Spread): Row {
  const lead = (of: (candidate: Candidate) => number, sd: number) =>
    all.map((zoo) => {
      const values = zoo.map(of);
      const picked = bestOfScore(
        zoo.map(({ score }) => score),
        values,
        n,
      );
      return sd > 0 ? (picked - mean(values)) / sd : 0;
    });
  const score = lead((each) => each.score, spread.score);
  const value = lead((each) => each.value, spread.score);
  const expected = winnersCurse(n, { valueSd: spread.value, errorSd: spread.error });
  const scale = Math.hypot(spread.value, spread.error);
  const { nominal, kl, tail } = bestOfBits(n);
  const fixed = (number: number) => all.map(() => number);
  return estimates(n === 1 ? "one seed" : `best of ${n} seeds`, n, {
    nominal: fixed(nominal),
    kl: fixed(kl),
    tail: all.map((zoo, k) => tailOf(zoo, all.filter((_, other) => other !== k).flat(), n)),
    tailExpected: fixed(tail - Math.LOG2E),
    score,
    scoreExpected: fixed(expected.score / scale),
    value,
    valueExpected: fixed(expected.value / scale),
    optimism: score.map((each, k) => each - value[k]!),
    optimismExpected: fixed(expected.optimism / scale),
    ...Object.fromEntries(TRAITS.map((trait) => [trait, lead(({ traits }) => traits[trait], spread.traits[trait])])),
  });
}

/** Bits of the winner ranked in the other zoos, less those of one seed; at most log₂ of how many others there are. */
function tailOf(zoo: readonly Candidate[], others: readonly Candidate[], n: number): number {
  const bits = zoo.map(({ score }) =>
    sampledPower(others.filter((other) => other.score >= score).length, others.length),
  );
  return (
    bestOfScore(
      zoo.map(({ score }) => score),
      bits,
      n,
    ) - Math.LOG2E
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = a.reduce((sum, each, i) => sum + (each - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
  const scale = Math.sqrt(variance(a) * variance(b));
  return scale > 0 ? covariance / scale : 0;
}

function estimates(
  condition: string,
  x: number | undefined,
  perSeed: Readonly<Record<string, readonly number[]>>,
): Row {
  return {
    condition,
    ...(x === undefined ? {} : { x }),
    perSeed,
    quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)])),
  };
}
