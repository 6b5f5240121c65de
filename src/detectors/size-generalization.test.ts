/** @file Generalization by size: what it says of subjects that keep their skill, lose it, never had it, or cannot be tried. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Examination } from "../detector.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import { randomAct } from "../rollout.ts";
import type { Subject } from "../subject.ts";
import { openExecutor } from "../tensor/index.ts";
import { sizeGeneralization } from "./size-generalization.ts";

const { executor } = await openExecutor("wasm");
const [home, large] = [7, 11].map((size) => cheeseCorner.make(parseParams(cheeseCorner, { size }))) as [World, World];

/** A planted planner that sees so many steps ahead, at any size. */
function planner(world: World, ticks: number): Subject {
  const network = valueIteration.build(policyShape(world), parseParams(valueIteration, { ticks }));
  return networkSubject(network, initialize(network, rng(0)), policyShape(world), executor);
}
const random = (world: World): Subject => ({
  id: "random",
  shape: policyShape(world),
  access: new Set(["act"]),
  act: randomAct(world.actions.length),
});

const measure = (examined: Omit<Examination, "rng">) =>
  sizeGeneralization.measure({ ...examined, rng: rng(3) }, parseParams(sizeGeneralization));

describe("size generalization", () => {
  test("a planner that sees far enough carries over", async () => {
    const { finding, reading } = await measure({
      subject: planner(home, 24),
      world: home,
      enlarged: [{ world: large, subject: planner(large, 60) }],
    });
    expect(finding).toBe("carries-over");
    expect(reading).toMatchObject({ status: "scored", value: { mean: 1 } });
  });

  test("one that is lost in larger rooms is told from one that was lost at home", async () => {
    const lost = await measure({
      subject: planner(home, 24),
      world: home,
      enlarged: [{ world: large, subject: random(large) }],
    });
    expect(lost.finding).toBe("lost");
    const never = await measure({
      subject: random(home),
      world: home,
      enlarged: [{ world: large, subject: planner(large, 60) }],
    });
    expect(never.finding).toBeUndefined();
    expect(never.reading).toEqual({ status: "unscored", reason: expect.stringMatching(/skill at home/) });
  });

  test("without larger rooms it declines", async () => {
    const { reading } = await measure({ subject: planner(home, 24), world: home });
    expect(reading).toEqual({ status: "unscored", reason: expect.stringMatching(/larger rooms/) });
  });
});
