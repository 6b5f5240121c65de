/**
 * @file PPO end to end, in one thread: the loop that `peers/ppo_torch.py` writes
 * in PyTorch. Runs as a worker thread; the answer is its only message.
 */
import { parentPort, workerData } from "node:worker_threads";
import { rng } from "../../src/core/rng.ts";
import { COUPLED } from "../../src/env.ts";
import { makeNetwork, makeWorld } from "../../src/lab/registry.ts";
import { levelSource } from "../../src/levels.ts";
import { initialize } from "../../src/network.ts";
import { ppo } from "../../src/optimizers/gradient/ppo.ts";
import { parseParams } from "../../src/plugin.ts";
import { policyShape } from "../../src/policy/inference.ts";
import { openExecutor } from "../../src/tensor/index.ts";

const { frames, seed } = workerData as { frames: number; seed: number };
const world = makeWorld({ env: "cheese-corner", params: {} });
const network = makeNetwork({ id: "mlp", params: {} }, world);
const { executor } = await openExecutor();
const params = parseParams(ppo);
const random = rng(seed);
const learner = await ppo.start(
  {
    world,
    network,
    shape: policyShape(world),
    executor,
    mixture: COUPLED,
    reward: [1, 0],
    levels: levelSource({ kind: "fresh" }, world, COUPLED, params.environments),
    frames,
    rng: random.fork("training"),
  },
  params,
  initialize(network, random.fork("weights")),
);
// The first update builds sessions and is not timed, as in the peer.
await learner.update(0);
const updates = Math.floor(frames / learner.framesPerUpdate);
const begun = performance.now();
let episodeReturn: number | undefined;
for (let update = 1; update <= updates; update++) ({ episodeReturn } = await learner.update(update));
const seconds = (performance.now() - begun) / 1000;
parentPort!.postMessage({
  framesPerSecond: (updates * learner.framesPerUpdate) / seconds,
  seconds,
  success: episodeReturn,
});
