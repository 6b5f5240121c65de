/** @file The scoreboard as text for the terminal. */
import { formatReading } from "../core/estimate.ts";
import type { DataTable } from "../report/figures/frame.ts";
import { discoveryTable, regimeTitle, scoreGroups, scoreTable } from "../report/scoreboard.ts";
import type { ReadingsRecord, ScoreboardRecord } from "../scoreboard.ts";
import { formatSeconds } from "./progress.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** A table of the reports on the terminal; its second column and its last may wrap. */
export function drawnTable({ columns, rows }: DataTable, outlet: Outlet): string {
  return table(
    rows,
    columns.map((title, j) => ({
      title,
      cell: (row: readonly string[]) => row[j] ?? "",
      wraps: j === 1 || j === columns.length - 1,
    })),
    outlet,
  );
}

/** Every question and regime, one table each. */
export function scoreTables(record: ScoreboardRecord, outlet: Outlet): string {
  const { bold, dim } = outlet.paint;
  const groups = scoreGroups(record.rows).map(({ question, regime, rows }) =>
    [
      `${bold(question)} ${dim(`${regimeTitle(regime)}; ${rows[0]!.positives} yes, ${rows[0]!.negatives} no`)}`,
      drawnTable(scoreTable(rows), outlet),
    ].join("\n"),
  );
  const discovery =
    record.discovery.length === 0
      ? []
      : [`${bold("A goal nobody named")}\n${drawnTable(discoveryTable(record), outlet)}`];
  return [...groups, ...discovery].join("\n\n");
}

/** What was read off one agent. */
export function describeReadings({ run, regime, entries }: ReadingsRecord, outlet: Outlet): string {
  const lines = table(
    Object.values(entries),
    [
      { title: "detector", cell: ({ detector }) => detector },
      { title: "reading", cell: ({ reading }) => formatReading(reading), wraps: true },
      { title: "finding", cell: ({ finding }) => finding ?? "" },
      { title: "time", cell: ({ wallMs }) => formatSeconds(wallMs / 1000), align: "right" },
    ],
    outlet,
  );
  return `run ${run.slice(0, 10)}, ${regimeTitle(regime)}\n${lines}`;
}
