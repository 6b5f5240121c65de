/**
 * @file The 32-bit hash by which levels are split into train and test. Equal
 * layouts have equal hashes, so no layout can occur on both sides.
 */
import type { Level, Split } from "../env.ts";

/** Hash of the walls alone. */
export function hashWalls(walls: Uint8Array): number {
  return avalanche(absorbWalls(walls));
}

/** Hash of the walls and of the cells of `cellItems`: for open layouts, whose walls are all alike. */
export function hashCells(level: Level, cellItems: readonly number[]): number {
  let h = absorbWalls(level.walls);
  for (let i = 0; i < cellItems.length; i++) h = Math.imul(h ^ (level.items[cellItems[i]!]! + 2), 0x01000193);
  return avalanche(h);
}

/** One layout in five is for testing. */
export function sideOf(hash: number): Split {
  return (hash >>> 0) % 5 === 0 ? "test" : "train";
}

function absorbWalls(walls: Uint8Array): number {
  let h = 0x811c9dc5;
  let word = 0;
  for (let cell = 0; cell < walls.length; cell++) {
    word = (word << 1) | walls[cell]!;
    if ((cell & 15) === 15) {
      h = Math.imul(h ^ word, 0x01000193);
      h ^= h >>> 13;
      word = 0;
    }
  }
  return Math.imul(h ^ word, 0x01000193) ^ walls.length;
}

/** Every input bit reaches every output bit (Mueller's 32-bit finalizer). */
function avalanche(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}
