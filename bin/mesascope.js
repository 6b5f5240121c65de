#!/usr/bin/env node
/**
 * @file The command's entry: finds a Node that is new enough, then the program.
 *
 * Plain JavaScript that any Node since 14 can read. In a checkout the sources run unbuilt (type stripping, Node
 * 22.18 and later); in an installed package the built files run. An older Node hands over to the one that the
 * checkout carries, passing signals and the exit status through.
 */

import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A path relative to the package root. */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const [major, minor] = process.versions.node.split(".").map(Number);
/** Whether this Node is at least the given version. */
const isAtLeast = (wantMajor, wantMinor) => major > wantMajor || (major === wantMajor && minor >= wantMinor);

// Node strips no types below node_modules, and a package carries no sources.
const source = at("src/cli/main.ts");
const isCheckout = existsSync(source);
const bundled = at(`node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`);

if (isCheckout && !isAtLeast(24, 0) && existsSync(bundled)) await handOver(bundled);
else if (isCheckout && !existsSync(at("node_modules/commander"))) refuse("Dependencies are missing. Run: npm ci");
else if (!isAtLeast(22, isCheckout ? 18 : 15)) {
  const wanted = isCheckout ? "22.18" : "22.15";
  refuse(`mesascope needs Node ${wanted} or newer, got ${process.versions.node}. Run: npm install -g node@24`);
} else {
  const entry = isCheckout ? source : at("dist/cli/main.js");
  if (!existsSync(entry)) refuse(`mesascope is not built: ${entry} is missing. Run: npm run build`);
  else {
    const { enableCompileCache } = await import("node:module");
    enableCompileCache?.();
    const { main } = await import(pathToFileURL(entry).href);
    process.exitCode = await main(process.argv.slice(2));
  }
}

/** Say what is wrong and what to do, and stop as for any wrong input. */
function refuse(message) {
  console.error(message);
  process.exitCode = 2;
}

/** Run this same command under another Node. */
async function handOver(node) {
  const { spawn } = await import("node:child_process");
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: "inherit" });
  const forward = (signal) => {
    // Ctrl-C reaches the whole foreground group by itself; sent twice it would mean "stop at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  child.on("error", (error) => refuse(`mesascope: ${node} does not start (${error.message}). Run: npm ci`));
  child.on("exit", (status, signal) => {
    if (signal === null) process.exitCode = status;
    else {
      for (const each of signals) process.off(each, forward);
      process.kill(process.pid, signal);
    }
  });
}
