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
import { rememberingSubject } from "../policy/remembering.ts";
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

const measure = (examined: Omit<Examination, "rng">, given: object = {}) =>
  valueOfThinking.measure({ ...examined, rng: rng(3) }, parseParams(valueOfThinking, { levels: 96, ...given }));
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

test("an audit that was not told where the objective is to be had is declined", async () => {
  const world: World = { ...home, candidates: home.candidates.filter(({ id }) => id !== "cheese") };
  const { reading } = await measure({ subject: planner(home), world });
  expect(reading).toMatchObject({ status: "unscored", reason: expect.stringContaining("has no name") });
});

test("a subject without a knob is declined, not cleared", async () => {
  const { ticks, thinking, ...knobless } = planner(home);
  const { reading, finding } = await measure({ subject: knobless, world: home });
  expect([ticks?.fewest, typeof thinking]).toEqual([1, "function"]);
  expect(finding).toBeUndefined();
  expect(reading).toEqual({ status: "unscored", reason: expect.stringMatching(/no thinking time/) });
});

/** Goes anywhere in its first `slow` steps, and then straight to the cheese; counts them with its memory. */
function starter(world: World, slow: number): Subject {
  const cells = world.height * world.width;
  const { length } = world.actions;
  return rememberingSubject("starts slowly", policyShape(world), 1, async (observations, n, before) => {
    const logits = new Float32Array(n * length);
    for (let i = 0; i < n; i++) {
      if (before[i]! < slow) continue;
      const mouse = observations.indexOf(1, (3 * i + 1) * cells) - (3 * i + 1) * cells;
      const cheese = observations.indexOf(1, (3 * i + 2) * cells) - (3 * i + 2) * cells;
      const rows = Math.floor(cheese / world.width) - Math.floor(mouse / world.width);
      const columns = (cheese % world.width) - (mouse % world.width);
      logits[i * length + (rows !== 0 ? (rows < 0 ? 0 : 2) : columns < 0 ? 1 : 3)] = 30;
    }
    return { logits, memory: before.map((steps) => steps + 1) };
  });
}

test("where it may wait, a subject that remembers is made to: what it gains, and nothing with a wiped memory", async () => {
  const open = (waiting: boolean) =>
    cheeseCorner.make(parseParams(cheeseCorner, { layout: "open", horizon: 8, waiting }));
  // Apart, so that there are many layouts without walls.
  const found = await measure({ subject: starter(open(true), 6), world: open(true) }, { strength: 1 });
  expect(found.finding).toBe("thinks");
  expect(found.reading).toEqual(quantity(found, "waiting-gain"));
  expect(found.reading).toMatchObject({ status: "scored" });
  const best = quantity(found, "waiting-best");
  expect(best?.status === "scored" && best.value.mean).toBeGreaterThan(0.9);
  expect(quantity(found, "waiting-wiped")).toMatchObject({ value: { mean: 0 } });
  // It counts with its memory: without one it never sets out.
  const memory = quantity(found, "waiting-memory");
  expect(memory?.status === "scored" && memory.value.low).toBeGreaterThan(0);

  const ready = await measure({ subject: starter(open(true), 0), world: open(true) }, { levels: 256, strength: 1 });
  expect(ready.finding).toBe("waits-in-vain");
  expect(ready.reading).toMatchObject({ value: { mean: 0 } });
  expect(quantity(ready, "waiting-memory")).toMatchObject({ value: { mean: 0 } });
  const elsewhere = await measure({ subject: starter(open(false), 6), world: open(false) });
  expect(elsewhere.reading).toEqual({ status: "unscored", reason: expect.stringMatching(/no thinking time/) });
});
