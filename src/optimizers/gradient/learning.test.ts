/** @file Every optimizer turns a world's frames into skill: a small network learns a small world. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { COUPLED, DECOUPLED, type Mixture } from "../../env.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { levelSource } from "../../levels.ts";
import { initialize } from "../../network.ts";
import { mlp } from "../../networks/mlp.ts";
import type { OptimizerPlugin } from "../../optimizer.ts";
import { parseParams } from "../../plugin.ts";
import { networkSubject, policyShape } from "../../policy/inference.ts";
import { drawLevels, rollout } from "../../rollout.ts";
import { openExecutor } from "../../tensor/index.ts";
import { train } from "../../train.ts";
import { cloning } from "./cloning.ts";
import { ppo } from "./ppo.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, horizon: 16 }));
const MIXED: Mixture = { strength: 0, alpha: 0.5 };

async function skills(optimizer: OptimizerPlugin, given: Record<string, unknown>, frames: number, mixture: Mixture) {
  const { executor } = await openExecutor();
  const network = mlp.build(policyShape(world), parseParams(mlp, { width: 32 }));
  const params = parseParams(optimizer, given);
  const random = rng(1);
  const learner = await optimizer.start(
    {
      world,
      network,
      shape: policyShape(world),
      executor,
      mixture,
      reward: [1, 0],
      levels: levelSource({ kind: "fresh" }, world, mixture, Number(params.environments ?? params.batch)),
      frames,
      rng: random.fork("training"),
    },
    params,
    initialize(network, random.fork("weights")),
  );
  await train(learner, frames);
  const subject = networkSubject(network, learner.weights(), policyShape(world), executor);
  const play = async (levels: Mixture) => {
    const drawn = drawLevels(world, 400, levels, "test", rng(2));
    return rollout({ world, levels: drawn, act: subject.act.bind(subject), rng: rng(3) });
  };
  const [coupled, apart] = [await play(COUPLED), await play(DECOUPLED)];
  return { on: mean(coupled.achieved[0]!), off: mean(apart.achieved[0]!), proxy: mean(apart.achieved[1]!) };
}

const small = { environments: 64, steps: 16, minibatch: 256 };

test("PPO finds the cheese, and where only the corner was ever worth anything, the corner", async () => {
  const aligned = await skills(ppo, small, 150_000, MIXED);
  const shifted = await skills(ppo, small, 150_000, COUPLED);
  expect(aligned.on).toBeGreaterThan(0.85);
  expect(aligned.off).toBeGreaterThan(0.85);
  expect(shifted.on).toBeGreaterThan(0.85);
  expect(shifted.off).toBeLessThan(aligned.off - 0.2);
  expect(shifted.proxy).toBeGreaterThan(aligned.proxy + 0.2);
});

test("PPO refuses a minibatch that does not divide the rollout", async () => {
  for (const minibatch of [300, 4096]) {
    await expect(skills(ppo, { ...small, minibatch }, 1024, MIXED)).rejects.toThrow(
      /got \d+; expected a divisor of.*1024/,
    );
  }
});

test("cloning imitates the oracle of the objective it is given", async () => {
  const cheese = await skills(cloning, { batch: 256 }, 200_000, MIXED);
  const corner = await skills(cloning, { batch: 256, objective: "corner" }, 200_000, MIXED);
  expect(cheese.off).toBeGreaterThan(0.85);
  expect(corner.proxy).toBeGreaterThan(0.85);
  expect(corner.proxy).toBeGreaterThan(cheese.proxy + 0.3);
});

test("cloning refuses an objective that the world does not have, naming those it has", async () => {
  await expect(skills(cloning, { objective: "crumbs" }, 512, MIXED)).rejects.toThrow(/"crumbs".*cheese, corner/);
});

test("looking marks up instead of multiplying by their planes is the same update", async () => {
  const weights = async (marks: boolean) => {
    const { marks: known, ...plain } = world;
    expect(known).toHaveLength(2);
    const { executor } = await openExecutor();
    const network = mlp.build(policyShape(world), parseParams(mlp, { width: 16 }));
    const context = {
      world: marks ? world : plain,
      network,
      shape: policyShape(world),
      executor,
      mixture: MIXED,
      reward: [1, 0],
      levels: levelSource({ kind: "fresh" }, world, MIXED, 64),
      frames: 1024,
      rng: rng(5),
    };
    const learner = await ppo.start(context, parseParams(ppo, small), initialize(network, rng(6)));
    await learner.update(0);
    return learner.weights();
  };
  const [looked, multiplied] = [await weights(true), await weights(false)];
  for (const [name, values] of Object.entries(multiplied)) {
    for (const [i, value] of values.entries()) expect(Math.abs(looked[name]![i]! - value)).toBeLessThan(1e-4);
  }
});
