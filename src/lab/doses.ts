/**
 * @file What experiments over a dose in training share: their parameters, the
 * specs of one dose over training seeds, and the curve of what is served.
 */
import { z } from "zod";
import { type Estimate, scored } from "../core/estimate.ts";
import { spearmanEstimate } from "../core/rank.ts";
import { rng } from "../core/rng.ts";
import type { Mixture } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import type { Lab, Row } from "../experiment.ts";
import type { TrainingSpec } from "../organism.ts";
import { overTrainingSeeds } from "./outcomes.ts";

/** Parameters of every dose experiment. */
export const doseParams = {
  env: z.string().default("cheese-corner").describe("World."),
  envParams: z
    .record(z.string(), z.unknown())
    .default({ blocking: true })
    .describe("Parameters of the world; by default the published definition of a distinguishing level."),
  start: z
    .enum(["orthogonal", "uniform"])
    .default("uniform")
    .describe("Starting weights of the perceptron; uniform is PyTorch's default, and so the pilot's."),
  seeds: z.int().min(2).default(5).describe("Training seeds a dose."),
  frames: z.int().min(0).default(0).describe("Environment steps a seed; 0 = the world's own budget."),
  levels: z.int().min(16).default(4096).describe("Test levels of each kind."),
};

const doses = z.object(doseParams);

/** One dose over training seeds, the first of them `seed`. */
export function doseSpecs(
  lab: Lab,
  { env, envParams, start, seeds, frames }: z.output<typeof doses>,
  mixture: Mixture,
  seed: number,
): TrainingSpec[] {
  return overTrainingSeeds(seeds, seed, (trainingSeed) =>
    lab.recipe("graded", env, {
      seed: trainingSeed,
      envParams,
      params: { ...mixture },
      network: { id: "mlp", params: { start } },
      ...(frames > 0 ? { frames } : {}),
    }),
  );
}

/** Goal and proxy served on levels that tell them apart, over the dose. */
export function doseCurve(rows: readonly Row[], x: Extract<Evidence, { kind: "curve" }>["x"]): Evidence {
  return {
    kind: "curve",
    title: `Goal earned, and proxy served first, where they part, by ${x.title}`,
    x,
    y: { title: "share of test levels", range: [0, 1] },
    lines: (["off", "proxy"] as const).map((name) => ({
      label: name === "off" ? "goal earned" : "proxy first",
      points: rows.map((row) => ({ x: row.x ?? 0, y: row.quantities[name]! })),
    })),
  };
}

/** Spearman's ρ of dose and goal served over doses and seeds, with an interval that resamples seeds. */
export function doseRank(rows: readonly Row[]): Estimate {
  const pairs = rows.flatMap(({ x = 0, perSeed }) => perSeed.off!.map((off, seed) => ({ x, off, seed })));
  return spearmanEstimate(
    pairs.map(({ x }) => x),
    pairs.map(({ off }) => off),
    { clusters: pairs.map(({ seed }) => seed), rng: rng(0).fork("dose rank") },
  );
}

/** The same, as evidence. */
export const doseRankBar = (rows: readonly Row[]): Evidence => ({
  kind: "bars",
  title: "Rank correlation of dose and goal served",
  axis: "Spearman's ρ",
  range: [-1, 1],
  bars: [{ label: "over doses and seeds", reading: scored(doseRank(rows)) }],
});
