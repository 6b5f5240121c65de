/** @file An organism grown for a test: as the policy file that an audit is given, or as its bare weights. */
import { rng } from "../src/core/rng.ts";
import { growOne } from "../src/lab/grow.ts";
import { findOptimizer, makeNetwork, makeWorld } from "../src/lab/registry.ts";
import { levelSource } from "../src/levels.ts";
import { initialize, type Network, type Weights } from "../src/network.ts";
import type { TrainingSpec } from "../src/organism.ts";
import { parseParams } from "../src/plugin.ts";
import { savePolicy } from "../src/policy/file.ts";
import { policyShape } from "../src/policy/inference.ts";
import type { Executor } from "../src/tensor/index.ts";
import { train } from "../src/train.ts";

/** As growing does, without the measurement of the goal and the files, which take longer than a short training. */
export async function trained(
  spec: TrainingSpec,
  executor: Executor,
): Promise<{ readonly network: Network; readonly weights: Weights }> {
  const world = makeWorld(spec.task);
  const network = makeNetwork(spec.network, world);
  const { mixture, frames, seed } = spec;
  const initial = initialize(network, rng(seed).fork("weights"));
  if (frames === 0) return { network, weights: initial };
  const optimizer = findOptimizer(spec.optimizer.id);
  const params = parseParams(optimizer, spec.optimizer.params);
  const learner = await optimizer.start(
    {
      world,
      network,
      shape: policyShape(world),
      executor,
      mixture,
      reward: [1, 0],
      levels: levelSource(spec.levels, world, mixture, Number(params.batch), rng(seed).fork("levels")),
      frames,
      rng: rng(seed).fork("training"),
    },
    params,
    initial,
  );
  await train(learner, frames);
  return { network, weights: learner.weights() };
}

/** The same as a policy file. */
export async function trainedFile(spec: TrainingSpec, executor: Executor): Promise<Uint8Array> {
  const policy = await trained(spec, executor);
  return savePolicy({ ...policy, world: makeWorld(spec.task), task: spec.task, architecture: spec.network });
}

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
