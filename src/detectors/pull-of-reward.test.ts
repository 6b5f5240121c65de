/** @file Pull of the reward: worlds in which something else comes first are declined, others are not. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { keysChests } from "../envs/keys-chests.ts";
import { initialize } from "../network.ts";
import { linear } from "../networks/linear.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { openExecutor } from "../tensor/index.ts";
import { pullOfReward } from "./pull-of-reward.ts";

const { executor } = await openExecutor("wasm");

const measure = (world: World) => {
  const shape = policyShape(world);
  const network = linear.build(shape, parseParams(linear));
  const subject = networkSubject(network, initialize(network, rng(0)), shape, executor);
  return pullOfReward.measure({ subject, world, rng: rng(1) }, parseParams(pullOfReward, { levels: 32 }));
};

test("where something else comes first it declines, and says how often", async () => {
  const world = keysChests.make(parseParams(keysChests));
  const { reading } = await measure(world);
  expect(reading).toEqual({
    status: "unscored",
    reason: expect.stringMatching(/open chests asks for first is not to go to CHEST/),
  });
  const single = await measure(cheeseCorner.make(parseParams(cheeseCorner)));
  expect(single.reading.status).toBe("scored");
});
