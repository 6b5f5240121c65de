/** @file `mesascope zoo`: grow the agents on which instruments are scored, or those that ship. */
import { type Command, Option } from "commander";
import { LabError } from "../../core/errors.ts";
import { addAction, type Door, type ExitCode, parsePositive } from "../context.ts";

/** Options that choose a part of the zoo. */
export interface ZooFlags {
  readonly [name: string]: unknown;
  readonly worlds?: string;
  readonly most?: number;
  readonly agents?: number;
  readonly frames?: number;
  readonly threads?: number;
  readonly executor?: "native" | "wasm";
}

/** Those, and the choice of the small zoo instead. */
export interface PrebuiltFlags extends ZooFlags {
  readonly plan?: boolean;
  readonly prebuilt?: boolean;
  /** A folder. */
  readonly write?: string;
}

export function registerZoo(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = addZooOptions(
    program
      .command("zoo")
      .description("grow the zoo on which instruments are scored; Ctrl-C saves, the same command continues")
      .option("--plan", "grow nothing: print what the zoo is made of")
      .option("--prebuilt", "the small zoo that ships instead: grown again, and compared bit for bit (--executor wasm)")
      .option("--write <folder>", "with --prebuilt: write weights and records there; in a checkout, zoo"),
  );
  addAction(command, door, finished, async (context, flags: PrebuiltFlags) => {
    const { growZoo, planZoo, compositionText, planTable } = await import("../zoo.ts");
    if (flags.prebuilt === true) {
      const { planPrebuilt, regrowPrebuilt } = await import("../regrowing.ts");
      if (flags.plan !== true) return (await regrowPrebuilt(context, flags)) ? 0 : 3;
      planPrebuilt(context);
      return 0;
    }
    if (flags.write !== undefined) {
      throw new LabError("input/invalid", "zoo: --write is for the zoo that ships; expected --prebuilt beside it", {
        hint: 'What is grown is in the store: "mesascope list runs", "mesascope export <run>".',
      });
    }
    if (flags.plan === true) {
      const plan = await planZoo(context, flags);
      context.print(plan, () => planTable(plan, context.out));
      return 0;
    }
    const { rows, agents, seconds, trainingSeconds } = await growZoo(context, flags);
    context.print({ rows, agents: agents.length, seconds, trainingSeconds }, () =>
      compositionText(rows, { seconds, trainingSeconds }, context.out),
    );
    return 0;
  });
}

export function addZooOptions(command: Command): Command {
  return command
    .option("--worlds <names>", "only these clusters, separated by commas (default: all)")
    .option("--most <n>", "at most so many training seeds of a kind", parsePositive)
    .option("--agents <n>", "only the first so many agents", parsePositive)
    .option("--frames <n>", "train none for longer than this: a rehearsal", parsePositive)
    .option("--threads <n>", "organisms trained at once (default: one per core)", parsePositive)
    .addOption(new Option("--executor <kernels>", "kernels that train (default: native)").choices(["native", "wasm"]));
}
