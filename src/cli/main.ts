/**
 * @file The command line. Commands are declared here and loaded when they run, so
 * that help costs nothing.
 */
import { Command } from "commander";
import { registerAudit } from "./commands/audit.ts";
import { registerBench } from "./commands/bench.ts";
import { registerCheck } from "./commands/check.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerExport } from "./commands/export.ts";
import { registerGrow } from "./commands/grow.ts";
import { registerImport } from "./commands/import.ts";
import { registerList } from "./commands/list.ts";
import { registerMitigate } from "./commands/mitigate.ts";
import { registerQuickstart } from "./commands/quickstart.ts";
import { registerReplicate } from "./commands/replicate.ts";
import { registerReport } from "./commands/report.ts";
import { registerRollout } from "./commands/rollout.ts";
import { registerServeModel } from "./commands/serve-model.ts";
import { registerShow } from "./commands/show.ts";
import { registerTheory } from "./commands/theory.ts";
import { registerValidate } from "./commands/validate.ts";
import { registerVerify } from "./commands/verify.ts";
import { registerZoo } from "./commands/zoo.ts";
import type { Door, ExitCode } from "./context.ts";
import { report } from "./exit.ts";
import { terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

/** In the order of the help page: from the first thing one does to the last. */
const COMMANDS = [
  registerQuickstart,
  registerGrow,
  registerAudit,
  registerDiff,
  registerCheck,
  registerRollout,
  registerMitigate,
  registerZoo,
  registerBench,
  registerValidate,
  registerReplicate,
  registerTheory,
  registerList,
  registerShow,
  registerReport,
  registerImport,
  registerServeModel,
  registerExport,
  registerVerify,
];

/**
 * Run one command.
 *
 * @param args what follows the program's name
 * @param door what the command sees of the process
 * @returns 0 fine, 1 our bug, 2 the user's input, 3 a gate tripped, 130 interrupted
 */
export async function main(args: readonly string[], door: Door = processDoor()): Promise<number> {
  const { terminal: streams } = door;
  let exitCode: number = 0;
  const finished = (code: ExitCode) => {
    exitCode = code;
  };
  const program = new Command("mesascope")
    .description("What is a trained model optimizing for, and is that what it was trained for?")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("Run with --help for usage.")
    .configureOutput({
      writeOut: streams.out.write,
      writeErr: streams.err.write,
      getOutHelpWidth: () => streams.out.columns,
      getErrHelpWidth: () => streams.err.columns,
    })
    .addHelpText(
      "after",
      `
Start here:
  mesascope quickstart             grow a small zoo, audit it blind, read the report
  mesascope list                   everything that has a name

Exit codes: 0 fine, 1 our bug, 2 your input, 3 a gate tripped, 130 interrupted.`,
    );
  for (const register of COMMANDS) register(program, door, finished);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, streams, args.includes("--json"));
  }
}

/** This process as a door: the only place that reads it. */
function processDoor(): Door {
  // A reader that has seen enough (`| head`) closes the pipe: that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const streams = terminal(process.stdout, process.stderr, process.env);
  // Node 22 calls its own SQLite experimental, on stderr, at every command.
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (name !== "ExperimentalWarning") streams.err.line(`${streams.err.paint.warn("warning:")} ${message}`);
  });
  const controller = new AbortController();
  let isGentle = false;
  const interrupted = () => {
    if (!isGentle || controller.signal.aborted) {
      streams.err.line("Interrupted.");
      process.exit(130);
    }
    streams.err.line("Stopping after this update, and saving. Press Ctrl-C again to stop at once.");
    controller.abort();
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  return {
    terminal: streams,
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
    clock: () => performance.now(),
    interruptible() {
      isGentle = true;
      return controller.signal;
    },
  };
}
