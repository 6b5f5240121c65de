/**
 * @file Levels with the path an agent took: walls as blocks, each kind of thing
 * as a letter in a shape of its own, the path with its direction, a ring where
 * it starts and a bull's-eye where it ends.
 */
import type { Evidence } from "../../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { type Drawing, type Figure, svgImage } from "./frame.ts";

type Paths = Extract<Evidence, { kind: "paths" }>;
type Level = Paths["levels"][number];
export type Cell = readonly [number, number];

/** Side of a cell in user units. */
export const CELL = 26;
export const WALL = "#";
const FLOOR = new Set([" ", "."]);

/** Below the grid a world prints what has no place on the floor, as `name: number`. */
const NOTE = /^[a-z][^#]*: -?\d+$/i;

/** The rows that are floor and walls. */
export const gridOf = ({ rows }: Pick<Level, "rows">) => rows.filter((row) => row !== "" && !NOTE.test(row));

export function drawPaths({ title, levels }: Paths, id: string): Figure {
  const letters = lettersOf(levels);
  return {
    title,
    drawings: levels.map((level, i): Drawing => {
      const caption = [level.caption, ...level.rows.filter((row) => NOTE.test(row))].join("; ");
      return { svg: drawLevel(level, letters, `${id}-${i}`), caption };
    }),
    note: `Ring: start. Arrows: the path taken. Bull's-eye: where it ended.${letters.length > 0 ? " Letters: the things on the floor, as the world prints them." : ""}`,
    table: {
      columns: ["level", "steps", "start (row, column)", "end (row, column)", "path (row, column)"],
      rows: levels.map(({ caption, path }) => [
        caption,
        String(Math.max(0, path.length - 1)),
        printCell(path[0]),
        printCell(path.at(-1)),
        path.map(printCell).join(" "),
      ]),
    },
  };
}

/** One level alone, as the picture that stands for an audit. */
export function drawOneLevel(level: Level, id: string): Markup {
  return drawLevel(level, lettersOf([level]), id);
}

/** The letters of all levels of a figure, so that one letter has one shape in all of them. */
function lettersOf(levels: readonly Level[]): readonly string[] {
  const found = levels.flatMap((level) => gridOf(level).flatMap((row, r) => things(row, r, level.path)));
  return [...new Set(found.map((thing) => thing.letter))].sort();
}

function drawLevel(level: Level, letters: readonly string[], id: string): Markup {
  const rows = gridOf(level);
  const { path, caption } = level;
  const width = Math.max(1, ...rows.map((row) => [...row].length));
  const tokens = rows.map((row, r) =>
    things(row, r, path).map(({ letter, column }) => token(letter, letters.indexOf(letter), r, column)),
  );
  const body = html`${floor(rows, width)}${drawPath(path)}${tokens}${ends(path, rows)}`;
  return svgImage(id, caption, describe(rows, path), width * CELL, Math.max(1, rows.length) * CELL, body);
}

/** Things of a row, without the agent: its place is where the path starts. */
export function things(row: string, r: number, path: readonly Cell[]): { letter: string; column: number }[] {
  const start = path[0];
  return [...row].flatMap((letter, column) => {
    const isAgent = start !== undefined && start[0] === r && start[1] === column;
    return letter === WALL || FLOOR.has(letter) || isAgent ? [] : [{ letter, column }];
  });
}

/** Walls as the ground, floor cut out of it. */
export function floor(rows: readonly string[], width: number): Markup {
  // Wall is the ground and floor is cut out of it, in one path: no seams between walls, and few elements.
  const cells = rows.flatMap((row, r) =>
    [...row].flatMap((letter, c) => (letter === WALL ? [] : [`M${c * CELL} ${r * CELL}h${CELL}v${CELL}h-${CELL}z`])),
  );
  return html`<rect class="wall" width="${width * CELL}" height="${rows.length * CELL}"/><path class="floor" d="${cells}"/>`;
}

/** Middle of a cell in user units, `[x, y]`. */
export const center = ([r, c]: Cell): readonly [number, number] => [(c + 0.5) * CELL, (r + 0.5) * CELL];

function drawPath(path: readonly Cell[]): Markup {
  const moves = path.slice(1).flatMap((to, i) => {
    const from = path[i]!;
    return from[0] === to[0] && from[1] === to[1] ? [] : [[from, to] as const];
  });
  const line = path.map((cell, i) => {
    const [x, y] = center(cell);
    return html`${i === 0 ? "M" : "L"}${x} ${y}`;
  });
  const arrows = moves.map(([from, to]) => {
    const [[a, b], [c, d]] = [center(from), center(to)];
    const length = Math.hypot(c - a, d - b);
    const [ux, uy] = [(c - a) / length, (d - b) / length];
    // A triangle at the middle of the step: along, then to either side.
    const at = (along: number, aside: number) =>
      html`${(a + c) / 2 + along * ux - aside * uy} ${(b + d) / 2 + along * uy + aside * ux}`;
    return html`M${at(-3.4, -4)}L${at(3.6, 0)}L${at(-3.4, 4)}z`;
  });
  return html`<path class="path" d="${line}"/><path class="arrows" d="${arrows}"/>`;
}

/** A ring where a path starts, a bull's-eye where it ends. */
export function ends(path: readonly Cell[], rows: readonly string[]): Markup | false {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return false;
  const [a, b] = center(first);
  const [c, d] = center(last);
  // On a thing the ring alone says that the path ended there, and leaves its letter to be read.
  const isTaken = things(rows[last[0]] ?? "", last[0], path).some(({ column }) => column === last[1]);
  return html`<circle class="start" cx="${a}" cy="${b}" r="6"/>${
    path.length > 1 &&
    html`<circle class="end" cx="${c}" cy="${d}" r="10.5"/>${!isTaken && html`<circle class="end-core" cx="${c}" cy="${d}" r="2.4"/>`}`
  }`;
}

const SHAPES = [
  "M0 -12.5L12 9.5H-12Z",
  "M-9.5 -9.5H9.5V9.5H-9.5Z",
  "M0 -12.5L12.5 0L0 12.5L-12.5 0Z",
  "M-5 -9.5H5L10 0L5 9.5H-5L-10 0Z",
  "M0 -10.5L10 -3L6.2 9H-6.2L-10 -3Z",
  "M-10 -4H-4V-10H4V-4H10V4H4V10H-4V4H-10Z",
] as const;

/** A thing: its letter in the shape of its kind, in the middle of its cell or, `aside`, small in a corner. */
export function token(letter: string, kind: number, r: number, c: number, aside = false): Markup {
  const [x, y] = center([r, c]);
  const place = aside ? html`translate(${x - 6} ${y - 6}) scale(0.52)` : html`translate(${x} ${y})`;
  // A triangle is widest below its middle; its letter sits there.
  const baseline = kind % SHAPES.length === 0 ? 7 : 4.5;
  return html`<g transform="${place}"><path class="thing s${(kind % 6) + 1}" d="${SHAPES[kind % SHAPES.length]!}"/><text class="thing-letter" y="${baseline}" text-anchor="middle">${letter}</text></g>`;
}

function describe(rows: readonly string[], path: readonly Cell[]): string {
  const found = rows.flatMap((row, r) =>
    things(row, r, path).map(({ letter, column }) => `${letter} at row ${r}, column ${column}`),
  );
  const steps = Math.max(0, path.length - 1);
  const walk = path.length === 0 ? "no path" : `${steps} steps from ${printCell(path[0])} to ${printCell(path.at(-1))}`;
  return `Level of ${rows.length} rows. ${found.join("; ") || "Nothing on the floor"}. ${walk}.`;
}

/** `(row, column)`, counted from 0. */
export function printCell(cell: Cell | undefined): string {
  return cell === undefined ? "none" : `(${cell[0]}, ${cell[1]})`;
}
