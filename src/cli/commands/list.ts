/** @file `mesascope list`: what exists, by kind. */
import type { Command } from "commander";
import { findById } from "../../core/errors.ts";
import type { RecordKind } from "../../store/store.ts";
import { addAction, type Context, type Door, type ExitCode, parsePositive } from "../context.ts";

export function registerList(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("list")
    .description("what exists: plug-ins and records")
    .argument(
      "[kind]",
      "envs, organisms, detectors, lenses, mitigations, experiments, claims, networks, optimizers, zoo, runs, learners, audits, chat-audits, utilities, results, reports",
    )
    .option("--limit <n>", "at most so many records, the latest first", parsePositive, 30);
  addAction(command, door, finished, async (context, options: { limit: number }, kind) => {
    const { ENTRY_KINDS } = await import("../catalog.ts");
    const { RECORD_NAMES } = await import("../records.ts");
    const records = Object.entries(RECORD_NAMES).map(([id, { plural }]) => ({ id: plural, kind: id as RecordKind }));
    if (kind === undefined) return overview(context);
    const chosen = findById(
      "kind",
      [...ENTRY_KINDS.map((entry) => ({ id: entry.plural, entry })), { id: "zoo", ships: true }, ...records],
      String(kind),
    );
    if ("entry" in chosen) return listEntries(context, chosen.entry);
    if ("ships" in chosen) return listZoo(context);
    return listRecords(context, chosen.kind, options.limit);
  });
}

/** Every kind with its ids, records with their counts. */
async function overview(context: Context): Promise<undefined> {
  const { ENTRY_KINDS } = await import("../catalog.ts");
  const { RECORD_NAMES } = await import("../records.ts");
  const { facts } = await import("../table.ts");
  const store = await context.store();
  const plugins = await Promise.all(
    ENTRY_KINDS.map(async ({ plural, load }) => [plural, (await load()).map(({ id }) => id)] as const),
  );
  const counts = await Promise.all(
    Object.entries(RECORD_NAMES).map(
      async ([kind, { plural }]) => [plural, (await store.list(kind as RecordKind)).length] as const,
    ),
  );
  context.print({ ...Object.fromEntries(plugins), records: Object.fromEntries(counts) }, () => {
    const { bold, dim } = context.out.paint;
    return [
      facts(
        plugins.map(([plural, ids]) => [plural, ids.join(", ") || "none"]),
        context.out,
      ),
      `\n${bold("Stored")} ${dim(`in ${store.location}`)}`,
      facts(
        counts.map(([plural, count]) => [plural, String(count)]),
        context.out,
      ),
      `\n${dim("mesascope list <kind> for a table, mesascope show <id> for one of them")}`,
    ].join("\n");
  });
}

type ListedEntry = Readonly<Record<string, unknown>> & { readonly id: string };

async function listEntries(context: Context, kind: import("../catalog.ts").EntryKind): Promise<undefined> {
  const { table } = await import("../table.ts");
  const rows = (await kind.load()) as readonly unknown[] as readonly ListedEntry[];
  const cell = (row: Readonly<Record<string, unknown>>, member: string) => String(row[member] ?? "");
  const { columns } = kind;
  context.print(
    rows.map((row) => ({ id: row.id, ...Object.fromEntries(columns.map(([member]) => [member, row[member]])) })),
    () =>
      table(
        rows,
        [
          { title: kind.id, cell: ({ id }) => context.out.paint.bold(id) },
          ...columns.map(([member, title]) => ({
            title,
            cell: (row: (typeof rows)[number]) => cell(row, member),
            wraps: true,
          })),
        ],
        context.out,
      ) || `No ${kind.plural} yet.`,
  );
}

/** The agents that ship. */
async function listZoo(context: Context): Promise<undefined> {
  const { listPrebuilt, prebuiltTable } = await import("../prebuilt.ts");
  const rows = await listPrebuilt();
  context.print(rows, () => prebuiltTable(rows, context.out));
}

async function listRecords(context: Context, kind: RecordKind, limit: number): Promise<undefined> {
  const { formatAge, RECORD_NAMES, shortId } = await import("../records.ts");
  const { table } = await import("../table.ts");
  const { summarizeRecord } = await import("../describe.ts");
  const store = await context.store();
  const all = await store.list(kind);
  const entries = all.slice(0, limit);
  const rows = await Promise.all(
    entries.map(async (entry) => ({ ...entry, summary: await summarizeRecord(store, kind, entry.id) })),
  );
  const headings = [...new Set(rows.flatMap(({ summary }) => Object.keys(summary)))];
  context.print(rows, () => {
    if (rows.length === 0) return `No ${RECORD_NAMES[kind].plural} yet. Run "${RECORD_NAMES[kind].make}".`;
    const more = all.length - rows.length;
    return [
      table(
        rows,
        [
          { title: RECORD_NAMES[kind].plural, cell: ({ id }) => context.out.paint.bold(shortId(id)) },
          ...headings.map((title) => ({
            title,
            cell: (row: (typeof rows)[number]) => row.summary[title] ?? "",
            wraps: true,
          })),
          { title: "saved", cell: ({ savedMs }) => formatAge(context.now() - savedMs) },
        ],
        context.out,
      ),
      ...(more > 0 ? [context.out.paint.dim(`and ${more} more; --limit ${all.length} for all`)] : []),
    ].join("\n");
  });
}
