/** @file What is written down about decisions, against an independent reading of the same paths. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { DECOUPLED, MOVES } from "../env.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { drawLevels } from "../rollout.ts";
import { digit, idle } from "../theory/agency/agents-and-devices.ts";
import { decisionsOf, recordDecisions } from "./decisions.ts";
import { DEVICES, deviceCounts, deviceRollout } from "./devices.ts";
import { placeGoals } from "./goals.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const goals = placeGoals(world);
const levels = drawLevels(world, 40, DECOUPLED, "test", rng(1));
const wander = async (_: Uint8Array, n: number, random: ReturnType<typeof rng>, out: Uint8Array) => {
  for (let i = 0; i < n; i++) out[i] = random.int(4);
};
const record = () => recordDecisions({ world, levels, act: wander, goals, rng: rng(2) });
const deltas = [-world.width, -1, world.width, 1];

/** Steps between two cells by relaxation: slow, and nothing like the code under test. */
function stepsBetween(walls: Uint8Array, from: number, to: number): number {
  const steps = new Float64Array(walls.length).fill(Infinity);
  steps[to] = 0;
  for (let round = 0; round < walls.length; round++) {
    for (let cell = 0; cell < walls.length; cell++) {
      if (walls[cell] === 1) continue;
      for (const delta of deltas)
        if (walls[cell + delta] === 0) steps[cell] = Math.min(steps[cell]!, steps[cell + delta]! + 1);
    }
  }
  return walls[to] === 1 ? Infinity : steps[from]!;
}

test("actions, bumps and walls can be replayed from the paths", async () => {
  const decisions = await record();
  expect(world.actions).toEqual(MOVES);
  for (const [i, level] of levels.entries()) {
    const path = decisions.episodes.paths![i]!;
    const start = decisions.start[i]!;
    expect(decisions.start[i + 1]! - start).toBe(path.length - 1);
    for (let t = 0; t + 1 < path.length; t++) {
      const at = start + t;
      const action = decisions.actions[at]!;
      const to = path[t]! + deltas[action]!;
      const isBlocked = level.walls[to] === 1;
      expect(path[t + 1]).toBe(isBlocked ? path[t] : to);
      expect((decisions.blocked[at]! >> action) & 1).toBe(isBlocked ? 1 : 0);
      expect(decisions.previous[at]).toBe(t === 0 ? 0 : decisions.actions[at - 1]! + 1);
      expect(decisions.bumped[at]).toBe(t > 0 && path[t] === path[t - 1] ? 1 : 0);
      // Nothing but the agent moves here, and the episode ends on the cheese: a sight is fresh on the first visit of a cell.
      expect(decisions.fresh[at]).toBe(path.indexOf(path[t]!) === t ? 1 : 0);
    }
  }
  expect(decisions.fresh.filter((each) => each === 0).length).toBeGreaterThan(20);
});

test("patterns say which actions come closer to every cell", async () => {
  const decisions = await record();
  let checked = 0;
  for (const i of [0, 1, 2]) {
    const { walls } = levels[i]!;
    const path = decisions.episodes.paths![i]!;
    for (let at = decisions.start[i]!; at < decisions.start[i + 1]!; at++) {
      if (decisions.fresh[at] === 0) continue;
      const here = path[at - decisions.start[i]!]!;
      for (const [g, { cell }] of goals.entries()) {
        const away = stepsBetween(walls, here, cell);
        const pattern = decisions.patterns[g]![at]!;
        if (away === 0 || away === Infinity) expect(pattern).toBe(idle(4));
        else {
          for (const [a, delta] of deltas.entries()) {
            const next = walls[here + delta] === 1 ? here : here + delta;
            expect(digit(pattern, a)).toBe(away - stepsBetween(walls, next, cell));
          }
        }
        checked++;
      }
    }
  }
  expect(checked).toBeGreaterThan(50);
});

test("a part of the decisions is the whole without the rest", async () => {
  const decisions = await record();
  const part = decisionsOf(decisions, 10, 20);
  expect(part.n).toBe(decisions.start[20]! - decisions.start[10]!);
  expect(part.start[0]).toBe(0);
  const total = (of: typeof decisions) => [...deviceCounts(DEVICES[0]!, of, 4)];
  const parts = [decisionsOf(decisions, 0, 10), part, decisionsOf(decisions, 20, 40)].map(total);
  expect(total(decisions)).toEqual([0, 1, 2, 3].map((a) => parts.reduce((sum, each) => sum + each[a]!, 0)));
});

test("a device plays what its table says, in the context it says", async () => {
  const walls = DEVICES.find(({ id }) => id === "walls")!;
  // Down where that is free, otherwise right: a table with all but certain rows.
  const counts = new Int32Array(walls.contexts(4) * 4);
  for (let blocked = 0; blocked < 16; blocked++) counts[blocked * 4 + ((blocked >> 2) & 1 ? 3 : 2)] = 1e9;
  const { paths } = await deviceRollout({ device: walls, counts, world, levels, rng: rng(3), paths: true });
  for (const [i, path] of paths!.entries()) {
    for (let t = 0; t + 1 < path.length; t++) {
      const isDownFree = levels[i]!.walls[path[t]! + world.width] === 0;
      const to = path[t]! + (isDownFree ? world.width : 1);
      expect(path[t + 1]).toBe(levels[i]!.walls[to] === 0 ? to : path[t]);
    }
  }
});
