/**
 * @file The recording `fetch`: what a client library sends and receives, kept byte for byte.
 *
 * A whole answer is read before the library sees it, streams included: an audit has no use for early words, and only
 * a whole body tells a finished stream from one that was cut.
 */
import type { Exchange } from "../../chat.ts";

/** Which call of the subject a request belongs to. Taken off before anything is sent. */
export const CALL_HEADER = "x-mesascope-call";

/** What a port may know of a request besides its bytes: a cassette files answers by it, the network ignores it. */
export interface WireInit extends RequestInit {
  /** Name of the call. */
  readonly trial?: string;
}

/** What one call left on the wire. */
export interface Recording {
  readonly trial?: string;
  /** The last exchange; absent while nothing was answered. */
  exchange?: Exchange;
  headers?: Headers;
  /** The connection ended before the body did. */
  isCut?: boolean;
  /** What `fetch` itself threw: no answer came. */
  thrown?: unknown;
}

/** A body longer than this is no chat completion. */
const MAX_BODY_BYTES = 32 << 20;

export interface Recorder {
  readonly fetch: typeof globalThis.fetch;
  /** Begin a call; its requests must carry the returned id in {@link CALL_HEADER}. */
  begin(trial: string | undefined): { readonly id: string; readonly recording: Recording };
  end(id: string): void;
}

/**
 * @param send puts a request on the wire
 * @param clean takes secrets out of text; what is recorded has passed it
 */
export function recorder(send: typeof globalThis.fetch, clean: (text: string) => string): Recorder {
  const calls = new Map<string, Recording>();
  let count = 0;
  return {
    begin(trial) {
      const id = String(count++);
      const recording: Recording = trial === undefined ? {} : { trial };
      calls.set(id, recording);
      return { id, recording };
    },
    end: (id) => void calls.delete(id),
    async fetch(input, init = {}) {
      const headers = new Headers(init.headers);
      const recording = calls.get(headers.get(CALL_HEADER) ?? "") ?? {};
      headers.delete(CALL_HEADER);
      const sent: WireInit = {
        ...init,
        headers,
        // A key must not follow a redirect to another host.
        redirect: "error",
        ...(recording.trial === undefined ? {} : { trial: recording.trial }),
      };
      let response: Response;
      try {
        response = await send(input, sent);
      } catch (error) {
        recording.thrown = error;
        throw error;
      }
      const { text: received, isCut } = await readBody(response, init.signal ?? undefined);
      // An endpoint that repeats a key must not bring it into an answer either.
      const text = clean(received);
      const requestId = response.headers.get("x-request-id") ?? response.headers.get("request-id");
      recording.headers = response.headers;
      recording.isCut = isCut;
      recording.exchange = {
        url: clean(withoutCredentials(String(input instanceof Request ? input.url : input))),
        status: response.status,
        request: clean(typeof init.body === "string" ? init.body : ""),
        response: text,
        ...(requestId === null ? {} : { requestId: clean(requestId) }),
      };
      const passed = new Headers(response.headers);
      // The text is unpacked and whole: these describe what came over the wire.
      for (const name of ["content-encoding", "content-length", "transfer-encoding"]) passed.delete(name);
      const hasBody = response.status !== 204 && response.status !== 304;
      return new Response(hasBody ? text : null, { status: response.status, headers: passed });
    },
  };
}

/**
 * All of a body, or as much as came before the connection ended. Throws when the caller gave up.
 */
export async function readBody(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  if (!response.body) return { text: "", isCut: false };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const read = (isCut: boolean) => ({ text: UTF8.decode(joined(chunks, size)), isCut });
  try {
    // A reader, not the iterator: it costs half as much, and every trial comes through here.
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (size + next.value.length > MAX_BODY_BYTES) {
        await reader.cancel();
        return read(true);
      }
      chunks.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    // The caller gave up: that is his, not the endpoint's.
    if (signal?.aborted) throw error;
    return read(true);
  }
  return read(false);
}

/** One for all bodies, each decoded whole: a decoder of its own for every answer kept the garbage collector busy. */
const UTF8 = new TextDecoder();

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** An address without the user and password that it may hold. */
export function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url.href;
}
