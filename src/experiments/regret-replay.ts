/**
 * @file Does replaying the levels of greatest oracle regret teach the goal from
 * a share of distinguishing levels too small for plain training? And does it do
 * nothing, as it should, where there are none?
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { doseParams, doseSpecs } from "../lab/doses.ts";
import { measureConditions } from "../lab/outcomes.ts";
import { oracleRegretReplay } from "../mitigations/oracle-regret-replay.ts";
import { parseParams } from "../plugin.ts";

export const regretReplay = defineExperiment({
  id: "regret-replay",
  title: "Oracle-regret replay against plain training",
  source: "Abdel Sadek et al. 2025; Jiang et al. 2021",
  question: "Does oracle-regret level replay raise the share of levels on which the goal is served?",
  hypothesis: "By ≥ .15 at alpha .001 and .003, by less than .08 at alpha 0.",
  params: z.object({
    ...doseParams,
    alphas: z
      .array(z.number().min(0).max(1))
      .default([0, 1e-3, 3e-3, 1e-2])
      .describe("Shares of distinguishing levels."),
  }),
  budgets: { smoke: { alphas: [0, 0.01], seeds: 2, frames: 32_768, levels: 128 }, full: {} },
  async *run(lab, params, seed) {
    const replay = parseParams(oracleRegretReplay);
    const conditions = params.alphas.flatMap((alpha) => {
      const specs = doseSpecs(lab, params, { strength: 0, alpha }, seed);
      return [
        { condition: `alpha ${alpha}: fresh levels`, x: alpha, specs },
        {
          condition: `alpha ${alpha}: regret replay`,
          x: alpha,
          specs: specs.map((spec) => oracleRegretReplay.apply(spec, replay)),
        },
      ];
    });
    const rows = await measureConditions(lab, conditions, params.levels, seed);
    yield* rows;
    for (let i = 0; i < rows.length; i += 2) yield gain(rows[i]!, rows[i + 1]!);
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Goal served where it parts from the proxy",
      axis: "share of test levels",
      range: [0, 1],
      bars: rows.flatMap(({ condition, quantities: { off } }) =>
        off ? [{ label: condition, reading: { status: "scored" as const, value: off } }] : [],
      ),
    },
    {
      kind: "bars",
      title: "Gain by replay, paired by training seed",
      axis: "difference of shares",
      bars: rows.flatMap(({ condition, quantities: { gain } }) =>
        gain ? [{ label: condition, reading: { status: "scored" as const, value: gain } }] : [],
      ),
    },
  ],
});

/** Difference in off-distribution success, paired by training seed. */
function gain(plain: Row, replayed: Row): Row {
  const gains = replayed.perSeed.off!.map((off, i) => off - plain.perSeed.off![i]!);
  return {
    condition: `alpha ${plain.x}: gain`,
    ...(plain.x === undefined ? {} : { x: plain.x }),
    quantities: { gain: overSeeds(gains, [-1, 1]) },
    perSeed: { gain: gains },
  };
}
