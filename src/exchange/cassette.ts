/**
 * @file Cassettes: every exchange of an audit with an endpoint, filed under what was asked, so that the whole audit
 * runs again without network or key, in a pipeline for example.
 *
 * An entry's key is the hash of the address, the exact body and the call it belongs to (contrast, item, arm, repeat,
 * turn, and whether it is the judge's): two repeats of one question are two entries, and so are two rulings on one text.
 * Of several attempts at one request the last counts. A request that is not
 * on the cassette is refused, with the nearest entry and where it differs: it never goes to the network.
 *
 * The file is JSON lines: a header, then one entry a line, appended as answers come, the last of a key counting.
 */
import { z } from "zod";
import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import { redactor, shown } from "../core/redact.ts";
import type { ProviderPorts } from "../provider.ts";
import { readBody, type WireInit, withoutCredentials } from "../providers/wire/recorder.ts";
import { checked } from "./refusal.ts";

const FORMAT = "mesascope-cassette/1";

/** Headers of an answer that mean something to a client and carry no secret. */
const KEPT_HEADERS = ["content-type", "x-request-id", "request-id", "retry-after", "retry-after-ms", "date"] as const;

const entrySchema = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"),
  /** `<contrast>/<item>.<arm>#<repeat>:<turn>`, the judge's `…#<repeat>:judge:<turn>`; absent outside of trials. */
  trial: z.string().optional(),
  url: z.string(),
  request: z.string(),
  /** Absent where no answer came. */
  status: z.int().min(200).max(599).optional(),
  headers: z
    .partialRecord(z.enum(KEPT_HEADERS), z.string().regex(/^[\x20-\x7e]*$/, "expected printable ASCII"))
    .default({}),
  response: z.string().default(""),
  /** The connection ended before the answer did. */
  isCut: z.boolean().optional(),
});
export type CassetteEntry = z.output<typeof entrySchema>;

/** Entries by key. */
export type Cassette = ReadonlyMap<string, CassetteEntry>;

/** First line of a file. */
export const cassetteHeader = (): string => `${JSON.stringify({ format: FORMAT })}\n`;

/**
 * Entries of a file. A last line that was cut off in the middle is passed over: the run was killed while writing it.
 *
 * @throws {LabError} `exchange/malformed` naming the line
 */
export function readCassette(text: string, where: string): Cassette {
  const lines = text.split("\n");
  const entries = new Map<string, CassetteEntry>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (i === lines.length - 1 && i > 0) break;
      throw new LabError("exchange/malformed", `${where}:${i + 1}: this is no JSON; expected one entry of a cassette`);
    }
    if (i === 0) {
      checked(z.object({ format: z.literal(FORMAT, `expected "${FORMAT}"`) }), value, `${where}:1`);
      continue;
    }
    const entry = checked(entrySchema, value, `${where}:${i + 1}`);
    entries.set(entry.key, entry);
  }
  if (lines[0]?.trim() === "") {
    throw new LabError("exchange/malformed", `${where}:1: no header; expected {"format":"${FORMAT}"}`);
  }
  return entries;
}

interface Asked {
  readonly key: string;
  readonly url: string;
  readonly request: string;
  readonly trial: string | undefined;
}

function askedBy(input: string | URL | Request, init: WireInit, clean: (text: string) => string): Asked {
  const url = clean(withoutCredentials(String(input instanceof Request ? input.url : input)));
  const request = clean(typeof init.body === "string" ? init.body : "");
  const { trial } = init;
  return { key: hashJson({ url, request, trial }), url, request, trial };
}

/**
 * A `fetch` that passes requests on and hands every exchange to `append` as a line of a cassette.
 *
 * @param clean takes secrets out of text
 */
export function recordingFetch(
  send: typeof globalThis.fetch,
  append: (line: string) => void,
  clean: (text: string) => string,
): typeof globalThis.fetch {
  return async (input, init: WireInit = {}) => {
    const { trial, ...asked } = askedBy(input, init, clean);
    const keep = (answer: Partial<CassetteEntry>) =>
      append(`${JSON.stringify({ ...asked, ...(trial === undefined ? {} : { trial }), ...answer })}\n`);
    let response: Response;
    let body: Awaited<ReturnType<typeof readBody>>;
    try {
      response = await send(input, init);
      body = await readBody(response, init.signal ?? undefined);
    } catch (error) {
      keep({});
      throw error;
    }
    const entry = {
      status: response.status,
      headers: Object.fromEntries(
        KEPT_HEADERS.flatMap((name) => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, clean(value)]];
        }),
      ),
      response: clean(body.text),
      ...(body.isCut ? { isCut: true } : {}),
    };
    keep(entry);
    return responseOf(entry);
  };
}

/** What a replay was asked for. */
export interface Replay extends ProviderPorts {
  /** Keys of entries that were asked for. */
  readonly used: ReadonlySet<string>;
}

/**
 * Ports that answer from a cassette and know no network. Keys are not needed: whichever variable a provider looks up
 * holds a word that says so.
 *
 * The `fetch` of the result throws a {@link LabError} `run/mismatch` for a request that is not on the cassette.
 */
export function replayPorts(cassette: Cassette, where: string): Replay {
  const used = new Set<string>();
  return {
    used,
    env: new Proxy({}, { get: (_, name) => (typeof name === "string" ? "replayed-without-a-key" : undefined) }),
    async fetch(input, init: WireInit = {}) {
      const asked = askedBy(input, init, (text) => text);
      const entry = cassette.get(asked.key);
      if (!entry) throw missing(asked, cassette, where);
      used.add(asked.key);
      if (entry.status === undefined) throw new TypeError("no answer came when this cassette was recorded");
      return responseOf({ ...entry, status: entry.status });
    },
  };
}

function responseOf({
  status,
  headers,
  response,
  isCut,
}: Pick<CassetteEntry, "headers" | "response"> & { status: number; isCut?: boolean | undefined }): Response {
  if (status === 204 || status === 304) return new Response(null, { status, headers });
  if (!isCut) return new Response(response, { status, headers });
  let isSent = false;
  const stream = new ReadableStream({
    pull(controller) {
      if (response !== "" && !isSent) {
        isSent = true;
        controller.enqueue(new TextEncoder().encode(response));
      } else controller.error(new TypeError("terminated"));
    },
  });
  return new Response(stream, { status, headers });
}

/** The refusal of a request that was never recorded: which entry is nearest, and where the two part. */
function missing(asked: Asked, cassette: Cassette, where: string): LabError {
  const named = asked.trial === undefined ? "a request" : `trial ${asked.trial}`;
  const hint = "Record the cassette again: --record instead of --replay.";
  const near = nearestEntry(asked, cassette);
  if (!near)
    return new LabError("run/mismatch", `${where}: ${named} is not on the cassette, got an empty one`, { hint });
  return new LabError(
    "run/mismatch",
    // A cassette is a file: what stands in it need not be what a recording wrote.
    redactor()(
      `${where}: ${named} is not on the cassette; the nearest is ${near.trial ?? near.key.slice(0, 12)}, which differs: ${difference(asked, near)}`,
    ),
    { hint },
  );
}

/** The entry of the same trial, else the one whose body agrees longest. */
function nearestEntry({ trial, request }: Asked, cassette: Cassette): CassetteEntry | undefined {
  let best: CassetteEntry | undefined;
  let most = -1;
  for (const entry of cassette.values()) {
    const agreed = sameStart(entry.request, request) + (trial !== undefined && entry.trial === trial ? 1e9 : 0);
    if (agreed > most) [best, most] = [entry, agreed];
  }
  return best;
}

function sameStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function difference(asked: Asked, near: CassetteEntry): string {
  if (asked.url !== near.url) return `recorded at ${near.url}, asked of ${asked.url}`;
  const path = (() => {
    try {
      return firstDifference(JSON.parse(near.request), JSON.parse(asked.request), "body");
    } catch {
      return undefined;
    }
  })();
  if (path !== undefined) return path;
  return near.trial === asked.trial ? "the bytes of the body" : `recorded for ${near.trial ?? "no trial"}`;
}

/** `body.messages[0].content, recorded "…", now "…"`: the first member in which two documents differ. */
function firstDifference(before: unknown, now: unknown, path: string): string | undefined {
  if (typeof before === "object" && typeof now === "object" && before !== null && now !== null) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const step = Array.isArray(before) ? `[${key}]` : `.${key}`;
      const found = firstDifference(Reflect.get(before, key), Reflect.get(now, key), path + step);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (before === now) return undefined;
  if (typeof before === "string" && typeof now === "string") {
    // Long texts that begin alike are shown from shortly before they part.
    const from = Math.max(0, sameStart(before, now) - 10);
    return `${path} at character ${from}, recorded ${shown(before.slice(from))}, now ${shown(now.slice(from))}`;
  }
  return `${path}, recorded ${shown(before)}, now ${shown(now)}`;
}
