/** @file Bits against what they must be for random play, for failing, and at the limit of the sample. */
import { expect, test } from "vitest";
import { cheeseCornerCast, heading, scripted } from "../../test/scripted.ts";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import type { Subject } from "../subject.ts";
import { referenceBits, resolvableBits } from "../theory/selection/optimization-power.ts";
import { optimizationPower } from "./optimization-power.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const cast = cheeseCornerCast(world);

async function bits(subject: Subject, id: string, given: object = {}) {
  const params = parseParams(optimizationPower, { references: 127, ...given });
  const { quantities } = await optimizationPower.measure({ subject, world, rng: rng(4) }, params);
  const { reading } = quantities.find((quantity) => quantity.id === id)!;
  if (reading.status === "unscored") throw new Error(reading.reason);
  return reading.value;
}

test("random actions have fewer bits than untied reference play: failing ties with failing", async () => {
  const random = await bits(cast.uniform!, "bits-cheese");
  expect(random.mean).toBeGreaterThan(0);
  expect(random.low).toBeLessThan(referenceBits(127));
});

test("an outcome no better than failing has no bits, however often random actions succeed", async () => {
  const always = scripted("always up", world, heading([1, 0, 0, 0]));
  // It reaches the cheese only from straight below; everywhere else its 0 bits weigh the mean down.
  expect((await bits(always, "bits-cheese")).mean).toBeLessThan(0.6);
});

test("a sample shows at most log2(n + 1) bits, and a competent subject reaches more with a larger one", async () => {
  const [small, large] = [
    await bits(cast.cheese!, "bits-cheese", { references: 15 }),
    await bits(cast.cheese!, "bits-cheese"),
  ];
  expect(small.high).toBeLessThanOrEqual(resolvableBits(15));
  expect(large.mean).toBeGreaterThan(small.mean + 0.3);
});
