/** @file An organism grown for a test, as the policy file that an audit is given. */
import { growOne } from "../src/lab/grow.ts";
import type { TrainingSpec } from "../src/organism.ts";
import type { Executor } from "../src/tensor/index.ts";

/** The last policy file that growing puts away: the organism as it ended. */
export async function grownFile(spec: TrainingSpec, executor: Executor): Promise<Uint8Array> {
  let file = new Uint8Array();
  await growOne(spec, {
    executor,
    code: "test",
    clock: () => 0,
    put: async (bytes) => {
      file = Uint8Array.from(bytes);
      return "0".repeat(64);
    },
    saveCheckpoint: async () => undefined,
  });
  return file;
}
