/**
 * @file What all figures share: the result they give, the accessible SVG frame,
 * text that wraps without a DOM, and the marks that tell series apart by shape.
 *
 * Figures carry classes, never colors: the style sheet gives them, so light,
 * dark and print are the same picture.
 */
import { html, type Markup, type Piece } from "../markup.ts";

/** A drawn figure, with the same numbers as a table. */
export interface Figure {
  readonly title: string;
  /** One `<svg>` or several side by side. */
  readonly drawings: readonly Drawing[];
  /** Unique in the page; present where the drawings are steps, shown one at a time on a screen and side by side in print. */
  readonly steps?: string;
  /** The drawings in letters, for where there are no pictures. */
  readonly text?: string;
  readonly table?: DataTable;
  /** What a reader needs besides the picture: marks, legend, n. */
  readonly note?: string;
}

export interface Drawing {
  readonly svg: Markup;
  readonly caption?: string;
}

export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Width of a chart in user units: a phone's width, so that text is never scaled down. */
export const WIDTH = 360;

/**
 * An image with a name and a description for those who do not see it.
 *
 * @param id unique in the page
 */
export function svgImage(
  id: string,
  title: string,
  description: string,
  width: number,
  height: number,
  body: Piece,
): Markup {
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${body}</svg>`;
}

/** The pattern of what could not be scored; used as `fill="url(#…)"`. */
export function hatch(id: string): Markup {
  return html`<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/><rect width="1.6" height="6" class="hatch-line"/></pattern>`;
}

/** Average advance of a character of the interface font, as a share of its size. */
const ADVANCE = 0.56;

/** Estimated width of text: there is no DOM to measure it. */
export const textWidth = (text: string, size: number): number => text.length * size * ADVANCE;

/** Where to center text so that it stays inside a picture of {@link WIDTH}. */
export function insideX(x: number, text: string, size: number): number {
  const half = textWidth(text, size) / 2 + 2;
  return Math.min(WIDTH - half, Math.max(half, x));
}

/** Break text into lines of at most `width` user units; a word longer than a line is cut. */
export function wrapText(text: string, width: number, size: number): string[] {
  const most = Math.max(4, Math.floor(width / (size * ADVANCE)));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    let rest = word;
    if (line !== "" && line.length + 1 + rest.length <= most) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (rest.length > most) {
      lines.push(rest.slice(0, most));
      rest = rest.slice(most);
    }
    line = rest;
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** How many series are told apart by color, mark and dash. */
export const SERIES = 6;

/** The mark of a series, centered on a point. */
export function seriesMark(series: number, x: number, y: number, size = 4.5): Markup {
  const name = `mark s${(series % SERIES) + 1}`;
  const points = (corners: readonly (readonly [number, number])[]) =>
    html`<polygon class="${name}" points="${corners.map(([dx, dy], i) => html`${i > 0 && " "}${x + dx * size},${y + dy * size}`)}"/>`;
  switch (series % SERIES) {
    case 0:
      return html`<circle class="${name}" cx="${x}" cy="${y}" r="${size * 0.95}"/>`;
    case 1:
      return html`<rect class="${name}" x="${x - size * 0.85}" y="${y - size * 0.85}" width="${size * 1.7}" height="${size * 1.7}"/>`;
    case 2:
      return points([
        [0, -1.2],
        [1.1, 0.8],
        [-1.1, 0.8],
      ]);
    case 3:
      return points([
        [0, -1.25],
        [1.25, 0],
        [0, 1.25],
        [-1.25, 0],
      ]);
    case 4:
      return points([
        [0, 1.2],
        [1.1, -0.8],
        [-1.1, -0.8],
      ]);
    default:
      return points([
        [0.5, -1.1],
        [1.1, 0],
        [0.5, 1.1],
        [-0.5, 1.1],
        [-1.1, 0],
        [-0.5, -1.1],
      ]);
  }
}
