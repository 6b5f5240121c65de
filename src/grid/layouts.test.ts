/** @file Layouts: closed borders, densities, and that trees are trees. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { flood } from "./flood.ts";
import { hashWalls } from "./hash.ts";
import { interiorCells, LAYOUTS, layoutPainter } from "./layouts.ts";

const odd = fc.integer({ min: 2, max: 8 }).map((n) => 2 * n + 1);

describe("layouts", () => {
  test("every layout has a closed border and some floor (wall-border assumption)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LAYOUTS), odd, odd, fc.integer(), (layout, height, width, seed) => {
        const walls = new Uint8Array(height * width);
        layoutPainter(layout, height, width)(walls, rng(seed));
        const interior = new Set(interiorCells(height, width));
        expect(interior.size).toBe((height - 2) * (width - 2));
        for (let cell = 0; cell < walls.length; cell++) {
          if (!interior.has(cell)) expect(walls[cell]).toBe(1);
          else expect(walls[cell]).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("a tree joins all rooms with as few passages as possible", () => {
    fc.assert(
      fc.property(odd, odd, fc.integer(), (height, width, seed) => {
        const walls = new Uint8Array(height * width);
        layoutPainter("tree", height, width)(walls, rng(seed));
        const rooms = ((height - 1) / 2) * ((width - 1) / 2);
        const floor = walls.filter((wall) => wall === 0).length;
        expect(floor).toBe(2 * rooms - 1);
        const scratch = new Int16Array(walls.length);
        expect(flood(walls, width, width + 1, new Int16Array(walls.length), scratch)).toBe(floor);
      }),
    );
  });

  test("all 192 spanning trees of a 3 × 3 lattice turn up, none much more often than another", () => {
    const walls = new Uint8Array(49);
    const paint = layoutPainter("tree", 7, 7);
    const random = rng(1);
    const seen = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      paint(walls, random);
      const hash = hashWalls(walls);
      seen.set(hash, (seen.get(hash) ?? 0) + 1);
    }
    expect(seen.size).toBe(192);
    // Kruskal on shuffled edges is not uniform over trees, but no tree is rare.
    expect(Math.min(...seen.values())).toBeGreaterThan(20_000 / 192 / 3);
  });

  test.each([
    ["blocks", 0.75],
    ["edges", 0.75],
    ["open", 1],
  ] as const)("%s leaves the right share open", (layout, share) => {
    const [height, width] = [13, 13];
    const walls = new Uint8Array(height * width);
    const paint = layoutPainter(layout, height, width);
    const random = rng(2);
    let open = 0;
    let all = 0;
    for (let i = 0; i < 2000; i++) {
      paint(walls, random);
      for (const cell of interiorCells(height, width)) {
        const [row, column] = [Math.floor(cell / width), cell % width];
        if (layout === "edges") {
          if (row % 2 === 1 && column % 2 === 1) expect(walls[cell]).toBe(0);
          if (row % 2 === 0 && column % 2 === 0) expect(walls[cell]).toBe(1);
          if ((row + column) % 2 === 0) continue;
        }
        all++;
        if (walls[cell] === 0) open++;
      }
    }
    // Five standard deviations.
    expect(Math.abs(open / all - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / all));
  });
});
