/** @file `mesascope bench`: score every instrument on agents whose making is known. */
import type { Command } from "commander";
import { addAction, collect, type Door, type ExitCode, REPORTS } from "../context.ts";
import { addZooOptions, type ZooFlags } from "./zoo.ts";

export interface BenchFlags extends ZooFlags {
  readonly with?: readonly string[];
  readonly detectors?: string;
  readonly regimes?: string;
  readonly anyCode?: boolean;
  readonly out: string;
  readonly write?: string | true;
}

export function registerBench(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = addZooOptions(
    program
      .command("bench")
      .description("score every detector on the zoo; what was read is kept, the same command continues")
      .option("--with <file>", "a detector of your own, in a .ts or .js file; repeatable", collect)
      .option("--detectors <ids>", "only these, separated by commas (default: all)")
      .option("--regimes <ids>", "only these: in-distribution, shifted, named, withheld")
      .option("--any-code", "also use readings taken by other versions of the code")
      .option("--out <folder>", "where the report goes", REPORTS)
      .option("--write [folder]", "also keep tables, figures and calibration (default: docs/scoreboard)"),
  );
  addAction(command, door, finished, async (context, flags: BenchFlags) => {
    const { benchZoo } = await import("../benching.ts");
    const { record, files } = await benchZoo(context, flags);
    const { scoreTables } = await import("../scoreboard.ts");
    context.print({ scoreboard: record, files }, () =>
      [scoreTables(record, context.out), "", ...files.map((file) => `${context.out.paint.dim("wrote")} ${file}`)].join(
        "\n",
      ),
    );
    return 0;
  });
}
