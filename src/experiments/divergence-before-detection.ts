/**
 * @file A novelty comes to learners whose circuits of reward it satisfies without offspring, and a watch counts births. By
 * capability, and by how many learn from each other: when does most of what is done serve the novelty, and when can the
 * watch tell?
 */
import { z } from "zod";
import { defineExperiment, type Row } from "../experiment.ts";
import { habitatOf, habitatParams } from "../lab/habitats.ts";
import { overRuns, simulatedRow } from "../lab/simulated.ts";
import { type Watch, watchedMean, watchNovelty } from "../theory/evolution/novelty-watch.ts";
import { evolveCircuits } from "../theory/evolution/reward-circuits.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Evolved populations."),
  capabilities: z.array(z.int().min(1)).default([1, 4, 16, 64, 256]).describe("Trials of each learner in a period."),
  learners: z.int().min(1).default(200).describe("Learners, where capability is varied."),
  scales: z.array(z.int().min(1)).default([30, 300, 3000]).describe("Learners, where these are varied."),
  imitation: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe("Where learners are varied: probability in a period to be shown the novelty by one who likes it."),
  delay: z.int().min(0).default(10).describe("Periods from a choice to the birth that follows."),
  sample: z.int().min(1).default(30).describe("Learners whose births are counted in a period."),
  births: z.number().positive().default(0.5).describe("Births in a period for each offspring a trial yields."),
  periods: z.int().min(10).default(3000).describe("Periods at most."),
  error: z.number().positive().max(1).default(0.05).describe("Probability of a false alarm in all periods."),
  ...habitatParams,
});
type Params = z.output<typeof params>;

export const divergenceBeforeDetection = defineExperiment({
  id: "divergence-before-detection",
  title: "Divergence before detection",
  source: "Page 1954 on continuous inspection; the asymmetry of time scales is argued, not measured, in the literature",
  question: "By capability and scale, does divergence come before those who watch outcomes can see it?",
  hypothesis:
    "At one trial a period the watch raises its alarm before half of the trials serve the novelty; at 256 the novelty has taken over some ten periods before, since births lag behind choices; and the more learn from each other, the earlier it does.",
  params,
  budgets: {
    smoke: {
      seeds: 2,
      capabilities: [4, 256],
      learners: 40,
      scales: [30, 120],
      population: 60,
      generations: 15,
      lives: 1,
      periods: 600,
    },
    full: {},
  },
  async *run(_, given, seed) {
    const { habitat, inheritance } = habitatOf(given);
    const populations = overRuns(given.seeds, seed, "circuits true", (random) =>
      evolveCircuits(habitat, { ...inheritance, isSelected: true }, random.fork("evolution")).circuits.slice(),
    );
    const { learners, imitation, delay, sample, births, periods, error } = given;
    const watch = { learners, imitation: 0, delay, sample, births, periods, error };
    for (const capability of given.capabilities) {
      yield watched(given, populations, { ...watch, capability }, `${capability} trials a period`, capability, seed);
    }
    for (const scale of given.scales) {
      const social = { ...watch, capability: 1, learners: scale, imitation };
      yield watched(given, populations, social, `${scale} learners who imitate`, scale, seed);
    }
    yield watched(given, populations, { ...watch, capability: 1 }, "no novelty", undefined, seed);
  },
  figures: (rows) => [
    timesBy(rows, "trials a period", "trials of each learner in a period"),
    timesBy(rows, "who imitate", "learners who imitate each other, one trial a period"),
  ],
});

/** Row of one condition over the populations; without `x` no novelty comes. */
function watched(
  given: Params,
  populations: readonly (readonly Float64Array[])[],
  watch: Watch,
  condition: string,
  x: number | undefined,
  seed: number,
): Row {
  const { habitat, novelty } = habitatOf(given);
  const streams = overRuns(given.seeds, seed, condition, (random) => random);
  const runs = populations.map((circuits, i) =>
    watchNovelty(circuits, habitat, x === undefined ? undefined : novelty, watch, streams[i]!),
  );
  const shares = { alarm: runs.map(({ isAlarmed }) => isAlarmed) };
  if (x === undefined) return simulatedRow({ condition, shares });
  const exact = watchedMean(habitat, watch, runs.reduce((sum, { expected }) => sum + expected, 0) / runs.length);
  return simulatedRow({
    condition,
    x,
    shares,
    means: {
      divergence: runs.map(({ diverged }) => diverged),
      detection: runs.map(({ detected }) => detected),
      lead: runs.map(({ diverged, detected }) => detected - diverged),
      "births forgone": runs.map(({ forgone }) => forgone),
    },
    exact: { divergence: exact.diverged, detection: exact.detected },
  });
}

const timesBy = (rows: readonly Row[], ending: string, axis: string) => ({
  kind: "curve" as const,
  title: `Until most trials serve the novelty, and until the alarm, by ${axis}`,
  x: { title: axis, scale: "log" as const },
  y: { title: "periods" },
  lines: ["divergence", "detection", "divergence, exact", "detection, exact"].map((name) => ({
    label: name.replace(", exact", ", limit of many"),
    points: rows
      .filter(({ condition }) => condition.endsWith(ending))
      .map(({ x, quantities }) => ({ x: x!, y: quantities[name]! })),
  })),
});
