/** @file Every scaffold is valid TypeScript in the house style, and says of itself that it is unfinished. */

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scaffold, startable } from "./scaffold.ts";
import { root } from "./source.ts";

const tree = mkdtempSync(join(tmpdir(), "mesascope-new-"));
const made = startable.map((kind) => ({
  kind: kind.id,
  ...scaffold(kind.id, kind.hasFamilies ? "evolution/zz-new" : "zz-new"),
}));

beforeAll(() => {
  // A source tree with the scaffolds alone in their folders; all else is the real one, by link.
  const own = new Set<string>(startable.map(({ folder }) => folder));
  mkdirSync(join(tree, "src"));
  for (const entry of readdirSync(join(root, "src"))) {
    if (!own.has(entry)) symlinkSync(join(root, "src", entry), join(tree, "src", entry));
  }
  for (const { path, text } of made) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  for (const file of ["package.json", "tsconfig.json", "biome.json"]) cpSync(join(root, file), join(tree, file));
  cpSync(join(root, "scripts/lint"), join(tree, "scripts/lint"), { recursive: true });
  writeFileSync(join(tree, ".gitignore"), "node_modules\n");
  writeFileSync(
    join(tree, "tsconfig.new.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: [], files: made.map(({ path }) => path) }),
  );
  execFileSync("git", ["init", "-q", tree]);
});
afterAll(() => rmSync(tree, { recursive: true }));

test("every kind that can be started has a scaffold", () => {
  expect(made.map(({ path }) => path)).toEqual([
    "src/envs/zz-new.ts",
    "src/networks/zz-new.ts",
    "src/optimizers/evolution/zz-new.ts",
    "src/organisms/zz-new.ts",
    "src/detectors/zz-new.ts",
    "src/lenses/zz-new.ts",
    "src/mitigations/zz-new.ts",
    "src/contrasts/zz-new.ts",
    "src/experiments/zz-new.ts",
    "src/claims/zz-new.ts",
    "src/references/zz-new.ts",
  ]);
});

test("scaffolds typecheck", () => {
  const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.new.json"], {
    cwd: tree,
    encoding: "utf8",
  });
  // Errors elsewhere are not the scaffolds' fault, and have a check of their own.
  const own = stdout.split("\n").filter((line) => made.some(({ path }) => line.startsWith(path)));
  expect(own).toEqual([]);
});

test("scaffolds pass the linter", () => {
  const { stdout, stderr, status } = spawnSync(
    join(root, "node_modules/.bin/biome"),
    ["check", "--error-on-warnings", ...made.map(({ path }) => path)],
    { cwd: tree, encoding: "utf8" },
  );
  expect(status, stdout + stderr).toBe(0);
});

test.each(made.map(({ kind, path }) => [kind, path] as const))("a new %s is not accepted as it is", async (_, path) => {
  const { zzNew } = (await import(/* @vite-ignore */ join(tree, path))) as { zzNew: Record<string, unknown> };
  expect(zzNew.id).toBe("zz-new");
  expect(Object.isFrozen(zzNew)).toBe(true);
  // What test/contracts/plugin.ts refuses, wherever it stands.
  expect(JSON.stringify(zzNew)).toContain("TODO");
});

test.each([
  ["detektor", "x", /kind "detektor" does not exist; known: env, /],
  ["detector", "goalShift", /kebab case/],
  ["detector", "2-goals", /kebab case/],
  ["detector", "gradient/goal", /takes an id alone/],
  ["optimizer", "goal", /takes <family>\/<id>/],
  ["optimizer", "luck/goal", /takes <family>\/<id>/],
  ["optimizer", "gradient/../goal", /kebab case/],
])("%s %s is refused", (kind, name, message) => {
  expect(() => scaffold(kind, name)).toThrow(message);
});
