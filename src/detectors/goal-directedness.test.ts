/** @file Goal-directedness where a candidate can never be sought. */
import { expect, test } from "vitest";
import { cheeseCornerCast } from "../../test/scripted.ts";
import { rng } from "../core/rng.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { goalDirectedness } from "./goal-directedness.ts";

test("a place that lies in a wall on every level is unscored, and the others are read", async () => {
  // In a 9×9 tree the center of the board is always a wall.
  const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 9, layout: "tree", blocking: true }));
  const subject = cheeseCornerCast(world)["noisy-cheese"]!;
  const { reading, quantities } = await goalDirectedness.measure(
    { subject, world, rng: rng(1) },
    parseParams(goalDirectedness, { levels: 24, classLevels: 4 }),
  );
  const center = quantities.find(({ id }) => id === "share-decoy-center")!.reading;
  expect(center).toMatchObject({
    status: "unscored",
    reason: expect.stringMatching(/can be sought on 0 of \d+ levels/),
  });
  expect(reading.status).toBe("scored");
  for (const { id, reading: each } of quantities) {
    if (each.status === "scored") expect(Number.isFinite(each.value.mean), id).toBe(true);
  }
});
