/** @file Writes every generated file; with --check, writes nothing and fails when one is stale. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generators } from "./generators.ts";
import { root } from "./source.ts";

const isCheck = process.argv.includes("--check");
let total = 0;
const stale: string[] = [];
for (const { generate } of generators) {
  for (const [path, text] of await generate()) {
    total++;
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    stale.push(path);
    if (!isCheck) writeFileSync(file, text);
  }
}
for (const path of stale) console.log(`${isCheck ? "stale" : "wrote"} ${path}`);
console.log(`${total} generated files, ${stale.length} ${isCheck ? "stale" : "written"}`);
if (isCheck && stale.length > 0) {
  console.error("Run: npm run gen");
  process.exitCode = 1;
}
