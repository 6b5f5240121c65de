/** @file `mesascope replicate`: run the experiment behind a claim, and judge it. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { ExperimentPlugin, ExperimentRecord } from "../../experiment.ts";
import { addAction, type Context, type Door, type ExitCode, parsePositive, REPORTS } from "../context.ts";

interface ReplicateFlags {
  readonly [name: string]: unknown;
  readonly budget: "smoke" | "full";
  readonly out: string;
  readonly write?: string | true;
  readonly judgeOnly?: boolean;
  readonly threads?: number;
  readonly executor?: "native" | "wasm";
}

export function registerReplicate(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("replicate")
    .description("run the experiments behind claims, and judge them by rules written before the run")
    .argument("[claims...]", "ids of claims or of experiments (default: every claim)")
    .addOption(
      new Option("--budget <size>", "smoke is small and judges nothing").choices(["smoke", "full"]).default("full"),
    )
    .option("--judge-only", "run nothing: judge what is stored")
    .option("--out <folder>", "where the reports of the experiments go", REPORTS)
    .option(
      "--write [folder]",
      "also keep the records (default: docs/replications), from which the table of every claim is generated",
    )
    .option("--threads <n>", "organisms trained at once (default: one per core)", parsePositive)
    .addOption(new Option("--executor <kernels>", "kernels that train (default: native)").choices(["native", "wasm"]));
  addAction(command, door, finished, async (context, flags: ReplicateFlags, ids) => {
    const { chooseClaims, judgedTable, runExperiments, storedExperiments } = await import("../replication.ts");
    const chosen = chooseClaims((ids as readonly string[] | undefined) ?? []);
    const files: string[] = [];
    if (!flags.judgeOnly) {
      const records = await runExperiments(context, chosen.experiments, flags);
      const { writeExperimentReport } = await import("../reports.ts");
      for (const { experiment, budget, seed, ...rest } of records) {
        const base = join(flags.out, `${experiment}-${budget}-seed-${seed}`);
        files.push(...(await writeExperimentReport({ experiment, budget, seed, ...rest }, base)));
      }
      if (flags.budget === "smoke") return printSmoke(context, records, files);
    }
    const stored = await storedExperiments(await context.store());
    const { judgeClaims } = await import("../../report/replications.ts");
    const judged = judgeClaims({ claims: chosen.claims, records: stored });
    if (flags.write !== undefined) {
      const folder = flags.write === true ? "docs/replications" : flags.write;
      files.push(...(await keepRecords(stored, chosen.experiments, folder)));
    }
    const value = judged.map((entry) => ({
      claim: entry.claim.id,
      sentence: entry.claim.sentence,
      published: entry.claim.published,
      ...("verdict" in entry ? entry.verdict : { outcome: "not judged", because: entry.missing }),
    }));
    context.print({ claims: value, files }, () =>
      [judgedTable(judged, context.out), "", ...wrote(context, files)].join("\n").trimEnd(),
    );
    return 0;
  });
}

const wrote = ({ out }: Context, files: readonly string[]) => files.map((file) => `${out.paint.dim("wrote")} ${file}`);

async function printSmoke(
  context: Context,
  records: readonly ExperimentRecord[],
  files: readonly string[],
): Promise<0> {
  const { rowsTable } = await import("../describe.ts");
  context.print({ experiments: records, files }, () =>
    [
      ...records.map(
        ({ experiment, rows }) => `${context.out.paint.bold(experiment)}\n${rowsTable(rows, context.out)}\n`,
      ),
      context.out.paint.warn("A smoke budget judges nothing; run with --budget full."),
      "",
      ...wrote(context, files),
    ].join("\n"),
  );
  return 0;
}

/** One file an experiment: what decided, as it is stored. */
async function keepRecords(
  stored: readonly ExperimentRecord[],
  experiments: readonly ExperimentPlugin[],
  folder: string,
): Promise<string[]> {
  const { reportJson } = await import("../../report/json.ts");
  const { writeFiles } = await import("../outputs.ts");
  const newest = experiments.flatMap(
    ({ id }) => stored.find(({ experiment, budget }) => experiment === id && budget === "full") ?? [],
  );
  return writeFiles(
    Object.fromEntries(newest.map((record) => [join(folder, `${record.experiment}.json`), reportJson(record)])),
  );
}
