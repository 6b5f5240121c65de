/**
 * @file Installs the dependencies when they are missing or differ from package-lock.json; otherwise does nothing.
 *
 * Plain JavaScript on Node 20, because it runs before the Node that the project carries is there. Every npm
 * script that needs dependencies calls it first, so a fresh clone needs one command. An interrupted
 * installation leaves no stamp and is repeated.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = process.env.MESASCOPE_ROOT ?? dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".mesascope-installed");
const lock = readFileSync(join(root, "package-lock.json"));
const wanted = `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}`;

if (!isCurrent()) {
  install();
  writeFileSync(stamp, wanted);
}

/** Whether what is installed is what the lock file says. */
function isCurrent() {
  if (existsSync(stamp)) return readFileSync(stamp, "utf8") === wanted;
  // Installed by hand: npm's own record of what it put there decides.
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record) || !existsSync(bundledNode())) return false;
  const has = JSON.parse(readFileSync(record, "utf8")).packages;
  const wants = Object.entries(JSON.parse(lock.toString("utf8")).packages);
  const same = wants.every(([path, { version, link, optional }]) => {
    if (path === "" || link || !path.startsWith("node_modules/")) return true;
    return has[path] === undefined ? Boolean(optional) : has[path].version === version;
  });
  if (same) writeFileSync(stamp, wanted);
  return same;
}

/** Run `npm ci`, quietly; say what happens in one line, and why it failed if it does. */
function install() {
  console.error("Installing dependencies into node_modules (once, about 1 GB; a minute on a slow line) …");
  const npm = process.env.npm_execpath;
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, args] = npm?.endsWith("js") ? [process.execPath, [npm, ...options]] : ["npm", options];
  // The scripts of the previous installation must not decide which Node runs npm.
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => !entry.startsWith(modules));
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32" && command === "npm",
    env: {
      ...process.env,
      PATH: path.join(delimiter),
      // The CPU kernels are inside the package; the download of GPU ones is not wanted.
      ONNXRUNTIME_NODE_INSTALL: "skip",
      ONNXRUNTIME_NODE_INSTALL_CUDA: "skip",
    },
  });
  if (error || status !== 0) {
    console.error(`npm ci failed (${error?.message ?? `exit ${status}`}). Run it by hand to see more: npm ci`);
    process.exit(2);
  }
  if (!existsSync(bundledNode()) && !isRecent()) {
    console.error(
      `The bundled Node was not fetched, because install scripts are disabled, and ${process.version} is too old.` +
        " Run: npm ci --ignore-scripts=false",
    );
    process.exit(2);
  }
}

/** Where the `node` package puts the Node that runs the project. */
function bundledNode() {
  return join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

/** Whether this Node can run the sources itself. */
function isRecent() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}
