/**
 * @file A contract as a list of checks: what a kind of plug-in owes, as sentences that a test runs and a command
 * prints. A check ends with what is not kept; it never stops at the first breach of many.
 */
import { LabError } from "../core/errors.ts";

/** One promise, and whether it is kept. */
export interface Check {
  /** As the end of "it …", or a sentence of its own. */
  readonly title: string;
  /** What is not kept, as sentences; none when all is well. */
  run(): Promise<readonly string[]> | readonly string[];
}

/** A check that has been run. */
export interface CheckResult {
  readonly title: string;
  readonly status: "passed" | "failed";
  /** At most a few of the breaches; empty when it passed. */
  readonly reasons: readonly string[];
}

/** Breaches shown of one check: the first few say what is wrong, a thousand say nothing more. */
const SHOWN = 5;

/** Breaches as they are found. */
export interface Breaches {
  readonly found: readonly string[];
  /** Note a breach unless the condition holds; the message is made only then. */
  unless(condition: boolean, message: string | (() => string)): void;
}

/** An empty list of breaches. */
export function noBreaches(): Breaches {
  const found: string[] = [];
  return {
    found,
    unless(condition, message) {
      if (!condition) found.push(typeof message === "string" ? message : message());
    },
  };
}

/**
 * Run checks one after another. Whatever a plug-in throws is a breach of its contract.
 *
 * @param onResult hears each as it ends
 */
export async function runChecks(
  checks: readonly Check[],
  onResult?: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const breaches = [...new Set(await run(check))];
    const more = breaches.length - SHOWN;
    const result: CheckResult = {
      title: check.title,
      status: breaches.length === 0 ? "passed" : "failed",
      reasons: more > 0 ? [...breaches.slice(0, SHOWN), `and ${more} more`] : breaches,
    };
    results.push(result);
    onResult?.(result);
  }
  return results;
}

async function run(check: Check): Promise<readonly string[]> {
  try {
    return await check.run();
  } catch (error) {
    // A stop is the user's wish, not a breach.
    if (error instanceof LabError && error.code === "run/interrupted") throw error;
    return [thrown(error)];
  }
}

/** What was thrown and where: the first place in the plug-in's own file helps most. */
function thrown(error: unknown): string {
  if (error instanceof LabError) return error.message;
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  const places = [...(error.stack ?? "").matchAll(/file:\/\/(\S+?:\d+):\d+/g)].map((match) => match[1]!);
  return `it throws ${error.name}: ${error.message}${places[0] === undefined ? "" : `, at ${places[0]}`}`;
}
