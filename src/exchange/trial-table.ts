/** @file Trials as tables that other tools read: CSV, JSON lines and Parquet, one row a trial, missing ones included. */
import { parquetWriteBuffer } from "hyparquet-writer";
import type { ScoredTrial } from "../contrast.ts";
import { csv } from "../core/csv.ts";
import type { Transcripts } from "./transcripts.ts";

/** One trial, flat. */
interface TrialRow {
  readonly trial: string;
  readonly contrast: string;
  readonly item: string;
  readonly family: string;
  readonly arm: string;
  readonly repeat: number;
  readonly status: "scored" | "missing";
  readonly value: number | undefined;
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  /** Further numbers of the trial, as JSON. */
  readonly facets: string | undefined;
  readonly turns: number;
  /** What the subject said last. */
  readonly answer: string | undefined;
  readonly finish: string | undefined;
  readonly model: string | undefined;
  readonly input_tokens: number | undefined;
  readonly output_tokens: number | undefined;
}

/** Columns with their Parquet types, in the order of every format. */
const COLUMNS = {
  trial: "STRING",
  contrast: "STRING",
  item: "STRING",
  family: "STRING",
  arm: "STRING",
  repeat: "INT32",
  status: "STRING",
  value: "DOUBLE",
  reason: "STRING",
  detail: "STRING",
  facets: "STRING",
  turns: "INT32",
  answer: "STRING",
  finish: "STRING",
  model: "STRING",
  input_tokens: "INT32",
  output_tokens: "INT32",
} as const satisfies Readonly<Record<keyof TrialRow, string>>;
const NAMES = Object.keys(COLUMNS) as (keyof TrialRow)[];

function rowsOf(trials: readonly ScoredTrial[], transcripts: Transcripts): readonly TrialRow[] {
  return trials.map(({ id, contrast, item, family, arm, repeat, score }) => {
    const turns = transcripts.get(id) ?? [];
    const last = turns.at(-1)?.reply;
    const tokens = (key: "inputTokens" | "outputTokens") => {
      const counted = turns.flatMap(({ reply }) => reply?.usage?.[key] ?? []);
      return counted.length === 0 ? undefined : counted.reduce((sum, each) => sum + each, 0);
    };
    const isScored = score.status === "scored";
    return {
      trial: id,
      contrast,
      item,
      family,
      arm,
      repeat,
      status: score.status,
      value: isScored ? score.value : undefined,
      reason: isScored ? undefined : score.reason,
      detail: isScored ? undefined : score.detail,
      facets: isScored && score.facets ? JSON.stringify(score.facets) : undefined,
      turns: turns.length,
      answer: last?.message.content,
      finish: last?.finish,
      model: last?.model,
      input_tokens: tokens("inputTokens"),
      output_tokens: tokens("outputTokens"),
    };
  });
}

/** Comma-separated values; a missing score is an empty field, never 0. */
export function trialsCsv(trials: readonly ScoredTrial[], transcripts: Transcripts): string {
  return csv(
    NAMES,
    rowsOf(trials, transcripts).map((row) => NAMES.map((name) => row[name])),
  );
}

/** One JSON object a line, with the whole transcript; members without a value are left out. */
export function trialsJsonl(trials: readonly ScoredTrial[], transcripts: Transcripts): string {
  const rows = rowsOf(trials, transcripts);
  return trials
    .map(({ id, score }, i) => `${JSON.stringify({ ...rows[i], score, transcript: transcripts.get(id) ?? [] })}\n`)
    .join("");
}

/** A Parquet file; a missing value is null. */
export function trialsParquet(trials: readonly ScoredTrial[], transcripts: Transcripts): Uint8Array {
  const rows = rowsOf(trials, transcripts);
  const buffer = parquetWriteBuffer({
    columnData: NAMES.map((name) => ({
      name,
      type: COLUMNS[name],
      nullable: true,
      data: rows.map((row) => row[name] ?? null),
    })),
  });
  return new Uint8Array(buffer);
}
