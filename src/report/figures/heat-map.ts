/**
 * @file One number per cell of the grid: shade for the eye, the number itself in
 * every cell, the greatest cell framed, cells without a number hatched.
 */
import type { Evidence } from "../../evidence.ts";
import { html } from "../markup.ts";
import { formatNumber, formatShort } from "../numbers.ts";
import { type Figure, hatch, svgImage } from "./frame.ts";

type HeatMap = Extract<Evidence, { kind: "map" }>;

const CELL = 40;
const EDGE = 20;

export function drawMap({ title, height, width, values, legend }: HeatMap, id: string): Figure {
  const known = values.filter((value) => value !== null);
  const size = Math.max(...known.map(Math.abs), 0);
  const greatest = Math.max(...known);
  const cells = values.map((value, i) => {
    const x = EDGE + (i % width) * CELL;
    const y = EDGE + Math.floor(i / width) * CELL;
    if (value === null) {
      return html`<rect class="gap" x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="url(#${id}-hatch)"/>`;
    }
    const share = size === 0 ? 0 : Math.abs(value) / size;
    const text = formatCell(value);
    const ink = share > 0.55 ? "cell-text on-heat" : "cell-text";
    const frame =
      known.length > 1 &&
      value === greatest &&
      html`<rect class="peak" x="${x + 2.5}" y="${y + 2.5}" width="${CELL - 5}" height="${CELL - 5}" rx="3"/>`;
    return html`<rect class="heat ${value < 0 ? "negative" : "positive"}" fill-opacity="${share * 0.94}" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/><rect class="cell-edge" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>${frame}<text class="${ink}" x="${x + CELL / 2}" y="${y + CELL / 2 + 4}" text-anchor="middle">${text}</text>`;
  });
  const columns = Array.from(
    { length: width },
    (_, c) => html`<text class="tick" x="${EDGE + (c + 0.5) * CELL}" y="${EDGE - 7}" text-anchor="middle">${c}</text>`,
  );
  const rows = Array.from(
    { length: height },
    (_, r) => html`<text class="tick" x="${EDGE - 7}" y="${EDGE + (r + 0.5) * CELL + 4}" text-anchor="end">${r}</text>`,
  );
  const peaks = values.flatMap((value, i) =>
    value !== null && value === greatest ? [`(${Math.floor(i / width)}, ${i % width})`] : [],
  );
  const peak = peaks.length === 0 ? "" : ` Greatest at ${peaks.slice(0, 3).join(", ")}: ${formatShort(greatest)}.`;
  return {
    title,
    drawings: [
      {
        svg: svgImage(
          id,
          title,
          `${legend}. ${height} rows by ${width} columns.${peak}`,
          EDGE + width * CELL + 4,
          EDGE + height * CELL + 4,
          html`<defs>${hatch(`${id}-hatch`)}</defs>${columns}${rows}${cells}`,
        ),
      },
    ],
    note: `${legend}. Rows and columns count from 0; the framed cell is the greatest; hatched cells have no value.`,
    table: {
      columns: ["row", ...Array.from({ length: width }, (_, c) => `column ${c}`)],
      rows: Array.from({ length: height }, (_, r) => [
        String(r),
        ...values.slice(r * width, (r + 1) * width).map((value) => (value === null ? "no value" : formatShort(value))),
      ]),
    },
  };
}

/** Few characters, and as many for every cell: `.12`, `.01`, `1`; a cell's exact number is in the table. */
function formatCell(value: number): string {
  if (value === 0 || Math.abs(value) >= 0.995) return formatShort(value);
  const text = formatNumber(value, 2);
  return /[1-9]/.test(text) ? text.replace(/^(−?)0\./, "$1.") : "<.01";
}
