/**
 * @file What kind of failure an exchange is: whether it may be asked again, and how long the endpoint asks to wait.
 */
import { ChatFailure, type ChatFailureKind } from "../../chat.ts";
import type { Recording } from "./recorder.ts";

/** Statuses that mean "not now": the same request may be answered later. 529 is Anthropic's overload. */
const isPassing = (status: number): boolean =>
  status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;

/** Codes by which endpoints say that their filter, not the request, is the reason. */
const FILTERED = /content[_-]?(?:filter|policy)|responsible_?ai/i;

/**
 * The failure that a call came to.
 *
 * @param error what the client library threw
 * @param clean takes secrets out of text
 */
export function failureOf(
  error: unknown,
  recording: Recording,
  signal: AbortSignal | undefined,
  clean: (text: string) => string,
): ChatFailure {
  const { exchange, headers, thrown } = recording;
  const make = (kind: ChatFailureKind, message: string, retryAfterMs?: number) =>
    new ChatFailure(kind, clean(message), {
      ...(exchange ? { status: exchange.status, exchange } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  if (signal?.aborted) return make("transport", "no answer within the time given");
  if (thrown !== undefined || !exchange) {
    // A cause such as ECONNREFUSED says more than "fetch failed".
    const cause = thrown instanceof Error ? (thrown.cause as { code?: unknown } | undefined) : undefined;
    if (thrown === undefined) return make("rejected", `the request cannot be written: ${sentence(error)}`);
    return make("transport", `no connection: ${String(cause?.code ?? sentence(thrown))}`);
  }
  const { status, response } = exchange;
  if (status < 200 || status > 299) {
    const said = spoken(response);
    if (isPassing(status)) return make("transport", `HTTP ${status}${said}`, retryAfterMs(headers));
    if (FILTERED.test(response)) return make("refusal", `HTTP ${status}${said}`);
    return make("rejected", `HTTP ${status}${said}`);
  }
  return make("parse", `the answer is not what the wire format promises: ${sentence(error)}`);
}

/** The endpoint's own words on what is wrong, short. */
function spoken(response: string): string {
  try {
    const { error } = JSON.parse(response) as { error?: { message?: unknown } | string };
    const message = typeof error === "string" ? error : error?.message;
    return typeof message === "string" ? `: ${message.slice(0, 200)}` : "";
  } catch {
    return "";
  }
}

const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, 200);

/**
 * How long the endpoint asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date, which is read
 * against the endpoint's own clock.
 */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = positive(headers?.get("retry-after-ms"));
  if (exact !== undefined) return exact;
  const text = headers?.get("retry-after");
  const seconds = positive(text);
  if (seconds !== undefined) return seconds * 1000;
  const until = Date.parse(text ?? "");
  const now = Date.parse(headers?.get("date") ?? "");
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}

const positive = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
