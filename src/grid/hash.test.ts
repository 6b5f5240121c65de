/** @file The split: a fifth for testing, by content and not by order. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { hashCells, hashWalls, sideOf } from "./hash.ts";
import { layoutPainter } from "./layouts.ts";

describe("layout hash", () => {
  test("equal walls, equal hash; single changes never collide with the original", () => {
    const walls = new Uint8Array(49);
    layoutPainter("blocks", 7, 7)(walls, rng(1));
    const hash = hashWalls(walls);
    expect(hashWalls(walls.slice())).toBe(hash);
    expect(hash).toBeGreaterThanOrEqual(0);
    for (let cell = 0; cell < 49; cell++) {
      const changed = walls.slice();
      changed[cell] = 1 - changed[cell]!;
      expect(hashWalls(changed)).not.toBe(hash);
    }
  });

  test("collisions are as rare as chance allows", () => {
    const walls = new Uint8Array(169);
    const paint = layoutPainter("blocks", 13, 13);
    const random = rng(2);
    const texts = new Set<string>();
    const hashes = new Set<number>();
    for (let i = 0; i < 40_000; i++) {
      paint(walls, random);
      texts.add(Buffer.from(walls).toString("latin1"));
      hashes.add(hashWalls(walls));
    }
    // 40,000 draws of 2^32 collide 0.19 times on average.
    expect(texts.size - hashes.size).toBeLessThan(4);
  });

  test("one layout in five is held out, whatever the layout", () => {
    const walls = new Uint8Array(49);
    const random = rng(3);
    const paint = layoutPainter("blocks", 7, 7);
    let held = 0;
    for (let i = 0; i < 20_000; i++) {
      paint(walls, random);
      if (sideOf(hashWalls(walls)) === "test") held++;
    }
    expect(Math.abs(held / 20_000 - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / 20_000));
  });

  test("levels that share their walls differ by where things are", () => {
    const walls = new Uint8Array(49);
    layoutPainter("open", 7, 7)(walls, rng(4));
    const at = (...items: number[]) => hashCells({ walls, items: Int16Array.from(items) }, [0, 1]);
    expect(at(8, 9, 100)).toBe(at(8, 9, 200));
    expect(at(8, 9)).not.toBe(at(9, 8));
    expect(at(8, -1)).not.toBe(at(8, 9));
  });
});
