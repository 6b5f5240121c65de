/** @file A dose-response experiment of the shape that the lab runs, with its record and a claim on it, for tests of the report. */
import type { ClaimPlugin } from "../src/claim.ts";
import type { ExperimentRecord, Row } from "../src/experiment.ts";
import { dataDiversity } from "../src/experiments/data-diversity.ts";
import { parseParams } from "../src/plugin.ts";
import type { ExperimentReport } from "../src/report/experiment-html.ts";
import { judgeClaims } from "../src/report/replications.ts";
import { estimate } from "./sample-records.ts";

const rows: readonly Row[] = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 1].map((alpha, i) => {
  const off = [0.21, 0.29, 0.36, 0.63, 0.81, 0.89, 0.91][i]!;
  const proxy = [0.76, 0.68, 0.6, 0.34, 0.17, 0.09, 0.07][i]!;
  const perSeed = (mean: number) => [-0.02, -0.01, 0, 0.01, 0.02].map((step) => mean + step);
  return {
    condition: `alpha ${alpha}`,
    x: alpha,
    quantities: {
      on: estimate(0.95, 0.02, 5, "seeds"),
      off: estimate(off, 0.03, 5, "seeds"),
      proxy: estimate(proxy, 0.03, 5, "seeds"),
    },
    perSeed: { on: perSeed(0.95), off: perSeed(off), proxy: perSeed(proxy) },
  };
});

export const experimentRecord: ExperimentRecord = {
  format: "mesascope-experiment/1",
  experiment: "data-diversity",
  budget: "full",
  params: parseParams(dataDiversity),
  seed: 1,
  code: "3c1f0a77d2",
  executor: "native",
  rows,
  organisms: rows.flatMap((row) => row.perSeed.off!.map((_, seed) => `${row.condition}-${seed}`)),
  wallMs: 1_234_567,
};

export const claims: readonly ClaimPlugin[] = [
  {
    id: "data-diversity",
    sentence: "Disambiguating data removes goal misgeneralization.",
    source: "Abdel Sadek et al. 2025",
    published: "0.13 to 0.69 | 13×13",
    experiment: "data-diversity",
    judge: (judged) => ({
      outcome: "supported",
      because: `the goal is served on ${judged[0]!.quantities.off!.mean} of the levels at the least dose and ${judged.at(-1)!.quantities.off!.mean} at the greatest`,
      ours: "0.21 [0.18, 0.24] to 0.91 [0.88, 0.94], n = 5 seeds",
    }),
  },
  {
    id: "another-claim",
    sentence: "Something that was not run here.",
    source: "nobody",
    published: "none published",
    experiment: "never-run",
    judge: () => ({ outcome: "inconclusive", because: "never called", ours: "nothing" }),
  },
];

export const experimentReport: ExperimentReport = {
  experiment: dataDiversity,
  record: experimentRecord,
  judged: judgeClaims({ claims, records: [experimentRecord] }),
  command: "npx mesascope replicate data-diversity",
};
