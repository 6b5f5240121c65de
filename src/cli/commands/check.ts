/** @file `mesascope check`: does a detector, a task or a contrast of one's own keep its contract? */
import type { Command } from "commander";
import type { Checked } from "../checking.ts";
import { addAction, type Door, type ExitCode, parsePositive } from "../context.ts";
import type { Brought } from "../modules.ts";

interface CheckFlags {
  readonly [name: string]: unknown;
  readonly task?: string;
  readonly frames?: number;
  readonly threads?: number;
}

export function registerCheck(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("check")
    .description(
      "hold a detector, a task or a contrast of your own against its contract; exit with 2 when it breaks it",
    )
    .argument("<files...>", "my-detector.ts, my-task.ts: TypeScript or JavaScript, wherever it lies; my-contrast.yaml")
    .option("--task <my-task.ts>", "a world of your own that a detector's calibration names")
    .option("--frames <n>", "training of each calibration organism (default: the world's own budget)", parsePositive)
    .option("--threads <n>", "organisms trained at once (default: one per core)", parsePositive);
  addAction(command, door, finished, async (context, flags: CheckFlags, files) => {
    const { bringTask, loadModule } = await import("../modules.ts");
    const task = flags.task === undefined ? undefined : await bringTask(flags.task, context.cwd);
    const paths = [files ?? []].flat();
    const modules: Brought[] = [];
    const { checkOwnContrast, namesOwnContrast } = await import("../own-contrasts.ts");
    for (const path of paths) {
      if (!namesOwnContrast(path)) modules.push(...(await loadModule(path, context.cwd)));
    }
    const { checkPlugin, describeChecked } = await import("../checking.ts");
    const checked: Checked[] = [];
    for (const path of paths) if (namesOwnContrast(path)) checked.push(await checkOwnContrast(path, context.cwd));
    for (const each of modules) {
      checked.push(await checkPlugin(context, each, { ...flags, modules: task?.modules ?? [] }));
    }
    context.print(checked, () => checked.map((each) => describeChecked(each, context.out)).join("\n\n"));
    return checked.every(({ holds }) => holds) ? 0 : 2;
  });
}
