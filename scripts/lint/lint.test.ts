/** @file Every lint rule the house relies on fires on a sample that breaks it, and only where it should. */

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tree = mkdtempSync(join(tmpdir(), "mesascope-lint-"));

const violations = [
  ["plugin", "export const x = Math.random();"],
  ["plugin", "export const x = Date.now();"],
  ["plugin", "export const x = Date.now;"],
  ["plugin", "export const x = new Date();"],
  ["plugin", "export const x = performance.now();"],
  ["plugin", "export const x = globalThis.process;"],
  ["lint/style/noRestrictedGlobals", "export const x = process.env;"],
  ["lint/style/noRestrictedGlobals", "setTimeout(() => 1, 1);\nexport {};"],
  ["lint/suspicious/noConsole", 'console.log("x");\nexport {};'],
] as const;

const everywhere = [
  ["lint/suspicious/noExplicitAny", "export const x = (y: any) => y;"],
  ["lint/style/noEnum", "export enum Color {\n  Red,\n}"],
  ["lint/style/noDefaultExport", "export default 5;"],
  ["lint/suspicious/noEmptyBlockStatements", "try {\n  JSON.parse('');\n} catch {}\nexport {};"],
  ["lint/correctness/noUnusedImports", 'import { a } from "./a.ts";\nexport {};'],
] as const;

/** One folder per sample, all linted by a single run; keyed by file. */
let found: Map<string, Set<string>>;

beforeAll(() => {
  cpSync(join(root, "biome.json"), join(tree, "biome.json"));
  cpSync(join(root, "scripts/lint"), join(tree, "scripts/lint"), { recursive: true });
  writeFileSync(join(tree, ".gitignore"), "");
  execFileSync("git", ["init", "-q", tree]);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}\n`);
  };
  for (const [i, [, text]] of violations.entries())
    for (const folder of ["src/core", "src/cli", "src/serve", "scripts", "bench"]) put(`${folder}/v${i}.ts`, text);
  for (const [i, [, text]] of violations.entries()) put(`src/core/v${i}.test.ts`, text);
  for (const [i, [, text]] of everywhere.entries())
    for (const folder of ["src/core", "src/cli", "scripts"]) put(`${folder}/e${i}.ts`, text);
  put("src/core/fine.ts", "export const x = [new Date(5), [1][0]!];");

  const run = spawnSync(
    join(root, "node_modules/.bin/biome"),
    ["lint", "--reporter=json", "--max-diagnostics=none", "src", "bench", "scripts"],
    { cwd: tree, encoding: "utf8" },
  );
  const report = JSON.parse(run.stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  found = new Map();
  for (const { category, location } of report.diagnostics) {
    const rules = found.get(location.path) ?? new Set();
    found.set(location.path, rules.add(category));
  }
});
afterAll(() => rmSync(tree, { recursive: true }));

test.each(violations.map(([rule, text], i) => [rule, text, i] as const))(
  "%s refuses %s in the library",
  (rule, _, i) => {
    expect([...(found.get(`src/core/v${i}.ts`) ?? [])]).toContain(rule);
  },
);

test.each(violations.map(([rule, text], i) => [rule, text, i] as const))(
  "%s allows %s at the doors and in tests",
  (_, __, i) => {
    for (const folder of ["src/cli", "src/serve", "scripts", "bench"])
      expect(found.get(`${folder}/v${i}.ts`)).toBeUndefined();
    expect(found.get(`src/core/v${i}.test.ts`)).toBeUndefined();
  },
);

test.each(everywhere.map(([rule, text], i) => [rule, text, i] as const))("%s refuses %s everywhere", (rule, _, i) => {
  for (const folder of ["src/core", "src/cli", "scripts"])
    expect([...(found.get(`${folder}/e${i}.ts`) ?? [])]).toContain(rule);
});

test("what the house allows passes", () => expect(found.get("src/core/fine.ts")).toBeUndefined());
