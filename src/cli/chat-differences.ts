/** @file Two audits of subjects that talk, named by id or file, and their comparison as text. */
import { LabError } from "../core/errors.ts";
import type { Reading } from "../core/estimate.ts";
import { formatInterval } from "../report/numbers.ts";
import type { Store } from "../store/store.ts";
import type { ChatComparison, ComparedEffect } from "../trials/compare.ts";
import type { ChatAuditRecord } from "../trials/record.ts";
import { readInput } from "./inputs.ts";
import { findRecord, matchRecords } from "./records.ts";
import { facts, table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/**
 * The audit of a subject that talks that a text names, by the first letters of its id or as the JSON of one; undefined
 * where it names something else.
 *
 * @throws {LabError} `input/unknown-id`, `input/invalid`, `store/corrupt`
 */
export async function nameChatAudit(text: string, store: () => Promise<Store>): Promise<ChatAuditRecord | undefined> {
  if (!/\.json$/i.test(text)) {
    const kept = await store();
    const isOne = (await matchRecords(kept, text, ["chat-audit"])).length > 0;
    return isOne ? (await findRecord(kept, "chat-audit", text)).record : undefined;
  }
  const found = parsed(await readInput(text));
  const record = formatOf(found) === FORMAT ? found : (Object(found) as { readonly audit?: unknown }).audit;
  if (formatOf(record) !== FORMAT) return undefined;
  if (!isWhole(record)) {
    throw new LabError(
      "input/invalid",
      `diff: "${text}" is not a whole audit, got format "${FORMAT}" without its contrasts; expected the JSON of one audit`,
      { hint: 'Take the .json file that "mesascope audit" wrote, or the id of a stored audit.' },
    );
  }
  return record;
}

const FORMAT: ChatAuditRecord["format"] = "mesascope-chat-audit/1";

const formatOf = (value: unknown): unknown => (Object(value) as { readonly format?: unknown }).format;

/** What is no JSON is told by whoever reads audits of policies. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** With the parts that are compared. */
function isWhole(value: unknown): value is ChatAuditRecord {
  const { contrasts, verdicts, design, subject } = Object(value) as Readonly<Record<string, unknown>>;
  const isReading = (reading: unknown) => {
    const { status, reason, value: estimate } = Object(reading) as Readonly<Record<string, unknown>>;
    const numbers = Object(estimate) as Readonly<Record<string, unknown>>;
    return status === "unscored"
      ? typeof reason === "string"
      : status === "scored" && ["mean", "low", "high", "n"].every((name) => Number.isFinite(numbers[name]));
  };
  const isContrast = (contrast: unknown) => {
    const { contrast: id, title, hypotheses } = Object(contrast) as Readonly<Record<string, unknown>>;
    const isOne = (each: unknown) => {
      const { id: name, effect } = Object(each) as Readonly<Record<string, unknown>>;
      return typeof name === "string" && isReading(effect);
    };
    return typeof id === "string" && typeof title === "string" && Array.isArray(hypotheses) && hypotheses.every(isOne);
  };
  return (
    typeof subject === "string" &&
    typeof design === "object" &&
    Array.isArray(verdicts) &&
    Array.isArray(contrasts) &&
    contrasts.every(isContrast)
  );
}

/** Words that changed, then every effect with its difference. */
export function describeChatComparison(compared: ChatComparison, out: Outlet): string {
  const { bold, dim, warn } = out.paint;
  const { a, b, cautions, contrasts, looks } = compared;
  const about = facts(
    [
      ["A", `${a.subject}  seed ${a.design.seed}`],
      ["B", `${b.subject}  seed ${b.design.seed}`],
      ...cautions.map((text) => ["note", text] as const),
    ],
    out,
  );
  const words = table(
    contrasts,
    [
      { title: "contrast", cell: ({ title }) => bold(title), wraps: true, most: 32 },
      { title: "A", cell: (row) => row.a ?? dim("not asked") },
      { title: "B", cell: (row) => row.b ?? dim("not asked") },
      { title: "", cell: ({ isChanged }) => (isChanged ? warn("changed") : dim("same")) },
    ],
    out,
  );
  const effects = table(
    contrasts.flatMap(({ contrast, effects: own }) => own.map((each) => ({ contrast, ...each }))),
    [
      { title: "effect", cell: ({ contrast, hypothesis }) => `${contrast}.${hypothesis}` },
      { title: "role", cell: ({ role }) => role },
      { title: "A", cell: (row) => short(row.a) },
      { title: "B", cell: (row) => short(row.b) },
      { title: "B − A", cell: (row) => signed(row) },
      { title: "", cell: ({ isDifferent }) => (isDifferent ? warn("differs") : "") },
    ],
    out,
  );
  const chance = (looks.computed / 20).toFixed(0);
  const closing = dim(
    `${looks.different} of ${looks.computed} differences exclude zero, each at 95 %; about ${chance} would by chance alone, were there none. Intervals take the two audits as independent.`,
  );
  return [about, words, effects, closing].join("\n\n");
}

const short = (reading: Reading | undefined): string =>
  reading === undefined ? "not run" : reading.status === "scored" ? formatInterval(reading.value) : "unscored";

const signed = ({ difference }: ComparedEffect): string =>
  difference === undefined
    ? ""
    : `${difference.mean > 0 ? "+" : ""}${formatInterval({ ...difference, n: 1, unit: "families" })}`;
