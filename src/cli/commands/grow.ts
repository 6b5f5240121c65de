/** @file `mesascope grow`: train organisms with known goals, and record them. */
import { type Command, Option } from "commander";
import { addAction, collect, type Door, type ExitCode, parsePositive } from "../context.ts";

/** Options of every command that writes training specs. */
export interface RecipeFlags {
  readonly [name: string]: unknown;
  readonly env: string;
  readonly seeds: number;
  readonly frames?: number;
  readonly set?: readonly string[];
  readonly envSet?: readonly string[];
  readonly network?: string;
  readonly networkSet?: readonly string[];
  readonly optimizer?: string;
  readonly optimizerSet?: readonly string[];
  readonly threads?: number;
  readonly executor?: "native" | "wasm";
}

export function registerGrow(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = addRecipeOptions(
    program
      .command("grow")
      .description("train organisms with known goals, and record them; Ctrl-C saves, the same command continues")
      .argument("<organism>", 'as listed by "mesascope list organisms"'),
  );
  addAction(command, door, finished, async (context, flags: RecipeFlags, organism) => {
    const { growLearnersCommand, isInContext } = await import("../learner-growing.ts");
    if (isInContext(String(organism))) {
      await growLearnersCommand(context, String(organism), flags);
      return 0;
    }
    const { bringTask } = await import("../modules.ts");
    const { id, modules } = await bringTask(flags.env, context.cwd);
    const { writeSpecs } = await import("../specs.ts");
    const specs = writeSpecs(String(organism), { ...flags, env: id }, context.seed);
    const { openLaboratory } = await import("../laboratory.ts");
    const { lab, progress } = await openLaboratory(context, { ...flags, modules });
    const records = await lab.grow(
      specs.map(({ organism: { id, params }, env, recipe }) => lab.recipe(id, env, { ...recipe, params })),
    );
    progress.close();
    const { organismTable } = await import("../describe.ts");
    context.print(records, () => organismTable(records, context.out));
    return 0;
  });
}

export function addRecipeOptions(command: Command, seeds = 1): Command {
  return command
    .option("--env <id>", "the world, or a file my-task.ts that defines one", "cheese-corner")
    .option("--seeds <n>", "how many, from --seed on", parsePositive, seeds)
    .option("--frames <n>", "environment steps, instead of the world's own budget", parsePositive)
    .option("--set <key=value>", "parameter of the organism; repeatable", collect)
    .option("--env-set <key=value>", "parameter of the world; repeatable", collect)
    .option("--network <id>", "instead of the world's own")
    .option("--network-set <key=value>", "parameter of the network; repeatable", collect)
    .option("--optimizer <id>", "instead of the world's own")
    .option("--optimizer-set <key=value>", "parameter of the optimizer; repeatable", collect)
    .option("--threads <n>", "organisms trained at once (default: one per core)", parsePositive)
    .addOption(new Option("--executor <kernels>", "kernels that train (default: native)").choices(["native", "wasm"]));
}
