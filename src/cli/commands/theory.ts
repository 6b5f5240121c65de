/** @file `mesascope theory`: published numbers and ours, side by side. */
import type { Command } from "commander";
import type { Comparison } from "../../lab/reference-values.ts";
import { addAction, collect, type Door, type ExitCode } from "../context.ts";

interface Flags {
  readonly only?: readonly string[];
  readonly all?: boolean;
  readonly slow?: boolean;
  readonly mistakes?: boolean;
  readonly csv?: boolean;
}

export function registerTheory(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("theory")
    .description("published numbers beside ours; exit code 3 when one lies outside its tolerance")
    .option("--only <line>", "a line such as E7, or a subject such as best-of-n; may be repeated", collect)
    .option("--all", "slow ones too: a few minutes, in which networks are trained")
    .option("--slow", "slow ones alone")
    .option("--mistakes", "also what known mistakes would give; each has to lie outside")
    .option("--csv", "comma-separated values");
  addAction(command, door, finished, async (context, { only = [], all, slow, mistakes = false, csv }: Flags) => {
    const { compareQuantity, selectQuantities } = await import("../../lab/reference-values.ts");
    const { references } = await import("../../references/index.ts");
    const { LabError } = await import("../../core/errors.ts");
    const signal = context.interruptible();
    // What is asked for by name is computed, slow or not.
    const speed = slow ? "slow" : all || only.length > 0 ? "all" : "quick";
    const pending = selectQuantities(references, { only, speed });
    const left = slow ? 0 : selectQuantities(references, { only }).length - pending.length;
    const progress = await context.progress();
    const task = progress.task("numbers", pending.length);
    const rows: Comparison[] = [];
    for (const [i, each] of pending.entries()) {
      if (signal.aborted)
        throw new LabError("run/interrupted", `theory: stopped after ${i} of ${pending.length} numbers`);
      task.update(i, `${each.reference.line} ${each.quantity.name}`);
      // A turn of the event loop, in which the line above is drawn and Ctrl-C is heard.
      await new Promise((resolve) => setImmediate(resolve));
      rows.push(await compareQuantity(each, { withMistakes: mistakes }));
    }
    task.finish();
    const outside = rows.filter((row) => !row.isWithin);
    const undetected = rows.flatMap((row) => (row.mistakes ?? []).filter(({ passes }) => passes));
    const isFine = outside.length === 0 && undetected.length === 0;
    if (csv === true && !context.isJson) {
      const { comparisonCsv } = await import("../../report/reference-values.ts");
      context.out.write(comparisonCsv(rows));
      return isFine ? 0 : 3;
    }
    const { table } = await import("../table.ts");
    context.print({ isWithin: isFine, outside: outside.length, leftOut: left, rows }, () => {
      const { bad, dim, good } = context.out.paint;
      const shown = rows.flatMap((row) => [
        {
          line: row.line,
          quantity: row.quantity,
          theirs: row.published,
          ours: row.text,
          tolerance: row.tolerance,
          within: row.isWithin ? good("✓") : bad("✗ outside"),
        },
        ...(row.mistakes ?? []).map(({ name, text, passes }) => ({
          line: "",
          quantity: dim(`  wrong: ${name}`),
          theirs: "",
          ours: text,
          tolerance: "",
          within: passes ? bad("✗ not told") : dim("outside"),
        })),
      ]);
      const columns = [
        { title: "line", cell: (row: (typeof shown)[number]) => row.line },
        { title: "quantity", cell: (row: (typeof shown)[number]) => row.quantity, wraps: true },
        { title: "theirs", cell: (row: (typeof shown)[number]) => row.theirs, align: "right" as const },
        { title: "ours", cell: (row: (typeof shown)[number]) => row.ours, align: "right" as const },
        { title: "tolerance", cell: (row: (typeof shown)[number]) => row.tolerance },
        { title: "within", cell: (row: (typeof shown)[number]) => row.within },
      ];
      const verdict = isFine
        ? `${good("✓")} ${rows.length} numbers, all within`
        : `${bad("✗")} ${outside.length} of ${rows.length} numbers outside${undetected.length > 0 ? `, ${undetected.length} mistakes not told` : ""}`;
      const rest = left === 0 ? [] : [dim(`${left} slow ones left out: mesascope theory --all`)];
      return [table(shown, columns, context.out), "", verdict, ...rest].join("\n");
    });
    return isFine ? 0 : 3;
  });
}
