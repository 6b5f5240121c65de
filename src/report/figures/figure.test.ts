/** @file Each kind of evidence becomes an accessible picture and a table with the same numbers. */
import { expect, test } from "vitest";
import { bars, curve, facts, frames, map, paths, scatter } from "../../../test/sample-records.ts";
import { scored, unscored } from "../../core/estimate.ts";
import type { Evidence } from "../../evidence.ts";
import { standaloneSvg } from "../standalone.ts";
import { drawEvidence } from "./figure.ts";
import { textWidth, wrapText } from "./frame.ts";

const count = (text: string, part: string) => text.split(part).length - 1;

test.each([paths, map, curve, bars, frames, scatter])(
  "$kind: title, description, no color, nothing meaningless",
  (evidence) => {
    const figure = drawEvidence(evidence, "id");
    expect(figure.title).toBe(evidence.title);
    expect(figure.table!.rows.length).toBeGreaterThan(0);
    for (const row of figure.table!.rows) expect(row).toHaveLength(figure.table!.columns.length);
    for (const { svg } of figure.drawings) {
      expect(svg.markup).toMatch(/^<svg [^>]*role="img" aria-labelledby="(\S+)-t \1-d"/);
      expect(svg.markup).toMatch(/<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
      expect(svg.markup).not.toMatch(/NaN|undefined|null|Infinity|#[0-9a-f]{3,6}\b|style=/);
    }
  },
);

test("facts are a table", () => {
  const { drawings, table } = drawEvidence(facts, "id");
  expect(drawings).toEqual([]);
  expect(table!.rows[2]).toEqual(["incapable", "at most 20 % of the oracle's return"]);
});

test("curve: a diagonal where one is asked for, through equal values of both axes", () => {
  const [point] = [{ x: 0.4, y: { mean: 0.4, low: 0.2, high: 0.6, n: 9, unit: "items" as const } }];
  const base: Evidence = {
    kind: "curve",
    title: "t",
    x: { title: "stated probability", scale: "linear", range: [0, 1] },
    y: { title: "share right", range: [0, 1] },
    lines: [{ label: "its answers", points: [point!] }],
  };
  expect(drawEvidence(base, "c").drawings[0]!.svg.markup).not.toContain("diagonal");
  const { markup } = drawEvidence({ ...base, diagonal: "as often right as stated" }, "c").drawings[0]!.svg;
  expect(markup).toContain(">as often right as stated</text>");
  const [, x1, y1, x2, y2] = /class="diagonal" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(markup)!.map(Number);
  const [, cx, cy] = /class="mark s1" cx="([\d.]+)" cy="([\d.]+)"/.exec(markup)!.map(Number);
  expect((cx! - x1!) / (x2! - x1!)).toBeCloseTo(0.4, 3);
  expect((y1! - cy!) / (y1! - y2!)).toBeCloseTo(0.4, 3);
});

test("scatter: whiskers on both axes, a diagonal through equal values, coincident points counted", () => {
  const { drawings, table } = drawEvidence(scatter, "s");
  const { markup } = drawings[0]!.svg;
  expect(count(markup, 'class="cross"')).toBe(4);
  // Two of the four lie in one place.
  expect(count(markup, 'class="mark s1"')).toBe(3);
  expect(count(markup, ">×2</text>")).toBe(1);
  const [, x1, y1, x2, y2] = /class="diagonal" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(markup)!.map(Number);
  expect(x2! - x1!).toBeCloseTo(y1! - y2!, 6);
  // What is said as often as it is done lies on it.
  const [, cx, cy] = /class="mark s1" cx="([\d.]+)" cy="([\d.]+)"/.exec(markup)!.map(Number);
  expect(cx! - x1!).toBeCloseTo(y1! - cy!, 6);
  expect(table!.rows).toHaveLength(4);
  // As a file of its own it carries the rules that it needs; other kinds do not.
  expect(standaloneSvg(drawings[0]!.svg)).toContain(".cross{");
  expect(standaloneSvg(drawEvidence(bars, "b").drawings[0]!.svg)).not.toContain(".cross{");
  expect(table!.rows[0]).toEqual(["agrees", "0.50 [0.30, 0.70]", "n = 8 items", "0.50 [0.30, 0.70]", "n = 8 items"]);
});

test("bars: an interval on every bar, a hatched gap with its reason where there is none", () => {
  const [{ svg }] = drawEvidence(bars, "b").drawings as [{ svg: { markup: string } }];
  expect(count(svg.markup, 'class="whisker"')).toBe(3);
  expect(count(svg.markup, 'fill="url(#b-hatch)"')).toBe(1);
  expect(svg.markup).toContain("no untrained network was given to the audit");
  // The mean of 0.765 stands at 0.765 of the track, which runs from 10 to 350.
  expect(svg.markup).toContain(`cx="${10 + 0.765 * 340}"`);
});

test("bars: all unscored, one point, long and infinite ranges", () => {
  const base = { kind: "bars", title: "t", axis: "bits" } as const;
  const lonely = drawEvidence({ ...base, bars: [{ label: "x", reading: unscored("no data") }] }, "b");
  expect(lonely.drawings[0]!.svg.markup).not.toContain("NaN");
  const value = scored({ mean: 5, low: 5, high: 5, n: 1, unit: "seeds" });
  const open = drawEvidence(
    { ...base, range: [0, Number.POSITIVE_INFINITY], bars: [{ label: "x", reading: value }] },
    "b",
  );
  expect(open.drawings[0]!.svg.markup).toContain("5.00 [5.00, 5.00]");
  expect(drawEvidence({ ...base, bars: [] }, "b").drawings[0]!.svg.markup).not.toContain("NaN");
});

test("bars: labels of the axis stay inside the picture", () => {
  const value = scored({ mean: 0, low: -0.05, high: 0.15, n: 2, unit: "seeds" });
  const { svg } = drawEvidence({ kind: "bars", title: "t", axis: "a", bars: [{ label: "x", reading: value }] }, "b")
    .drawings[0]!;
  const ticks = [...svg.markup.matchAll(/class="tick" x="([\d.]+)" y="[\d.]+" text-anchor="middle">([^<]+)</g)];
  expect(ticks.map(([, , text]) => text)).toEqual(["−0.05", "0", "0.05", "0.1", "0.15"]);
  for (const [, x, text] of ticks) {
    const half = textWidth(text!, 11) / 2;
    expect(Number(x) - half).toBeGreaterThanOrEqual(0);
    expect(Number(x) + half).toBeLessThanOrEqual(360);
  }
});

test("curve: a whisker and a mark at each point, distinct marks and dashes, zero apart from the rest", () => {
  const [{ svg }] = drawEvidence(curve, "c").drawings as [{ svg: { markup: string } }];
  expect(count(svg.markup, '"whisker s1"')).toBe(7);
  expect(count(svg.markup, '"whisker s2"')).toBe(7);
  expect(count(svg.markup, '<circle class="mark s1"')).toBe(8); // one in the legend
  expect(count(svg.markup, '<rect class="mark s2"')).toBe(8);
  expect(count(svg.markup, 'class="bridge s1"')).toBe(1);
  const empty: Evidence = { ...curve, lines: [{ label: "nothing", points: [] }] } as Evidence;
  expect(drawEvidence(empty, "c").drawings[0]!.svg.markup).not.toMatch(/NaN|undefined/);
});

test("map: every known cell has its number, the greatest is framed, the rest is hatched", () => {
  const figure = drawEvidence(map, "m");
  const [{ svg }] = figure.drawings as [{ svg: { markup: string } }];
  expect(count(svg.markup, 'class="gap"')).toBe(24);
  expect(count(svg.markup, 'class="heat positive"')).toBe(25);
  expect(count(svg.markup, 'class="peak"')).toBe(1);
  expect(svg.markup).toContain("Greatest at (1, 1): 0.72");
  expect(figure.table!.rows[1]!.slice(0, 3)).toEqual(["1", "no value", "0.72"]);
  const blank = drawEvidence({ ...map, values: Array.from({ length: 49 }, () => null) } as Evidence, "m");
  expect(blank.drawings[0]!.svg.markup).not.toMatch(/NaN|Infinity/);
  const signed = drawEvidence({ ...map, width: 2, height: 1, values: [-1, 0.5] } as Evidence, "m");
  expect(signed.drawings[0]!.svg.markup).toContain('class="heat negative"');
});

test("levels: walls, things, start, end, an arrow for each move, numbers below the grid in the caption", () => {
  const figure = drawEvidence(paths, "p");
  const [first] = figure.drawings;
  const pathOf = (name: string) => new RegExp(`class="${name}" d="([^"]*)"`).exec(first!.svg.markup)![1]!;
  const open = paths.kind === "paths" ? paths.levels[0]!.rows.join("").replaceAll("#", "").length : -1;
  expect(count(pathOf("floor"), "M")).toBe(open);
  expect(count(pathOf("arrows"), "M")).toBe(7); // nine steps, the last two against a wall
  // The first step goes left from (5, 4): its arrow points from the middle of the step to the left.
  expect(pathOf("arrows")).toMatch(/^M107\.4 147L100\.4 143L107\.4 139z/);
  expect(count(first!.svg.markup, 'class="start"')).toBe(1);
  expect(count(first!.svg.markup, 'class="end"')).toBe(1);
  expect(first!.svg.markup).toContain(">C</text>");
  expect(first!.svg.markup).not.toContain(">M</text>");
  const noted: Evidence = {
    kind: "paths",
    title: "t",
    levels: [{ caption: "c", rows: ["#####", "#A.K#", "#####", "keys: 2"], path: [] }],
  };
  const drawn = drawEvidence(noted, "n");
  expect(drawn.drawings[0]!.caption).toBe("c; keys: 2");
  expect(drawn.drawings[0]!.svg.markup).toContain('viewBox="0 0 130 78"');
  expect(drawn.table!.rows[0]).toEqual(["c", "0", "none", "none", ""]);
});

test("frames: the same scale in each, an arrow a move, the path so far, stripes below zero, hatches without a value", () => {
  if (frames.kind !== "frames") throw new Error("frames expected");
  const figure = drawEvidence(frames, "f");
  expect(figure.steps).toBe("f");
  expect(figure.drawings.map(({ caption }) => caption)).toEqual(frames.frames.map(({ caption }) => caption));
  for (const [i, { svg }] of figure.drawings.entries()) {
    const { arrows, path } = frames.frames[i]!;
    expect(count(svg.markup, 'class="move"')).toBe(arrows!.filter((move) => move >= 0).length);
    const route = /class="route" d="([^"]*)"/.exec(svg.markup)?.[1] ?? "";
    expect(count(route, "M") + count(route, "L")).toBe(path!.length > 1 ? path!.length : 0);
    // Every floor cell has its value: the thing's own cell has the full shade in all frames.
    expect(svg.markup).toMatch(/fill-opacity="0.72" d="[^"]*M104 26h26v26h-26z/);
    expect(svg.markup).not.toContain('class="gap"');
  }
  // To the right in the cell left of the thing, to the left in the cell right of it.
  expect(figure.drawings[0]!.svg.markup).toContain("translate(91 39) rotate(90)");
  expect(figure.drawings[0]!.svg.markup).toContain("translate(143 39) rotate(-90)");
  expect(figure.table!.rows).toHaveLength(4 * 7);
  expect(figure.table!.rows[1]).toEqual([
    "after 1 tick",
    "1",
    "no value",
    "0.33",
    "0.5",
    "1, right",
    "1",
    "1, left",
    "no value",
  ]);
  expect(figure.text!.split("\n").slice(0, 3)).toEqual([
    "1: after 1 tick   2: after 3 ticks  3: after 6 ticks  4: after 9 ticks",
    "#######           #######           #######           #######",
    "#░▒>C<#           #>>>C<#           #>>>C<#           #>>>C<#",
  ]);
  const long = { ...frames, frames: frames.frames.map((frame) => ({ ...frame, caption: "a caption of many words" })) };
  expect(drawEvidence(long, "l").text).toContain("1: a caption of man…  2: a caption of man…");

  const signed: Evidence = {
    kind: "frames",
    title: "t",
    rows: ["####", "#A #", "####", "keys: 2"],
    legend: "value",
    range: [-2, 1],
    frames: [{ caption: "only", values: [0, 0, 0, 0, 0, -2, null, 0, 0, 0, 0, 0] }],
  };
  const drawn = drawEvidence(signed, "s");
  expect(drawn.steps).toBeUndefined();
  expect(drawn.drawings[0]!.svg.markup).toContain('class="heat negative" fill-opacity="0.72" d="M26 26h26v26h-26z"');
  expect(drawn.drawings[0]!.svg.markup).toContain('fill="url(#s-0-below)" d="M26 26h26v26h-26z"');
  expect(drawn.drawings[0]!.svg.markup).toContain('class="gap" fill="url(#s-0-hatch)" d="M52 26h26v26h-26z"');
  expect(drawn.text!.split("\n")[2]).toBe("#A·#");
  expect(drawEvidence({ ...signed, frames: [] } as Evidence, "e").drawings).toEqual([]);
});

test("text wraps within its width and loses nothing", () => {
  const text = "the share of levels on which a verylongwordwithoutanybreakatall was served";
  const lines = wrapText(text, 90, 12);
  for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(90);
  expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
});

test("a figure saved as a file brings its colors, light and dark", () => {
  const text = standaloneSvg(drawEvidence(curve, "c").drawings[0]!.svg);
  expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*><style>/);
  expect(text).toContain("prefers-color-scheme:dark");
});
