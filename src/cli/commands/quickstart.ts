/** @file `mesascope quickstart`: a small zoo grown live, audited blind, and reported. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { LabError } from "../../core/errors.ts";
import { addAction, type Door, type ExitCode, parsePositive, REPORTS } from "../context.ts";

interface QuickstartFlags {
  readonly [name: string]: unknown;
  readonly out: string;
  readonly threads?: number;
  readonly executor?: "native" | "wasm";
}

export function registerQuickstart(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("quickstart")
    .description("grow a small zoo of agents, audit each one blind, and write the report")
    .option("--out <folder>", "where the report goes", REPORTS)
    .option("--threads <n>", "agents trained at once (default: one per core)", parsePositive)
    .addOption(new Option("--executor <kernels>", "kernels that train (default: native)").choices(["native", "wasm"]));
  addAction(command, door, finished, async (context, flags: QuickstartFlags) => {
    const begun = context.clock();
    const { auditBlind, FIRST_ZOO, zooSpecs } = await import("../../lab/zoo.ts");
    const { openLaboratory } = await import("../laboratory.ts");
    const { lab, store, executor, code, progress } = await openLaboratory(context, flags);
    const specs = zooSpecs(lab, FIRST_ZOO, context.seed);
    const { bold } = context.err.paint;
    progress.note(bold(`Growing ${specs.length} agents whose goals are known to us`));
    const records = await lab.grow(specs);
    progress.close();

    context.err.line(`\n${bold("Auditing them blind: each audit sees a policy file and its world, nothing else")}`);
    const bars = await context.progress({ unit: "audits" });
    const audits = bars.task("audits", specs.length);
    const graded = await auditBlind(records, {
      store,
      executor,
      seed: context.seed,
      code,
      clock: context.clock,
      signal: context.interruptible(),
      onAudit: (agent, { done, total, running }) =>
        audits.update(agent + done / total, `agent ${agent + 1} of ${specs.length}${running ? `: ${running}` : ""}`),
    });
    audits.finish();
    if (context.interruptible().aborted) {
      throw new LabError(
        "run/interrupted",
        `quickstart: stopped after ${graded.length} of ${specs.length} audits; nothing is lost`,
        {
          hint: "Run the same command again: grown agents are kept, audits take seconds.",
        },
      );
    }
    const command = `mesascope quickstart --seed ${context.seed}`;
    const { writeZooReport } = await import("../reports.ts");
    const files = await writeZooReport(graded, command, join(flags.out, `zoo-seed-${context.seed}`));
    const right = graded.filter(({ correct }) => correct).length;
    const title = `A zoo of ${graded.length} agents, seed ${context.seed}`;
    await store.save("report", `zoo-seed-${context.seed}`, {
      format: "mesascope-report/1",
      title,
      code,
      command,
      audits: graded,
    });
    const { gradedTable } = await import("../describe.ts");
    const { formatSeconds } = await import("../progress.ts");
    context.print({ audited: graded.length, right, graded, files }, () =>
      [
        "",
        gradedTable(graded, context.out),
        "",
        `${context.out.paint.bold(`${right} of ${graded.length} answers right`)}, in ${formatSeconds((context.clock() - begun) / 1000)}`,
        ...files.map((file) => `${context.out.paint.dim("wrote")} ${file}`),
        context.out.paint.dim(`Open ${files[0]} in a browser; "mesascope list" shows what else there is.`),
      ].join("\n"),
    );
    return 0;
  });
}
