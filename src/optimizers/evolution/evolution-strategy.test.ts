/** @file Evolved weights: skill rises, only the order of returns counts, and a run goes on from a snapshot bit for bit. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { COUPLED } from "../../env.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { levelSource } from "../../levels.ts";
import { initialize, type Network } from "../../network.ts";
import { linear } from "../../networks/linear.ts";
import { mlp } from "../../networks/mlp.ts";
import { recurrent } from "../../networks/recurrent.ts";
import type { Learner } from "../../optimizer.ts";
import { parseParams } from "../../plugin.ts";
import { networkSubject, policyShape } from "../../policy/inference.ts";
import { drawLevels, rollout } from "../../rollout.ts";
import { openExecutor } from "../../tensor/index.ts";
import { evolutionStrategy } from "./evolution-strategy.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, horizon: 12 }));
const shape = policyShape(world);
const perceptron = mlp.build(shape, parseParams(mlp, { width: 16 }));

async function start(given: Record<string, unknown>, network: Network = perceptron, reward = [1, 0]): Promise<Learner> {
  const { executor } = await openExecutor();
  const params = parseParams(evolutionStrategy, given);
  const random = rng(1);
  return evolutionStrategy.start(
    {
      world,
      network,
      shape,
      executor,
      mixture: COUPLED,
      reward,
      levels: levelSource({ kind: "fresh" }, world, COUPLED, params.environments),
      frames: 1e6,
      rng: random.fork("training"),
    },
    params,
    initialize(network, random.fork("weights")),
  );
}

async function skill(learner: Learner): Promise<number> {
  const { executor } = await openExecutor();
  const subject = networkSubject(perceptron, learner.weights(), shape, executor);
  const levels = drawLevels(world, 300, COUPLED, "test", rng(2));
  const { achieved } = await rollout({ world, levels, act: subject.act.bind(subject), rng: rng(3) });
  return mean(achieved[0]!);
}

test.each(["ranks", "truncation"])(
  "sixty generations selected by %s find the cheese far more often",
  async (selection) => {
    const learner = await start({ population: 24, environments: 16, deviation: 0.1, rate: 0.05, selection });
    const before = await skill(learner);
    const curve = [];
    for (let generation = 0; generation < 60; generation++) curve.push(await learner.update(generation));
    expect(before).toBeLessThan(0.6);
    expect(await skill(learner)).toBeGreaterThan(before + 0.15);
    expect(curve.at(-1)!.frames).toBe(60 * learner.framesPerUpdate);
    expect(mean(curve.slice(-10).map(({ episodeReturn }) => episodeReturn!))).toBeGreaterThan(
      mean(curve.slice(0, 10).map(({ episodeReturn }) => episodeReturn!)),
    );
  },
  30_000,
);

test("only the order of returns counts: a reward of seven is a reward of one, and of minus one is not", async () => {
  const small = { population: 8, environments: 16 };
  const after = async (paid: number) => {
    const learner = await start(small, linear.build(shape, {}), [paid, 0]);
    await learner.update(0);
    return learner.weights();
  };
  expect(await after(7)).toEqual(await after(1));
  expect(await after(-1)).not.toEqual(await after(1));
  // Where nothing pays all tie, and nobody is selected: what is left of the utilities is rounding.
  const [same, begun] = [await after(0), initialize(linear.build(shape, {}), rng(1).fork("weights"))];
  for (const [name, values] of Object.entries(begun)) {
    for (const [i, value] of values.entries()) expect(Math.abs(same[name]![i]! - value)).toBeLessThan(1e-6);
  }
});

test("a restored run goes on as if nothing had happened, and a network that remembers is evolved too", async () => {
  const small = { population: 4, environments: 8 };
  for (const network of [perceptron, recurrent.build(shape, parseParams(recurrent, {}))]) {
    const whole = await start(small, network);
    await whole.update(0);
    const saved = whole.snapshot();
    const row = await whole.update(1);
    const continued = await start(small, network);
    continued.restore(saved);
    expect(await continued.update(1)).toEqual(row);
    expect(continued.weights()).toEqual(whole.weights());
  }
});
