/**
 * @file Named quantities side by side: a bar from zero, its interval as a
 * whisker, its numbers in print; what is unscored is a hatched gap with its reason.
 */
import type { Evidence } from "../../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { formatCount, formatInterval } from "../numbers.ts";
import { type Figure, hatch, insideX, svgImage, textWidth, WIDTH, wrapText } from "./frame.ts";
import { extent, linearScale } from "./scale.ts";

type Bars = Extract<Evidence, { kind: "bars" }>;

const SIDE = 10;
const SIZE = 12;
const LINE = 16;

/** Draw the bars in the order given, labels above their tracks. */
export function drawBars(evidence: Bars, id: string): Figure {
  const { bars, range, axis, title } = evidence;
  const scored = bars.flatMap(({ reading }) => (reading.status === "scored" ? [reading.value] : []));
  const data = extent(scored.length === 0 ? [0, 1] : [0, ...scored.flatMap(({ low, high }) => [low, high])]);
  const finite = range?.every(Number.isFinite) ? range : undefined;
  const domain = finite ? ([Math.min(finite[0], data[0]), Math.max(finite[1], data[1])] as const) : data;
  const scale = linearScale(domain, [SIDE, WIDTH - SIDE], { widen: finite === undefined });
  const zero = scale.at(0);

  const rows: Markup[] = [];
  let y = 4;
  for (const { label, reading } of bars) {
    const value = reading.status === "scored" ? formatInterval(reading.value) : "unscored";
    const room = WIDTH - 2 * SIDE - textWidth(value, SIZE) - 16;
    const lines = wrapText(label, room, SIZE);
    rows.push(html`<text class="value" x="${WIDTH - SIDE}" y="${y + SIZE}" text-anchor="end">${value}</text>`);
    for (const line of lines) {
      rows.push(html`<text class="label" x="${SIDE}" y="${y + SIZE}">${line}</text>`);
      y += LINE;
    }
    const middle = y + 9;
    // Behind the track only: a line through the labels would be read before them.
    const grid = scale.ticks.map(({ at }) => html`M${at} ${middle - 7}v14`);
    rows.push(html`<path class="grid" d="${grid}"/>`);
    if (reading.status === "scored") {
      const { mean, low, high } = reading.value;
      const [x, a, b] = [scale.at(mean), scale.at(low), scale.at(high)];
      rows.push(html`<rect class="track" x="${SIDE}" y="${middle - 5}" width="${WIDTH - 2 * SIDE}" height="10" rx="2"/>
<rect class="bar" x="${Math.min(zero, x)}" y="${middle - 5}" width="${Math.abs(x - zero)}" height="10"/>
<path class="zero" d="M${zero} ${middle - 8}v16"/>
<path class="whisker" d="M${a} ${middle}H${b}M${a} ${middle - 4}v8M${b} ${middle - 4}v8"/>
<circle class="dot" cx="${x}" cy="${middle}" r="4"/>`);
    } else {
      rows.push(
        html`<rect class="gap" x="${SIDE}" y="${middle - 5}" width="${WIDTH - 2 * SIDE}" height="10" rx="2" fill="url(#${id}-hatch)"/>`,
      );
      y += 16;
      for (const line of wrapText(reading.reason, WIDTH - 2 * SIDE, 11)) {
        rows.push(html`<text class="reason" x="${SIDE}" y="${y + 12}">${line}</text>`);
        y += 14;
      }
      y -= 14;
    }
    y += 26;
  }

  const bottom = y;
  const base = html`<path class="axis" d="M${SIDE} ${bottom - 4}H${WIDTH - SIDE}${scale.ticks.map(({ at }) => html`M${at} ${bottom - 4}v4`)}"/>`;
  const ticks = scale.ticks.map(
    ({ at, label }) =>
      html`<text class="tick" x="${insideX(at, label, 11)}" y="${bottom + 13}" text-anchor="middle">${label}</text>`,
  );
  const axisLines = wrapText(axis, WIDTH - 2 * SIDE, SIZE);
  const axisTitle = axisLines.map(
    (line, i) =>
      html`<text class="axis-title" x="${WIDTH / 2}" y="${bottom + 31 + i * 14}" text-anchor="middle">${line}</text>`,
  );
  const height = bottom + 36 + (axisLines.length - 1) * 14;
  const body = html`<defs>${hatch(`${id}-hatch`)}</defs>${rows}${base}${ticks}${axisTitle}`;
  const described = bars
    .map(({ label, reading }) =>
      reading.status === "scored"
        ? `${label}: ${formatInterval(reading.value)}`
        : `${label}: unscored, ${reading.reason}`,
    )
    .join("; ");
  return {
    title,
    drawings: [{ svg: svgImage(id, title, `${axis}. ${described}.`, WIDTH, height, body) }],
    note: "Bar and dot: mean; whisker: 95 % interval.",
    table: {
      columns: ["", axis, "n"],
      rows: bars.map(({ label, reading }) =>
        reading.status === "scored"
          ? [label, formatInterval(reading.value), formatCount(reading.value)]
          : [label, "unscored", reading.reason],
      ),
    },
  };
}
