/** @file `mesascope validate`: does the instrument for models that talk find what was planted, and nothing else? */
import type { Command } from "commander";
import type { ContrastPlugin } from "../../contrast.ts";
import { findById } from "../../core/errors.ts";
import { addAction, type Door, type ExitCode, parsePositive } from "../context.ts";

interface ValidateFlags {
  readonly [name: string]: unknown;
  readonly contrasts?: string;
  readonly nulls: number;
  readonly planted: number;
  readonly items: number;
  readonly families: number;
  readonly http?: number;
  readonly threads?: number;
}

export function registerValidate(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("validate")
    .description(
      "audit planted subjects by the thousand: false positives, coverage and power; exit code 3 when one fails",
    )
    .option("--contrasts <ids>", "only these, separated by commas (default: all)")
    .option("--nulls <n>", "audits without an effect, for each contrast and condition", parsePositive, 5000)
    .option("--planted <n>", "audits with one", parsePositive, 2000)
    .option("--items <n>", "items of each family", parsePositive, 8)
    .option("--families <n>", "families of each audit: the fewest allowed are the hardest case", parsePositive, 12)
    .option(
      "--http <n>",
      "also so many null audits of each contrast through a local server, all faults at once",
      parsePositive,
    )
    .option("--threads <n>", "audits at once (default: one per core)", parsePositive);
  addAction(command, door, finished, async (context, flags: ValidateFlags) => {
    const { contrasts } = await import("../../contrasts/index.ts");
    const all = contrasts as readonly ContrastPlugin[];
    const chosen = flags.contrasts?.split(",").map((id) => findById("contrast", all, id.trim())) ?? all;
    const { validateAll } = await import("../validation.ts");
    const record = await validateAll(context, chosen, {
      nulls: flags.nulls,
      planted: flags.planted,
      items: flags.items,
      families: flags.families,
      seed: context.seed,
      http: flags.http ?? 0,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    });
    const { validationText } = await import("../validation-table.ts");
    context.print({ validation: record }, () => validationText(record, context.out));
    return record.holds ? 0 : 3;
  });
}
