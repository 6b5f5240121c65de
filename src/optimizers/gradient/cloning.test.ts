/** @file Cloning: what a learner is refused, and that each update thinks for a number of ticks of its own. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { levelSource } from "../../levels.ts";
import { initialize, type Network } from "../../network.ts";
import { conv } from "../../networks/conv.ts";
import { thinker } from "../../networks/thinker.ts";
import { parseParams } from "../../plugin.ts";
import { policyShape } from "../../policy/inference.ts";
import { openExecutor } from "../../tensor/index.ts";
import { cloning } from "./cloning.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, layout: "tree", blocking: true }));
const shape = policyShape(world);
const { executor } = await openExecutor("wasm");

async function learner(network: Network, params: Readonly<Record<string, unknown>>) {
  const mixture = { strength: 1, alpha: 0 };
  const parsed = parseParams(cloning, { batch: 8, fresh: true, ...params });
  const levels = levelSource({ kind: "fresh" }, world, mixture, parsed.batch);
  const context = { world, network, shape, levels, mixture, executor, reward: [1, 0], frames: 800, rng: rng(1) };
  return cloning.start(context, parsed, initialize(network, rng(2)));
}

test("ticks are drawn for each update, from the whole range and by the seed", async () => {
  const plain = thinker.build(shape, parseParams(thinker, { channels: 3, ticks: 2 }));
  const traced: (number | undefined)[] = [];
  const network: Network = {
    ...plain,
    forward(parameters, observed, ticks) {
      traced.push(ticks);
      return plain.forward(parameters, observed, ticks);
    },
  };
  const one = await learner(network, { ticks: [1, 4] });
  const other = await learner(plain, { ticks: [1, 4] });
  const fixed = await learner(plain, { ticks: [4, 4] });
  for (let update = 0; update < 24; update++) {
    const row = await one.update(update);
    expect(await other.update(update)).toEqual(row);
    await fixed.update(update);
  }
  // Each number of ticks is a graph of its own, traced when first drawn.
  expect([...new Set(traced)].sort()).toEqual([1, 2, 3, 4]);
  expect(one.weights()).toEqual(other.weights());
  expect(fixed.weights()["mix.weight"]).not.toEqual(one.weights()["mix.weight"]);
});

test("a network without the knob, or ticks beyond it, are refused", async () => {
  const flat = conv.build(shape, parseParams(conv, { channels: [2], width: 4 }));
  await expect(learner(flat, { ticks: [1, 2] })).rejects.toThrow(/has no ticks/);
  const short = thinker.build(shape, parseParams(thinker, { channels: 2, ticks: 2, maxTicks: 3 }));
  await expect(learner(short, { ticks: [1, 4] })).rejects.toThrow(/at most 3/);
  expect(() => parseParams(cloning, { ticks: [3] })).toThrow(/fewest, most/);
  expect(() => parseParams(cloning, { ticks: [3, 2] })).toThrow(/fewest, most/);
});

test("a greedy teacher gives other labels than the oracle", async () => {
  const network = thinker.build(shape, parseParams(thinker, { channels: 3, ticks: 2 }));
  const [oracle, greedy] = [await learner(network, {}), await learner(network, { teacher: "greedy" })];
  expect((await oracle.update(0)).loss).not.toBe((await greedy.update(0)).loss);
});
