/**
 * @file Tables that fit the terminal: columns as wide as their content, and where
 * that is too much, the widest text column wraps.
 */
import { displayWidth, type Outlet } from "./terminal.ts";

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string;
  /** Numbers are aligned right. */
  readonly align?: "right";
  /** May be wrapped when the table is too wide; others keep their width. */
  readonly wraps?: boolean;
  /** Widest it may be, in cells; with {@link wraps}. */
  readonly most?: number;
}

const GAP = "  ";
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
const STYLED = /^((?:\x1b\[\d+m)+)([^\x1b]*)((?:\x1b\[\d+m)+)$/;
/** A wrapped column never gets narrower. */
const NARROWEST = 16;

/** The table as lines, header first; no rows give no lines. */
export function table<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { columns: available, paint }: Outlet,
): string {
  if (rows.length === 0) return "";
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map(({ title, most = Number.POSITIVE_INFINITY }, j) =>
    Math.min(most, Math.max(displayWidth(title), ...cells.map((line) => widest(line[j]!.split("\n"))))),
  );
  shrink(widths, columns, available);
  const draw = (line: readonly string[], style: (text: string) => string = (text) => text): string => {
    const wrapped = line.map((text, j) => text.split("\n").flatMap((part) => wrap(part, widths[j]!)));
    const height = Math.max(...wrapped.map((parts) => parts.length));
    return Array.from({ length: height }, (_, i) =>
      wrapped
        .map((parts, j) => style(pad(parts[i] ?? "", widths[j]!, columns[j]!.align)))
        .join(GAP)
        .trimEnd(),
    ).join("\n");
  };
  return [
    draw(
      columns.map(({ title }) => title),
      paint.dim,
    ),
    ...cells.map((line) => draw(line)),
  ].join("\n");
}

/** Label and value pairs, the labels aligned. */
export function facts(pairs: readonly (readonly [string, string])[], outlet: Outlet): string {
  const width = Math.max(...pairs.map(([label]) => displayWidth(label)));
  const room = Math.max(NARROWEST, outlet.columns - width - GAP.length);
  return pairs
    .flatMap(([label, value]) =>
      value
        .split("\n")
        .flatMap((line) => wrap(line, room))
        .map((line, i) => `${outlet.paint.dim(pad(i === 0 ? label : "", width))}${GAP}${line}`.trimEnd()),
    )
    .join("\n");
}

/** Take what is missing from the widest wrapping columns. */
function shrink(widths: number[], columns: readonly { readonly wraps?: boolean }[], available: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  while (total() > available) {
    let target = -1;
    for (const [j, { wraps }] of columns.entries()) {
      if (wraps && widths[j]! > NARROWEST && (target < 0 || widths[j]! > widths[target]!)) target = j;
    }
    if (target < 0) return;
    widths[target]!--;
  }
}

/** Break at spaces; a word longer than the line is cut. A style around the whole text goes around every line of it. */
function wrap(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const [, on = "", inner = "", off = ""] = STYLED.exec(text) ?? [];
  if (on !== "") return wrap(inner, width).map((line) => on + line + off);
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    while (displayWidth(word) > width) {
      lines.push(word.slice(0, width));
      word = word.slice(width);
    }
    line = word;
  }
  return [...lines, line];
}

export function pad(text: string, width: number, align?: "right"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "right" ? space + text : text + space;
}

function widest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(displayWidth));
}
