/**
 * @file Writes Inspect logs, as one `.json` document or as an `.eval` container (deflate), so that Inspect's viewer
 * and every tool that reads its logs open them.
 */
import { LabError } from "../../core/errors.ts";
import { checked } from "../refusal.ts";
import { writePythonJson } from "./python-json.ts";
import { type InspectLog, type InspectLogInput, type InspectSample, logSchema } from "./schema.ts";
import { writeZip } from "./zip.ts";

/**
 * The members of a log in their order, with what a file must have and the caller left out.
 *
 * @throws {LabError} `exchange/malformed` naming the member that is wrong
 */
export function completeLog(log: InspectLogInput): InspectLog {
  return checked(logSchema, log, "log to write");
}

/** The text of a `.json` log. */
export function writeInspectJson(log: InspectLog): string {
  return writePythonJson(log);
}

/**
 * The bytes of an `.eval` log. Equal logs are equal bytes: every member carries the time the log was created.
 *
 * @throws {LabError} `exchange/malformed` when a sample's id can be no file name, or occurs twice in one epoch
 */
export function writeInspectEval(log: InspectLog): Promise<Uint8Array> {
  const { samples, reductions, ...header } = log;
  const members: [string, unknown][] = [
    ["_journal/start.json", { version: log.version, eval: log.eval, plan: log.plan }],
  ];
  const taken = new Set<string>();
  for (const sample of samples ?? []) {
    const name = memberName(sample);
    if (taken.has(name)) {
      throw new LabError(
        "exchange/malformed",
        `log to write: "${name}" occurs twice; expected one sample per id and epoch`,
      );
    }
    taken.add(name);
    members.push([name, sample]);
  }
  const summaries = (samples ?? []).map(summarize);
  if (summaries.length > 0) members.push(["_journal/summaries/1.json", summaries]);
  members.push(["summaries.json", summaries]);
  if (reductions) members.push(["reductions.json", reductions]);
  members.push(["header.json", header]);
  return writeZip(
    members.map(([name, value]) => [name, writePythonJson(value)] as const),
    Number.isNaN(Date.parse(log.eval.created)) ? new Date(EARLIEST) : new Date(log.eval.created),
  );
}

/** The first moment that a zip file can name. */
const EARLIEST = "1980-01-01T00:00:00Z";

function memberName({ id, epoch }: InspectSample): string {
  const name = `samples/${id}_epoch_${epoch}.json`;
  if (/\\|\0|(?:^|\/)\.\.(?:\/|$)|\/\//.test(name)) {
    throw new LabError(
      "exchange/malformed",
      `log to write: a sample's id can be no file name, got ${JSON.stringify(id)}; expected no backslash and no ".."`,
    );
  }
  return name;
}

/** Longest text that a summary repeats. */
const SUMMARY_TEXT = 1024;

/** What a list of samples shows of one, without its transcript. */
function summarize(sample: InspectSample): unknown {
  const thin = (text: string) => text.slice(0, SUMMARY_TEXT);
  const { id, epoch, input, target, choices, scores, metadata, model_usage, total_time, working_time, uuid } = sample;
  return {
    id,
    epoch,
    input: typeof input === "string" ? thin(input) : input.slice(0, 1).map(({ role, content }) => ({ role, content })),
    ...(choices ? { choices } : {}),
    target,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(([, value]) => typeof value !== "object" && String(value).length <= SUMMARY_TEXT),
    ),
    ...(scores
      ? {
          scores: Object.fromEntries(
            Object.entries(scores).map(([name, { value, answer, explanation, history }]) => [
              name,
              {
                value,
                ...(answer ? { answer: thin(answer) } : {}),
                ...(explanation ? { explanation: thin(explanation) } : {}),
                history,
              },
            ]),
          ),
        }
      : {}),
    model_usage,
    ...(total_time == null ? {} : { total_time }),
    ...(working_time == null ? {} : { working_time }),
    ...(uuid == null ? {} : { uuid }),
    ...(sample.error ? { error: thin(sample.error.message) } : {}),
    ...(sample.limit === undefined || sample.limit === null
      ? {}
      : { limit: String((sample.limit as { type?: unknown }).type ?? "") }),
    retries: sample.error_retries?.length ?? 0,
    completed: !sample.error,
    message_count: sample.messages.length,
  };
}
