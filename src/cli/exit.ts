/**
 * @file How commands end badly: the user's problem as message and hint (2), a
 * stopped run (130), our bug with its stack (1).
 */
import { CommanderError } from "commander";
import { LabError } from "../core/errors.ts";
import { printable, type Terminal } from "./terminal.ts";

/** Print what was thrown and return the exit code. */
export function report(error: unknown, { out, err }: Terminal, isJson: boolean): number {
  const tell = (code: string, message: string, hint?: string) => {
    if (isJson)
      out.line(JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }, null, 2));
  };
  // Commander has printed its own message (or the help) already.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    tell("input/invalid", error.message.replace(/^error: /, ""));
    return 2;
  }
  if (error instanceof LabError) {
    const isStop = error.code === "run/interrupted";
    err.line(`${isStop ? err.paint.warn("stopped:") : err.paint.bad("error:")} ${printable(error.message)}`);
    if (error.hint) err.line(`${err.paint.accent("hint:")} ${printable(error.hint)}`);
    tell(error.code, error.message, error.hint);
    return isStop ? 130 : 2;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err.line(`${err.paint.bad("internal error:")} this is a bug in mesascope, not in what you did.\n${stack}`);
  tell("internal", error instanceof Error ? error.message : String(error));
  return 1;
}
