/**
 * @file Wall layouts, drawn in place: open floor, random blocks, a lattice with
 * some edges missing, and a random spanning tree of the lattice (Kruskal).
 *
 * Every layout has a full one-cell border. Lattice layouts have rooms on the
 * odd cells and therefore want odd sizes. Connectedness is not promised (blocks
 * and edges may cut cells off): worlds place things on cells that are reachable.
 */
import type { Rng } from "../core/rng.ts";

export const LAYOUTS = ["open", "blocks", "edges", "tree"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Writes one layout over `walls` (`[height · width]`, 1 = wall); allocates nothing. */
export type Painter = (walls: Uint8Array, rng: Rng) => void;

/**
 * The painter of a layout.
 *
 * - `open`: no inner walls.
 * - `blocks`: every interior cell is a wall with probability 1/4.
 * - `edges`: rooms on odd cells; each passage between neighbors is open with probability 3/4.
 * - `tree`: rooms on odd cells joined by a random spanning tree: exactly one route between any two cells.
 */
export function layoutPainter(layout: Layout, height: number, width: number): Painter {
  switch (layout) {
    case "open":
      return openPainter(height, width);
    case "blocks":
      return blocksPainter(height, width);
    case "edges":
      return edgesPainter(height, width);
    case "tree":
      return treePainter(height, width);
  }
}

/** May a wall be knocked out to place something? In the lattice layouts that would change what the layout is. */
export const isCarvable = (layout: Layout): boolean => layout === "open" || layout === "blocks";

/** Cells inside the border, row by row. */
export function interiorCells(height: number, width: number): Int16Array {
  const cells = new Int16Array((height - 2) * (width - 2));
  let n = 0;
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) cells[n++] = row * width + column;
  }
  return cells;
}

function openPainter(height: number, width: number): Painter {
  const interior = interiorCells(height, width);
  return (walls) => {
    walls.fill(1);
    for (let i = 0; i < interior.length; i++) walls[interior[i]!] = 0;
  };
}

function blocksPainter(height: number, width: number): Painter {
  const interior = interiorCells(height, width);
  return (walls, rng) => {
    walls.fill(1);
    for (let i = 0; i < interior.length; i += 32) {
      // A bit of (a & b) is set with probability exactly 1/4, for 32 cells at once.
      let word = rng.bits() & rng.bits();
      const end = Math.min(i + 32, interior.length);
      for (let j = i; j < end; j++) {
        walls[interior[j]!] = word & 1;
        word >>>= 1;
      }
    }
  };
}

interface Lattice {
  readonly rooms: Int16Array;
  /** Cells between two neighboring rooms. */
  readonly passages: Int16Array;
  /** Room indices at the two ends of each passage. */
  readonly ends: Int16Array;
}

function lattice(height: number, width: number): Lattice {
  const rows = (height - 1) >> 1;
  const columns = (width - 1) >> 1;
  const rooms: number[] = [];
  const passages: number[] = [];
  const ends: number[] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const cell = (2 * r + 1) * width + 2 * c + 1;
      rooms.push(cell);
      if (c + 1 < columns) {
        passages.push(cell + 1);
        ends.push(r * columns + c, r * columns + c + 1);
      }
      if (r + 1 < rows) {
        passages.push(cell + width);
        ends.push(r * columns + c, (r + 1) * columns + c);
      }
    }
  }
  return { rooms: Int16Array.from(rooms), passages: Int16Array.from(passages), ends: Int16Array.from(ends) };
}

function edgesPainter(height: number, width: number): Painter {
  const { rooms, passages } = lattice(height, width);
  return (walls, rng) => {
    walls.fill(1);
    for (let i = 0; i < rooms.length; i++) walls[rooms[i]!] = 0;
    for (let i = 0; i < passages.length; i += 32) {
      let word = rng.bits() & rng.bits();
      const end = Math.min(i + 32, passages.length);
      for (let j = i; j < end; j++) {
        walls[passages[j]!] = word & 1;
        word >>>= 1;
      }
    }
  };
}

function treePainter(height: number, width: number): Painter {
  const { rooms, passages, ends } = lattice(height, width);
  const order = new Int32Array(passages.length);
  const parent = new Int16Array(rooms.length);
  const rootOf = (room: number): number => {
    let root = room;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!; // path halving
      root = parent[root]!;
    }
    return root;
  };
  return (walls, rng) => {
    walls.fill(1);
    for (let i = 0; i < rooms.length; i++) {
      walls[rooms[i]!] = 0;
      parent[i] = i;
    }
    for (let i = 0; i < order.length; i++) order[i] = i;
    rng.shuffle(order);
    let joined = 1;
    for (let i = 0; i < order.length && joined < rooms.length; i++) {
      const passage = order[i]!;
      const a = rootOf(ends[2 * passage]!);
      const b = rootOf(ends[2 * passage + 1]!);
      if (a === b) continue;
      parent[a] = b;
      walls[passages[passage]!] = 0;
      joined++;
    }
  };
}
