/** @file The command's entry: which Node runs which files, and what it says when none fits. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { root } from "../scripts/source.ts";

const base = mkdtempSync(join(tmpdir(), "mesascope entry #"));
const tree = join(base, "package");
const entry = join(tree, "bin/mesascope.js");

const main = `export async function main(args: readonly string[]): Promise<number> {
  process.once("SIGTERM", () => process.exit(42));
  console.log(JSON.stringify([process.versions.node, ...args]));
  if (args[0] === "wait") {
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  }
  if (args[0] === "die") process.kill(process.pid, "SIGKILL");
  return Number(args[0] ?? 0);
}`;

/** A Node below 24 on this machine, to hand over from. */
const older = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .find((node) => {
    const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
    return Number.parseInt(stdout ?? "", 10) < 24;
  });

beforeEach(() => {
  rmSync(tree, { recursive: true, force: true });
  for (const folder of ["src/cli", "node_modules/commander"]) mkdirSync(join(tree, folder), { recursive: true });
  cpSync(join(root, "bin"), join(tree, "bin"), { recursive: true });
  writeFileSync(join(tree, "package.json"), '{ "type": "module" }');
  writeFileSync(join(tree, "src/cli/main.ts"), main);
});
afterAll(() => rmSync(base, { recursive: true }));

const run = (node: string, ...args: string[]) => spawnSync(node, [entry, ...args], { encoding: "utf8" });
const bundle = () => {
  mkdirSync(join(tree, "node_modules/node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(tree, "node_modules/node/bin/node"));
};

test("a checkout runs its sources, and the status is the program's", () => {
  const { status, stdout } = run(process.execPath, "3", "--flag");
  expect(JSON.parse(stdout)).toEqual([process.versions.node, "3", "--flag"]);
  expect(status).toBe(3);
});

test("a package runs its built files", () => {
  rmSync(join(tree, "src"), { recursive: true });
  mkdirSync(join(tree, "dist/cli"), { recursive: true });
  writeFileSync(join(tree, "dist/cli/main.js"), "export const main = async () => 5;");
  expect(run(process.execPath).status).toBe(5);
});

test.each([
  ["without dependencies", "node_modules", /Dependencies are missing\. Run: npm ci/],
  ["without sources or built files", "src", /not built: .* Run: npm run build/],
])("%s it says what to run", (_, missing, message) => {
  rmSync(join(tree, missing), { recursive: true });
  const { status, stderr } = run(process.execPath);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(status).toBe(2);
});

const noOlder = "no Node below 24 on this machine";

test("an older Node hands over to the bundled one, status and signals included", async ({ skip }) => {
  skip(older === undefined, noOlder);
  bundle();
  const { status, stdout } = run(older!, "7");
  expect(JSON.parse(stdout)).toEqual([process.versions.node, "7"]);
  expect(status).toBe(7);
  expect(run(older!, "die").signal).toBe("SIGKILL");

  const child = spawn(older!, [entry, "wait"], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([42, null]);
});

test("an older Node without a bundled one is refused", ({ skip }) => {
  skip(older === undefined, noOlder);
  const version = execFileSync(older!, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
  const { status, stderr } = run(older!);
  expect(stderr).toContain(`needs Node 22.18 or newer, got ${version}`);
  expect(status).toBe(2);
});
