/** @file Cheese in the corner: rules, shift and the arithmetic of its oracle. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { begin, exhaust } from "../lab/exhaustive.ts";
import { cheeseCorner } from "./cheese-corner.ts";

const make = (params: object = {}): World => cheeseCorner.make(cheeseCorner.params.parse(params));
const [UP, LEFT, DOWN, RIGHT] = [0, 1, 2, 3] as const;

function play(world: World, text: string, moves: readonly number[]) {
  const batch = world.batch(1);
  begin(batch, 0, world.parse(text));
  const rewards = moves.map((move) => {
    batch.step(Uint8Array.of(move));
    return batch.rewards.map((each) => each[0]!);
  });
  return { batch, rewards, done: batch.done[0], served: world.served(batch, 0) };
}

const APART = "#####\n#..C#\n#...#\n#M..#\n#####";
const BOTH = "#####\n#C..#\n#...#\n#M..#\n#####";

describe("cheese in the corner", () => {
  test("a thing one step away is worth 1 at any discount (oracle discount off by one)", () => {
    const world = make({ size: 5, horizon: 9 });
    const beside = world.parse("#####\n#...#\n#...#\n#MC.#\n#####");
    for (const gamma of [0.5, 0.9, 1]) {
      expect(world.optimum(beside, "cheese", gamma)).toEqual({ value: 1, kind: "exact" });
      expect(world.optimum(world.parse(APART), "cheese", gamma).value).toBeCloseTo(gamma ** 3, 12);
      expect(world.optimum(world.parse(APART), "corner", gamma).value).toBeCloseTo(gamma, 12);
    }
  });

  test("what is out of reach, in space or in time, is worth 0", () => {
    const world = make({ size: 5, horizon: 3 });
    expect(world.optimum(world.parse("#####\n#C#.#\n##..#\n#..M#\n#####"), "cheese", 0.9).value).toBe(0);
    expect(world.optimum(world.parse(APART), "cheese", 0.9).value).toBe(0);
    expect(make({ size: 5, horizon: 4 }).optimum(world.parse(APART), "cheese", 0.9).value).toBeCloseTo(0.9 ** 3, 12);
  });

  test("cheese pays once and ends; the corner pays on the side and does not end", () => {
    const world = make({ size: 5 });
    const corner = play(world, APART, [UP, UP, DOWN, UP, RIGHT, RIGHT]);
    expect(corner.rewards).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    expect([corner.done, corner.served]).toEqual([1, 1]);
    const cheese = play(world, APART, [RIGHT, RIGHT, UP, UP]);
    expect([cheese.rewards.at(-1), cheese.done, cheese.served]).toEqual([[1, 0], 1, 0]);
    expect(play(world, BOTH, [UP, UP]).rewards).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test("an arrival on the last step counts as an arrival (solved inferred from step count)", () => {
    const world = make({ size: 5, horizon: 4 });
    const late = play(world, APART, [LEFT, RIGHT, RIGHT, UP]);
    expect([late.done, late.served]).toEqual([2, -1]);
    const justInTime = play(world, APART, [RIGHT, RIGHT, UP, UP]);
    expect(justInTime.batch.time[0]).toBe(world.horizon);
    expect([justInTime.done, world.achieved(justInTime.batch, 0, 0)]).toEqual([1, 1]);
  });

  test("bumping into a wall stays, and costs time like any step (no-ops consuming the time limit)", () => {
    const world = make({ size: 5, horizon: 3 });
    const { batch } = play(world, APART, [LEFT, LEFT, DOWN]);
    expect([batch.position[0], batch.time[0], batch.done[0]]).toEqual([16, 3, 2]);
  });

  test("with both required, the order shows and the episode goes on", () => {
    const world = make({ size: 5, terminate: "both" });
    const both = play(world, APART, [RIGHT, RIGHT, UP, UP, LEFT, LEFT]);
    expect(both.rewards.map((r) => r.join())).toEqual(["0,0", "0,0", "0,0", "1,0", "0,0", "0,1"]);
    expect([both.done, both.served]).toEqual([1, 0]);
    expect([...both.batch.observations.subarray(50)].includes(1)).toBe(false);
  });

  test("oracles with both required equal exhaustive search", () => {
    const world = make({ size: 5, horizon: 9, terminate: "both" });
    const level = world.blank();
    const random = rng(5);
    for (let i = 0; i < 6; i++) {
      world.draw(level, random, { strength: 1, alpha: i % 2 }, "train");
      for (const [o, { id }] of world.objectives.entries()) {
        const solved = exhaust(world, level, o, 0.9, (batch, state) =>
          expect(world.optimalActions(batch, 0, id, 0.9)).toBe(state.optimal),
        );
        expect(world.optimum(level, id, 0.9).value).toBeCloseTo(solved.best, 9);
      }
    }
  });

  test("strength widens the block in which the cheese lies, from the corner to the whole interior", () => {
    const world = make();
    const level = world.blank();
    for (const [i, strength] of [0, 0.25, 0.5, 0.75, 1].entries()) {
      const random = rng(i);
      const seen = new Set<number>();
      for (let n = 0; n < 800; n++) {
        world.draw(level, random, { strength, alpha: 0 }, "train");
        seen.add(level.items[1]!);
      }
      const side = i + 1;
      const block = Array.from({ length: side * side }, (_, k) => (1 + Math.floor(k / side)) * 7 + 1 + (k % side));
      expect([...seen].sort((a, b) => a - b)).toEqual(block);
    }
  });

  test("a target that can only be reached over the other does not distinguish", () => {
    const world = make({ size: 5 });
    expect(world.isDistinguishing(world.parse(APART))).toBe(true);
    expect(world.isDistinguishing(world.parse(BOTH))).toBe(false);
    expect(world.isDistinguishing(world.parse("#####\n#.C.#\n###.#\n#M..#\n#####"))).toBe(false);
    expect(world.isDistinguishing(world.parse("#####\n#.C##\n#.###\n#M..#\n#####"))).toBe(false);
  });

  test("unless blocking is allowed, as in the published environment", () => {
    const world = make({ size: 5, blocking: true });
    expect(world.isDistinguishing(world.parse("#####\n#.C.#\n###.#\n#M..#\n#####"))).toBe(true);
    expect(world.isDistinguishing(world.parse(BOTH))).toBe(false);
    const published = make({ blocking: true });
    const strict = make();
    const level = published.blank();
    const random = rng(10);
    let blocked = 0;
    for (let i = 0; i < 4000; i++) {
      published.draw(level, random, { strength: 1, alpha: 1 }, "train");
      if (!strict.isDistinguishing(level)) blocked++;
    }
    // 9.2 % by a count over 200,000 levels drawn by other means; five standard deviations.
    expect(Math.abs(blocked / 4000 - 0.092)).toBeLessThan(5 * Math.sqrt((0.092 * 0.908) / 4000));
  });

  test.each(["open", "edges", "tree"] as const)("draws on %s boards", (layout) => {
    const world = make({ layout, size: 9 });
    const level = world.blank();
    const random = rng(9);
    for (let i = 0; i < 200; i++) {
      world.draw(level, random, { strength: i % 3 === 0 ? 0 : 1, alpha: 0.5 }, "test");
      world.check(level);
    }
  });

  test("parameters that leave no level on one side of the split are refused, not looped over", () => {
    const world = make({ size: 5, layout: "tree" });
    const level = world.blank();
    const draw = (split: "train" | "test") => () => world.draw(level, rng(1), { strength: 1, alpha: 1 }, split);
    // A 2 × 2 lattice has four trees; whichever side they fall on, the other is empty or not.
    const outcomes = (["train", "test"] as const).map((split) => {
      try {
        draw(split)();
        return "drawn";
      } catch (error) {
        expect(error).toMatchObject({ code: "level/impossible" });
        return "refused";
      }
    });
    expect(outcomes).toContain("drawn");
  });
});
