/** @file Audits to compare, named by id or file, and their comparison as text. */
import type { AuditComparison, ComparedReading } from "../audit/compare.ts";
import type { AuditRecord } from "../audit-record.ts";
import type { Difference } from "../core/difference.ts";
import { LabError } from "../core/errors.ts";
import type { Reading } from "../core/estimate.ts";
import { formatInterval } from "../report/numbers.ts";
import type { Store } from "../store/store.ts";
import { readInput } from "./inputs.ts";
import { auditOfPrebuilt, isPrebuilt } from "./prebuilt.ts";
import { findRecord } from "./records.ts";
import { facts, table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/**
 * An audit by the first letters of its id, the latest one of an agent that ships, or one out of a JSON file: a report's, or what `audit --json` printed.
 *
 * @throws {LabError} `input/unknown-id`, `input/invalid`, `store/corrupt`
 */
export async function nameAudit(text: string, store: () => Promise<Store>): Promise<AuditRecord> {
  if (!/\.json$/i.test(text)) {
    const kept = await store();
    return (await findRecord(kept, "audit", isPrebuilt(text) ? await auditOfPrebuilt(text, kept) : text)).record;
  }
  const bytes = await readInput(text);
  const refused = (got: string) =>
    new LabError("input/invalid", `diff: "${text}" is not an audit, got ${got}; expected the JSON of one audit`, {
      hint: 'Take the .json file that "mesascope audit" wrote, or the id of a stored audit.',
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw refused(`no JSON (${(error as Error).message})`);
  }
  const record = isAudit(parsed) ? parsed : (parsed as { audit?: unknown } | null)?.audit;
  if (isAudit(record)) return record;
  const format = (parsed as { format?: unknown } | null)?.format;
  throw refused(Array.isArray(parsed) ? "a list" : format === undefined ? "another document" : `format "${format}"`);
}

/** Of this version's format, with the parts that are compared. */
function isAudit(value: unknown): value is AuditRecord {
  if (typeof value !== "object" || value === null) return false;
  const { format, answers, findings, access, task } = value as Readonly<Record<string, unknown>>;
  const isWhole = (finding: unknown) => {
    const { detector, reading, quantities, params } = Object(finding) as Readonly<Record<string, unknown>>;
    return (
      typeof detector === "string" &&
      typeof params === "object" &&
      isReading(reading) &&
      Array.isArray(quantities) &&
      quantities.every((quantity) => isReading(Object(quantity).reading))
    );
  };
  return (
    format === "mesascope-audit/1" &&
    Array.isArray(answers) &&
    Array.isArray(access) &&
    typeof task === "object" &&
    Array.isArray(findings) &&
    findings.every(isWhole)
  );
}

function isReading(value: unknown): value is Reading {
  const { status, reason, value: estimate } = Object(value) as Readonly<Record<string, unknown>>;
  if (status === "unscored") return typeof reason === "string";
  const numbers = Object(estimate) as Readonly<Record<string, unknown>>;
  return status === "scored" && ["mean", "low", "high", "n"].every((name) => Number.isFinite(numbers[name]));
}

/** Answers, then headlines, then the quantities that differ. */
export function describeComparison(compared: AuditComparison, out: Outlet): string {
  const { bold, dim, warn } = out.paint;
  const { a, b, cautions, questions, findings, looks } = compared;
  const world = ({ task }: typeof a) =>
    [task.env, ...Object.entries(task.params).map(([k, v]) => `${k}=${v}`)].join(" ");
  const about = facts(
    [
      ["A", `${a.subject}  ${world(a)}  seed ${a.seed}`],
      ["B", `${b.subject}  ${world(b)}  seed ${b.seed}`],
      ...cautions.map((text) => ["note", text] as const),
    ],
    out,
  );
  const mark = (isChanged: boolean) => (isChanged ? warn("changed") : dim("same"));
  const both = questions.filter(({ a: one, b: other }) => one?.status === "answered" || other?.status === "answered");
  const answers = table(
    both,
    [
      { title: "question", cell: ({ text }) => bold(text), wraps: true, most: 24 },
      { title: "A", cell: (row) => row.a?.answer ?? dim("not asked"), wraps: true },
      { title: "B", cell: (row) => row.b?.answer ?? dim("not asked"), wraps: true },
      { title: "", cell: ({ isChanged }) => mark(isChanged) },
    ],
    out,
  );
  const headlines = table(
    findings,
    [
      { title: "instrument", cell: ({ detector }) => bold(detector) },
      { title: "A", cell: ({ headline }) => short(headline.a) },
      { title: "B", cell: ({ headline }) => short(headline.b) },
      { title: "B − A", cell: ({ headline }) => signed(headline.difference) },
      {
        title: "found",
        cell: ({ a: one, b: other, isChanged }) =>
          isChanged ? warn(`${one?.finding ?? "nothing"} → ${other?.finding ?? "nothing"}`) : (other?.finding ?? ""),
      },
    ],
    out,
  );
  const differing = findings.flatMap(({ detector, quantities }) =>
    quantities.filter(({ isDifferent }) => isDifferent).map((quantity) => ({ detector, ...quantity })),
  );
  const quantities = table(
    differing,
    [
      { title: "differs too", cell: ({ detector, id }) => `${detector}.${id}` },
      { title: "", cell: ({ title }) => title ?? "", wraps: true },
      { title: "A", cell: (row) => short(row.a) },
      { title: "B", cell: (row) => short(row.b) },
      { title: "B − A", cell: ({ difference }) => signed(difference) },
    ],
    out,
  );
  const chance = (looks.computed / 20).toFixed(0);
  const closing = dim(
    `${looks.different} of ${looks.computed} differences exclude zero, each at 95 %; about ${chance} would by chance alone, were there none. Intervals take the two audits as independent.`,
  );
  const unanswered = questions.length - both.length;
  const silent = unanswered > 0 ? dim(`${unanswered} questions were answered by neither.`) : "";
  return [about, answers, silent, headlines, quantities, closing].filter(Boolean).join("\n\n");
}

const short = (reading: ComparedReading["a"]): string =>
  reading === undefined ? "not run" : reading.status === "scored" ? formatInterval(reading.value) : "unscored";

const signed = (difference: Difference | undefined): string => {
  if (difference === undefined) return "";
  return `${difference.mean > 0 ? "+" : ""}${formatInterval({ ...difference, n: 1, unit: "levels" })}`;
};
