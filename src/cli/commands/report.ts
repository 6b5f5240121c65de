/** @file `mesascope report`: write again, from stored records, what was measured. */
import { join } from "node:path";
import type { Command } from "commander";
import { LabError } from "../../core/errors.ts";
import type { RecordKind, RecordTypes } from "../../store/store.ts";
import { addAction, type Door, type ExitCode, REPORTS } from "../context.ts";

const KINDS = ["report", "audit", "chat-audit", "utilities", "experiment"] as const satisfies readonly RecordKind[];

export function registerReport(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("report")
    .description("write HTML and JSON again, and Markdown where there is one, from stored records alone")
    .argument(
      "[id]",
      "first letters of an audit, a result or a report, or zoo:<name> for the latest audit of an agent that ships (default: the latest of them)",
    )
    .option("--out <folder>", "where the files go", REPORTS);
  addAction(command, door, finished, async (context, flags: { out: string }, given) => {
    const { ambiguous, matchRecords, shortId } = await import("../records.ts");
    const store = await context.store();
    const { auditOfPrebuilt, isPrebuilt } = await import("../prebuilt.ts");
    const isZoo = typeof given === "string" && isPrebuilt(given);
    const text = isZoo ? await auditOfPrebuilt(given, store) : given;
    const matching = (await matchRecords(store, String(text ?? ""), KINDS)).toSorted((a, b) => b.savedMs - a.savedMs);
    const found = text === undefined ? matching.slice(0, 1) : matching;
    if (found.length > 1) throw ambiguous(String(text), found);
    const [entry] = found;
    if (!entry) {
      const what = text === undefined ? "nothing to report is stored" : `"${text}" names no audit, result or report`;
      throw new LabError("input/unknown-id", `report: ${what}`, {
        hint: 'Run "mesascope list" for what is stored: audits, chat-audits, utilities, results and reports.',
      });
    }
    const record = (await store.load(entry.kind, entry.id))!;
    const { writeAuditReport, writeExperimentReport, writeZooReport } = await import("../reports.ts");
    const { writeTalkReport } = await import("../chat-reports.ts");
    const base = join(flags.out, entry.kind === "report" ? entry.id : `${entry.kind}-${shortId(entry.id)}`);
    const write = (): Promise<string[]> => {
      switch (entry.kind as (typeof KINDS)[number]) {
        case "audit":
          return writeAuditReport(record as RecordTypes["audit"], base);
        case "chat-audit":
        case "utilities":
          return writeTalkReport(record as RecordTypes["chat-audit" | "utilities"], base);
        case "experiment":
          return writeExperimentReport(record as RecordTypes["experiment"], base);
        case "report": {
          const { audits, command } = record as RecordTypes["report"];
          return writeZooReport(audits, command, base);
        }
      }
    };
    const files = await write();
    context.print({ kind: entry.kind, id: entry.id, files }, () =>
      files.map((file) => `${context.out.paint.dim("wrote")} ${file}`).join("\n"),
    );
    return 0;
  });
}
