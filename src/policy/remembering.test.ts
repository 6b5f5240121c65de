/** @file A subject that remembers keeps the memory of each episode apart, however episodes share seats and calls. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels, rollout } from "../rollout.ts";
import { policyShape } from "./inference.ts";
import { rememberingSubject } from "./remembering.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5, horizon: 12 }));
const shape = policyShape(world);

/** Counts the steps of an episode, and nothing else decides what it does: up, left, down, right, up, … */
const counting = rememberingSubject("counts", shape, 1, async (_, n, before) => ({
  logits: Float32Array.from({ length: n * 4 }, (_, i) => (i % 4 === before[i >> 2]! % 4 ? 0 : -1e4)),
  memory: before.map((steps) => steps + 1),
}));

test("each episode counts its own steps, with seats that run, idle and begin again", async () => {
  let seen = 0;
  const idle = new Set<number>();
  const episodes = await rollout({
    world,
    levels: drawLevels(world, 70, COUPLED, "train", rng(1)),
    act: counting.act.bind(counting),
    rng: rng(2),
    slots: 30,
    onStep({ time }, actions, active) {
      for (const [slot, level] of active.entries()) {
        if (level < 0) idle.add(slot);
        else expect(actions[slot]).toBe(time[slot]! % 4);
        seen++;
      }
    },
  });
  expect(new Set(episodes.length).size).toBeGreaterThan(2);
  expect(idle.size).toBeGreaterThan(20);
  expect(seen).toBeGreaterThan(300);
});

test("without seats, every row is the first step of an episode", async () => {
  const actions = new Uint8Array(3).fill(9);
  const rows = new Uint8Array(3 * 75);
  for (let again = 0; again < 2; again++) {
    await counting.act(rows, 3, rng(1), actions);
    expect([...actions]).toEqual([0, 0, 0]);
  }
});
