/** @file Installation happens when it is needed and only then. A stand-in for npm records how it was called. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root as repository } from "./source.ts";

let root: string;
const lock = (version: string) =>
  JSON.stringify({
    packages: {
      "": { name: "x" },
      studio: { version: "0.0.0" },
      "node_modules/a": { version },
      "node_modules/studio": { resolved: "studio", link: true },
      "node_modules/other-platform": { version: "1.0.0", optional: true },
    },
  });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mesascope-install-"));
  writeFileSync(join(root, "package-lock.json"), lock("1.0.0"));
  // Does what `npm ci` does, as far as anyone here looks.
  writeFileSync(
    join(root, "npm.cjs"),
    `const fs = require("node:fs");
     fs.appendFileSync("calls", JSON.stringify([process.argv.slice(2), process.env.ONNXRUNTIME_NODE_INSTALL]) + "\\n");
     if (fs.existsSync("broken")) { console.error("E404"); process.exit(1); }
     fs.rmSync("node_modules", { recursive: true, force: true });
     fs.mkdirSync("node_modules/node/bin", { recursive: true });
     fs.writeFileSync("node_modules/node/bin/node", "");
     fs.writeFileSync("node_modules/.package-lock.json", fs.readFileSync("package-lock.json"));`,
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function ensure(): { status: number | null; stderr: string; calls: number } {
  const { status, stderr } = spawnSync(process.execPath, [join(repository, "scripts/ensure-installed.mjs")], {
    encoding: "utf8",
    env: { ...process.env, MESASCOPE_ROOT: root, npm_execpath: join(root, "npm.cjs") },
  });
  const log = join(root, "calls");
  return { status, stderr, calls: existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").length : 0 };
}

test("a bare checkout is installed once, with one line said", () => {
  const first = ensure();
  expect(first).toMatchObject({ status: 0, calls: 1 });
  expect(first.stderr.trim().split("\n")).toEqual([expect.stringContaining("Installing dependencies")]);
  const [args, skip] = JSON.parse(readFileSync(join(root, "calls"), "utf8")) as [string[], string];
  expect(args[0]).toBe("ci");
  expect(skip).toBe("skip");
  expect(ensure()).toEqual({ status: 0, stderr: "", calls: 1 });
});

test("another lock file means another installation", () => {
  ensure();
  writeFileSync(join(root, "package-lock.json"), lock("2.0.0"));
  expect(ensure().calls).toBe(2);
  expect(ensure().calls).toBe(2);
});

test("what was installed by hand counts when it is what the lock file says", () => {
  ensure();
  rmSync(join(root, "node_modules/.mesascope-installed"));
  expect(ensure().calls).toBe(1);
  rmSync(join(root, "node_modules/.mesascope-installed"));
  writeFileSync(join(root, "node_modules/.package-lock.json"), lock("0.9.0"));
  expect(ensure().calls).toBe(2);
});

test("an interrupted installation is repeated", () => {
  mkdirSync(join(root, "node_modules/a"), { recursive: true });
  expect(ensure()).toMatchObject({ status: 0, calls: 1 });
});

test("a failing npm is reported, leaves no stamp, and exits 2", () => {
  writeFileSync(join(root, "broken"), "");
  const { status, stderr } = ensure();
  expect(status).toBe(2);
  expect(stderr).toMatch(/E404[\s\S]*npm ci failed \(exit 1\)/);
  rmSync(join(root, "broken"));
  expect(ensure()).toMatchObject({ status: 0, calls: 2 });
});
