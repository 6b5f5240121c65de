/**
 * @file Pairs of estimates as points with a whisker along each axis, around the diagonal on which the two agree. Points
 * that coincide are one mark with their number beside it.
 */
import type { Evidence } from "../../evidence.ts";
import { html, type Markup } from "../markup.ts";
import { formatCount, formatInterval } from "../numbers.ts";
import { type Figure, insideX, seriesMark, svgImage, textWidth, WIDTH } from "./frame.ts";
import { linearScale, type Scale } from "./scale.ts";

type Scatter = Extract<Evidence, { kind: "scatter" }>;
type Point = Scatter["points"][number];

const LEFT = 44;
const RIGHT = WIDTH - 14;
const TOP = 12;
// Square: the diagonal then rises at 45 degrees.
const BOTTOM = TOP + RIGHT - LEFT;

/** Draw the points; the table names each of them. */
export function drawScatter({ title, x, y, range, diagonal, points }: Scatter, id: string): Figure {
  const across = linearScale(range, [LEFT + 10, RIGHT - 10], { widen: false });
  const up = linearScale(range, [BOTTOM - 10, TOP + 10], { widen: false });
  const ticks = [
    ...up.ticks.map(
      ({ at, label }) =>
        html`<path class="grid" d="M${LEFT} ${at}H${RIGHT}"/><text class="tick" x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${label}</text>`,
    ),
    ...across.ticks.map(
      ({ at, label }) =>
        html`<path class="grid" d="M${at} ${TOP}V${BOTTOM}"/><text class="tick" x="${insideX(at, label, 11)}" y="${BOTTOM + 17}" text-anchor="middle">${label}</text>`,
    ),
  ];
  const [low, high] = range;
  const line = html`<path class="diagonal" d="M${across.at(low)} ${up.at(low)}L${across.at(high)} ${up.at(high)}"/>`;
  const axes = html`<path class="axis" d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}"/>`;
  const titles = html`<text class="axis-title" transform="translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y.title}</text><text class="axis-title" x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 34}" text-anchor="middle">${x.title}</text>`;
  const key = html`<path class="diagonal" d="M${LEFT} ${BOTTOM + 52}h26"/><text class="label" x="${LEFT + 34}" y="${BOTTOM + 56}">${diagonal}</text>`;
  const groups = coincident(points);
  const whiskers = groups.flat().map((point) => whisker(point, across, up));
  const marks = groups.map((group) => mark(group, across, up));
  const described = points.map((point) => `${point.label}: ${formatInterval(point.x)}, ${formatInterval(point.y)}`);
  return {
    title,
    drawings: [
      {
        svg: svgImage(
          id,
          title,
          `${y.title} against ${x.title}. ${described.join("; ")}.`,
          WIDTH,
          BOTTOM + 66,
          html`${ticks}${line}${axes}${titles}${whiskers}${marks}${key}`,
        ),
      },
    ],
    note: `Points: means; whiskers: 95 % intervals of both; ×2 and so on: as many points in one place. ${points.length} points.`,
    table: {
      columns: ["", x.title, "n", y.title, "n"],
      rows: points.map((point) => [
        point.label,
        formatInterval(point.x),
        formatCount(point.x),
        formatInterval(point.y),
        formatCount(point.y),
      ]),
    },
  };
}

/** Points by where they lie, in order of their first. */
function coincident(points: readonly Point[]): readonly (readonly Point[])[] {
  const places = new Map<string, Point[]>();
  for (const point of points) {
    const place = `${point.x.mean.toFixed(6)} ${point.y.mean.toFixed(6)}`;
    places.set(place, [...(places.get(place) ?? []), point]);
  }
  return [...places.values()];
}

function whisker({ x, y }: Point, across: Scale, up: Scale): Markup {
  const [at, height] = [across.at(x.mean), up.at(y.mean)];
  const [left, right, bottom, top] = [across.at(x.low), across.at(x.high), up.at(y.low), up.at(y.high)];
  return html`<path class="cross" d="M${left} ${height}H${right}M${left} ${height - 3}v6M${right} ${height - 3}v6M${at} ${bottom}V${top}M${at - 3} ${bottom}h6M${at - 3} ${top}h6"/>`;
}

function mark(group: readonly Point[], across: Scale, up: Scale): Markup {
  const [{ x, y }] = group as readonly [Point];
  const [at, height] = [across.at(x.mean), up.at(y.mean)];
  const many = `×${group.length}`;
  // Beside the mark, on the side where there is room.
  const isRight = at + 8 + textWidth(many, 11) < RIGHT;
  const count =
    group.length > 1 &&
    html`<text class="tally" x="${at + (isRight ? 8 : -8)}" y="${height - 7}" text-anchor="${isRight ? "start" : "end"}">${many}</text>`;
  return html`${seriesMark(0, at, height, 5)}${count}`;
}
