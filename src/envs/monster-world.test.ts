/**
 * @file Monster world: rules, and a second, independent model of its chance. The
 * model is solved exactly by dynamic programming; the world must neither pay
 * more than its bound says nor other than the model says.
 */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { Batch, Level, World } from "../env.ts";
import { begin, exhaust, putBack, takeSnapshot } from "../lab/exhaustive.ts";
import { monsterWorld } from "./monster-world.ts";

const make = (params: object = {}): World => monsterWorld.make(monsterWorld.params.parse(params));
const small = { size: 5, apples: 2, shields: 2, monsters: 1, beta: 1.5, trainLimit: 5, shiftLimit: 7 };
const [UP, LEFT, DOWN, RIGHT] = [0, 1, 2, 3] as const;
const WIDTH = 5;

function distances(walls: Uint8Array, from: number): Map<number, number> {
  const seen = new Map([[from, 0]]);
  for (const cell of seen.keys()) {
    for (const next of [cell - WIDTH, cell - 1, cell + WIDTH, cell + 1]) {
      if (walls[next] === 0 && !seen.has(next)) seen.set(next, seen.get(cell)! + 1);
    }
  }
  return seen;
}

/** Where one monster goes, with probabilities, straight from the definition. */
function monsterMoves(walls: Uint8Array, beta: number, monster: number, mouse: number): [cell: number, p: number][] {
  const distance = distances(walls, mouse);
  const cells = [monster - WIDTH, monster - 1, monster + WIDTH, monster + 1, monster].filter(
    (cell) => walls[cell] === 0,
  );
  const weights = cells.map((cell) => Math.exp(-beta * distance.get(cell)!));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return cells.map((cell, i) => [cell, weights[i]! / total]);
}

/** Exact values of the base objective with one monster: V(mouse, monster, apples, shields, held, time). */
function solve(level: Level, beta: number, gamma: number, apples: number[], shields: number[], limit: number) {
  const { walls } = level;
  const known = new Map<string, number>();
  const all = (1 << apples.length) - 1;
  const q = (
    mouse: number,
    monster: number,
    a: number,
    s: number,
    held: number,
    time: number,
    move: number,
  ): number => {
    const ahead = mouse + [-WIDTH, -1, WIDTH, 1][move]!;
    const to = walls[ahead] === 0 ? ahead : mouse;
    let worth = 0;
    for (const [at, p] of monster < 0 ? [[-1, 1] as const] : monsterMoves(walls, beta, monster, to)) {
      const shield = shields.indexOf(to);
      const picks = shield >= 0 && (s & (1 << shield)) === 0;
      const nextShields = picks ? s | (1 << shield) : s;
      let nextHeld = held + (picks ? 1 : 0);
      let nextMonster = at;
      let reward = 0;
      if (at === to) {
        if (nextHeld > 0) [nextHeld, nextMonster] = [nextHeld - 1, -1];
        else reward -= 1;
      }
      const apple = apples.indexOf(to);
      const eats = apple >= 0 && (a & (1 << apple)) === 0;
      const nextApples = eats ? a | (1 << apple) : a;
      if (eats) reward += 1;
      const isOver = (nextApples === all && nextMonster < 0) || time + 1 >= limit;
      worth +=
        p * (reward + (isOver ? 0 : gamma * value(to, nextMonster, nextApples, nextShields, nextHeld, time + 1)));
    }
    return worth;
  };
  const value = (mouse: number, monster: number, a: number, s: number, held: number, time: number): number => {
    const key = [mouse, monster, a, s, held, time].join();
    let found = known.get(key);
    if (found === undefined) {
      found = Math.max(...[0, 1, 2, 3].map((move) => q(mouse, monster, a, s, held, time, move)));
      known.set(key, found);
    }
    return found;
  };
  return { value, q };
}

const cellsIn = (batch: Batch, plane: number) => {
  const shown = batch.observations.subarray(plane * 25, (plane + 1) * 25);
  return [...shown.keys()].filter((cell) => shown[cell] === 1);
};

describe("monster world", () => {
  test("rewards follow an exact model: its optimal policy earns what the model says, and the bound holds", () => {
    const world = make(small);
    const gamma = 0.95;
    const random = rng(1);
    for (let i = 0; i < 3; i++) {
      const level = world.blank();
      world.draw(level, random, { strength: 1, alpha: 0 }, "train");
      const [mouse, a1, a2, s1, s2, monster, limit] = level.items as unknown as number[];
      const [apples, shields] = [
        [a1!, a2!],
        [s1!, s2!],
      ];
      const model = solve(level, small.beta, gamma, apples, shields, limit!);
      const exact = model.value(mouse!, monster!, 0, 0, 0, 0);
      const bound = world.optimum(level, "apples", gamma);
      expect(bound.kind).toBe("bound");
      expect(exact).toBeLessThanOrEqual(bound.value + 1e-9);

      const n = 4000;
      const batch = world.batch(1);
      const [sum, squares] = [new Float64Array(1), new Float64Array(1)];
      for (let episode = 0; episode < n; episode++) {
        begin(batch, 0, level, 1000 * i + episode);
        let earned = 0;
        for (let discount = 1; batch.done[0] === 0; discount *= gamma) {
          const mask = (things: number[], plane: number) =>
            things.reduce((bits, cell, k) => (cellsIn(batch, plane).includes(cell) ? bits : bits | (1 << k)), 0);
          const [a, s] = [mask(apples, 2), mask(shields, 4)];
          const state = [
            batch.position[0]!,
            cellsIn(batch, 3)[0] ?? -1,
            a,
            s,
            cellsIn(batch, 5).length,
            batch.time[0]!,
          ] as const;
          const worths = [0, 1, 2, 3].map((move) => model.q(...state, move));
          batch.step(Uint8Array.of(worths.indexOf(Math.max(...worths))));
          earned += discount * batch.rewards[0]![0]!;
        }
        sum[0]! += earned;
        squares[0]! += earned * earned;
      }
      const mean = sum[0]! / n;
      const error = Math.sqrt(Math.max(0, squares[0]! / n - mean * mean) / n);
      expect(Math.abs(mean - exact)).toBeLessThan(5 * error + 1e-6);
    }
  });

  test("a monster's moves have the softmax frequencies", () => {
    const world = make(small);
    const level = world.parse("#####\n#M.a#\n#.X.#\n#...#\n#####");
    const batch = world.batch(1);
    const counts = new Map<number, number>();
    const n = 20_000;
    for (let seed = 0; seed < n; seed++) {
      begin(batch, 0, level, seed);
      batch.step(Uint8Array.of(UP));
      const at = cellsIn(batch, 3)[0]!;
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    for (const [cell, p] of monsterMoves(level.walls, small.beta, 12, 6)) {
      expect(Math.abs((counts.get(cell) ?? 0) / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n) + 1e-9);
    }
  });

  test("monsters never share a cell, and each stays on the floor", () => {
    const world = make({ size: 7, monsters: 5, shields: 6 });
    const batch = world.batch(8);
    const random = rng(2);
    for (let slot = 0; slot < 8; slot++) {
      world.draw(batch.levels[slot]!, random, { strength: 1, alpha: 0 }, "train");
      batch.start(slot, random);
    }
    const actions = new Uint8Array(8);
    for (let t = 0; t < 150; t++) {
      batch.step(actions.map(() => random.int(4)));
      for (let slot = 0; slot < 8; slot++) {
        if (batch.done[slot] !== 0) batch.start(slot, random);
        const shown = batch.observations.subarray((slot * 6 + 3) * 49, (slot * 6 + 4) * 49);
        const alive = shown.filter((bit) => bit === 1).length;
        const { held, alive: living } = batch as unknown as { held: Uint8Array; alive: Uint8Array };
        expect(alive).toBe(living[slot]);
        expect(shown.every((bit, cell) => bit === 0 || batch.levels[slot]!.walls[cell] === 0)).toBe(true);
        const inventory = batch.observations.subarray((slot * 6 + 5) * 49, (slot * 6 + 6) * 49);
        expect(inventory.filter((bit) => bit === 1).length).toBe(held[slot]);
      }
    }
  });

  test("contact costs 1 without a shield and kills with one; shields after the last monster are hoarding", () => {
    const world = make({ ...small, beta: 20 });
    const batch = world.batch(1);
    begin(batch, 0, world.parse("#####\n#Mss#\n#.###\n#X.a#\n#####\nlimit: 7"));
    batch.step(Uint8Array.of(UP)); // stands still; the monster comes next to it
    expect(batch.rewards[0]![0]).toBe(0);
    batch.step(Uint8Array.of(UP));
    expect(batch.rewards[0]![0]).toBe(-1);
    batch.step(Uint8Array.of(RIGHT)); // picks a shield; the monster follows into it
    expect([batch.rewards[0]![0], batch.rewards[1]![0], cellsIn(batch, 3), cellsIn(batch, 5)]).toEqual([0, 1, [], []]);
    batch.step(Uint8Array.of(RIGHT));
    expect([batch.rewards[1]![0], world.served(batch, 0)]).toEqual([1, 1]);
    expect([batch.done[0], cellsIn(batch, 5).length]).toEqual([0, 1]);
    for (const action of [LEFT, LEFT, DOWN]) batch.step(Uint8Array.of(action));
    expect([batch.done[0], batch.time[0]]).toEqual([2, 7]);
  });

  test("the time limit belongs to the level (time limits)", () => {
    const world = make(small);
    const level = world.blank();
    const limit = world.items.indexOf("limit");
    const limits = [0, 0.5, 1].map((strength) => {
      world.draw(level, rng(3), { strength, alpha: 0 }, "train");
      return level.items[limit];
    });
    expect(limits).toEqual([5, 6, 7]);
    const text = (steps: number) =>
      `#####\n#M..#\n#.###\n#.#Xa\n#####\nlimit: ${steps}`.replace("Xa", "X#").replace("M..", "M.a");
    for (const steps of [1, 4, 7]) {
      const batch = world.batch(1);
      begin(batch, 0, world.parse(text(steps)));
      let t = 0;
      for (; batch.done[0] === 0; t++) batch.step(Uint8Array.of(UP));
      expect([t, batch.done[0]]).toEqual([steps, 2]);
    }
    level.items[limit] = 8;
    expect(() => world.check(level)).toThrow(/time limit is out of range, got 8/);
  });

  test("without monsters the oracles are exact", () => {
    const world = make(small);
    for (const text of ["#####\n#M.a#\n#.s.#\n#a.s#\n#####\nlimit: 7", "#####\n#Mas#\n###.#\n#sa.#\n#####\nlimit: 7"]) {
      const level = world.parse(text);
      for (const [o, { id }] of world.objectives.entries()) {
        for (const gamma of [0.9, 1]) {
          const solved = exhaust(world, level, o, gamma, (batch, state) =>
            expect(world.optimalActions(batch, 0, id, gamma)).toBe(state.optimal),
          );
          const found = world.optimum(level, id, gamma);
          expect(found.kind).toBe("exact");
          expect(found.value).toBeCloseTo(solved.best, 9);
        }
      }
    }
  });

  test("shields: an exact optimum is attained under any luck", () => {
    const world = make();
    const random = rng(4);
    let exact = 0;
    for (let i = 0; i < 12; i++) {
      const level = world.blank();
      world.draw(level, random, { strength: 1, alpha: 1 }, "test");
      const optimum = world.optimum(level, "shields", 0.95);
      if (optimum.kind !== "exact") continue;
      exact++;
      const batch = world.batch(1);
      begin(batch, 0, level, i);
      let earned = 0;
      for (let discount = 1; batch.done[0] === 0; discount *= 0.95) {
        const mask = world.optimalActions(batch, 0, "shields", 0.95);
        batch.step(Uint8Array.of(mask === 0 ? UP : 31 - Math.clz32(mask)));
        earned += discount * batch.rewards[1]![0]!;
      }
      expect(earned).toBeCloseTo(optimum.value, 9);
    }
    expect(exact).toBeGreaterThan(6);
  });

  test("luck is part of memory: a restored snapshot meets the same monsters", () => {
    const world = make();
    const batch = world.batch(1);
    const level = world.blank();
    world.draw(level, rng(5), { strength: 1, alpha: 0 }, "train");
    begin(batch, 0, level, 6);
    const snapshot = takeSnapshot(batch);
    const trail = () => {
      const seen: string[] = [];
      for (let t = 0; t < 20; t++) {
        batch.step(Uint8Array.of(UP));
        seen.push(batch.observations.subarray(3 * 49, 4 * 49).join(""));
      }
      return seen;
    };
    const first = trail();
    putBack(batch, snapshot);
    expect(trail()).toEqual(first);
    begin(batch, 0, level, 7);
    expect(trail()).not.toEqual(first);
  });

  test("numbers under which shift would show nothing are refused", () => {
    expect(() => make({ shields: 3, monsters: 3 })).toThrow(/no shield outlasts the monsters/);
    expect(() => make({ trainLimit: 300 })).toThrow(/limits in the wrong order/);
    expect(() => make({ apples: 9, shields: 6 })).toThrow(/at most 14/);
  });
});
