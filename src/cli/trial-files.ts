/** @file The trials of an audit in the formats of other tools, as files. */
import { contrastLog, type RunFacts } from "../exchange/inspect/from-trials.ts";
import { logFileName } from "../exchange/inspect/ids.ts";
import { writeInspectEval, writeInspectJson } from "../exchange/inspect/write.ts";
import { spansJsonl } from "../exchange/spans.ts";
import type { Transcripts } from "../exchange/transcripts.ts";
import { trialsCsv, trialsJsonl, trialsParquet } from "../exchange/trial-table.ts";
import type { RunResult } from "../trials/run.ts";
import type { TrialFormat } from "./trial-formats.ts";

/**
 * Contents by file name.
 *
 * @param transcripts with the bytes of every exchange
 */
export async function trialFiles(
  formats: readonly TrialFormat[],
  result: Pick<RunResult, "contrasts">,
  transcripts: Transcripts,
  facts: RunFacts,
  base: string,
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const trials = result.contrasts.flatMap((each) => each.trials);
  const spans = (hasContent: boolean) =>
    spansJsonl(trials, transcripts, { subject: facts.subject, run: facts.run, at: Date.parse(facts.at), hasContent });
  const logs = () =>
    result.contrasts.map(({ contrast, trials: own }) => contrastLog(contrast, own, transcripts, facts));
  const files: Record<string, string | Uint8Array> = {};
  for (const format of formats) {
    switch (format) {
      case "csv":
        files[`${base}-trials.csv`] = trialsCsv(trials, transcripts);
        break;
      case "jsonl":
        files[`${base}-trials.jsonl`] = trialsJsonl(trials, transcripts);
        break;
      case "parquet":
        files[`${base}-trials.parquet`] = trialsParquet(trials, transcripts);
        break;
      case "spans":
      case "spans-with-content":
        files[`${base}-${format}.jsonl`] = spans(format === "spans-with-content");
        break;
      case "eval":
        for (const log of logs()) files[`${logFileName(log)}.eval`] = await writeInspectEval(log);
        break;
      case "inspect-json":
        for (const log of logs()) files[`${logFileName(log)}.json`] = writeInspectJson(log);
        break;
    }
  }
  return files;
}
