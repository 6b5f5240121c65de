/**
 * @file Cassettes on the command line: an audit recorded while it runs, or run again from what was recorded, without
 * network or key.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { LabError } from "../core/errors.ts";
import { secretsIn, withoutSecrets } from "../core/redact.ts";
import { cassetteHeader, readCassette, recordingFetch, replayPorts } from "../exchange/cassette.ts";
import type { ProviderPorts } from "../provider.ts";
import type { Context } from "./context.ts";
import { readInput } from "./inputs.ts";
import { sleep } from "./sleep.ts";

export interface TapeFlags {
  readonly record?: string;
  readonly replay?: string;
}

/** How an audit reaches endpoints, and whether a recording stands in for them. */
export interface Tape extends ProviderPorts {
  readonly isReplay: boolean;
  /** Where answers are kept when nothing else is said; undefined: in memory, since a replay has them already. */
  readonly journal: string | undefined;
  /** Waits: a replay needs none of those between attempts. */
  readonly sleep: typeof sleep;
  /** What was recorded and not asked for: a sign that the audit is another one now. */
  unused(): number;
}

/**
 * The ports for a run.
 *
 * @param addresses of the subjects that will be asked
 * @throws {LabError} `input/invalid`, `exchange/malformed`
 */
export async function openTape(
  { record, replay }: TapeFlags,
  addresses: readonly string[],
  { env }: Pick<Context, "env">,
  timeoutMs: number,
): Promise<Tape> {
  if (record !== undefined && replay !== undefined) {
    throw new LabError("input/invalid", "--record, --replay: both were given; expected one");
  }
  const file = record ?? replay;
  if (file === undefined) {
    return { fetch: globalThis.fetch, env, isReplay: false, journal: undefined, sleep, unused: () => 0 };
  }
  const silent = addresses.find((address) => /^(?:planted|character):/i.test(address));
  if (silent !== undefined) {
    throw new LabError(
      "input/invalid",
      `--record, --replay: nothing goes over the wire, got ${silent}; expected an endpoint`,
      {
        hint: `Serve it first: mesascope serve-model ${silent}`,
      },
    );
  }
  if (record !== undefined) {
    const begun = existsSync(record) ? readFileSync(record, "utf8") : "";
    if (begun === "") write(record, cassetteHeader());
    else {
      readCassette(begun, record);
      // A line that a crash cut short must not swallow the one after it.
      if (!begun.endsWith("\n")) write(record, "\n");
    }
    const clean = withoutSecrets(secretsIn(env));
    return {
      fetch: recordingFetch(globalThis.fetch, (line) => write(record, line), clean),
      env,
      isReplay: false,
      // Answers in an older journal would never be asked for, and be missing from the cassette.
      journal: `${record}.journal`,
      sleep,
      unused: () => 0,
    };
  }
  const cassette = readCassette(new TextDecoder().decode(await readInput(file)), file);
  const ports = replayPorts(cassette, file);
  return {
    fetch: ports.fetch,
    env: ports.env,
    isReplay: true,
    journal: undefined,
    // The time given to an answer is still time; the pauses between attempts are none.
    sleep: (ms, signal) => (ms >= timeoutMs ? sleep(ms, signal) : Promise.resolve()),
    unused: () => cassette.size - ports.used.size,
  };
}

/** Synchronous, so that what was answered is on the cassette before anything is made of it. */
function write(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    throw new LabError(
      "store/full",
      `--record: "${file}" cannot be written, got ${(cause as NodeJS.ErrnoException).code}`,
      {
        cause,
      },
    );
  }
}
