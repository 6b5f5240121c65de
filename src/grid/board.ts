/**
 * @file What all grid worlds share: size, moves, layout, the split by layout
 * hash, the text form of levels, and the checks that any level must pass.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import { type Level, type Mixture, MOVES, type Split } from "../env.ts";
import { type Legend, parseLevel, printLevel } from "./ascii.ts";
import { flood } from "./flood.ts";
import { hashCells, hashWalls, sideOf } from "./hash.ts";
import { interiorCells, isCarvable, LAYOUTS, type Layout, layoutPainter } from "./layouts.ts";

/** Tries before a draw gives up: far more than any world needs, few enough to fail within a second. */
const MAX_DRAWS = 100_000;

/** The parameter that every world calls `size`. */
export const sizeParam = (size: number) =>
  z
    .int()
    .min(5)
    .max(63)
    .refine((n) => n % 2 === 1, "expected an odd number, so that lattice layouts have walls between their rooms")
    .default(size)
    .describe("Height and width in cells, odd, the one-cell border of walls included.");

/** The parameter that every world calls `layout`. */
export const layoutParam = (layout: Layout) =>
  z
    .enum(LAYOUTS)
    .default(layout)
    .describe("Walls: open, blocks (each cell a wall with probability 1/4), edges (lattice, 3/4 open) or tree.");

/** The parameter that every world calls `horizon`. */
export const horizonParam = (steps: number) =>
  z.int().min(1).max(32767).default(steps).describe("Steps after which an episode is cut off.");

/** The action of standing still for a step, in worlds that offer it: after {@link MOVES}. */
export const WAIT = "wait";

/** The parameter that worlds call `waiting`: those whose oracles know that nothing is gained by it but time to think. */
export const waitingParam = z
  .boolean()
  .default(false)
  .describe("Offer a fifth action, wait: a step in which the agent stands still.");

export interface BoardSpec {
  readonly env: string;
  readonly size: number;
  readonly layout: Layout;
  /** Is {@link WAIT} one of the actions? */
  readonly waiting?: boolean;
  /** Kinds and their letters; the first kind is the agent, whose start is item 0. */
  readonly legend: Omit<Legend, "height" | "width">;
}

export interface Board {
  readonly env: string;
  readonly height: number;
  readonly width: number;
  readonly cells: number;
  readonly layout: Layout;
  /** The four moves, and {@link WAIT} where it is offered. */
  readonly actions: readonly string[];
  /** Offset of each of the {@link Board.actions}. */
  readonly deltas: Int16Array;
  readonly interior: Int16Array;
  readonly legend: Legend;
  /** Names of the items: the kind's name, numbered from 1 where there are several. */
  readonly items: readonly string[];
  readonly cellItems: readonly number[];
  /** Scratch of every oracle of the world; overwritten by each. */
  readonly distance: Int16Array;
  readonly queue: Int16Array;
  paint(walls: Uint8Array, rng: Rng): void;
  /** Make `cell` free, knocking out a wall where the layout allows it; false where it does not. */
  claim(walls: Uint8Array, cell: number): boolean;
  /**
   * Put each of the items `from` to `to − 1` on a free cell of its own, away
   * from all items before `from`, and sort them into reading order; false when
   * no free cell turned up in a fair number of tries.
   */
  scatter(level: Level, rng: Rng, from: number, to: number): boolean;
  /** Distances from `from` into `distance`, not entering `avoid`; returns the number of cells reached. */
  flood(level: Level, from: number, avoid?: number): number;
  blank(): Level;
  /** Repeat `attempt` until it succeeds on the wanted side of the split. `shift` and `distinguish` tell it what to draw. */
  draw(level: Level, rng: Rng, mixture: Mixture, split: Split, attempt: Attempt): void;
  layoutHash(level: Level): number;
  print(level: Level): string;
  parse(text: string): Level;
  /**
   * Closed border, every kind of `required` present, nothing in a wall,
   * everything reachable from the agent's start.
   *
   * @throws {LabError} `level/impossible`
   */
  check(level: Level, required: readonly string[]): void;
  /** `row 2, column 3`, counted from 1. */
  where(cell: number): string;
}

/** One try at a level in place; false when it came out unfit. */
export type Attempt = (level: Level, rng: Rng, strength: number, distinguish: boolean) => boolean;

export function makeBoard(spec: BoardSpec): Board {
  const height = spec.size;
  const width = spec.size;
  const cells = height * width;
  const legend: Legend = { ...spec.legend, height, width };
  const items: string[] = [];
  for (const kind of legend.kinds) {
    for (const [i, item] of kind.items.entries())
      items[item] = kind.items.length === 1 ? kind.name : `${kind.name}-${i + 1}`;
  }
  for (const { name, item } of legend.numbers ?? []) items[item] = name;
  const cellItems = legend.kinds.flatMap((kind) => kind.items);
  const paint = layoutPainter(spec.layout, height, width);
  const carvable = isCarvable(spec.layout);
  const distance = new Int16Array(cells);
  const queue = new Int16Array(cells);
  const interior = interiorCells(height, width);
  const claim = (walls: Uint8Array, cell: number): boolean => {
    if (carvable) walls[cell] = 0;
    return walls[cell] === 0;
  };
  const blank = (): Level => ({ walls: new Uint8Array(cells).fill(1), items: new Int16Array(items.length).fill(-1) });
  const layoutHash = (level: Level) => (spec.layout === "open" ? hashCells(level, cellItems) : hashWalls(level.walls));
  const where = (cell: number) => `row ${Math.floor(cell / width) + 1}, column ${(cell % width) + 1}`;
  const impossible = (wrong: string, expected: string) =>
    new LabError("level/impossible", `${spec.env} level: ${wrong}; expected ${expected}`);

  return {
    env: spec.env,
    height,
    width,
    cells,
    layout: spec.layout,
    actions: spec.waiting ? [...MOVES, WAIT] : MOVES,
    deltas: Int16Array.from(spec.waiting ? [-width, -1, width, 1, 0] : [-width, -1, width, 1]),
    interior,
    legend,
    items,
    cellItems,
    distance,
    queue,
    paint,
    blank,
    layoutHash,
    where,
    claim,
    scatter(level, rng, from, to) {
      const { walls, items } = level;
      for (let item = from; item < to; item++) {
        let tries = 0;
        for (; tries < 64; tries++) {
          const cell = interior[rng.int(interior.length)]!;
          if (isTaken(items, item, cell) || !claim(walls, cell)) continue;
          items[item] = cell;
          break;
        }
        if (tries === 64) return false;
      }
      sortItems(items, from, to);
      return true;
    },
    flood: (level, from, avoid) => flood(level.walls, width, from, distance, queue, avoid),
    draw(level, rng, mixture, split, attempt) {
      // The coin is tossed once a level, so that rejected tries do not change the share.
      const distinguish = mixture.alpha > 0 && rng.uniform() < mixture.alpha;
      const strength = distinguish ? 1 : mixture.strength;
      for (let tries = 0; tries < MAX_DRAWS; tries++) {
        if (attempt(level, rng, strength, distinguish) && sideOf(layoutHash(level)) === split) return;
      }
      throw new LabError(
        "level/impossible",
        `${spec.env}: no ${split} level found, got ${MAX_DRAWS} misses; expected parameters that leave room for levels on both sides of the split`,
        { hint: "Choose a larger size, fewer things, or another layout." },
      );
    },
    print: (level) => printLevel(legend, level),
    parse: (text) => parseLevel(legend, text, blank()),
    check(level, required) {
      if (level.walls.length !== cells || level.items.length !== items.length) {
        throw impossible(
          `arrays of the wrong length, got ${level.walls.length} cells and ${level.items.length} items`,
          `${cells} and ${items.length}`,
        );
      }
      for (let i = 0; i < cells; i++) {
        const row = Math.floor(i / width);
        const column = i % width;
        const onBorder = row === 0 || column === 0 || row === height - 1 || column === width - 1;
        if (onBorder && level.walls[i] !== 1)
          throw impossible(`open border, got a gap at ${where(i)}`, "walls all around");
      }
      for (const item of cellItems) {
        const cell = level.items[item]!;
        if (cell < -1 || cell >= cells)
          throw impossible(`${items[item]} lies outside, got cell ${cell}`, `0 to ${cells - 1}`);
        if (cell >= 0 && level.walls[cell] === 1)
          throw impossible(`item in a wall, got ${items[item]} at ${where(cell)}`, "floor");
      }
      for (const name of required) {
        const kind = legend.kinds.find((candidate) => candidate.name === name)!;
        if (kind.items.every((item) => level.items[item] === -1)) {
          throw impossible(`${name} is missing, got none`, `one "${kind.char}"`);
        }
      }
      flood(level.walls, width, level.items[0]!, distance, queue);
      for (const item of cellItems) {
        const cell = level.items[item]!;
        if (cell >= 0 && distance[cell] === -1) {
          throw impossible(
            `${items[item]} is out of reach, got ${where(cell)}`,
            `a way from ${items[0]} at ${where(level.items[0]!)}`,
          );
        }
      }
    },
  };
}

/** Is `cell` held by one of the items before `end`? */
function isTaken(items: Int16Array, end: number, cell: number): boolean {
  for (let item = 0; item < end; item++) if (items[item] === cell) return true;
  return false;
}

/** Insertion sort of a few neighbors in place: levels that differ in the order of like things only become equal. */
function sortItems(items: Int16Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const cell = items[i]!;
    let j = i;
    for (; j > from && items[j - 1]! > cell; j--) items[j] = items[j - 1]!;
    items[j] = cell;
  }
}
