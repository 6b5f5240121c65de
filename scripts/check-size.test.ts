import { expect, test } from "vitest";
import { findUnexcused, summarize } from "./check-size.ts";

const lines = (count: number, header = "/** @file x */") =>
  `${header}\n${"a;\n".repeat(count - header.split("\n").length)}`;

test("a long file needs a reason in its header", () => {
  expect(findUnexcused(new Map([["src/a.ts", lines(500)]]))).toEqual([]);
  expect(findUnexcused(new Map([["src/a.ts", lines(501)]]))).toEqual([
    expect.stringContaining("src/a.ts has 501 lines"),
  ]);
  const excused = lines(501, "/**\n * @file x\n *\n * @long one table, read from top to bottom\n */");
  expect(findUnexcused(new Map([["src/a.ts", excused]]))).toEqual([]);
  expect(findUnexcused(new Map([["src/a.ts", lines(501, "/** @file x\n * @long */")]]))).toHaveLength(1);
  expect(findUnexcused(new Map([["src/a.ts", `${lines(501)}/** @long too late */`]]))).toHaveLength(1);
});

test("folders are summed up", () => {
  const sizes = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  const tree = new Map(sizes.map((size) => [`src/envs/w${size}.ts`, lines(size)]));
  const rows = summarize(tree.set("src/env.ts", lines(7)).set("src/a.test.ts", lines(3))).map((row) => row.split(/ +/));
  expect(rows).toEqual([
    ["folder", "files", "lines", "median", "p90", "max"],
    ["all", "of", "src", "11", "557", "50", "90", "100"],
    ["src", "1", "7", "7", "7", "7"],
    ["src/envs", "10", "550", "50", "90", "100"],
    ["tests", "1", "3", "3", "3", "3"],
  ]);
});
