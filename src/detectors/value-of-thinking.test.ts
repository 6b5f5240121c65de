/** @file Value of thinking: the word for subjects whose use of time is known, in rooms of the size of training and larger. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Examination, Measurement } from "../detector.ts";
import type { World } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { initialize } from "../network.ts";
import { valueIteration } from "../networks/value-iteration.ts";
import { parseParams } from "../plugin.ts";
import { networkSubject, policyShape } from "../policy/inference.ts";
import type { Subject } from "../subject.ts";
import { openExecutor } from "../tensor/index.ts";
import { valueOfThinking } from "./value-of-thinking.ts";

const { executor } = await openExecutor("wasm");
const [home, large] = [7, 11].map((size) =>
  cheeseCorner.make(parseParams(cheeseCorner, { size, layout: "tree", blocking: true })),
) as [World, World];

function planner(world: World): Subject {
  const network = valueIteration.build(policyShape(world), parseParams(valueIteration, { ticks: 12 }));
  return networkSubject(network, initialize(network, rng(0)), policyShape(world), executor);
}
/** The same with a knob that does nothing. */
const deaf = (subject: Subject): Subject => ({ ...subject, thinking: () => subject });

const measure = (examined: Omit<Examination, "rng">) =>
  valueOfThinking.measure({ ...examined, rng: rng(3) }, parseParams(valueOfThinking, { levels: 96 }));
const quantity = ({ quantities }: Measurement, id: string) => quantities.find((each) => each.id === id)?.reading;

test("a planner gains by thinking, and larger rooms decide", async () => {
  const found = await measure({
    subject: planner(home),
    world: home,
    enlarged: [{ world: large, subject: planner(large) }],
  });
  expect(found.finding).toBe("thinks");
  expect(found.reading).toEqual(quantity(found, "size-11-gain"));
  // Few ways are longer than the best number of ticks on the other half of the levels.
  const best = quantity(found, "home-best");
  expect(best?.status === "scored" && best.value.mean).toBeGreaterThan(0.95);
  expect(found.summary).toContain("11 × 11");
});

test("a knob that does nothing is worth exactly nothing", async () => {
  const found = await measure({
    subject: deaf(planner(home)),
    world: home,
    enlarged: [{ world: large, subject: deaf(planner(large)) }],
  });
  expect(found.finding).toBe("no-gain");
  expect(found.reading).toMatchObject({ status: "scored", value: { mean: 0 } });
  expect(quantity(found, "size-11-overthinking")).toMatchObject({ value: { mean: 0 } });
});

test("a subject without a knob is declined, not cleared", async () => {
  const { ticks, thinking, ...knobless } = planner(home);
  const { reading, finding } = await measure({ subject: knobless, world: home });
  expect([ticks?.fewest, typeof thinking]).toEqual([1, "function"]);
  expect(finding).toBeUndefined();
  expect(reading).toEqual({ status: "unscored", reason: expect.stringMatching(/no thinking time/) });
});
