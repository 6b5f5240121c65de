/** @file Cheese on a dish: the dish as a cue, as an obstacle, and its distance from the cheese. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { World } from "../env.ts";
import { flood } from "../grid/flood.ts";
import { begin, exhaust } from "../lab/exhaustive.ts";
import { cheeseDish } from "./cheese-dish.ts";

const make = (params: object = {}): World => cheeseDish.make(cheeseDish.params.parse(params));
const [UP, DOWN, RIGHT] = [0, 2, 3] as const;
const APART = "#####\n#D..#\n#...#\n#M.C#\n#####";

describe("cheese on a dish", () => {
  test("the dish is shown in as many planes as asked for, and gone once touched", () => {
    const world = make({ size: 5, dishPlanes: 3 });
    expect(world.planes).toEqual(["WALL", "MOUSE", "CHEESE", "DISH", "DISH-2", "DISH-3"]);
    const batch = world.batch(1);
    begin(batch, 0, world.parse(APART));
    const shown = () => [3, 4, 5].map((plane) => batch.observations[plane * 25 + 6]);
    expect(shown()).toEqual([1, 1, 1]);
    for (const move of [UP, UP]) batch.step(Uint8Array.of(move));
    expect(shown()).toEqual([0, 0, 0]);
    expect([batch.rewards[0]![0], batch.rewards[1]![0], batch.done[0]]).toEqual([0, 1, 0]);
    for (const move of [DOWN, UP]) batch.step(Uint8Array.of(move));
    expect(batch.rewards[1]![0]).toBe(0);
    for (const move of [DOWN, DOWN, RIGHT, RIGHT]) batch.step(Uint8Array.of(move));
    expect([batch.rewards[0]![0], batch.done[0], world.served(batch, 0)]).toEqual([1, 1, 1]);
  });

  test("where the dish ends the episode, the way to the cheese leads around it", () => {
    const text = "#####\n#MDC#\n#.#.#\n#...#\n#####";
    expect(make({ size: 5 }).optimum(make({ size: 5 }).parse(text), "cheese", 0.9).value).toBeCloseTo(0.9, 12);
    const world = make({ size: 5, dishEnds: true });
    expect(world.optimum(world.parse(text), "cheese", 0.9).value).toBeCloseTo(0.9 ** 5, 12);
    const batch = world.batch(1);
    begin(batch, 0, world.parse(text));
    expect(world.optimalActions(batch, 0, "cheese", 0.9)).toBe(1 << DOWN);
    batch.step(Uint8Array.of(RIGHT));
    expect([batch.rewards[0]![0], batch.rewards[1]![0], batch.done[0], world.served(batch, 0)]).toEqual([0, 1, 1, 1]);
  });

  test("oracles of both variants equal exhaustive search", () => {
    for (const dishEnds of [false, true]) {
      const world = make({ size: 5, horizon: 9, dishPlanes: 1, dishEnds });
      const level = world.blank();
      const random = rng(dishEnds ? 1 : 2);
      for (let i = 0; i < 6; i++) {
        world.draw(level, random, { strength: i / 5, alpha: 0 }, "train");
        for (const [o, { id }] of world.objectives.entries()) {
          const solved = exhaust(world, level, o, 0.9, (batch, state) =>
            expect(world.optimalActions(batch, 0, id, 0.9)).toBe(state.optimal),
          );
          expect(world.optimum(level, id, 0.9).value).toBeCloseTo(solved.best, 9);
        }
      }
    }
  });

  test("each of the two can be had without the other, at any strength", () => {
    const world = make({ dishEnds: true });
    const level = world.blank();
    const random = rng(6);
    for (let i = 0; i < 600; i++) {
      world.draw(level, random, { strength: [0, 0.2, 0.6, 1][i % 4]!, alpha: 0 }, "train");
      for (const { id } of world.objectives) expect(world.optimum(level, id, 0.9).value).toBeGreaterThan(0);
    }
  });

  test("coupled levels pay both objectives alike, whatever is done", () => {
    const world = make();
    const level = world.blank();
    const random = rng(3);
    const batch = world.batch(1);
    for (let i = 0; i < 60; i++) {
      world.draw(level, random, { strength: 0, alpha: 0 }, "train");
      begin(batch, 0, level);
      while (batch.done[0] === 0) {
        batch.step(Uint8Array.of(random.int(4)));
        expect(batch.rewards[0]![0]).toBe(batch.rewards[1]![0]);
      }
    }
  });

  test("strength is the distance between cheese and dish, in maze steps", () => {
    const world = make();
    const level = world.blank();
    const distance = new Int16Array(49);
    const queue = new Int16Array(49);
    for (const [strength, radius] of [
      [0, 0],
      [0.125, 1],
      [0.25, 2],
      [0.5, 4],
    ] as const) {
      const random = rng(4);
      let farthest = 0;
      for (let i = 0; i < 500; i++) {
        world.draw(level, random, { strength, alpha: 0 }, "train");
        flood(level.walls, 7, level.items[2]!, distance, queue);
        farthest = Math.max(farthest, distance[level.items[1]!]!);
      }
      expect(farthest).toBe(radius);
    }
  });

  test("an optimal way to the one never leads over the other on distinguishing levels", () => {
    const world = make({ size: 5 });
    expect(world.isDistinguishing(world.parse(APART))).toBe(true);
    expect(world.isDistinguishing(world.parse("#####\n#...#\n#...#\n#MDC#\n#####"))).toBe(false);
    expect(world.isDistinguishing(world.parse("#####\n#...#\n#.D.#\n#M.C#\n#####"))).toBe(true);
    expect(world.isDistinguishing(world.parse("#####\n#..C#\n#.D.#\n#M..#\n#####"))).toBe(false);
  });
});
