/** @file What is made of a run that has ended: the record, kept; its report, written; its gates, looked at. */
import { join } from "node:path";
import type { JournalPort } from "../trials/journal.ts";
import type { Labels } from "../trials/labels.ts";
import { chatAudit, type RecordOrigin } from "../trials/record.ts";
import type { RunOptions, RunResult } from "../trials/run.ts";
import { utilitiesAudit } from "../trials/utilities-record.ts";
import { trippedByContrasts, trippedByUtilities } from "./chat-gates.ts";
import { type TalkRecord, writeTalkReport } from "./chat-reports.ts";
import { chatAuditText, utilitiesText } from "./chat-tables.ts";
import type { Context, ExitCode } from "./context.ts";
import type { Gate } from "./gate.ts";
import { shortId } from "./records.ts";
import type { TrialFormat } from "./trial-formats.ts";

/** A run that has ended, with what it was told. */
export interface FinishedRun {
  readonly result: RunResult;
  readonly options: RunOptions;
  readonly command: string;
  readonly isUtilities: boolean;
  readonly journal: JournalPort;
  /** Absent where answers were kept in memory. */
  readonly journalPath: string | undefined;
  readonly labels: Labels | undefined;
  readonly gates: readonly Gate[];
  readonly write: readonly TrialFormat[];
  readonly out: string;
}

/** Keep, write, print; 3 when a gate has tripped. */
export async function finishChat(context: Context, run: FinishedRun): Promise<ExitCode> {
  const { result, options, gates, journalPath, labels } = run;
  const { describeJournal } = await import("../store/files-journal.ts");
  const origin: RecordOrigin = {
    code: await context.code(),
    command: run.command,
    journal: journalPath === undefined ? null : await describeJournal(journalPath, context.home),
  };
  const { talkId } = await import("../store/store.ts");
  const store = await context.store();
  const { out } = context;
  if (run.isUtilities) {
    const utilities = utilitiesAudit(result, options, origin);
    const id = talkId(utilities);
    await store.save("utilities", id, utilities);
    const trips = trippedByUtilities(gates, utilities);
    const files = await writeResults(context, run, utilities);
    return finished(context, { id, utilities, files, tripped: trips }, () => utilitiesText(utilities, out));
  }
  const audit = chatAudit(result, options, { ...origin, ...(labels ? { labels } : {}) });
  const id = talkId(audit);
  await store.save("chat-audit", id, audit);
  const trips = trippedByContrasts(gates, audit);
  const files = await writeResults(context, run, audit);
  return finished(context, { id, audit, files, tripped: trips }, () => chatAuditText(audit, out));
}

interface Printed {
  readonly id: string;
  readonly files: readonly string[];
  readonly tripped: readonly string[];
}

function finished<P extends Printed>({ print, out, err }: Context, printed: P, text: () => string): ExitCode {
  const { id, files, tripped } = printed;
  print(printed, () =>
    [
      text(),
      "",
      `${out.paint.dim("kept as")} ${shortId(id)}`,
      ...files.map((file) => `${out.paint.dim("wrote")} ${file}`),
    ].join("\n"),
  );
  for (const trip of tripped) err.line(`${err.paint.bad("gate tripped:")} ${trip}`);
  return tripped.length > 0 ? 3 : 0;
}

/** The report with its transcripts, and the trials in the formats that were asked for. */
async function writeResults(context: Context, run: FinishedRun, record: TalkRecord): Promise<readonly string[]> {
  const { result, journal, journalPath, write } = run;
  const { transcriptsHtml } = await import("../report/transcripts.ts");
  const { readTranscripts } = await import("../exchange/transcripts.ts");
  const { subject, design, code, command, cut } = record;
  const kind = run.isUtilities ? "utilities" : "audit";
  const name = `${kind}-${subject.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "")}-seed-${design.seed}`;
  const at = (file: string) => join(run.out, file);
  const facts = {
    run: record.run,
    subject,
    at: new Date(context.now()).toISOString().replace("Z", "+00:00"),
    seed: design.seed,
    code,
    command,
    isCut: cut !== null,
  };
  const told = result.contrasts.map(({ contrast: { id, title, arms }, trials }) => ({
    contrast: id,
    title,
    arms: arms.map((arm) => ({
      arm: arm.id,
      title: arm.title,
      trials: trials.filter((trial) => trial.arm === arm.id).length,
    })),
  }));
  const trials = result.contrasts.flatMap((each) => each.trials);
  // Exchanges are several times as large as what was said: only what writes them reads them.
  const said = await readTranscripts(journal.lines(), { withExchanges: write.length > 0 });
  const transcripts = `${name}-transcripts.html`;
  const page = transcriptsHtml({ subject, contrasts: told }, trials, said, `${name}.html`);
  const tables =
    write.length === 0 ? {} : await (await import("./trial-files.ts")).trialFiles(write, result, said, facts, name);
  const beside = Object.entries({ [transcripts]: page, ...tables }).map(([file, content]) => [at(file), content]);
  const files = await writeTalkReport(record, at(name), { files: Object.fromEntries(beside), transcripts });
  return [...files, ...(journalPath === undefined ? [] : [journalPath])];
}
