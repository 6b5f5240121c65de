/**
 * @file The same circuits of reward in learners of ever greater capability: trials in a life. Evolved where nothing parts
 * pleasure from offspring, they meet a novelty that does. Beside them the same lives without it.
 */
import { z } from "zod";
import { defineExperiment, type Row } from "../experiment.ts";
import { habitatOf, habitatParams } from "../lab/habitats.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { evolveCircuits, indulgence, outlook } from "../theory/evolution/reward-circuits.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Evolved populations."),
  capabilities: z
    .array(z.int().min(1))
    .default([4, 16, 64, 256, 1024, 4096, 16384])
    .describe("Trials in a life; ancestral lives have `lifetime`."),
  ...habitatParams,
});

export const noveltyByCapability = defineExperiment({
  id: "novelty-by-capability",
  title: "A novelty by capability",
  source:
    "Hubinger et al. 2019, arXiv:1906.01820, on misalignment that shows off distribution; birth control as its example",
  question: "At fixed circuits of reward, how do satisfaction and offspring part as learners become more capable?",
  hypothesis:
    "Learners of little capability do as if there were no novelty (satisfaction less offspring changes by less than .1); the most capable are satisfied at the cost of their offspring (change above .5). Without the novelty capability raises offspring.",
  params,
  budgets: {
    smoke: { seeds: 2, capabilities: [4, 4096], population: 60, generations: 15, lives: 1 },
    full: {},
  },
  async *run(_, given, seed) {
    const { habitat, novelty, inheritance } = habitatOf(given);
    const populations = overRuns(given.seeds, seed, "circuits true", (random) => ({
      ...evolveCircuits(habitat, { ...inheritance, isSelected: true }, random.fork("evolution")),
      random,
    }));
    for (const trials of given.capabilities) {
      const runs = populations.map(({ circuits, random }) => {
        // The same natural options in both, so that their difference is the novelty's.
        const lives = random.fork(trials);
        return {
          with: outlook(circuits, { ...habitat, novelty }, trials, lives),
          without: outlook(circuits, habitat, trials, lives),
        };
      });
      const gap = runs.map((run) => run.with.satisfaction - run.with.success);
      const natural = runs.map((run) => run.without.satisfaction - run.without.success);
      yield simulatedRow({
        condition: `${trials} trials`,
        x: trials,
        means: {
          satisfaction: runs.map((run) => run.with.satisfaction),
          offspring: runs.map((run) => run.with.success),
          "satisfaction, no novelty": runs.map((run) => run.without.satisfaction),
          "offspring, no novelty": runs.map((run) => run.without.success),
          divergence: gap.map((each, i) => each - natural[i]!),
          "divergence, no novelty": natural,
          indulged: runs.map((run) => run.with.indulged),
        },
        exact: { indulged: indulgence(habitat, trials) },
      });
    }
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Satisfaction and offspring by capability, with a novelty and without",
      x: { title: "trials in a life", scale: "log" },
      y: { title: "0 = chance, 1 = the best natural option" },
      lines: ["satisfaction", "offspring", "satisfaction, no novelty", "offspring, no novelty"].map((name) =>
        lineOf(rows, name),
      ),
    },
    {
      kind: "curve",
      title: "Share of trials spent on the novelty by those whom it tempts",
      x: { title: "trials in a life", scale: "log" },
      y: { title: "share of trials", range: [0, 1] },
      lines: besideExact(rows, "indulged"),
    },
  ],
});

const lineOf = (rows: readonly Row[], name: string) => ({
  label: name,
  points: rows.map(({ x, quantities }) => ({ x: x!, y: quantities[name]! })),
});
