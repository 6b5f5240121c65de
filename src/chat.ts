/**
 * @file What an audit of a model that talks looks at: a subject that answers a list of messages, the exact bytes that
 * went over the wire, and the three ways an answer can fail to come.
 */
import type { Json } from "./core/json.ts";

/** A tool the subject may call; the simulated world behind it runs in this process. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments: an object. */
  readonly parameters: Json;
}

/** One call of a tool, as the subject wrote it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The text of the arguments as it came; it need not be JSON. */
  readonly arguments: string;
}

/** What the subject said. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string;
  /** Absent where it called no tool. */
  readonly toolCalls?: readonly ToolCall[];
}

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | AssistantMessage
  | { readonly role: "tool"; readonly callId: string; readonly name: string; readonly content: string };

/** What is asked: plain data, hashed into the key of the answer. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolSpec[];
  /** Default `auto`; `none` where tools are listed but must not be called. */
  readonly toolChoice?: "auto" | "none" | "required";
  /** Sent only where given: several models take none. */
  readonly temperature?: number;
  /** Most tokens of the answer. */
  readonly maxTokens?: number;
}

/** Why the subject stopped. `refusal` is the endpoint's own filter; a refusal in words is `stop`. */
export type Finish = "stop" | "length" | "tool-calls" | "refusal" | "other";

/** Tokens as the endpoint counted them. */
export interface Usage {
  readonly inputTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  /** Of the input, those read from the endpoint's cache. */
  readonly cachedTokens?: number;
}

/** One request and its answer on the wire, without secrets: headers are kept only where they carry none. */
export interface Exchange {
  readonly url: string;
  readonly status: number;
  /** Exact body sent. */
  readonly request: string;
  /** Exact body received; every chunk in order where it was streamed. */
  readonly response: string;
  /** The endpoint's own id of the request, where it gave one. */
  readonly requestId?: string;
}

/** One answer. */
export interface Reply {
  readonly message: AssistantMessage;
  readonly finish: Finish;
  /** Absent where the endpoint counted nothing. */
  readonly usage?: Usage;
  /** Reasoning text, where the endpoint shows it; never scored as the answer. */
  readonly reasoning?: string;
  /** The model that the endpoint says answered. */
  readonly model?: string;
  /** Absent for subjects in this process. */
  readonly exchange?: Exchange;
}

/** One answer a contrast would understand, for planted subjects alone. */
export interface PlannedOption {
  /** What is said. */
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
  /** The value that the contrast's scorer gives a trial answered so; absent where this turn decides nothing. */
  readonly value?: number;
}

/**
 * Which trial a request belongs to, and what answers to it look like. It travels beside the request and never in it:
 * only planted subjects look at it, no provider of a real model puts it on the wire, and no scorer sees it.
 */
export interface TrialPlan {
  readonly contrast: string;
  /** The contrast's drive, and the group of the catalog it belongs to. */
  readonly drive: string;
  readonly group: string;
  readonly item: string;
  /** Paraphrase family of the item. */
  readonly family: string;
  readonly arm: string;
  /** Levels of the factors that make up the arm. */
  readonly factors: Readonly<Record<string, string>>;
  /** How far this arm moves per unit of the primary effect: shifts of `size × pull` in every arm make an effect of `size`. */
  readonly pull: number;
  readonly repeat: number;
  /** Number of the request within the trial, from 0. */
  readonly turn: number;
  /** Present where the subject is asked about the trial afterwards: whether it took it for a test. */
  readonly asks?: "awareness";
  /** In the order in which a reader meets them: the first is what position bias picks. */
  readonly options: readonly PlannedOption[];
  /** Seed of the run: the same plan under the same seed is answered the same. */
  readonly seed: number;
}

/** Header under which a {@link TrialPlan} reaches a planted subject behind HTTP, as {@link encodePlan} writes it. */
export const PLAN_HEADER = "x-mesascope-plan";

/** A plan as text that a header can carry: JSON, percent-encoded. */
export const encodePlan = (plan: TrialPlan): string => encodeURIComponent(JSON.stringify(plan));

/** @throws {SyntaxError | URIError} when the text is not one of {@link encodePlan} */
export const decodePlan = (text: string): TrialPlan => JSON.parse(decodeURIComponent(text)) as TrialPlan;

export interface ReplyOptions {
  readonly signal?: AbortSignal;
  /**
   * Name of this call, one of a kind within a run, repeats and judges included: what a cassette files the exchange under.
   * It never goes over the wire.
   */
  readonly call?: string;
  readonly plan?: TrialPlan;
}

/** What may be asked of a subject that talks. */
export const CHAT_ACCESS = ["chat", "tools"] as const;
export type ChatAccess = (typeof CHAT_ACCESS)[number];

/** A model behind one function. */
export interface ChatSubject {
  /** Its address without secrets: `openai:gpt-x`, `planted:sycophant`. */
  readonly id: string;
  readonly access: ReadonlySet<ChatAccess>;
  /** Most requests that it takes at once; absent where others decide that. */
  readonly most?: number;
  /**
   * One answer; the subject keeps nothing between calls, and does not retry.
   *
   * @throws {ChatFailure} when no answer came; whatever else is thrown is a bug
   */
  reply(request: ChatRequest, options?: ReplyOptions): Promise<Reply>;
}

/**
 * Why no answer came.
 *
 * - `transport`: nothing was answered (connection, 429, 5xx, a cut stream, time). Asked again, it may come.
 * - `refusal`: the endpoint declined to pass an answer on. It is one: asking again would select.
 * - `parse`: an answer came that is not what the wire format promises. It is not asked again either.
 * - `rejected`: the endpoint refuses the request itself (key, model, parameters). Every trial would fail alike.
 */
export type ChatFailureKind = "transport" | "refusal" | "parse" | "rejected";

/** The failure of one request: data for the runner, not the user's mistake. */
export class ChatFailure extends Error {
  override readonly name = "ChatFailure";
  readonly kind: ChatFailureKind;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** How long the endpoint asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly exchange: Exchange | undefined;

  /** @param message without secrets: it is recorded */
  constructor(
    kind: ChatFailureKind,
    message: string,
    options: {
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly exchange?: Exchange;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.exchange = options.exchange;
  }
}
