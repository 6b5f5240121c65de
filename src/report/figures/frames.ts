/**
 * @file Maps in sequence over one level: the shade of a cell is its value, an
 * arrow its move, a line the path so far. One picture a frame: stepped through on
 * a screen, side by side in print, in letters where there are no pictures.
 */
import { MOVES } from "../../env.ts";
import type { Evidence } from "../../evidence.ts";
import { html, type Markup, type Piece } from "../markup.ts";
import { formatShort } from "../numbers.ts";
import { type Drawing, type Figure, hatch, svgImage } from "./frame.ts";
import { CELL, type Cell, center, ends, floor, gridOf, printCell, things, token, WALL } from "./levels.ts";

type Frames = Extract<Evidence, { kind: "frames" }>;
type Frame = Frames["frames"][number];

/** What every frame of a figure is drawn with. */
interface Stage {
  readonly rows: readonly string[];
  readonly width: number;
  readonly letters: readonly string[];
  readonly range: Frames["range"];
  readonly legend: string;
  readonly hasArrows: boolean;
}

/** Draw every frame on the same scale; on a screen they are stepped through. */
export function drawFrames(evidence: Frames, id: string): Figure {
  const { title, legend, range, frames } = evidence;
  const rows = gridOf(evidence);
  const path = frames.find((frame) => frame.path !== undefined)?.path ?? [];
  const letters = [...new Set(rows.flatMap((row, r) => things(row, r, path).map(({ letter }) => letter)))].sort();
  const hasArrows = frames.some(({ arrows }) => arrows?.some((move) => move >= 0));
  const stage = { rows, width: Math.max(1, ...rows.map((row) => [...row].length)), letters, range, legend, hasArrows };
  const signed = range[0] < 0;
  return {
    title,
    ...(frames.length > 1 ? { steps: id } : {}),
    drawings: frames.map(
      (frame, i): Drawing => ({ svg: drawFrame(frame, stage, `${id}-${i}`), caption: frame.caption }),
    ),
    text: strip(frames, stage),
    note: [
      `Shade: ${legend}, from ${formatShort(range[0])} to ${formatShort(range[1])}.`,
      signed && "Striped cells are below zero.",
      hasArrows && "Arrows: the move in each cell.",
      path.length > 0 && "Line: the path so far; ring: its start; bull's-eye: where it is.",
      letters.length > 0 && "Letters: the things on the floor, as the world prints them.",
    ]
      .filter((part) => part !== false)
      .join(" "),
    table: {
      columns: ["frame", "row", ...Array.from({ length: stage.width }, (_, c) => `column ${c}`)],
      rows: frames.flatMap((frame) =>
        rows.map((_, r) => [
          frame.caption,
          String(r),
          ...Array.from({ length: stage.width }, (_, c) => printValue(frame, r * stage.width + c)),
        ]),
      ),
    },
  };
}

const isWall = ({ rows, width }: Stage, cell: number) => [...rows[Math.floor(cell / width)]!][cell % width] === WALL;

function printValue({ values, arrows }: Frame, cell: number): string {
  const value = values[cell] ?? null;
  const move = MOVES[arrows?.[cell] ?? -1];
  const number = value === null ? "no value" : formatShort(value);
  return move === undefined ? number : `${number}, ${move}`;
}

/** Share of full shade: from the low end of the range where all is positive, from zero where it is signed. */
function shadeOf(value: number, [low, high]: Frames["range"]): number {
  const size = low < 0 ? Math.max(-low, Math.abs(high)) : high - low;
  const share = size > 0 ? (low < 0 ? Math.abs(value) : value - low) / size : 0;
  return Math.min(1, Math.max(0, share));
}

/** Opacity of full shade: lighter than a wall, also where there is no color. */
const FULL = 0.72;

function drawFrame(frame: Frame, stage: Stage, id: string): Markup {
  const { rows, width, letters, range, hasArrows } = stage;
  const { path = [], arrows = [], caption } = frame;
  const shades = new Map<string, Piece[]>();
  const [below, blank]: [Piece[], Piece[]] = [[], []];
  for (let cell = 0; cell < rows.length * width; cell++) {
    if (isWall(stage, cell)) continue;
    const value = frame.values[cell] ?? null;
    const square = html`M${(cell % width) * CELL} ${Math.floor(cell / width) * CELL}h${CELL}v${CELL}h-${CELL}z`;
    if (value === null) {
      blank.push(square);
      continue;
    }
    if (value < 0) below.push(square);
    // Cells of one shade are one path: fewer elements, and no seams.
    const shade = `${value < 0 ? "negative" : "positive"} ${(shadeOf(value, range) * FULL).toFixed(2)}`;
    shades.set(shade, [...(shades.get(shade) ?? []), square]);
  }
  const heat = [...shades].map(([shade, squares]) => {
    const [sign, opacity] = shade.split(" ");
    return html`<path class="heat ${sign!}" fill-opacity="${Number(opacity)}" d="${squares}"/>`;
  });
  const gaps = html`${blank.length > 0 && html`<path class="gap" fill="url(#${id}-hatch)" d="${blank}"/>`}${
    below.length > 0 && html`<path fill="url(#${id}-below)" d="${below}"/>`
  }`;
  const lattice = html`<path class="cell-edge" d="${[...shades.values()]}"/>`;
  const tokens = rows.map((row, r) =>
    things(row, r, path).map(({ letter, column }) => token(letter, letters.indexOf(letter), r, column, hasArrows)),
  );
  const marks = arrows.map((move, cell) => move >= 0 && !isWall(stage, cell) && drawArrow(move, cell, width));
  const height = rows.length * CELL;
  return svgImage(
    id,
    caption,
    describe(frame, stage),
    width * CELL,
    height + SCALE,
    html`<defs>${hatch(`${id}-hatch`)}${stripes(`${id}-below`)}</defs>${floor(rows, width)}${heat}${lattice}${gaps}${route(path)}${tokens}${ends(path, rows)}${marks}${scale(stage, height, id)}`,
  );
}

/** Turns that make an arrow drawn upwards point the way of each of the {@link MOVES}. */
const TURNS = [0, -90, 180, 90] as const;

function drawArrow(move: number, cell: number, width: number): Markup {
  const [x, y] = center([Math.floor(cell / width), cell % width]);
  return html`<path class="move" transform="translate(${x} ${y}) rotate(${TURNS[move] ?? 0})" d="M0 -8L5 -1.5H1.6V7H-1.6V-1.5H-5Z"/>`;
}

function route(path: readonly Cell[]): Markup | false {
  if (path.length < 2) return false;
  const points = path.map((cell, i) => {
    const [x, y] = center(cell);
    return html`${i === 0 ? "M" : "L"}${x} ${y}`;
  });
  return html`<path class="route-edge" d="${points}"/><path class="route" d="${points}"/>`;
}

const stripes = (id: string) =>
  html`<pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="1.4" height="5" class="below-zero"/></pattern>`;

/** Height of the scale below the level. */
const SCALE = 24;
const SWATCHES = 6;

/** The shades in order, with the two ends of the range. */
function scale({ range, width }: Stage, top: number, id: string): Markup {
  const [low, high] = range;
  const across = width * CELL;
  const [from, to] = [formatShort(low), formatShort(high)];
  const [left, right] = [from.length * 7 + 8, across - to.length * 7 - 8];
  const step = Math.max(0, (right - left) / SWATCHES);
  const swatches = Array.from({ length: SWATCHES }, (_, i) => {
    const value = low + ((i + 0.5) / SWATCHES) * (high - low);
    const box = html`x="${left + i * step}" y="${top + 8}" width="${step}" height="10"`;
    return html`<rect class="heat ${value < 0 ? "negative" : "positive"}" fill-opacity="${shadeOf(value, range) * FULL}" ${box}/>${
      value < 0 && html`<rect fill="url(#${id}-below)" ${box}/>`
    }<rect class="cell-edge" ${box}/>`;
  });
  return html`<text class="tick" x="2" y="${top + 17}">${from}</text>${swatches}<text class="tick" x="${across - 2}" y="${top + 17}" text-anchor="end">${to}</text>`;
}

function describe(frame: Frame, { rows, width, legend, letters }: Stage): string {
  const { values, arrows = [], path = [] } = frame;
  const known = values.flatMap((value, cell) => (value === null ? [] : [{ value, cell }]));
  const peak = known.toSorted((a, b) => b.value - a.value)[0];
  const place = (cell: number): Cell => [Math.floor(cell / width), cell % width];
  const found = rows.flatMap((row, r) =>
    things(row, r, path).map(({ letter, column }) => `${letter} at ${printCell([r, column])}`),
  );
  const moves = arrows.filter((move) => move >= 0).length;
  return [
    `${legend}. ${rows.length} rows by ${width} columns.`,
    peak && ` Greatest at ${printCell(place(peak.cell))}: ${formatShort(peak.value)}.`,
    moves > 0 && ` Arrows in ${moves} cells.`,
    letters.length > 0 && ` ${found.join("; ")}.`,
    path.length > 0 && ` Path of ${path.length - 1} steps from ${printCell(path[0])} to ${printCell(path.at(-1))}.`,
  ]
    .filter((part) => typeof part === "string")
    .join("");
}

/** Width of the strip in characters. */
const STRIP = 96;
const ARROWS = ["^", "<", "v", ">"] as const;
const SHADES = [" ", "░", "▒", "▓", "█"] as const;

const KEY = "^ < v > a move; else ░ ▒ ▓ █ the value, low to high; - below zero; · no value";

/** The frames in letters, side by side: walls and things as printed; a move, else a shade, on the floor. */
function strip(frames: readonly Frame[], stage: Stage): string {
  const { rows, width } = stage;
  const labels = frames.map(({ caption }, i) => `${i + 1}: ${caption.replace(/\s+/g, " ")}`);
  const wide = Math.max(width, Math.min(20, Math.max(0, ...labels.map((label) => label.length))));
  const each = Math.max(1, Math.floor((STRIP + 2) / (wide + 2)));
  const blocks: string[] = [];
  for (let first = 0; first < frames.length; first += each) {
    const shown = frames.slice(first, first + each);
    const captions = labels
      .slice(first, first + each)
      .map((label) => (label.length > wide ? `${label.slice(0, wide - 1)}…` : label));
    const lines = rows.map((_, r) => shown.map((frame) => letterRow(frame, stage, r)));
    blocks.push(
      [captions, ...lines]
        .map((row) =>
          row
            .map((part) => part.padEnd(wide))
            .join("  ")
            .trimEnd(),
        )
        .join("\n"),
    );
  }
  return [...blocks, KEY].join("\n\n");
}

function letterRow({ values, arrows, path = [] }: Frame, { rows, width, range }: Stage, r: number): string {
  const onRow = new Map(things(rows[r]!, r, path).map(({ letter, column }) => [column, letter]));
  return Array.from({ length: width }, (_, c) => {
    const cell = r * width + c;
    if ([...rows[r]!][c] === WALL) return WALL;
    const thing = onRow.get(c);
    if (thing !== undefined) return thing;
    const arrow = ARROWS[arrows?.[cell] ?? -1];
    if (arrow !== undefined) return arrow;
    const value = values[cell] ?? null;
    if (value === null) return "·";
    return value < 0 ? "-" : SHADES[Math.min(SHADES.length - 1, Math.floor(shadeOf(value, range) * SHADES.length))]!;
  }).join("");
}
