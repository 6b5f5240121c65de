/** @file The command under test: as a process, or for commands without threads in this one, which is ten times faster. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { main } from "../src/cli/main.ts";
import { terminal } from "../src/cli/terminal.ts";

const entry = join(import.meta.dirname, "../bin/mesascope.js");

export interface Ended {
  /** −1 when a signal ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLine {
  /** A folder that goes away with the test file; processes run in it. */
  readonly folder: string;
  /** The store, unless a command is told another. */
  readonly home: string;
  /** A process, to its end. */
  run(...args: readonly string[]): Promise<Ended>;
  /** A process in progress: end it when the time has come. */
  start(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  /** The same command in this process: files need absolute paths. */
  ask(...args: readonly string[]): Promise<Ended>;
}

export function commandLine(name: string): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), `mesascope-${name}-`));
  const children: ChildProcess[] = [];
  afterAll(() => {
    // A test that failed may have left a server behind.
    for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const home = join(folder, "home");
  // Without a repository the version is the package's alone: sources edited beside the test change no checkpoint's version.
  const env = { ...process.env, NO_COLOR: "1", MESASCOPE_HOME: home, GIT_DIR: join(folder, "no-repository") };
  const start: CommandLine["start"] = (...args) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code: code ?? -1, out, err })));
    return { child, ended };
  };
  return {
    folder,
    home,
    start,
    run: (...args) => start(...args).ended,
    async ask(...args) {
      const said = { out: "", err: "" };
      const stream = (kind: "out" | "err") => ({
        columns: 400,
        write: (text: string | Uint8Array) => {
          said[kind] += String(text);
        },
      });
      const code = await main(args, {
        terminal: terminal(stream("out"), stream("err"), env),
        env,
        cwd: folder,
        now: () => 0,
        clock: () => 0,
        interruptible: () => new AbortController().signal,
      });
      return { code, ...said };
    },
  };
}

/** Wait until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A run of about a second with many updates to stop between, on the smallest world. */
export const SHORT_RUN: readonly string[] = [
  "misgeneralized",
  ...["--env-set", "size=5", "--frames", "50000", "--network-set", "width=8"],
  ...["--optimizer-set", "environments=16", "--optimizer-set", "steps=16", "--optimizer-set", "minibatch=256"],
];
