/**
 * @file Levels as text: one character a cell, and one `name: number` line below
 * for each item that is not a cell.
 *
 *     #######
 *     #C..#.#      # wall, . floor, one letter for each kind of thing
 *     #...M.#
 */
import { LabError } from "../core/errors.ts";
import type { Level } from "../env.ts";

/** A kind of thing: interchangeable items that share a letter. */
export interface Kind {
  readonly name: string;
  readonly char: string;
  /** Indices into the level's items, filled in reading order. */
  readonly items: readonly number[];
}

/** Two kinds on one cell. */
export interface Overlap {
  readonly char: string;
  readonly kinds: readonly string[];
}

export interface Legend {
  readonly height: number;
  readonly width: number;
  readonly kinds: readonly Kind[];
  readonly overlaps?: readonly Overlap[];
  /** Items that are counts or codes, with the value they have when the text does not say. */
  readonly numbers?: readonly { readonly name: string; readonly item: number; readonly initial: number }[];
}

const WALL = "#";
const FLOOR = ".";

/** The text of a level. Things of one kind come back in reading order. */
export function printLevel(legend: Legend, level: Level): string {
  const { height, width } = legend;
  const standing = new Map<number, string[]>();
  for (const kind of legend.kinds) {
    for (const item of kind.items) {
      const cell = level.items[item]!;
      if (cell >= 0) standing.set(cell, [...(standing.get(cell) ?? []), kind.name]);
    }
  }
  const lines: string[] = [];
  for (let row = 0; row < height; row++) {
    let line = "";
    for (let column = 0; column < width; column++) {
      const cell = row * width + column;
      const here = standing.get(cell);
      line += here === undefined ? (level.walls[cell] === 1 ? WALL : FLOOR) : charOf(legend, here, row, column);
    }
    lines.push(line);
  }
  for (const { name, item } of legend.numbers ?? []) lines.push(`${name}: ${level.items[item]}`);
  return lines.join("\n");
}

function charOf(legend: Legend, names: readonly string[], row: number, column: number): string {
  const [only] = names;
  if (names.length === 1) return legend.kinds.find((kind) => kind.name === only)!.char;
  const overlap = legend.overlaps?.find(
    ({ kinds }) => kinds.length === names.length && kinds.every((kind) => names.includes(kind)),
  );
  if (overlap) return overlap.char;
  throw new LabError(
    "level/impossible",
    `level: ${names.join(" and ")} share row ${row + 1}, column ${column + 1}; expected one thing a cell`,
  );
}

/**
 * Read the text of a level into `level`, whose arrays have the right length.
 * Says nothing about reachability: that is what a world's `check` is for.
 *
 * @throws {LabError} `level/malformed` naming row and column, both counted from 1
 */
export function parseLevel(legend: Legend, text: string, level: Level): Level {
  const { height, width } = legend;
  const lines = text
    .replace(/\r/g, "")
    .replace(/^\n+|\s+$/g, "")
    .split("\n");
  level.items.fill(-1);
  for (const { item, initial } of legend.numbers ?? []) level.items[item] = initial;
  if (lines.length < height) {
    throw malformed(`got ${lines.length} rows`, `${height} rows of ${width} characters`);
  }
  for (let row = 0; row < height; row++) {
    const line = lines[row]!;
    if (line.length !== width) {
      throw malformed(`row ${row + 1} has the wrong length, got ${line.length} characters`, `${width}`);
    }
    for (let column = 0; column < width; column++) readCell(legend, line[column]!, row, column, level);
  }
  for (let row = height; row < lines.length; row++) readNumber(legend, lines[row]!, row, level);
  return level;
}

function readCell(legend: Legend, char: string, row: number, column: number, level: Level): void {
  const cell = row * legend.width + column;
  level.walls[cell] = char === WALL ? 1 : 0;
  if (char === WALL || char === FLOOR) return;
  const names =
    legend.overlaps?.find((overlap) => overlap.char === char)?.kinds ??
    legend.kinds.filter((kind) => kind.char === char).map((kind) => kind.name);
  const where = `row ${row + 1}, column ${column + 1}`;
  if (names.length === 0) {
    throw malformed(`unknown character at ${where}, got "${char}"`, `one of ${legendText(legend)}`);
  }
  for (const name of names) {
    const kind = legend.kinds.find((candidate) => candidate.name === name)!;
    const free = kind.items.find((item) => level.items[item] === -1);
    if (free === undefined) {
      throw malformed(
        `too many of ${name} at ${where}, got a ${ordinal(kind.items.length + 1)}`,
        `at most ${kind.items.length}`,
      );
    }
    level.items[free] = cell;
  }
}

function readNumber(legend: Legend, line: string, row: number, level: Level): void {
  const [, name, digits] = /^([\w-]+):\s*(-?\d+)$/.exec(line) ?? [];
  const number = legend.numbers?.find((candidate) => candidate.name === name);
  if (number === undefined) {
    const names = (legend.numbers ?? []).map((candidate) => `"${candidate.name}: <whole number>"`).join(" or ");
    throw malformed(`line ${row + 1} is not part of the level, got "${line}"`, names || `${legend.height} rows only`);
  }
  const value = Number(digits);
  if (value < 0 || value > 32767) throw malformed(`${name} is out of range, got ${digits}`, "0 to 32767");
  level.items[number.item] = value;
}

/** `# wall, . floor, M mouse, …` */
function legendText(legend: Legend): string {
  const things = legend.kinds.map(({ char, name }) => `"${char}" ${name}`);
  const overlaps = (legend.overlaps ?? []).map(({ char, kinds }) => `"${char}" ${kinds.join(" and ")}`);
  return [`"${WALL}" wall`, `"${FLOOR}" floor`, ...things, ...overlaps].join(", ");
}

const ordinal = (n: number): string => (n === 2 ? "second" : n === 3 ? "third" : `${n}th`);

const malformed = (wrong: string, expected: string): LabError =>
  new LabError("level/malformed", `level: ${wrong}; expected ${expected}`);
