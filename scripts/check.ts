/**
 * @file Every check that needs no test run, two at a time: `npm run check`, or some of them: `npm run check -- types lint`.
 * Prints one line a check, and the output of those that fail.
 */

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "./source.ts";

const checks: Readonly<Record<string, readonly [string, ...string[]]>> = {
  types: ["tsc", "-p", "."],
  lint: ["biome", "check", "--error-on-warnings", "."],
  layers: ["node", "scripts/check-layers.ts"],
  gen: ["node", "scripts/gen.ts", "--check"],
  unused: ["knip", "--no-progress"],
  size: ["node", "scripts/check-size.ts"],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`check: no check is called "${unknown[0]}"; known: ${Object.keys(checks).join(", ")}`);
  process.exit(2);
}
const queue = Object.keys(checks).filter((name) => wanted.length === 0 || wanted.includes(name));
const failed: string[] = [];

/** Take checks off the queue until it is empty. */
async function work(): Promise<void> {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const started = performance.now();
    const { status, output } = await run(...checks[name]!);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(8)} ${seconds} s`);
    if (status !== 0) {
      failed.push(name);
      console.log(output.trimEnd().replace(/^/gm, "  "));
    }
  }
}

/** Run a command of node_modules/.bin, and collect what it prints. */
function run(command: string, ...args: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    let output = "";
    const executable = command === "node" ? process.execPath : join(root, "node_modules/.bin", command);
    const child = spawn(executable, args, { cwd: root, env: { ...process.env, FORCE_COLOR: "0" } });
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk));
    child.on("error", (error) => resolve({ status: 1, output: error.message }));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
