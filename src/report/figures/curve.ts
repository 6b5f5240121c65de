/**
 * @file Estimates along an axis: a line per series with its own mark and dash,
 * the 95 % interval as a band and as a whisker at every point.
 */
import type { Evidence } from "../../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { formatCount, formatInterval, formatShort } from "../numbers.ts";
import { type Figure, insideX, SERIES, seriesMark, svgImage, WIDTH, wrapText } from "./frame.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";

type Curve = Extract<Evidence, { kind: "curve" }>;
type Line = Curve["lines"][number];

const LEFT = 44;
const RIGHT = WIDTH - 14;
const TOP = 12;
const BOTTOM = 212;

export function drawCurve({ title, x, y, lines, diagonal }: Curve, id: string): Figure {
  const xs = lines.flatMap((line) => line.points.map((point) => point.x));
  const ys = lines.flatMap((line) => line.points.flatMap((point) => [point.y.low, point.y.high]));
  const across =
    x.scale === "log"
      ? logScale(xs, [LEFT + 12, RIGHT - 6])
      : linearScale(x.range ?? extent(xs), [LEFT + 8, RIGHT - 6], { widen: x.range === undefined });
  const data = extent(ys);
  const up = y.range
    ? linearScale([Math.min(y.range[0], data[0]), Math.max(y.range[1], data[1])], [BOTTOM, TOP], { widen: false })
    : linearScale(data, [BOTTOM, TOP]);

  const yTitle = html`<text class="axis-title" transform="translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y.title}</text>`;
  const xTitle = html`<text class="axis-title" x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 34}" text-anchor="middle">${x.title}</text>`;
  const named = legend(lines, BOTTOM + 54);
  const key = diagonal === undefined ? named : withDiagonal(named, diagonal);
  const [low, high] = x.range ?? extent(xs);
  const equal =
    diagonal !== undefined &&
    html`<path class="diagonal" d="M${across.at(low)} ${up.at(low)}L${across.at(high)} ${up.at(high)}"/>`;
  const series = lines.map((line, i) => drawLine(line, i, across, up));
  const body = html`${axes(across, up)}${xTitle}${yTitle}${equal}${series.map((part) => part.band)}${series.map((part) => part.line)}${key.body}`;
  return {
    title,
    drawings: [{ svg: svgImage(id, title, describe(lines, x.title, y.title), WIDTH, key.bottom, body) }],
    note: `Points: means; whiskers and bands: 95 % intervals; ${countOf(lines)}.`,
    table: {
      columns: ["", x.title, y.title, "n"],
      rows: lines.flatMap((line) =>
        line.points.map((point) => [line.label, formatShort(point.x), formatInterval(point.y), formatCount(point.y)]),
      ),
    },
  };
}

function axes(across: Scale, up: Scale): Markup {
  const rows = up.ticks.map(
    ({ at, label }) =>
      html`<path class="grid" d="M${LEFT} ${at}H${RIGHT}"/><text class="tick" x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${label}</text>`,
  );
  const columns = across.ticks.map(
    ({ at, label }) =>
      html`<path class="axis" d="M${at} ${BOTTOM}v4"/><text class="tick" x="${insideX(at, label, 11)}" y="${BOTTOM + 17}" text-anchor="middle">${label}</text>`,
  );
  const cut = across.breakAt;
  const base =
    cut === undefined
      ? html`<path class="axis" d="M${LEFT} ${BOTTOM}H${RIGHT}"/>`
      : html`<path class="axis" d="M${LEFT} ${BOTTOM}H${cut - 3}M${cut + 3} ${BOTTOM}H${RIGHT}M${cut - 6} ${BOTTOM + 4}l6 -8M${cut} ${BOTTOM + 4}l6 -8"/>`;
  return html`${rows}${base}${columns}`;
}

function drawLine({ points }: Line, series: number, across: Scale, up: Scale): { band: Markup; line: Markup } {
  const style = `s${(series % SERIES) + 1}`;
  const sorted = points.toSorted((a, b) => a.x - b.x);
  // Nothing is known between zero and the first positive dose of a logarithmic axis: no line crosses the break.
  const cut = across.breakAt;
  const isZero = (point: Line["points"][number]) => cut !== undefined && across.at(point.x) < cut;
  const zero = sorted.filter(isZero);
  const runs = [zero, sorted.filter((point) => !isZero(point))].filter((run) => run.length > 0);
  const bands = runs.map((run) => {
    const edge = [
      ...run.map((point) => [across.at(point.x), up.at(point.y.high)] as const),
      ...run.toReversed().map((point) => [across.at(point.x), up.at(point.y.low)] as const),
    ];
    return run.length > 1 && html`<polygon class="band ${style}" points="${edge.map(([a, b]) => html`${a},${b} `)}"/>`;
  });
  const strokes = runs.map(
    (run) =>
      html`<polyline class="line ${style}" points="${run.map((point) => html`${across.at(point.x)},${up.at(point.y.mean)} `)}"/>`,
  );
  const bridge =
    runs.length === 2 &&
    html`<path class="bridge ${style}" d="M${across.at(zero.at(-1)!.x)} ${up.at(zero.at(-1)!.y.mean)}L${across.at(runs[1]![0]!.x)} ${up.at(runs[1]![0]!.y.mean)}"/>`;
  const marks = sorted.map((point) => {
    const at = across.at(point.x);
    const [low, high] = [up.at(point.y.low), up.at(point.y.high)];
    return html`<path class="whisker ${style}" d="M${at} ${low}V${high}M${at - 3} ${low}h6M${at - 3} ${high}h6"/>${seriesMark(series, at, up.at(point.y.mean))}`;
  });
  return { band: html`${bands}`, line: html`${bridge}${strokes}${marks}` };
}

function legend(lines: readonly Line[], top: number): { body: Markup; bottom: number } {
  let y = top;
  const entries = lines.map(({ label }, series) => {
    const style = `s${(series % SERIES) + 1}`;
    const start = y;
    const text = wrapText(label, WIDTH - LEFT - 44, 12);
    y += text.length * 16 + 2;
    return html`<path class="line ${style}" d="M${LEFT} ${start}h26"/>${seriesMark(series, LEFT + 13, start)}${text.map(
      (line, i) => html`<text class="label" x="${LEFT + 34}" y="${start + 4 + i * 16}">${line}</text>`,
    )}`;
  });
  return { body: html`${entries}`, bottom: y - 4 };
}

function withDiagonal({ body, bottom }: { body: Markup; bottom: number }, text: string) {
  const y = bottom + 6;
  return {
    body: html`${body}<path class="diagonal" d="M${LEFT} ${y}h26"/><text class="label" x="${LEFT + 34}" y="${y + 4}">${text}</text>`,
    bottom: y + 12,
  };
}

function describe(lines: readonly Line[], x: string, y: string): string {
  const series = lines.map((line) => {
    const points = line.points.map((point) => `${formatShort(point.x)}: ${formatInterval(point.y)}`);
    return `${line.label}, ${points.join("; ")}`;
  });
  return `${y} against ${x}. ${series.join(". ")}.`;
}

function countOf(lines: readonly Line[]): string {
  const counts = [...new Set(lines.flatMap((line) => line.points.map((point) => formatCount(point.y))))];
  if (counts.length === 0) return "no points";
  return counts.length === 1 ? `${counts[0]} at every point` : "n differs by point and is in the table";
}
