/**
 * @file Requests of a run as OpenTelemetry spans with the attributes of the GenAI conventions, one JSON object a line
 * in the form of OTLP. Contents of messages are left out unless they are asked for, as the conventions demand.
 *
 * A journal keeps no times of single requests, so that every span carries the time of the run.
 *
 * Source: OpenTelemetry, Semantic conventions for generative AI spans (status: development).
 */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { ChatMessage, Finish } from "../chat.ts";
import type { ScoredTrial } from "../contrast.ts";
import { hashBytes } from "../core/hash.ts";
import type { Transcripts, Turn } from "./transcripts.ts";

export interface SpanOptions {
  /** Address of the subject: `openai:gpt-5`. */
  readonly subject: string;
  /** Hash of the run: the same run gives the same identifiers. */
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Put prompts and answers into the spans. */
  readonly hasContent: boolean;
}

type Value = string | number | boolean | readonly string[] | undefined;

/** Spans as JSON lines: one a request, all requests of a trial under one trace. */
export function spansJsonl(trials: readonly ScoredTrial[], transcripts: Transcripts, options: SpanOptions): string {
  return trials
    .flatMap((trial) =>
      (transcripts.get(trial.id) ?? []).map((turn) => `${JSON.stringify(spanOf(trial, turn, options))}\n`),
    )
    .join("");
}

/** Identifiers as OTLP wants them: hexadecimal digits out of the content. */
const digits = (text: string, length: number): string => hashBytes(utf8ToBytes(text)).slice(0, length);

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  refusal: "content_filter",
  other: "error",
};

function spanOf(trial: ScoredTrial, { turn, request, reply, declined }: Turn, options: SpanOptions): unknown {
  const { subject, run, at, hasContent } = options;
  const model = modelIn(subject);
  const attributes: Readonly<Record<string, Value>> = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": providerIn(subject),
    "gen_ai.request.model": model,
    "gen_ai.request.temperature": request.temperature,
    "gen_ai.request.max_tokens": request.maxTokens,
    "gen_ai.response.model": reply?.model,
    "gen_ai.response.id": reply?.exchange?.requestId,
    "gen_ai.response.finish_reasons": reply && [FINISH_REASONS[reply.finish]],
    "gen_ai.usage.input_tokens": reply?.usage?.inputTokens,
    "gen_ai.usage.output_tokens": reply?.usage?.outputTokens,
    "gen_ai.conversation.id": trial.id,
    "gen_ai.input.messages": hasContent ? JSON.stringify(request.messages.map(partsOf)) : undefined,
    "gen_ai.output.messages": hasContent && reply ? JSON.stringify([partsOf(reply.message)]) : undefined,
    "error.type": declined === undefined ? undefined : "declined",
    "mesascope.contrast": trial.contrast,
    "mesascope.item": trial.item,
    "mesascope.family": trial.family,
    "mesascope.arm": trial.arm,
    "mesascope.repeat": trial.repeat,
    "mesascope.turn": turn,
    "mesascope.score": trial.score.status === "scored" ? trial.score.value : undefined,
    "mesascope.missing": trial.score.status === "missing" ? trial.score.reason : undefined,
  };
  const time = `${BigInt(Math.round(at)) * 1_000_000n}`;
  return {
    traceId: digits(`${run} ${trial.id}`, 32),
    spanId: digits(`${run} ${trial.id} ${turn}`, 16),
    name: `chat ${model}`,
    kind: 3, // SPAN_KIND_CLIENT
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value: anyValue(value) }],
    ),
    status: declined === undefined ? {} : { code: 2, message: declined },
  };
}

/** OTLP's tagged values; integers are text there. */
function anyValue(value: NonNullable<Value>): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((each) => ({ stringValue: each })) } };
}

/** `gpt-5` in `openai:gpt-5`, and what follows the `#` of an endpoint. */
const modelIn = (subject: string): string => subject.slice(Math.max(subject.indexOf("#"), subject.indexOf(":")) + 1);

/** The conventions know `openai` and `anthropic`; others name themselves. */
const providerIn = (subject: string): string =>
  /^https?:/.test(subject) ? "openai_compatible" : subject.split(":")[0]!;

function partsOf(message: ChatMessage): unknown {
  const text = message.content === "" ? [] : [{ type: "text", content: message.content }];
  switch (message.role) {
    case "tool":
      return { role: "tool", parts: [{ type: "tool_call_response", id: message.callId, response: message.content }] };
    case "assistant":
      return {
        role: "assistant",
        parts: [
          ...text,
          ...(message.toolCalls ?? []).map(({ id, name, arguments: given }) => ({
            type: "tool_call",
            id,
            name,
            arguments: given,
          })),
        ],
      };
    default:
      return { role: message.role, parts: text };
  }
}
