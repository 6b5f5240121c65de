/** @file Starts a plug-in: `npm run new detector tidy-goal`. Its contract fails until the questions in it are answered. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scaffold, startable } from "./scaffold.ts";
import { root } from "./source.ts";

const [kind, name, ...rest] = process.argv.slice(2);
try {
  if (kind === undefined || name === undefined || rest.length > 0) {
    throw new Error(`usage: npm run new <${startable.map(({ id }) => id).join("|")}> <id>`);
  }
  const { path, text } = scaffold(kind, name);
  if (existsSync(join(root, path))) throw new Error(`${path} exists already`);
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  execFileSync(process.execPath, [join(root, "scripts/gen.ts")], { stdio: "inherit" });
  console.log(`${path}: answer its questions, then run: npm test -- test/plugins.test.ts`);
} catch (error) {
  console.error(`new: ${(error as Error).message}`);
  process.exitCode = 2;
}
