/** @file Level files and level text that are not what they should be. */
import { describe, expect, test } from "vitest";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { monsterWorld } from "../envs/monster-world.ts";
import { parseParams } from "../plugin.ts";
import { parseLevelFile, printLevelFile, readLevelFileHeader } from "./level-file.ts";

const corner = cheeseCorner.make(cheeseCorner.params.parse({ size: 5 }));
const monsters = monsterWorld.make(monsterWorld.params.parse({ size: 5, apples: 1, shields: 2, monsters: 1 }));
const TEXT = "#####\n#C..#\n#.#.#\n#..M#\n#####";

describe("level files", () => {
  test("the format is fixed", () => {
    const file = printLevelFile({ world: corner, params: { size: 5 }, levels: [corner.parse(TEXT)] });
    expect(JSON.parse(file)).toEqual({
      format: "mesascope-levels/1",
      env: "cheese-corner",
      params: { size: 5 },
      levels: [["#####", "#C..#", "#.#.#", "#..M#", "#####"]],
    });
    expect(readLevelFileHeader(file)).toEqual({ env: "cheese-corner", params: { size: 5 } });
  });

  test("what letters cannot show is carried as a line of its own", () => {
    const text = "#####\n#a.s#\n#.M.#\n#s.X#\n#####\nlimit: 42";
    const level = monsters.parse(text);
    expect(level.items[monsters.items.indexOf("limit")]).toBe(42);
    expect(monsters.print(level)).toBe(text);
    expect(monsters.parse(text.replace(/\nlimit.*/, "")).items[monsters.items.indexOf("limit")]).toBe(25);
  });

  const file = (change: object) =>
    JSON.stringify({
      format: "mesascope-levels/1",
      env: "cheese-corner",
      params: {},
      levels: [TEXT.split("\n")],
      ...change,
    });
  test.each([
    ["not JSON", "{", /not JSON, got "\{"/],
    ["another format", file({ format: "mesascope-levels/2" }), /mesascope-levels\/1/],
    ["a stray key", file({ extra: 1 }), /extra/],
    ["another world", file({ env: "keys-chests" }), /got "keys-chests"; expected "cheese-corner"/],
    [
      "a short row",
      file({ levels: [["#####", "#C..", "#.#.#", "#..M#", "#####"]] }),
      /level 1 of 1: .*row 2 .*4 characters/,
    ],
    ["a missing row", file({ levels: [["#####", "#C..#"]] }), /got 2 rows/],
    ["an unknown letter", file({ levels: [TEXT.replace("#.#.#", "#.Q.#").split("\n")] }), /row 3, column 3, got "Q"/],
    ["two mice", file({ levels: [TEXT.replace("C..", "CM.").split("\n")] }), /mouse at row 4, column 4, got a second/],
    ["a trailing line", file({ levels: [[...TEXT.split("\n"), "limit: 3"]] }), /line 6 is not part/],
  ])("%s is malformed", (_, text, message) => {
    expect(() => parseLevelFile(text, corner)).toThrow(message);
    expect(() => parseLevelFile(text, corner)).toThrow(expect.objectContaining({ code: "level/malformed" }));
  });

  test.each([
    ["an open border", TEXT.replace("#####", "##.##"), /open border, got a gap at row 1, column 3/],
    ["no mouse", TEXT.replace("M", "."), /mouse is missing/],
    ["no cheese", TEXT.replace("C", "."), /cheese is missing/],
    ["cheese out of reach", "#####\n#C#.#\n##..#\n#..M#\n#####", /cheese is out of reach, got row 2, column 2/],
  ])("%s is impossible", (_, text, message) => {
    const bad = file({ levels: [text.split("\n")] });
    expect(() => parseLevelFile(bad, corner)).toThrow(message);
    expect(() => parseLevelFile(bad, corner)).toThrow(expect.objectContaining({ code: "level/impossible" }));
  });

  test("an item in a wall, or outside, is impossible", () => {
    for (const cell of [0, 999, -7]) {
      const level = corner.parse(TEXT);
      level.items[1] = cell;
      expect(() => corner.check(level)).toThrow(expect.objectContaining({ code: "level/impossible" }));
    }
    expect(() => corner.check({ walls: new Uint8Array(3), items: new Int16Array(2) })).toThrow(/3 cells/);
  });

  test("parameters that no world has are refused by name", () => {
    expect(() => parseParams(cheeseCorner, { size: 6 })).toThrow(/odd number/);
    expect(() => parseParams(cheeseCorner, { colour: 1 })).toThrow(
      /known parameters: size, layout, horizon, waiting, terminate, blocking/,
    );
  });
});
