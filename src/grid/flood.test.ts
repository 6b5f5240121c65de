/** @file Flood fills against relaxation until nothing changes (Bellman and Ford). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { flood, floodSet, floodUntil } from "./flood.ts";
import { interiorCells, layoutPainter } from "./layouts.ts";

const SIZE = 9;

function board(seed: number): { walls: Uint8Array; free: number[] } {
  const walls = new Uint8Array(SIZE * SIZE);
  const random = rng(seed);
  layoutPainter("blocks", SIZE, SIZE)(walls, random);
  const free = [...interiorCells(SIZE, SIZE)].filter((cell) => walls[cell] === 0);
  return { walls, free };
}

/** Distances by relaxation; cells in `last` may end a walk but not continue it. */
function relaxed(walls: Uint8Array, sources: readonly number[], last: ReadonlySet<number> = new Set()): number[] {
  const distance = new Array<number>(walls.length).fill(Number.POSITIVE_INFINITY);
  for (const source of sources) distance[source] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let cell = 0; cell < walls.length; cell++) {
      if (distance[cell] === Number.POSITIVE_INFINITY || (last.has(cell) && !sources.includes(cell))) continue;
      for (const next of [cell - SIZE, cell - 1, cell + SIZE, cell + 1]) {
        if (walls[next] !== 0 || distance[next]! <= distance[cell]! + 1) continue;
        distance[next] = distance[cell]! + 1;
        changed = true;
      }
    }
  }
  return distance.map((d) => (d === Number.POSITIVE_INFINITY ? -1 : d));
}

describe("flood fills", () => {
  const distance = new Int16Array(SIZE * SIZE);
  const queue = new Int16Array(SIZE * SIZE);
  const pick = (free: readonly number[], k: number) => free[k % free.length]!;

  test("one source, with and without a cell to avoid", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(), (seed, i, j) => {
        const { walls, free } = board(seed);
        fc.pre(free.length > 2);
        const [from, avoid] = [pick(free, i), pick(free, j)];
        const reached = flood(walls, SIZE, from, distance, queue);
        expect([...distance]).toEqual(relaxed(walls, [from]));
        expect(reached).toBe(distance.filter((d) => d >= 0).length);
        const order = [...queue.subarray(0, reached)].map((cell) => distance[cell]!);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        if (avoid === from) return;
        const blocked = walls.slice();
        blocked[avoid] = 1;
        flood(walls, SIZE, from, distance, queue, avoid);
        expect([...distance]).toEqual(relaxed(blocked, [from]));
      }),
    );
  });

  test("a set of sources, walls in it ignored", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(), { maxLength: 6 }), (seed, picks) => {
        const { walls, free } = board(seed);
        fc.pre(free.length > 0);
        const sources = new Uint8Array(walls.length);
        sources[0] = 1;
        const cells = picks.map((k) => pick(free, k));
        for (const cell of cells) sources[cell] = 1;
        floodSet(walls, SIZE, sources, distance, queue);
        expect([...distance]).toEqual(relaxed(walls, cells));
      }),
    );
  });

  test("stops are entered and not left", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.array(fc.nat(), { maxLength: 8 }), (seed, i, picks) => {
        const { walls, free } = board(seed);
        fc.pre(free.length > 0);
        const stops = new Uint8Array(walls.length);
        for (const k of picks) stops[pick(free, k)] = 1;
        const from = pick(free, i);
        floodUntil(walls, SIZE, from, distance, queue, stops);
        const last = new Set([...stops.keys()].filter((cell) => stops[cell] === 1));
        expect([...distance]).toEqual(relaxed(walls, [from], last));
      }),
    );
  });
});
