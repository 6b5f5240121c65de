/** @file Keys and chests: rules, counts, and the oracle against brute force over all orders. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { begin, exhaust } from "../lab/exhaustive.ts";
import { keysChests } from "./keys-chests.ts";

const make = (params: object = {}): World => keysChests.make(keysChests.params.parse(params));
const small = { size: 5, fewKeys: 1, someKeys: 1, manyChests: 2, manyKeys: 3, fewChests: 1, horizon: 10 };
const [UP, LEFT, DOWN, RIGHT] = [0, 1, 2, 3] as const;

/** Distance by plain search from `from` to `to`, entering none of `closed` on the way. */
function steps(walls: Uint8Array, width: number, from: number, to: number, closed: ReadonlySet<number>): number {
  const seen = new Map([[from, 0]]);
  const queue = [from];
  for (const cell of queue) {
    if (cell === to) return seen.get(cell)!;
    for (const next of [cell - 1, cell + 1, cell - width, cell + width]) {
      if (walls[next] === 1 || seen.has(next) || (closed.has(next) && next !== to)) continue;
      seen.set(next, seen.get(cell)! + 1);
      queue.push(next);
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** Best discounted value over all orders of picking up n keys and opening n chests, and how many orders there are. */
function bestOrder(level: Level, width: number, keys: number[], chests: number[], gamma: number, isExact: boolean) {
  const legs = new Map<string, number>();
  const need = Math.min(keys.length, chests.length);
  let best = 0;
  let orders = 0;
  const walk = (
    at: number,
    restKeys: number[],
    restChests: number[],
    held: number,
    opened: number,
    time: number,
    value: number,
  ) => {
    if (opened === need) {
      orders++;
      best = Math.max(best, value);
      return;
    }
    const closed = new Set(isExact ? [...restKeys, ...(held > 0 ? restChests : [])] : []);
    const leg = (to: number) => {
      const key = `${at} ${to} ${[...closed].join()}`;
      const found = legs.get(key) ?? steps(level.walls, width, at, to, closed);
      legs.set(key, found);
      return found;
    };
    if (keys.length - restKeys.length < need) {
      for (const cell of restKeys) {
        walk(
          cell,
          restKeys.filter((other) => other !== cell),
          restChests,
          held + 1,
          opened,
          time + leg(cell),
          value,
        );
      }
    }
    if (held > 0) {
      for (const cell of restChests) {
        const then = time + leg(cell);
        const rest = restChests.filter((other) => other !== cell);
        walk(cell, restKeys, rest, held - 1, opened + 1, then, value + (then === Infinity ? 0 : gamma ** (then - 1)));
      }
    }
  };
  walk(level.items[0]!, keys, chests, 0, 0, 0, 0);
  return { best, orders };
}

describe("keys and chests", () => {
  test("keys are picked up, chests opened with a key only, and the inventory shows what is held", () => {
    const world = make(small);
    const batch = world.batch(1);
    begin(batch, 0, world.parse("#####\n#MCk#\n#..C#\n#...#\n#####"));
    const inventory = () => [...batch.observations.subarray(100)].filter((bit) => bit === 1).length;
    const move = (action: number) => {
      batch.step(Uint8Array.of(action));
      return [batch.rewards[0]![0], batch.rewards[1]![0], inventory(), batch.done[0]];
    };
    expect(move(RIGHT)).toEqual([0, 0, 0, 0]); // over a closed chest, without a key
    expect(batch.observations[3 * 25 + 7]).toBe(1);
    expect(move(RIGHT)).toEqual([0, 1, 1, 0]);
    expect(move(LEFT)).toEqual([1, 0, 0, 1]); // one key, two chests: all that can be opened is open
    expect(batch.observations[3 * 25 + 7]).toBe(0);
  });

  test("only visible keys and chests count (hidden-versus-visible counts)", () => {
    // Room for three keys and two chests; this level shows one of each.
    const world = make(small);
    const level = world.parse("#####\n#M.k#\n#..C#\n#...#\n#####");
    expect([...level.items].filter((cell) => cell === -1)).toHaveLength(3);
    expect(world.isDistinguishing(level)).toBe(false);
    expect(world.optimum(level, "chests", 0.9).value).toBeCloseTo(0.9 ** 2, 12);
    expect(world.optimum(level, "keys", 1).value).toBe(1);
    const batch = world.batch(1);
    begin(batch, 0, level);
    for (const action of [RIGHT, RIGHT, DOWN]) batch.step(Uint8Array.of(action));
    expect([batch.done[0], world.achieved(batch, 0, 0), world.achieved(batch, 0, 1)]).toEqual([1, 1, 1]);
  });

  test("three keys and ten chests: the oracle equals the best of all 21,600 orders", () => {
    const world = make({ size: 13, horizon: 200, fewKeys: 3, someKeys: 3, manyChests: 10, manyKeys: 10, fewChests: 3 });
    const level = world.blank();
    const random = rng(1);
    let alike = 0;
    for (let i = 0; i < 4; i++) {
      world.draw(level, random, { strength: 0, alpha: 0 }, "train");
      const keys = [...level.items.subarray(1, 11)].filter((cell) => cell >= 0);
      const chests = [...level.items.subarray(11)].filter((cell) => cell >= 0);
      const value = world.optimum(level, "chests", 0.95).value;
      const exact = bestOrder(level, 13, keys, chests, 0.95, true);
      expect([keys.length, chests.length, exact.orders]).toEqual([3, 10, 21_600]);
      expect(value).toBeCloseTo(exact.best, 10);
      // Distances that ignore what lies on the way can only promise more.
      const plain = bestOrder(level, 13, keys, chests, 0.95, false).best;
      expect(plain).toBeGreaterThanOrEqual(value - 1e-10);
      if (Math.abs(plain - value) < 1e-10) alike++;
    }
    expect(alike).toBeGreaterThan(0);
  });

  test("a chest on the only way is opened whether one wants it or not", () => {
    const world = make(small);
    // The second key lies behind the only chest: with the first key in hand, passing ends the episode.
    const level = world.parse("#####\n#MkC#\n###.#\n###k#\n#####");
    expect(world.optimum(level, "keys", 1).value).toBe(1);
    expect(exhaust(world, level, 1, 1).best).toBe(1);
  });

  test("oracles equal exhaustive search where keys are plentiful", () => {
    const world = make({ ...small, layout: "blocks" });
    const level = world.blank();
    const random = rng(2);
    for (let i = 0; i < 4; i++) {
      world.draw(level, random, { strength: 1, alpha: 1 }, "test");
      for (const [o, { id }] of world.objectives.entries()) {
        const gamma = i % 2 === 0 ? 0.9 : 1;
        const solved = exhaust(world, level, o, gamma, (batch, state) =>
          expect(world.optimalActions(batch, 0, id, gamma)).toBe(state.optimal),
        );
        expect(world.optimum(level, id, gamma).value).toBeCloseTo(solved.best, 9);
      }
    }
  });

  test("levels that differ in what is a key and what a chest are not mistaken for each other", () => {
    const texts = ["#####\n#Mk.#\n#..C#\n#.C.#\n#####", "#####\n#Mk.#\n#..k#\n#.C.#\n#####"];
    const world = make(small);
    const fresh = texts.map((text) => make(small).optimum(world.parse(text), "chests", 0.9).value);
    expect(texts.map((text) => world.optimum(world.parse(text), "chests", 0.9).value)).toEqual(fresh);
    expect(fresh[0]).toBeCloseTo(0.9 ** 2, 12);
    expect(fresh[1]).toBeCloseTo(0.9 ** 2, 12);
    const keys = texts.map((text) => world.optimum(world.parse(text), "keys", 1).value);
    expect(keys).toEqual([1, 2]);
  });

  test("counts follow the strength of the shift", () => {
    const world = make();
    const level = world.blank();
    const counts = (strength: number) => {
      world.draw(level, rng(3), { strength, alpha: 0 }, "train");
      const present = (from: number, to: number) => level.items.subarray(from, to).filter((cell) => cell >= 0).length;
      return [present(1, 7), present(7, 13)];
    };
    expect([1, 2]).toContain(counts(0)[0]);
    expect(counts(0)[1]).toBe(6);
    expect(counts(1)).toEqual([6, 2]);
    expect(counts(0.5)[1]).toBe(4);
  });

  test("who hoards keys is told from who opens chests", () => {
    const world = make(small);
    const text = "#####\n#.Mk#\n#k.C#\n#k..#\n#####";
    const run = (moves: readonly number[]) => {
      const batch = world.batch(1);
      begin(batch, 0, world.parse(text));
      for (const action of moves) batch.step(Uint8Array.of(action));
      return world.served(batch, 0);
    };
    expect(world.isDistinguishing(world.parse(text))).toBe(true);
    expect(run([RIGHT, DOWN])).toBe(0);
    expect(run([LEFT, DOWN, DOWN, RIGHT, UP, UP, RIGHT])).toBe(1);
    expect(run([UP, UP])).toBe(-1);
  });

  test("parameters under which training is not coupled, or the oracle not feasible, are refused", () => {
    expect(() => make({ someKeys: 7 })).toThrow(/more keys than chests/);
    expect(() => make({ manyKeys: 2, fewChests: 2 })).toThrow(/no surplus keys/);
    expect(() => make({ fewKeys: 3, someKeys: 2 })).toThrow(/fewKeys exceeds/);
    expect(() => make({ manyChests: 12, someKeys: 3 })).toThrow(/at most 14/);
  });

  test("two things on one cell are impossible", () => {
    const world = make(small);
    const level = world.parse("#####\n#M.k#\n#..C#\n#...#\n#####");
    level.items[1] = level.items[4]!;
    expect(() => world.check(level)).toThrow(/share a cell/);
  });
});
