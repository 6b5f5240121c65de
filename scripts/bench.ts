/**
 * @file Runs the benchmarks, one after another and each in a process of its own: all of bench/*.ts, or the one that is
 * named, with its arguments: `npm run bench -- env-steps cheese-corner`.
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isTest, isTypeScript, root } from "./source.ts";

const names = readdirSync(join(root, "bench"))
  .filter((file) => isTypeScript(file) && !isTest(file))
  .map((file) => file.replace(/\.ts$/, ""));
const [name, ...args] = process.argv.slice(2);
if (name !== undefined && !names.includes(name)) {
  console.error(`bench: no benchmark is called "${name}"; known: ${names.join(", ")}`);
  process.exit(2);
}
for (const each of name === undefined ? names : [name]) {
  console.log(`# ${each}`);
  const { status } = spawnSync(process.execPath, [join(root, "bench", `${each}.ts`), ...args], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
