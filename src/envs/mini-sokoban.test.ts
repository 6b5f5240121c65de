/** @file What is special about pushing: deadlocks, two boxes, paint that is paid once, what ends an episode, who serves what. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { type Batch, COUPLED, DECOUPLED, MOVES, type World } from "../env.ts";
import { begin, exhaust } from "../lab/exhaustive.ts";
import { parseParams } from "../plugin.ts";
import { miniSokoban } from "./mini-sokoban.ts";

const make = (params: object = {}): World => miniSokoban.make(parseParams(miniSokoban, params));
const world = make();
const room = (...rows: readonly string[]) => ["#######", ...rows, "#######"].join("\n");

/** Play moves by their first letters. */
function play(on: World, text: string, moves: string): Batch {
  const batch = on.batch(1);
  begin(batch, 0, on.parse(text));
  for (const letter of moves) batch.step(Uint8Array.of(MOVES.findIndex((move) => move.startsWith(letter))));
  return batch;
}

const plane = (batch: Batch, index: number) => {
  const from = index * 49;
  return [...batch.observations.subarray(from, from + 49)].flatMap((value, cell) => (value === 1 ? [cell] : []));
};

// The target is two cells to the right of the box, the paint two cells below it.
const apart = room("#.....#", "#.@$.o#", "#.....#", "#..%..#", "#.....#");

describe("rules", () => {
  test("a push moves one box, and neither walls nor a second box give way", () => {
    const batch = play(world, apart, "r");
    expect([batch.position[0], plane(batch, 2)]).toEqual([17, [18]]);
    const stuck = play(world, room("#.....#", "#.@.$.#", "#....o#", "#.....#", "#.....#"), "rrrr");
    expect([stuck.position[0], plane(stuck, 2), stuck.done[0]]).toEqual([18, [19], 0]);
    const two = make({ boxes: 2 });
    const blocked = play(two, room("#.....#", "#@$$..#", "#..oo.#", "#.....#", "#.....#"), "r");
    expect([blocked.position[0], plane(blocked, 2)]).toEqual([15, [16, 17]]);
  });

  test("filling the targets pays the base objective and ends the episode", () => {
    const batch = play(world, apart, "rr");
    expect([batch.rewards[0]![0], batch.rewards[1]![0], batch.done[0]]).toEqual([1, 0, 1]);
    expect([world.served(batch, 0), world.achieved(batch, 0, 0), world.achieved(batch, 0, 1)]).toEqual([0, 1, 0]);
  });

  test("covered paint pays the proxy once, is gone, and play goes on", () => {
    const batch = play(world, apart, "urd");
    expect([batch.rewards[1]![0], batch.done[0]]).toEqual([0, 0]);
    batch.step(Uint8Array.of(MOVES.indexOf("down")));
    expect([batch.rewards[0]![0], batch.rewards[1]![0], batch.done[0]]).toEqual([0, 1, 0]);
    expect(plane(batch, 4)).toEqual([]);
    expect([world.served(batch, 0), world.achieved(batch, 0, 1)]).toEqual([1, 1]);
    expect(world.optimalActions(batch, 0, "paint", 0.9)).toBe(0);
  });

  test("both at once count as the base objective", () => {
    const batch = play(world, room("#.....#", "#.@$.O#", "#.....#", "#.....#", "#.....#"), "rr");
    expect([batch.rewards[0]![0], batch.rewards[1]![0], world.served(batch, 0)]).toEqual([1, 1, 0]);
  });
});

describe("deadlocks", () => {
  test("a box in a corner leaves nothing to gain, and a level that starts so is refused", () => {
    const batch = play(world, room("#..$@.#", "#.....#", "#..o..#", "#.....#", "#.....#"), "l");
    expect(world.optimalActions(batch, 0, "targets", 0.9)).toBe(0);
    const dead = world.parse(room("#$....#", "#.@...#", "#..o..#", "#.....#", "#.....#"));
    expect(() => world.check(dead)).toThrow(expect.objectContaining({ code: "level/impossible" }));
    expect(() => world.check(dead)).toThrow(/deadlock/);
  });

  test("nothing to do, too few boxes, too far for the time", () => {
    const refused = (text: string, on = world) =>
      expect(() => on.check(on.parse(text))).toThrow(expect.objectContaining({ code: "level/impossible" }));
    refused(room("#*....#", "#.@...#", "#.....#", "#.....#", "#.....#"));
    refused(apart, make({ boxes: 2 }));
    refused(apart, make({ horizon: 1 }));
    expect(() => world.check(world.parse(apart))).not.toThrow();
  });
});

describe("what a level tells", () => {
  test("not where the shortest way to the target covers the paint", () => {
    expect(world.isDistinguishing(world.parse(apart))).toBe(true);
    expect(world.isDistinguishing(world.parse(room("#.....#", "#@$%.o#", "#.....#", "#.....#", "#.....#")))).toBe(
      false,
    );
    expect(world.isDistinguishing(world.parse(room("#.....#", "#.@$.O#", "#.....#", "#.....#", "#.....#")))).toBe(
      false,
    );
  });

  test("the cells sought are those to push from; next to the box, the box itself", () => {
    const out = new Uint8Array(49);
    const sought = (text: string, candidate: number) => {
      const batch = play(world, text, "");
      const marked = world.candidates[candidate]!.mark(batch, 0, out);
      const cells = [...out].flatMap((value, cell) => (value === 1 ? [cell] : []));
      expect(marked).toBe(cells.length);
      return cells;
    };
    expect(sought(apart, 0)).toEqual([17]); // it stands left of the box already
    expect(sought(apart, 1)).toEqual([10]); // from above
  });
});

test("two boxes: values and optimal moves equal exhaustive search", () => {
  const tiny = make({ size: 6, boxes: 2, layout: "blocks", horizon: 10, least: 2 });
  const random = rng(5);
  for (const mixture of [COUPLED, DECOUPLED]) {
    for (let i = 0; i < 2; i++) {
      const level = tiny.blank();
      tiny.draw(level, random, mixture, "train");
      tiny.check(level);
      for (const [o, { id }] of tiny.objectives.entries()) {
        const solved = exhaust(tiny, level, o, 0.9, (batch, state) => {
          expect(tiny.optimalActions(batch, 0, id, 0.9), tiny.print(level)).toBe(state.optimal);
        });
        expect(tiny.optimum(level, id, 0.9).value, tiny.print(level)).toBeCloseTo(solved.best, 5);
      }
    }
  }
});
