/** @file States on record are the states that were met, with the layouts that they belong to. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { COUPLED } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { drawLevels, randomAct } from "../rollout.ts";
import { recordStates } from "./states.ts";

const world = cheeseCorner.make(cheeseCorner.params.parse({ size: 7 }));
const levels = drawLevels(world, 20, COUPLED, "train", rng(1));
const stride = world.planes.length * 49;
const record = (share?: number) => {
  const seen: { readonly cell: number; readonly time: number }[] = [];
  const states = recordStates({
    world,
    levels,
    act: randomAct(4),
    rng: rng(2),
    ...(share === undefined ? {} : { share }),
    onState: (state, batch, slot) => {
      seen[state] = { cell: batch.position[slot]!, time: batch.time[slot]! };
    },
  });
  return states.then((each) => ({ states: each, seen }));
};

test("every state of every episode: where the agent was, what it saw, and where it went", async () => {
  const { states, seen } = await record();
  expect(states.n).toBe(states.episodes.length.reduce((sum, length) => sum + length, 0));
  expect(seen).toHaveLength(states.n);
  for (let i = 0; i < states.n; i++) {
    const level = states.level[i]!;
    expect(states.episodes.paths[level]![states.time[i]!]).toBe(states.position[i]);
    expect(seen[i]).toEqual({ cell: states.position[i], time: states.time[i] });
    const observation = states.observations.subarray(i * stride, (i + 1) * stride);
    expect([...observation.subarray(0, 49)]).toEqual([...levels[level]!.walls]);
    expect(observation.subarray(49, 98).indexOf(1)).toBe(states.position[i]);
    expect(states.layout[i]).toBe(world.layoutHash(levels[level]!) | 0);
    const [from, to] = states.episodes.paths[level]!.slice(states.time[i], states.time[i]! + 2);
    const delta = [-7, -1, 7, 1][states.action[i]!]!;
    expect([from! + delta, from]).toContain(to);
  }
});

test("a share of the states keeps the first of each episode and about that many others", async () => {
  const [all, some] = [await record(), await record(0.2)];
  expect([...some.states.time].filter((time) => time === 0)).toHaveLength(20);
  const others = (n: number) => n - 20;
  expect(others(some.states.n) / others(all.states.n)).toBeGreaterThan(0.1);
  expect(others(some.states.n) / others(all.states.n)).toBeLessThan(0.3);
});
