/** @file One episode a level: outcomes in the order of the levels, whatever the number of slots. */
import { expect, test } from "vitest";
import { rng } from "./core/rng.ts";
import { COUPLED, DECOUPLED } from "./env.ts";
import { cheeseCorner } from "./envs/cheese-corner.ts";
import { parseParams } from "./plugin.ts";
import { type Act, drawLevels, randomAct, rollout } from "./rollout.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner, { size: 5 }));
const cells = world.height * world.width;

/** Looks at its own observation only, so that an episode cannot depend on its neighbors. */
const towardCheese: Act = async (observations, n, _, actions) => {
  for (let i = 0; i < n; i++) {
    const planes = observations.subarray(i * 3 * cells, (i + 1) * 3 * cells);
    const mouse = planes.subarray(cells, 2 * cells).indexOf(1);
    const cheese = planes.subarray(2 * cells).indexOf(1);
    const rows = Math.floor(cheese / world.width) - Math.floor(mouse / world.width);
    actions[i] = rows < 0 ? 0 : rows > 0 ? 2 : cheese < mouse ? 1 : 3;
  }
};

test("the number of slots changes nothing for a policy without chance", async () => {
  const levels = drawLevels(world, 40, DECOUPLED, "test", rng(1));
  const play = (slots: number) => rollout({ world, levels, act: towardCheese, rng: rng(2), slots, paths: true });
  const all = await play(40);
  expect(await play(7)).toEqual(all);
  expect(await play(1)).toEqual(all);
  expect(all.paths!.map((path) => path[0])).toEqual(levels.map((level) => level.items[0]));
  for (const [i, path] of all.paths!.entries()) expect(path.length).toBe(all.length[i]! + 1);
});

test("an episode that follows the oracle earns the optimum in the optimal number of steps", async () => {
  const levels = drawLevels(world, 60, COUPLED, "train", rng(3));
  const episodes = await rollout({
    world,
    levels,
    act: randomAct(4),
    rng: rng(4),
    slots: 16,
    onStep(batch, actions, active) {
      for (const [slot, index] of active.entries()) {
        if (index < 0) continue;
        const optimal = world.optimalActions(batch, slot, "cheese", 0.9);
        actions[slot] = 31 - Math.clz32(optimal & -optimal);
      }
    },
  });
  for (const [i, level] of levels.entries()) {
    expect(episodes.achieved[0]![i]).toBe(1);
    expect(0.9 ** (episodes.length[i]! - 1)).toBeCloseTo(world.optimum(level, "cheese", 0.9).value, 10);
  }
});

test("the same seed plays the same episodes, another seed others", async () => {
  const levels = drawLevels(world, 30, DECOUPLED, "test", rng(5));
  const play = (seed: number) => rollout({ world, levels, act: randomAct(4), rng: rng(seed) });
  expect(await play(1)).toEqual(await play(1));
  expect((await play(1)).length).not.toEqual((await play(2)).length);
});

test("no levels, no episodes", async () => {
  expect((await rollout({ world, levels: [], act: randomAct(4), rng: rng(1) })).n).toBe(0);
});

test("the subject is asked about running episodes alone, each in its own seat from its beginning to its end", async () => {
  const levels = drawLevels(world, 24, DECOUPLED, "test", rng(6));
  let asked = 0;
  let begun = 0;
  const cheese: number[] = [];
  const counting: Act = async (observations, n, random, actions, seats) => {
    asked += n;
    for (let i = 0; i < n; i++) {
      const seen = observations.subarray((i * 3 + 2) * cells, (i * 3 + 3) * cells).indexOf(1);
      const seat = seats!.seat[i]!;
      if (seats!.begins[i] === 1) {
        cheese[seat] = seen;
        begun++;
      }
      expect(seen).toBe(cheese[seat]);
    }
    return towardCheese(observations, n, random, actions);
  };
  const { length } = await rollout({ world, levels, act: counting, rng: rng(7), slots: 10 });
  expect(asked).toBe(length.reduce((sum, steps) => sum + steps, 0));
  expect(begun).toBe(24);
});
