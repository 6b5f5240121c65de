/**
 * @file PPO with a network that remembers: it earns where the present alone does not say where to go, continues bit for
 * bit, and whoever cannot train such a network says so.
 */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import type { Mixture, World } from "../../env.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { levelSource } from "../../levels.ts";
import { initialize, type Network } from "../../network.ts";
import { mlp } from "../../networks/mlp.ts";
import { recurrent } from "../../networks/recurrent.ts";
import type { Learner, OptimizerPlugin } from "../../optimizer.ts";
import { parseParams } from "../../plugin.ts";
import { networkSubject, policyShape } from "../../policy/inference.ts";
import { type Act, drawLevels, rollout } from "../../rollout.ts";
import { openExecutor } from "../../tensor/index.ts";
import { train } from "../../train.ts";
import { cloning } from "./cloning.ts";
import { ppo } from "./ppo.ts";

const whole = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, horizon: 5, layout: "open" }));
const shape = policyShape(whole);
const { executor } = await openExecutor();
const FAR: Mixture = { strength: 1, alpha: 0 };
const FRAMES = 60_000;
const small = { environments: 64, steps: 16, minibatch: 256, rate: 2e-3 };

/** The same world, whose cheese is shown on the first step of an episode alone. */
const shownOnce: World = {
  ...whole,
  marks: whole.marks!.filter(({ plane }) => plane === 1),
  batch(size) {
    const batch = whole.batch(size);
    const cells = whole.height * whole.width;
    return {
      ...batch,
      step(actions) {
        const ended = batch.step(actions);
        for (let slot = 0; slot < size; slot++)
          batch.observations.fill(0, (3 * slot + 2) * cells, 3 * (slot + 1) * cells);
        return ended;
      },
    };
  },
};

function start(
  network: Network,
  options: {
    readonly world?: World;
    readonly optimizer?: OptimizerPlugin;
    readonly given?: Readonly<Record<string, unknown>>;
    readonly frames?: number;
  } = {},
): Promise<Learner> {
  const { world = shownOnce, given = small, frames = FRAMES } = options;
  const optimizer: OptimizerPlugin = options.optimizer ?? ppo;
  const params = parseParams(optimizer, given);
  return optimizer.start(
    {
      world,
      network,
      shape,
      executor,
      mixture: FAR,
      reward: [1, 0],
      levels: levelSource({ kind: "fresh" }, world, FAR, Number(params.environments ?? params.batch)),
      frames,
      rng: rng(1),
    },
    params,
    initialize(network, rng(2)),
  );
}

const remembering = () => recurrent.build(shape, parseParams(recurrent, { width: 32, units: 32 }));

test("what was seen once is remembered: without a memory, or with a wiped one, it cannot be found", async () => {
  const skills = async (network: Network) => {
    const learner = await start(network);
    await train(learner, FRAMES);
    const subject = networkSubject(network, learner.weights(), shape, executor);
    const levels = drawLevels(shownOnce, 500, FAR, "test", rng(3));
    const play = async (act: Act) => mean((await rollout({ world: shownOnce, levels, act, rng: rng(4) })).achieved[0]!);
    return {
      skill: await play(subject.act.bind(subject)),
      wiped: await play((observations, n, random, actions) => subject.act(observations, n, random, actions)),
    };
  };
  const remembers = await skills(remembering());
  const blank = await skills(mlp.build(shape, parseParams(mlp, { width: 32 })));
  expect(remembers.skill).toBeGreaterThan(0.9);
  expect(remembers.wiped).toBeLessThan(0.7);
  expect(blank.skill).toBeLessThan(0.8);
  expect(blank.wiped).toBe(blank.skill);
});

test("a run continued from a snapshot in the middle of episodes equals an undisturbed one bit for bit", async () => {
  const [undisturbed, first, second] = await Promise.all([1, 2, 3].map(() => start(remembering(), { frames: 8192 })));
  for (let update = 0; update < 4; update++) {
    const row = await undisturbed!.update(update);
    if (update < 2) expect(await first!.update(update)).toEqual(row);
    if (update === 1) second!.restore(structuredClone(first!.snapshot()));
    if (update > 1) expect(await second!.update(update)).toEqual(row);
  }
  expect(second!.weights()).toEqual(undisturbed!.weights());
  // Steps do not divide an episode's length: what was remembered is not blank.
  expect(first!.snapshot().memory!.some((value) => value !== 0)).toBe(true);
});

test("looking marks up instead of multiplying by their planes is the same update", async () => {
  const { marks: _, ...plain } = shownOnce;
  const [looked, multiplied] = [await start(remembering()), await start(remembering(), { world: plain })];
  await looked.update(0);
  await multiplied.update(0);
  const others = multiplied.weights();
  for (const [name, values] of Object.entries(looked.weights())) {
    for (const [i, value] of values.entries()) expect(Math.abs(value - others[name]![i]!)).toBeLessThan(1e-4);
  }
});

test("environments are not cut in two, and cloning refuses a network that remembers", async () => {
  await expect(start(remembering(), { given: { ...small, minibatch: 8 } })).rejects.toThrow(
    /got 8; expected a multiple of steps = 16/,
  );
  await expect(start(remembering(), { optimizer: cloning, given: { batch: 8 } })).rejects.toThrow(
    /the network remembers, got a memory of 32 numbers/,
  );
});
