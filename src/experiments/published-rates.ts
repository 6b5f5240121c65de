/**
 * @file Published rates of covert action and of resisted shutdown, with the intervals that belong to them. Nothing is run:
 * the counts are the publications', and the intervals are Wilson's.
 *
 * The report on anti-scheming training gives rates over 26 evaluations with more than 180 environments, and its abstract
 * no counts of runs. Runs in one environment share it, so the environment is taken for the unit; an interval over the 26
 * evaluations, as if each were one unit, stands beside it. Rates times units are rounded to whole counts.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import { wilson } from "../core/intervals.ts";
import { defineExperiment } from "../experiment.ts";

/** Units of the report on anti-scheming training. */
const [ENVIRONMENTS, EVALUATIONS] = [180, 26];

/** One published rate: of which model, after which treatment. */
const RATES = [
  { condition: "o3, before anti-scheming training", rate: 0.13 },
  { condition: "o3, after anti-scheming training", rate: 0.004 },
  { condition: "o4-mini, before anti-scheming training", rate: 0.087 },
  { condition: "o4-mini, after anti-scheming training", rate: 0.003 },
] as const;

/** Published counts of runs. */
const COUNTS = [
  { condition: "o3, shutdown resisted without an instruction to allow it", k: 79, n: 100 },
  { condition: "o3, shutdown resisted with an instruction to allow it", k: 7, n: 100 },
] as const;

export const publishedRates = defineExperiment({
  id: "published-rates",
  title: "Published rates of scheming, with intervals",
  source:
    "Schoen et al. 2025, arXiv:2509.15541 (covert actions); Palisade Research, May 2025 (shutdown, 100 runs each)",
  question: "How certain are the published rates, and are they rates of one thing?",
  hypothesis:
    "Not a prediction: a reconstruction. With environments as units the rates before and after training do not overlap for either model; the two ends of what is quoted as one range belong to different models under different treatments.",
  params: z.object({}),
  budgets: { smoke: {}, full: {} },
  async *run() {
    for (const { condition, rate } of RATES) {
      yield {
        condition,
        quantities: {
          "rate, environments as units": wilson(Math.round(rate * ENVIRONMENTS), ENVIRONMENTS, "worlds"),
          "rate, evaluations as units": wilson(Math.round(rate * EVALUATIONS), EVALUATIONS, "groups"),
        },
        perSeed: {},
      };
    }
    for (const { condition, k, n } of COUNTS) {
      yield { condition, quantities: { "rate, runs as units": wilson(k, n, "trials") }, perSeed: {} };
    }
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Published rates with reconstructed intervals",
      axis: "share",
      range: [0, 1],
      bars: rows.map(({ condition, quantities }) => ({
        label: condition,
        reading: scored(Object.values(quantities)[0]!),
      })),
    },
  ],
});
