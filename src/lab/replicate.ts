/** @file Running an experiment at a budget, and keeping what came out as a record. */
import type { ExperimentPlugin, ExperimentRecord, Lab, Row } from "../experiment.ts";
import { inContextRunId } from "../in-context/grow.ts";
import { parseParams } from "../plugin.ts";
import { runId } from "./grow.ts";

export type Budget = "smoke" | "full";

export interface ReplicateOptions {
  readonly lab: Lab;
  readonly budget: Budget;
  /** First training seed, and the seed of everything drawn. */
  readonly seed: number;
  readonly code: string;
  readonly executor: string;
  readonly clock: () => number;
}

/**
 * Run an experiment.
 *
 * @throws {LabError} `run/interrupted`
 */
export async function runExperiment(
  experiment: ExperimentPlugin,
  options: ReplicateOptions,
): Promise<ExperimentRecord> {
  const { budget, seed, code, executor, clock } = options;
  const params = parseParams(experiment, experiment.budgets[budget]);
  const organisms = new Set<string>();
  const lab: Lab = {
    ...options.lab,
    grow(specs) {
      for (const spec of specs) organisms.add(runId(spec));
      return options.lab.grow(specs);
    },
    growLearners(specs) {
      for (const spec of specs) organisms.add(inContextRunId(spec));
      return options.lab.growLearners(specs);
    },
  };
  const begun = clock();
  const rows: Row[] = [];
  for await (const row of experiment.run(lab, params, seed)) rows.push(row);
  return {
    format: "mesascope-experiment/1",
    experiment: experiment.id,
    budget,
    params,
    seed,
    code,
    executor,
    rows,
    organisms: [...organisms],
    wallMs: Math.round(clock() - begun),
  };
}
