import { expect, test } from "vitest";
import { findBreaches } from "./check-layers.ts";

const breaches = (files: Record<string, string>) => findBreaches(new Map(Object.entries(files)));
const leaf = "export const x = 1;\n";

test("a sound tree has no breach", () => {
  expect(
    breaches({
      "src/core/a.ts": leaf,
      "src/tensor/b.ts":
        'import { x } from "../core/a.ts"; import * as ort from "onnxruntime-node"; export { x, ort };',
      "src/env.ts": 'import type { x } from "./tensor/b.ts"; export type X = typeof x;',
      "src/envs/maze.ts": 'import type { X } from "../env.ts"; export const y: X = 1;',
      "src/organisms/o.ts": 'import { y } from "../envs/maze.ts"; export { y };',
      "src/store/sqlite.ts": 'import { DatabaseSync } from "node:sqlite"; export { DatabaseSync };',
      "src/index.ts": 'export * from "./organisms/o.ts"; export * from "./store/sqlite.ts";',
      "src/core/a.test.ts": 'import "../index.ts"; import "node:fs";',
    }),
  ).toEqual([]);
});

test("an import of a higher layer is named with both layers", () => {
  expect(breaches({ "src/rollout.ts": 'export * from "./lab/registry.ts";', "src/lab/registry.ts": leaf })).toEqual([
    "src/rollout.ts (2 contracts) imports src/lab/registry.ts (4 lab)",
  ]);
});

test.each([
  ["a type import", 'import type { x } from "../env.ts"; export type X = typeof x;'],
  ["a dynamic import", 'export const load = () => import("../env.ts");'],
  ["an import for effect", 'import "../env.ts"; export {};'],
  ["a re-export", 'export { x } from "../env.ts";'],
])("%s of a higher layer counts", (_, text) => {
  expect(breaches({ "src/core/a.ts": text, "src/env.ts": leaf })).toEqual([
    "src/core/a.ts (0 core) imports src/env.ts (2 contracts)",
  ]);
});

test("plug-in folders know only themselves and their acquaintances", () => {
  const text = (folder: string) => `import { x } from "../${folder}/a.ts"; export { x };`;
  const tree = (from: string, to: string) => breaches({ [`src/${from}/b.ts`]: text(to), [`src/${to}/a.ts`]: leaf });
  expect(tree("detectors", "organisms")).toEqual([
    "src/detectors/b.ts imports src/organisms/a.ts; detectors must not know organisms",
  ]);
  expect(tree("envs", "networks")).toHaveLength(1);
  expect(tree("optimizers", "organisms")).toHaveLength(1);
  for (const folder of ["envs", "networks", "optimizers"]) expect(tree("organisms", folder)).toEqual([]);
  expect(
    breaches({ "src/optimizers/gradient/a.ts": 'export * from "../meta/b.ts";', "src/optimizers/meta/b.ts": leaf }),
  ).toEqual([]);
});

test("a cycle of values fails, one closed by a type does not", () => {
  const two = { "src/core/a.ts": 'import { x } from "./b.ts"; export { x };' };
  expect(breaches({ ...two, "src/core/b.ts": 'export * from "./a.ts"; export const x = 1;' })).toEqual([
    "cycle: src/core/a.ts → src/core/b.ts → src/core/a.ts",
  ]);
  expect(
    breaches({ ...two, "src/core/b.ts": 'import type { x as X } from "./a.ts"; export const x = 1 as typeof X;' }),
  ).toEqual([]);
  expect(breaches({ "src/core/a.ts": 'import "./a.ts"; export {};' })).toHaveLength(1);
});

test("a longer cycle that is not entered at its first file is found once", () => {
  expect(
    breaches({
      "src/core/a.ts": 'export * from "./b.ts";',
      "src/core/b.ts": 'export * from "./c.ts";',
      "src/core/c.ts": 'export * from "./d.ts";',
      "src/core/d.ts": 'export * from "./b.ts";',
    }),
  ).toEqual(["cycle: src/core/b.ts → src/core/c.ts → src/core/d.ts → src/core/b.ts"]);
});

test("the engine and Node's modules are reserved", () => {
  expect(breaches({ "src/networks/a.ts": 'import "onnxruntime-web"; export {};' })).toHaveLength(1);
  expect(breaches({ "src/train.ts": 'export const f = () => import("onnxruntime-node");' })).toHaveLength(1);
  for (const path of ["src/core/a.ts", "src/lab/run.ts", "src/store/memory.ts", "src/report/a.ts"]) {
    expect(breaches({ [path]: 'import "node:fs"; export {};' }), path).toHaveLength(1);
  }
  for (const path of ["src/cli/a.ts", "src/serve/a.ts", "src/store/disk.ts", "src/lab/worker-pool.ts"]) {
    expect(breaches({ [path]: 'import "node:fs"; export {};' }), path).toEqual([]);
  }
  expect(breaches({ "src/core/a.ts": 'import "mesascope"; export {};' })).toHaveLength(1);
});

test("a file that is no TypeScript fails, and the others are still looked at", () => {
  expect(breaches({ "src/core/a.ts": "export const = 1;", "src/core/b.ts": 'import "node:fs"; export {};' })).toEqual([
    expect.stringContaining("src/core/a.ts cannot be parsed: "),
    expect.stringContaining("src/core/b.ts imports node:fs"),
  ]);
});

test("a file in no layer, a missing file and a missing extension fail", () => {
  expect(breaches({ "src/utils/a.ts": leaf })).toEqual([
    "src/utils/a.ts belongs to no layer; put its folder into scripts/layers.ts",
  ]);
  expect(breaches({ "src/core/a.ts": 'export * from "./b.ts";' })).toHaveLength(1);
  expect(breaches({ "src/core/a.ts": 'export * from "./b";', "src/core/b.ts": leaf })).toEqual([
    "src/core/a.ts imports ./b; write the extension .ts",
  ]);
});
