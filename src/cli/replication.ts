/**
 * @file Experiments run from the command line: rows as they come, a record for
 * the store, and verdicts as a table.
 */
import type { ClaimPlugin } from "../claim.ts";
import { claims } from "../claims/index.ts";
import { findById } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import type { ExperimentPlugin, ExperimentRecord } from "../experiment.ts";
import { runExperiment } from "../lab/replicate.ts";
import type { Judged } from "../report/replications.ts";
import type { Store } from "../store/store.ts";
import type { Context } from "./context.ts";
import { type LaboratoryOptions, openLaboratory } from "./laboratory.ts";
import { allExperiments } from "./reports.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/**
 * Claims by their ids or by the ids of their experiments, and the experiments that decide them.
 *
 * @throws {LabError} `input/unknown-id`
 */
export function chooseClaims(ids: readonly string[]): {
  readonly claims: readonly ClaimPlugin[];
  readonly experiments: readonly ExperimentPlugin[];
} {
  const known = [...claims, ...allExperiments.filter(({ id }) => !claims.some((claim) => claim.id === id))];
  const named = ids.map((id) => findById("claim or experiment", known, id));
  const chosen = claims.filter(
    (claim) => ids.length === 0 || named.some(({ id }) => id === claim.id || id === claim.experiment),
  );
  const wanted = new Set([...chosen.map(({ experiment }) => experiment), ...named.map(({ id }) => id)]);
  return { claims: chosen, experiments: allExperiments.filter(({ id }) => wanted.has(id)) };
}

/** Run experiments one after another, storing the record of each as it ends. */
export async function runExperiments(
  context: Context,
  experiments: readonly ExperimentPlugin[],
  options: LaboratoryOptions & { readonly budget: "smoke" | "full" },
): Promise<readonly ExperimentRecord[]> {
  const { lab, store, executor, code, progress } = await openLaboratory(context, options);
  const records: ExperimentRecord[] = [];
  for (const experiment of experiments) {
    progress.note(`${context.err.paint.bold(experiment.title)}  ${context.err.paint.dim(experiment.question)}`);
    const record = await runExperiment(experiment, {
      lab,
      code,
      budget: options.budget,
      seed: context.seed,
      executor: executor.id,
      clock: context.clock,
    });
    await store.save(
      "experiment",
      hashJson([record.experiment, record.budget, record.params, record.seed, code]),
      record,
    );
    records.push(record);
  }
  progress.close();
  return records;
}

/** Every stored record of an experiment, the latest first. */
export async function storedExperiments(store: Store): Promise<readonly ExperimentRecord[]> {
  const entries = await store.list("experiment");
  const records = await Promise.all(entries.map(({ id }) => store.load("experiment", id)));
  return records.filter((record) => record !== undefined);
}

/** One row a claim: their number, ours, and what follows. */
export function judgedTable(judged: readonly Judged[], out: Outlet): string {
  const { bold, good, bad, warn, dim } = out.paint;
  const style = { supported: good, contradicted: bad, inconclusive: warn, "needs an endpoint": dim };
  return table(
    judged,
    [
      { title: "claim", cell: ({ claim }) => bold(claim.id) },
      {
        title: "verdict",
        cell: (entry) => ("verdict" in entry ? style[entry.verdict.outcome](entry.verdict.outcome) : dim("not judged")),
      },
      { title: "ours", cell: (entry) => ("verdict" in entry ? entry.verdict.ours : ""), wraps: true },
      { title: "published", cell: ({ claim }) => claim.published, wraps: true },
      { title: "because", cell: (entry) => ("verdict" in entry ? entry.verdict.because : entry.missing), wraps: true },
    ],
    out,
  );
}
