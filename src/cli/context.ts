/**
 * @file What every command gets: the two streams, its common options, the store,
 * clocks, and Ctrl-C as a signal. Whatever is slow to load is loaded when asked for.
 */
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { HomeStore } from "../store/disk.ts";
import type { Progress } from "./progress.ts";
import type { Outlet, Terminal } from "./terminal.ts";

/** The process, as the command line sees it; tests pass their own. */
export interface Door {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from any origin, for durations. */
  readonly clock: () => number;
  /** From now on Ctrl-C aborts this signal instead of ending the process; a second one ends it. */
  interruptible(): AbortSignal;
}

export interface Context extends Pick<Door, "env" | "cwd" | "now" | "clock" | "interruptible"> {
  readonly out: Outlet;
  readonly err: Outlet;
  /** One JSON document on stdout instead of text. */
  readonly isJson: boolean;
  readonly seed: number;
  readonly home: string;
  store(): Promise<HomeStore>;
  /** Version of this code. */
  code(): Promise<string>;
  progress(options?: { readonly unit?: string }): Promise<Progress>;
  /** The result: `value` as JSON, or what `text` makes of it. */
  print(value: unknown, text: () => string): void;
}

/** Folder of reports, in the working directory. */
export const REPORTS = "mesascope-reports";

/** 0 fine, 2 a file of the user's does not hold, 3 a gate tripped; the rest is decided by what is thrown. */
export type ExitCode = 0 | 2 | 3;

/** Options as commander parsed them. */
export type Options = Readonly<Record<string, unknown>>;

/**
 * Give a command the common options and its action.
 *
 * @param run receives the command's arguments as they were typed
 */
export function addAction<Given extends Options>(
  command: Command,
  door: Door,
  finished: (code: ExitCode) => void,
  run: (
    context: Context,
    options: Given,
    ...args: readonly (string | readonly string[] | undefined)[]
  ) => Promise<ExitCode | undefined>,
): void {
  command
    .option("--json", "print one JSON document on stdout")
    .option("--seed <n>", "seed of everything drawn", parseCount, 0)
    .option("--home <folder>", "where records are kept (default: MESASCOPE_HOME, else ./.mesascope)")
    .action(async () => {
      const options = command.opts<Given & { json?: boolean; seed: number; home?: string }>();
      const home = options.home ?? (door.env.MESASCOPE_HOME || join(door.cwd, ".mesascope"));
      let opened: Promise<HomeStore> | undefined;
      const context: Context = {
        ...door.terminal,
        env: door.env,
        cwd: door.cwd,
        now: door.now,
        clock: door.clock,
        interruptible: door.interruptible,
        isJson: options.json === true,
        seed: options.seed,
        home,
        store() {
          opened ??= import("../store/disk.ts").then(({ homeStore }) => homeStore(home, { now: door.now }));
          return opened;
        },
        code: async () => (await import("./version.ts")).codeVersion(),
        progress: async (given = {}) =>
          (await import("./progress.ts")).progress({ outlet: door.terminal.err, now: door.clock, ...given }),
        print(value, text) {
          const { out } = door.terminal;
          if (options.json) return out.line(JSON.stringify(value, null, 2));
          const shown = text();
          if (shown !== "") out.line(shown);
        },
      };
      try {
        finished((await run(context, options, ...command.processedArgs)) ?? 0);
      } finally {
        await (await opened)?.close();
      }
    });
}

/** A whole number from 0. @throws {InvalidArgumentError} */
function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`Expected a whole number from 0, got "${text}".`);
  return Number(text);
}

/** A whole number from 1. @throws {InvalidArgumentError} */
export function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count === 0) throw new InvalidArgumentError(`Expected a whole number from 1, got "${text}".`);
  return count;
}

/** An option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
