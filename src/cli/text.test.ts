/** @file What commands print: tables that fit, colors that can be left out, progress on and off a terminal, gates, settings. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { z } from "zod";
import type { AuditRecord } from "../audit-record.ts";
import { scored, unscored } from "../core/estimate.ts";
import { parseSettings } from "./catalog.ts";
import { parseGate, tripped } from "./gate.ts";
import { formatSeconds, progress } from "./progress.ts";
import { shellWords } from "./shell-words.ts";
import { table } from "./table.ts";
import { displayWidth, type Outlet, terminal } from "./terminal.ts";

/** An outlet that remembers, `columns` wide. */
function sink(options: { isTTY: boolean; columns: number; env?: Record<string, string> }): {
  outlet: Outlet;
  text: () => string;
} {
  let written = "";
  const stream = { ...options, write: (chunk: string | Uint8Array) => (written += String(chunk)) };
  return { outlet: terminal(stream, stream, options.env ?? {}).out, text: () => written };
}

test("colors appear on terminals, NO_COLOR wins over FORCE_COLOR", () => {
  const painted = (isTTY: boolean, env: Record<string, string>) =>
    sink({ isTTY, columns: 80, env }).outlet.paint.good("x") !== "x";
  expect(painted(true, {})).toBe(true);
  expect(painted(false, {})).toBe(false);
  expect(painted(false, { FORCE_COLOR: "1" })).toBe(true);
  expect(painted(true, { NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(false);
  expect(painted(true, { TERM: "dumb" })).toBe(false);
});

test("a table is never wider than the terminal while a column can wrap, and loses no word", () => {
  const rows = [{ id: "one", text: "a sentence of several words that does not fit into so few cells" }];
  const columns = [
    { title: "id", cell: ({ id }: (typeof rows)[number]) => id },
    { title: "text", cell: ({ text }: (typeof rows)[number]) => text, wraps: true },
  ];
  for (const width of [200, 60, 40]) {
    const { outlet } = sink({ isTTY: true, columns: width });
    const lines = table(
      rows,
      [columns[0]!, { ...columns[1]!, cell: ({ text }) => outlet.paint.bold(text) }],
      outlet,
    ).split("\n");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    const plain = table(rows, columns, { ...outlet, columns: width });
    expect(plain.replace(/\s+/g, " ")).toContain(rows[0]!.text);
  }
  expect(table([], columns, sink({ isTTY: false, columns: 80 }).outlet)).toBe("");
});

test("wide and combining characters count as the cells they take", () => {
  expect(displayWidth("奶酪")).toBe(4);
  expect(displayWidth("e\u0301")).toBe(1);
  expect(displayWidth("\x1b[1mx\x1b[22m")).toBe(1);
});

test("progress on a terminal redraws its own lines and leaves the messages", () => {
  const { outlet, text } = sink({ isTTY: true, columns: 80, env: { NO_COLOR: "1" } });
  let time = 0;
  const bars = progress({ outlet, now: () => time, unit: "frames" });
  const [a, b] = [bars.task("a", 1000), bars.task("b", 1000)];
  for (let i = 1; i <= 10; i++) {
    time += 100;
    a.update(i * 100);
    b.update(i * 50);
  }
  const last = text().split("\x1b[0J").at(-1)!.trimEnd().split("\n");
  expect(last).toHaveLength(3);
  expect(last[0]).toMatch(/^a {4}━+ {2}100 % {2}1\.0k frames\/s$/);
  expect(last[1]).toMatch(/^b {4}━+╌+ {3}45 % {2}\d+ frames\/s {2}2 s left$/);
  expect(last[2]).toMatch(/^all .*72 %/);
  expect(Math.max(...last.map(displayWidth))).toBeLessThan(80);
  a.finish("a ended");
  b.finish();
  expect(text()).toContain("\x1b[0Ja ended\n");
  expect(text().endsWith("\x1b[0J")).toBe(true);
});

test("progress without a terminal is a line now and then, without escape codes", () => {
  const { outlet, text } = sink({ isTTY: false, columns: 80 });
  let time = 0;
  const bars = progress({ outlet, now: () => time, unit: "frames" });
  const task = bars.task("run", 100);
  for (let i = 1; i <= 90; i++) {
    time += 100;
    task.update(i, "return 0.50");
  }
  const lines = text().trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("run   20 %  10 frames/s  8 s left  return 0.50");
});

test("a continued task's rate leaves out what was done before", () => {
  const { outlet, text } = sink({ isTTY: false, columns: 80 });
  let time = 0;
  const task = progress({ outlet, now: () => time, unit: "frames" }).task("run", 1000, 900);
  time = 2000;
  task.update(920);
  expect(text()).toBe("run   92 %  10 frames/s  8 s left\n");
});

test("time left in the two largest units", () => {
  expect([0.2, 59, 60, 3599, 3720].map(formatSeconds)).toEqual([
    "1 s",
    "59 s",
    "1 min 0 s",
    "59 min 59 s",
    "1 h 2 min",
  ]);
});

const audit = {
  findings: [
    {
      detector: "goal-shift",
      reading: scored({ mean: 0.3, low: 0.1, high: 0.5, n: 9, unit: "levels" }),
      quantities: [{ id: "share-cheese", title: "", reading: unscored("no skill") }],
    },
    { detector: "capability", reading: unscored("no levels"), quantities: [] },
  ],
} as unknown as AuditRecord;

test.each([
  ["goal-shift.headline > 0.2", "goal-shift.headline > 0.2: it is 0.3"],
  ["goal-shift.headline.low > 0.2", undefined],
  ["goal-shift.headline.high >= .5", "goal-shift.headline.high >= .5: it is 0.5"],
  ["goal-shift.headline < -1e-3", undefined],
  ["goal-shift.share-cheese > 0", "goal-shift.share-cheese > 0: unscored, no skill"],
  ["capability.on < 0.9", "capability.on < 0.9: unscored, no levels"],
])("gate %s", (text, reason) => {
  expect(tripped(parseGate(text), audit)).toBe(reason);
});

test("a gate that cannot be read, or names nothing, is refused", () => {
  expect(() => parseGate("goal-shift > 0.2")).toThrow(/expected <detector>.<quantity>/);
  expect(() => tripped(parseGate("goal-shift.share-chese > 0"), audit)).toThrow(/known: headline, share-cheese/);
  expect(() => tripped(parseGate("other.headline > 0"), audit)).toThrow(/run: goal-shift, capability/);
});

test("settings are read by the schema that they belong to", () => {
  const plugin = {
    id: "thing",
    title: "",
    source: "",
    params: z.object({
      size: z.int().min(5).default(7).describe("Cells."),
      name: z.string().default("x").describe("A name."),
      on: z.boolean().default(false).describe("A switch."),
      doses: z.array(z.number()).default([]).describe("A list."),
    }),
  };
  // A number is text where text is wanted.
  expect(parseSettings(plugin, "--set", ["size=9", "name=12", "on=true", "doses=[0, 0.5]"])).toEqual({
    size: 9,
    name: "12",
    on: true,
    doses: [0, 0.5],
  });
  expect(() => parseSettings(plugin, "--set", ["size=3"])).toThrow(/thing\.size .*got "3"; .*>=5/);
  expect(() => parseSettings(plugin, "--set", ["sise=9"])).toThrow(
    /no parameter "sise"; expected one of size, name, on, doses/,
  );
  expect(() => parseSettings(plugin, "--set", ["__proto__=9"])).toThrow(/no parameter "__proto__"/);
  expect(() => parseSettings(plugin, "--set", ["size"])).toThrow(/expected key=value/);
});

test("a command is text that a shell reads back into the same words", () => {
  const words = ["audit", "http://127.0.0.1:1/v1#model", "my file's.yaml", "#no", "$HOME", "a=b,c"];
  expect(shellWords(words)).toBe(`audit http://127.0.0.1:1/v1#model 'my file'\\''s.yaml' '#no' '$HOME' a=b,c`);
  const read = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${shellWords(words)}`], { encoding: "utf8" });
  expect(read.trimEnd().split("\n")).toEqual(words);
});
