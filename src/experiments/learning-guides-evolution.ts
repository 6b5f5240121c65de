/**
 * @file Hinton and Nowlan's needle in a haystack: twenty loci of which all must be right, genomes that leave some of them
 * open, and lives in which the open ones are guessed. With learning evolution finds the needle, without it it does not; what
 * is selected for is the ability to learn it, and the needle itself becomes inborn in few.
 */
import { z } from "zod";
import { mean } from "../core/stats.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { type AlleleShares, hintonNowlan, learnerFitness } from "../theory/evolution/hinton-nowlan.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Populations a condition."),
  population: z.int().min(2).default(1000).describe("Individuals of a generation."),
  loci: z.int().min(2).default(20).describe("Loci, all of which must be right."),
  trials: z.array(z.int().min(0)).default([0, 10, 100, 1000]).describe("Trials in a life; 0 = nobody learns."),
  generations: z
    .array(z.int().min(0))
    .default([0, 5, 10, 15, 20, 30, 50])
    .describe("Generations looked at where lives are longest; the others are looked at in the last."),
  repeats: z
    .int()
    .min(1)
    .default(50)
    .describe("Pairs of loci a seed whose first generation is compared with its closed form."),
});
type Params = z.output<typeof params>;

const SHARES = ["right", "open", "wrong", "inborn"] as const satisfies readonly (keyof AlleleShares)[];

export const learningGuidesEvolution = defineExperiment({
  id: "learning-guides-evolution",
  title: "Learning that guides evolution",
  source: "Hinton and Nowlan 1987; on what it shows Fontanari and Santos 2017",
  question: "Does learning within a life lead evolution to what it would not find, and does it become inborn?",
  hypothesis:
    "With a thousand trials .70 to .82 of the loci are right after 50 generations, the rest open and under .01 wrong (published: .762 and .238 over 60 runs); without learning the shares stay near a quarter, a half and a quarter; under a tenth is right from birth. One generation of two loci changes by Cov(w, z)/w̄.",
  params,
  budgets: {
    smoke: { seeds: 2, population: 200, loci: 8, trials: [0, 100], generations: [0, 10], repeats: 20 },
    full: {},
  },
  async *run(_, given, seed) {
    const { seeds, population, loci, generations } = given;
    const last = Math.max(...generations);
    for (const trials of given.trials) {
      const runs = overRuns(seeds, seed, `trials ${trials}`, (random) =>
        hintonNowlan({ loci, population, trials, generations: last, rng: random }),
      );
      const looks = trials === Math.max(...given.trials) ? generations : [last];
      for (const generation of looks) {
        yield simulatedRow({
          condition: `${trials} trials, generation ${generation}`,
          x: generation,
          means: Object.fromEntries(SHARES.map((name) => [name, runs.map((run) => run[generation]![name])])),
        });
      }
    }
    yield firstGeneration(given, seed);
  },
  figures: (rows) => {
    const longest = rows.at(-2)?.condition.split(",")[0] ?? "";
    return [
      {
        kind: "curve",
        title: `Shares of loci by generation, ${longest}`,
        x: { title: "generation", scale: "linear" },
        y: { title: "share of loci; inborn: share of individuals", range: [0, 1] },
        lines: SHARES.flatMap((name) =>
          besideExact(
            rows.filter(({ condition }) => condition.startsWith(longest)),
            name,
          ).slice(0, 1),
        ),
      },
      {
        kind: "bars",
        title: "Loci that are right after the last generation, by trials in a life",
        axis: "share of loci",
        range: [0, 1],
        bars: rows
          .filter(
            (row, i) => row.quantities.right && rows[i + 1]?.condition.split(",")[0] !== row.condition.split(",")[0],
          )
          .map(({ condition, quantities }) => ({
            label: condition,
            reading: { status: "scored" as const, value: quantities.right! },
          })),
      },
    ];
  },
});

/** Trials of the two loci whose change is known exactly. */
const FEW = 10;

/** One generation of two loci: nine genotypes, of which the change of the share that is right can be summed. */
function firstGeneration({ seeds, population, repeats }: Params, seed: number): Row {
  const runs = overRuns(seeds, seed, "two loci", (random) =>
    mean(
      Array.from({ length: repeats }, (_, k) => {
        const [before, after] = hintonNowlan({
          loci: 2,
          population,
          trials: FEW,
          generations: 1,
          rng: random.fork(k),
        });
        return after!.right - before!.right;
      }),
    ),
  );
  const shares = { wrong: 0.25, right: 0.25, open: 0.5 };
  let [fitness, trait, product] = [0, 0, 0];
  for (const [first, p] of Object.entries(shares)) {
    for (const [second, q] of Object.entries(shares)) {
      const pair = [first, second];
      const count = (what: string) => pair.filter((each) => each === what).length;
      const w = count("wrong") > 0 ? 1 : learnerFitness(count("open"), FEW);
      const z = count("right") / 2;
      fitness += p * q * w;
      trait += p * q * z;
      product += p * q * w * z;
    }
  }
  return simulatedRow({
    condition: `two loci, ${FEW} trials, change in one generation`,
    means: { change: runs },
    exact: { change: (product - fitness * trait) / fitness },
  });
}
