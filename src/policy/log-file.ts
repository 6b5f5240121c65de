/**
 * @file Trajectory logs as files: CSV with a header, or one JSON object a line. Each row is one decision: its
 * episode, its step, the action, and the level (on the first row of an episode at least) or the observation.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";

/** One decision, as it stands in the file. */
export interface LogRow {
  /** For messages: `line 3`. */
  readonly where: string;
  readonly episode: string;
  readonly step: number;
  /** Name or index. */
  readonly action: string;
  /** The level's rows as the world prints them, joined by newlines. */
  readonly level?: string;
  /** Planes of 0 and 1 in the world's order, flat `[planes · height · width]`. */
  readonly observation?: readonly number[];
}

export const LOG_FORMATS = ["csv", "jsonl"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const COLUMNS =
  "episode, step, action, and level (ASCII rows joined by /, as the world prints them) or observation (0 and 1, planes first)";

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const bits = z.union([
  z.array(z.number().min(0).max(1)),
  z
    .string()
    .regex(/^[01\s,;[\]]+$/, "expected 0 and 1")
    .transform((text) => [...text.replaceAll(/[^01]/g, "")].map(Number)),
]);
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => (given === "" || given === null ? undefined : given), schema.optional());
const rowSchema = z.object({
  episode: value,
  step: z.coerce.number().int().min(0),
  action: value,
  level: optional(
    z
      .union([z.string(), z.array(z.string()).transform((rows) => rows.join("\n"))])
      .transform((text) => text.replaceAll("/", "\n").replaceAll("\r", "").replace(/\n$/, "")),
  ),
  observation: optional(bits),
});

/**
 * The rows of a log, in the order of the file.
 *
 * @throws {LabError} `input/invalid` naming the line, what was found and what was expected
 */
export function readLog(text: string, format: LogFormat): readonly LogRow[] {
  const records = format === "csv" ? csvRecords(text) : jsonRecords(text);
  if (records.length === 0) {
    throw new LabError("input/invalid", `log: no decisions, got an empty ${format} file; expected ${COLUMNS}`);
  }
  return records.map(({ line, record }) => {
    const where = `line ${line}`;
    const parsed = rowSchema.safeParse(record);
    if (parsed.success) {
      const { level, observation, ...rest } = parsed.data;
      return { where, ...rest, ...(level ? { level } : {}), ...(observation ? { observation } : {}) };
    }
    const { path, message } = parsed.error.issues[0]!;
    const got = JSON.stringify((record as Readonly<Record<string, unknown>>)[String(path[0])]) ?? "nothing";
    throw new LabError(
      "input/invalid",
      `log: ${where}: ${path.join(".")} cannot be read, got ${got.slice(0, 60)} (${message}); expected the columns ${COLUMNS}`,
    );
  });
}

interface LogRecord {
  readonly line: number;
  readonly record: unknown;
}

function jsonRecords(text: string): LogRecord[] {
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      const record: unknown = JSON.parse(line);
      if (typeof record === "object" && record !== null) return [{ line: i + 1, record }];
    } catch {
      // Told below, as any other line that is no object.
    }
    const got = line.slice(0, 60);
    throw new LabError("input/invalid", `log: line ${i + 1} is not a JSON object, got ${got}; expected ${COLUMNS}`);
  });
}

/** RFC 4180: fields in double quotes may hold commas, line breaks and doubled quotes. */
function csvRecords(text: string): LogRecord[] {
  const rows: { line: number; fields: string[] }[] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  const clean = text.replace(/^\uFEFF/, "");
  let line = 1;
  let fields: string[] = [];
  let begun = 1;
  while (field.lastIndex < clean.length) {
    const at = field.lastIndex;
    const match = field.exec(clean);
    if (!match) {
      const got = clean.slice(at, at + 40).split("\n")[0];
      throw new LabError("input/invalid", `log: line ${line} is not CSV, got ${got}; expected quotes that close`);
    }
    const [whole, raw, end] = match as unknown as [string, string, string];
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw.trim());
    line += whole.split("\n").length - 1;
    if (end === "," && field.lastIndex < clean.length) continue;
    if (fields.some((each) => each !== "")) rows.push({ line: begun, fields });
    fields = [];
    begun = line;
  }
  const [header, ...rest] = rows;
  const names = header?.fields.map((name) => name.toLowerCase()) ?? [];
  return rest.map((row) => ({
    line: row.line,
    record: Object.fromEntries(names.map((name, i) => [name, row.fields[i] ?? ""])),
  }));
}
