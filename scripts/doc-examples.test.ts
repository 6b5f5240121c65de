/** @file Documentation examples are found, run, and fail when what they say is wrong. */

import { stripTypeScriptTypes } from "node:module";
import { expect, test } from "vitest";
import { doesThrow, isEqual, isNear } from "./doc-assertions.ts";
import { compileExample, findExamples } from "./doc-examples.ts";

/** Compile an example and run it with `own` as the exports of its file. */
async function run(code: string, own: Record<string, unknown> = {}): Promise<void> {
  const ownText = Object.keys(own).map((name) => `export const ${name} = 0;`);
  const compiled = compileExample({ path: "src/a.ts", line: 10, code }, ownText.join("\n"), "/assertions.ts");
  const body = stripTypeScriptTypes(compiled.replace(/^import .*$/gm, "").replace("export async", "async"));
  const names = ["$isEqual", "$isNear", "$doesThrow", ...Object.keys(own)];
  await new Function(...names, `${body}; return run();`)(isEqual, isNear, doesThrow, ...Object.values(own));
}

test.each([
  ["1 + 1; // => 2"],
  ["'a'; // => \"a\""],
  ["[1, { b: true }]; // => [1, { b: true }]"],
  ["await Promise.resolve(3); // => 3"],
  ["const x: number = 4; // => 4\nx * 2; // => 8"],
  ["[1, 2]\n  .map((y) => y * 2)\n  .join(); // => '2,4'"],
  ["for (const y of [1, 2]) {\n  y > 0; // => true\n}"],
  ["Math.SQRT2; // => ≈ 1.414"],
  ["-1234.5; // => ≈ -1.23e3"],
  ["JSON.parse('{'); // throws SyntaxError"],
  ["const f = () => 1; f(); // => 1"],
  ["export const z = 5; // => 5"],
])("holds: %s", async (code) => expect(await run(code)).toBeUndefined());

test.each([
  ["1 + 1; // => 3"],
  ["'a'; // => 'b'"],
  ["[1, 2]; // => [1]"],
  ["const x = 4; // => 5"],
  ["Math.SQRT2; // => ≈ 1.415"],
  ["'1.4'; // => ≈ 1.4"],
  ["1; // => ≈ one"],
  ["JSON.parse('1'); // throws SyntaxError"],
  ["JSON.parse('{'); // throws RangeError"],
  ["for (const y of [1, -2]) {\n  y > 0; // => true\n}"],
])("fails: %s", async (code) => {
  // The place of the line that failed is part of the message.
  await expect(run(code)).rejects.toThrow(/src\/a\.ts:1[01]/);
});

test.each([
  ["1 + 1; // => about two", /src\/a\.ts:10: "about two" is no expression/],
  ["// => 2", /src\/a\.ts:10: no statement/],
  ["const a = 1, b = 2; // => 2", /src\/a\.ts:10: \/\/ => follows/],
  ["let = ;", /src\/a\.ts:10: the example is no TypeScript/],
])("refuses: %s", async (code, message) => {
  await expect(run(code)).rejects.toThrow(message);
});

test("an error's code counts as its name", async () => {
  const refuse = () => {
    throw Object.assign(new Error("x"), { code: "input/invalid" });
  };
  await run("refuse(); // throws input/invalid", { refuse });
  await expect(run("refuse(); // throws store/full", { refuse })).rejects.toThrow(/store\/full/);
});

test("an example sees its file's exports and may hide them", async () => {
  await run("double(2); // => 4", { double: (x: number) => 2 * x });
  await run("const double = 7; // => 7", { double: 0 });
});

test("examples are found with their lines, in docstrings and in Markdown", () => {
  const source =
    "/** @file x */\n\n/**\n * Two.\n *\n * @example\n * two(); // => 2\n * @see y\n */\nexport const two = () => 2;\n";
  const page = "# Title\n\n```sh\nls\n```\n\n```ts\n1; // => 1\n```\n\n- item\n  ```ts\n  2;\n  ```\n";
  expect(
    findExamples(
      new Map([
        ["src/two.ts", source],
        ["README.md", page],
      ]),
    ),
  ).toEqual([
    { path: "src/two.ts", line: 7, code: "two(); // => 2\n" },
    { path: "README.md", line: 8, code: "1; // => 1\n" },
    { path: "README.md", line: 13, code: "2;\n" },
  ]);
});
