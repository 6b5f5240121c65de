/** @file `mesascope show`: one plug-in with its parameters, one record, or the levels of a file. */
import type { Command } from "commander";
import { z } from "zod";
import { LabError, nearest } from "../../core/errors.ts";
import type { RecordKind, Store } from "../../store/store.ts";
import type { Entry, EntryKind } from "../catalog.ts";
import { addAction, type Context, type Door, type ExitCode } from "../context.ts";

export function registerShow(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("show")
    .description("one thing: a plug-in with its parameters, a record, or a file of levels, checked and solved")
    .argument("<id>", "id of a plug-in, the first letters of a record's id, zoo:<name>, or a file levels.json");
  addAction(command, door, finished, async (context, _, id) => {
    const text = String(id);
    if (/\.json$/i.test(text)) return showLevelFile(context, text);
    const { isPrebuilt, takePrebuilt } = await import("../prebuilt.ts");
    if (isPrebuilt(text)) {
      const { run, store } = await takePrebuilt(text);
      return showRecord(context, store, "organism", run);
    }
    const { ENTRY_KINDS } = await import("../catalog.ts");
    const loaded = await Promise.all(ENTRY_KINDS.map(async (kind) => ({ kind, entries: await kind.load() })));
    const named = loaded.flatMap(({ kind, entries }) =>
      entries.filter((entry) => entry.id === text).map((entry) => ({ kind, entry })),
    );
    if (named.length > 0) return showEntries(context, named);

    const { ambiguous, matchRecords } = await import("../records.ts");
    const store = await context.store();
    const found = await matchRecords(store, text);
    if (found.length > 1) throw ambiguous(text, found);
    if (found[0]) return showRecord(context, store, found[0].kind, found[0].id);

    const ids = loaded.flatMap(({ entries }) => entries.map((entry) => entry.id));
    const near = nearest(text, ids);
    throw new LabError("input/unknown-id", `show: "${text}" names neither a plug-in nor a record`, {
      hint: near === undefined ? 'Run "mesascope list" for everything that has a name.' : `Did you mean "${near}"?`,
    });
  });
}

async function showLevelFile(context: Context, path: string): Promise<undefined> {
  const { readInput } = await import("../inputs.ts");
  const { describeLevels, showLevels } = await import("../levels.ts");
  const shown = showLevels(new TextDecoder().decode(await readInput(path)));
  context.print(shown, () => describeLevels(shown, context.out));
}

async function showEntries(
  context: Context,
  named: readonly { readonly kind: EntryKind; readonly entry: Entry }[],
): Promise<undefined> {
  const { facts, table } = await import("../table.ts");
  const described = named.map(({ kind, entry }) => ({
    kind: kind.id,
    ...plainMembers(entry),
    ...(entry.params ? { params: z.toJSONSchema(entry.params, { io: "input", unrepresentable: "any" }) } : {}),
  }));
  context.print(described.length === 1 ? described[0] : described, () => {
    const { bold, dim } = context.out.paint;
    const texts = named.map(({ kind, entry }) => {
      const members = Object.entries(plainMembers(entry)).filter(([name]) => name !== "id" && name !== "title");
      const head = `${bold(entry.title ?? entry.id)}  ${dim(`${kind.id} ${entry.id}`)}`;
      const about = facts(
        members.map(([name, value]) => [name, asText(value)] as const),
        context.out,
      );
      const parameters = entry.params ? parametersOf(entry.params) : [];
      if (parameters.length === 0) return `${head}\n\n${about}`;
      const settings = table(
        parameters,
        [
          { title: "parameter", cell: ({ name }) => bold(name) },
          { title: "default", cell: (parameter) => parameter.default },
          { title: "accepts", cell: ({ accepts }) => accepts, wraps: true },
          { title: "meaning", cell: ({ meaning }) => meaning, wraps: true },
        ],
        context.out,
      );
      return `${head}\n\n${about}\n\n${settings}`;
    });
    return texts.join("\n\n");
  });
}

/** What a plug-in says about itself in data: no functions, no schema. */
function plainMembers(entry: Entry): Record<string, unknown> {
  const made = entry.truth?.(entry.params?.parse({}));
  return {
    ...Object.fromEntries(
      Object.entries(entry).filter(([name, value]) => name !== "params" && typeof value !== "function"),
    ),
    ...(made
      ? {
          made: `This model ${made.sentence}${Object.keys(entry.params?.shape ?? {}).length > 0 ? ", unless a parameter says otherwise" : ""}.`,
        }
      : {}),
  };
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join("\n");
  const isText = (item: unknown) => typeof item === "string";
  if (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => isText(item) || (Array.isArray(item) && item.every(isText)))
  ) {
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${Array.isArray(text) ? text.join(", ") || "none" : text}`)
      .join("\n");
  }
  // Infinity has no JSON and does occur as the end of a range.
  return (
    JSON.stringify(value, (_, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item)) ?? ""
  );
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A plug-in's parameters as rows, from its schema. */
function parametersOf(params: z.ZodObject) {
  const schema = z.toJSONSchema(params, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    default: property.default === undefined ? "" : JSON.stringify(property.default),
    accepts: accepts(property),
    meaning: property.description ?? "",
  }));
}

function accepts(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `list of ${schema.items ? accepts(schema.items) : "values"}`;
  // The widest whole numbers that JSON keeps exactly are no limit worth reading.
  const isLimit = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  const low = isLimit(schema.minimum)
    ? `≥ ${schema.minimum}`
    : isLimit(schema.exclusiveMinimum)
      ? `> ${schema.exclusiveMinimum}`
      : "";
  const high = isLimit(schema.maximum)
    ? `≤ ${schema.maximum}`
    : isLimit(schema.exclusiveMaximum)
      ? `< ${schema.exclusiveMaximum}`
      : "";
  return [schema.type ?? "any", low, high].filter(Boolean).join(" ");
}

async function showRecord(context: Context, store: Store, kind: RecordKind, id: string): Promise<undefined> {
  const record = await store.load(kind, id);
  const { describeRecord } = await import("../describe.ts");
  context.print(record, () => describeRecord(kind, id, record as never, context.out));
}
