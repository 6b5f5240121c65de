/** @file `mesascope rollout`: a policy in a Gymnasium environment, as it was made and shifted. */
import type { Command } from "commander";
import { addAction, collect, type Door, type ExitCode, parsePositive } from "../context.ts";
import type { GymnasiumResult } from "../gymnasium.ts";

interface RolloutFlags {
  readonly [name: string]: unknown;
  readonly set?: readonly string[];
  readonly shift?: readonly string[];
  readonly episodes: number;
  readonly greedy?: boolean;
  readonly python: string;
}

export function registerRollout(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("rollout")
    .description("what a policy earns in a Gymnasium environment, and in the same environment shifted")
    .argument("<environment>", "gym:FrozenLake-v1, or any other id that Gymnasium knows; discrete actions")
    .argument("<policy.onnx>", "takes observations [batch, …] (an index as a one-hot vector), scores actions")
    .option("--set <key=value>", "what the environment is made with, value as JSON or text; repeatable", collect)
    .option("--shift <key=value>", "what is made otherwise under shift; repeatable", collect)
    .option("--episodes <n>", "of each, seeded from --seed on; at least 2", parsePositive, 100)
    .option("--greedy", "take the best action instead of drawing one")
    .option("--python <command>", "a Python that has gymnasium", "python3");
  addAction(command, door, finished, async (context, flags: RolloutFlags, environment, policy) => {
    const { LabError } = await import("../../core/errors.ts");
    const id = String(environment).replace(/^gym:/, "");
    if (id === String(environment)) {
      throw new LabError("input/invalid", `rollout: got "${id}"; expected gym: and an id that Gymnasium knows`, {
        hint: "Worlds of the laboratory are audited instead: mesascope audit policy.onnx --task …",
      });
    }
    if (flags.episodes < 2) throw new LabError("input/invalid", "rollout: --episodes: got 1; expected at least 2");
    const { readInput } = await import("../inputs.ts");
    const bytes = await readInput(String(policy));
    const { parsePairs, playGymnasium } = await import("../gymnasium.ts");
    const own = parsePairs("--set", flags.set);
    const variants = [own, ...(flags.shift ? [{ ...own, ...parsePairs("--shift", flags.shift) }] : [])];
    const progress = await context.progress({ unit: "episodes" });
    const bar = progress.task(id, flags.episodes * variants.length);
    const results: GymnasiumResult[] = [];
    for (const [v, kwargs] of variants.entries()) {
      const { episodes, python } = flags;
      const onEpisode = (done: number) => bar.update(v * episodes + done);
      const given = { id, kwargs, episodes, python, policy: bytes, seed: context.seed, onEpisode };
      results.push(await playGymnasium({ ...given, isGreedy: flags.greedy === true }));
    }
    bar.finish();
    progress.close();
    const { independentDifference } = await import("../../core/difference.ts");
    const [before, after] = results;
    const difference = before && after && independentDifference(before.returns, after.returns);
    const { describeGymnasium } = await import("../gymnasium.ts");
    context.print({ environment: id, results, ...(difference ? { difference } : {}) }, () =>
      describeGymnasium(id, results, difference, context.out),
    );
    return 0;
  });
}
