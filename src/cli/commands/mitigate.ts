/** @file `mesascope mitigate`: the same organisms grown with and without a mitigation. */
import type { Command } from "commander";
import { addAction, collect, type Door, type ExitCode } from "../context.ts";
import { addRecipeOptions, type RecipeFlags } from "./grow.ts";

type MitigateFlags = RecipeFlags & {
  readonly with: string;
  readonly withSet?: readonly string[];
};

export function registerMitigate(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = addRecipeOptions(
    program
      .command("mitigate")
      .description("grow the same organisms with and without a mitigation: effect, side effect and cost")
      .argument("<organism>", 'as listed by "mesascope list organisms"')
      .requiredOption("--with <mitigation>", 'as listed by "mesascope list mitigations"')
      .option("--with-set <key=value>", "parameter of the mitigation; repeatable", collect),
    5,
  );
  addAction(command, door, finished, async (context, flags: MitigateFlags, organism) => {
    const { measureMitigation } = await import("../mitigation.ts");
    const result = await measureMitigation(context, String(organism), flags);
    const { rowsTable } = await import("../describe.ts");
    context.print(result, () => {
      const { bold, dim } = context.out.paint;
      return [
        `${bold(result.mitigation)} on ${result.organism}; the difference is paired by seed`,
        "",
        rowsTable(result.rows, context.out),
        "",
        `${bold("cost")}  ${result.cost}`,
        `${bold("time")}  training took ${result.timeRatio.toFixed(2)} times as long here, in one measurement of ${flags.seeds} runs each`,
        ...result.fails.map((text) => dim(`known failure: ${text}`)),
      ].join("\n");
    });
    return 0;
  });
}
