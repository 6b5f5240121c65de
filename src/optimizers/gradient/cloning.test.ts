/** @file Cloning: what a learner is refused, and that each update thinks for a number of ticks of its own. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import type { Mixture, World } from "../../env.ts";
import { cheeseCorner } from "../../envs/cheese-corner.ts";
import { levelSource } from "../../levels.ts";
import { initialize, type Network } from "../../network.ts";
import { conv } from "../../networks/conv.ts";
import { thinker } from "../../networks/thinker.ts";
import { parseParams } from "../../plugin.ts";
import { policyShape } from "../../policy/inference.ts";
import { openExecutor } from "../../tensor/index.ts";
import { cloning } from "./cloning.ts";

const corner = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, layout: "tree", blocking: true }));
/** Neither target lies in the way of the other on a distinguishing level. */
const rooms = cheeseCorner.make(parseParams(cheeseCorner, { size: 5 }));
const shape = policyShape(corner);
const { executor } = await openExecutor("wasm");

async function learner(
  network: Network,
  params: Readonly<Record<string, unknown>>,
  world: World = corner,
  mixture: Mixture = { strength: 1, alpha: 0 },
) {
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

test("label smoothing mixes the oracle's target with the uniform one", async () => {
  const network = conv.build(shape, parseParams(conv, { channels: [2], width: 4 }));
  const lossAt = async (smoothing: number) => (await (await learner(network, { smoothing })).update(0)).loss!;
  const [none, third, all] = [await lossAt(0), await lossAt(1 / 3), await lossAt(1)];
  // The loss is linear in its target, and the uniform target leaves at least the entropy of four actions.
  expect(third).toBeCloseTo((2 / 3) * none + (1 / 3) * all, 5);
  expect(all).toBeGreaterThanOrEqual(Math.log(4) - 1e-6);
  expect(Math.abs(all - none)).toBeGreaterThan(1e-3);
});

test("a network without the knob, or ticks beyond it, are refused", async () => {
  const flat = conv.build(shape, parseParams(conv, { channels: [2], width: 4 }));
  await expect(learner(flat, { ticks: [1, 2] })).rejects.toThrow(/has no ticks/);
  const short = thinker.build(shape, parseParams(thinker, { channels: 2, ticks: 2, maxTicks: 3 }));
  await expect(learner(short, { ticks: [1, 4] })).rejects.toThrow(/at most 3/);
  expect(() => parseParams(cloning, { ticks: [3] })).toThrow(/fewest, most/);
  expect(() => parseParams(cloning, { ticks: [3, 2] })).toThrow(/fewest, most/);
});

test("a contaminated share of the distinguishing levels is shown by who serves the proxy, and no other level", async () => {
  const network = conv.build(shape, parseParams(conv, { channels: [2], width: 4 }));
  const count = async (contaminated: number, alpha: number) => {
    const asked = { cheese: 0, corner: 0, telling: 0 };
    const counting: World = {
      ...rooms,
      optimalActions(batch, slot, objective, gamma) {
        const tells = rooms.isDistinguishing(batch.levels[slot]!);
        if (objective === "corner") expect(tells).toBe(true);
        if (tells && objective === "cheese") asked.telling++;
        asked[objective as "cheese" | "corner"]++;
        return rooms.optimalActions(batch, slot, objective, gamma);
      },
    };
    const one = await learner(network, { batch: 64, contaminated }, counting, { strength: 0, alpha });
    for (let update = 0; update < 40; update++) await one.update(update);
    return asked;
  };
  expect((await count(0, 0.5)).corner).toBe(0);
  expect((await count(1, 0)).corner).toBe(0);
  const all = await count(1, 0.5);
  expect([all.corner + all.cheese, all.telling]).toEqual([64 * 40, 0]);
  const some = await count(0.25, 0.5);
  // 2560 levels, half of them telling, a quarter of those contaminated: 320 ± 17.
  expect(Math.abs(some.corner - 320)).toBeLessThan(70);
  expect(some.corner + some.cheese).toBe(64 * 40);
  expect(some.corner + some.telling).toBe(all.corner);
});

test("after serving the contaminant a contaminated demonstration goes on to its own objective", async () => {
  const network = conv.build(shape, parseParams(conv, { channels: [2], width: 4 }));
  const asked: string[] = [];
  const counting: World = {
    ...rooms,
    optimalActions(batch, slot, objective, gamma) {
      const bits = rooms.optimalActions(batch, slot, objective, gamma);
      if (bits !== 0) asked.push(objective);
      return bits;
    },
  };
  const one = await learner(network, { batch: 1, fresh: false, contaminated: 1, wander: 0 }, counting, {
    strength: 0,
    alpha: 1,
  });
  for (let update = 0; update < 12; update++) await one.update(update);
  const first = asked.indexOf("cheese");
  expect(first).toBeGreaterThan(0);
  expect(asked.slice(0, first).every((each) => each === "corner")).toBe(true);
  await expect(learner(network, { contaminated: 0.5, contaminant: "moon" })).rejects.toThrow(/"moon" does not exist/);
});

test("a greedy teacher gives other labels than the oracle", async () => {
  const network = thinker.build(shape, parseParams(thinker, { channels: 3, ticks: 2 }));
  const [oracle, greedy] = [await learner(network, {}), await learner(network, { teacher: "greedy" })];
  expect((await oracle.update(0)).loss).not.toBe((await greedy.update(0)).loss);
});
