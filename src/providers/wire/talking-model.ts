/**
 * @file A subject that talks through a language model of the AI SDK: the request in its form, one call without any
 * retry, the answer in ours, and the exact exchange beside it.
 */
import type { LanguageModel } from "ai";
import {
  type AssistantMessage,
  ChatFailure,
  type ChatMessage,
  type ChatRequest,
  type ChatSubject,
  encodePlan,
  type Finish,
  PLAN_HEADER,
  type Reply,
  type TrialPlan,
  type Usage,
} from "../../chat.ts";
import { LabError } from "../../core/errors.ts";
import { failureOf } from "./failure.ts";
import { CALL_HEADER, type Recorder, type Recording } from "./recorder.ts";

/** The specification that the SDK's providers implement. */
export type SdkModel = Extract<LanguageModel, { readonly specificationVersion: "v4" }>;
type SdkOptions = Parameters<SdkModel["doGenerate"]>[0];
type SdkResult = Pick<
  Awaited<ReturnType<SdkModel["doGenerate"]>>,
  "content" | "finishReason" | "usage" | "warnings"
> & {
  readonly response?: { readonly modelId?: string | undefined } | undefined;
};
type SdkPart = Awaited<ReturnType<SdkModel["doStream"]>>["stream"] extends ReadableStream<infer Part> ? Part : never;

export interface TalkingModelOptions {
  readonly id: string;
  readonly model: SdkModel;
  readonly recorder: Recorder;
  /** Ask for the answer as a stream of events. */
  readonly stream: boolean;
  /** Send the trial's plan along: to planted subjects only, never to a real model. */
  readonly sendsPlan: boolean;
  /** Settings of the provider itself. */
  readonly providerOptions?: NonNullable<SdkOptions["providerOptions"]>;
  /** Most tokens of an answer where the request names none. */
  readonly maxTokens?: number;
  /** Takes secrets out of text. */
  readonly clean: (text: string) => string;
  /** Text by which the wire format ends a stream that is whole. */
  readonly endOfStream: RegExp;
}

/** A {@link ChatSubject} over a model of the SDK. */
export function talkingModel(options: TalkingModelOptions): ChatSubject {
  const { id, model, recorder, clean } = options;
  return {
    id,
    access: new Set(["chat", "tools"]),
    async reply(request, { signal, plan, call: name } = {}) {
      const call = recorder.begin(name);
      try {
        const asked = sdkOptions(request, options, call.id, signal, plan);
        const result = options.stream ? await collect(model, asked) : await model.doGenerate(asked);
        const unsupported = result.warnings.find(({ type }) => type === "unsupported");
        // A setting that was silently dropped would make the record a lie.
        if (unsupported) {
          const { feature, details } = unsupported as { feature?: string; details?: string };
          const what = clean(`${feature ?? "a setting"} is not supported${details ? `: ${details}` : ""}`);
          throw new ChatFailure("rejected", what, recorded(call.recording));
        }
        if (isUnfinished(call.recording, options.endOfStream) || result.finishReason.unified === "interrupted") {
          throw cutOff(call.recording);
        }
        return replyOf(result, call.recording);
      } catch (error) {
        if (error instanceof ChatFailure) throw error;
        // A port that refuses to send (a cassette without the answer) speaks to the user, not of the endpoint.
        if (call.recording.thrown instanceof LabError) throw call.recording.thrown;
        // Half an answer is not the endpoint's idea of one, whatever the library makes of it.
        if (isUnfinished(call.recording, options.endOfStream) && !signal?.aborted) throw cutOff(call.recording);
        throw failureOf(error, call.recording, signal, clean);
      } finally {
        recorder.end(call.id);
      }
    },
  };
}

const recorded = ({ exchange }: Recording) => (exchange ? { status: exchange.status, exchange } : {});

function sdkOptions(
  request: ChatRequest,
  { providerOptions, sendsPlan, maxTokens }: TalkingModelOptions,
  callId: string,
  signal: AbortSignal | undefined,
  plan: TrialPlan | undefined,
): SdkOptions {
  const most = request.maxTokens ?? maxTokens;
  return {
    prompt: request.messages.map(sdkMessage),
    headers: { [CALL_HEADER]: callId, ...(sendsPlan && plan ? { [PLAN_HEADER]: encodePlan(plan) } : {}) },
    ...(most === undefined ? {} : { maxOutputTokens: most }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(signal ? { abortSignal: signal } : {}),
    ...(providerOptions ? { providerOptions } : {}),
    ...(request.tools
      ? {
          tools: request.tools.map(({ name, description, parameters }) => ({
            type: "function" as const,
            name,
            description,
            // Ours is JSON Schema as plain data; the SDK's type is the same with its members spelled out.
            inputSchema: parameters as { readonly type: "object" },
          })),
          toolChoice: { type: request.toolChoice ?? "auto" },
        }
      : {}),
  };
}

function sdkMessage(message: ChatMessage): SdkOptions["prompt"][number] {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content };
    case "user":
      return { role: "user", content: [{ type: "text", text: message.content }] };
    case "assistant":
      return {
        role: "assistant",
        content: [
          ...(message.content === "" ? [] : [{ type: "text" as const, text: message.content }]),
          ...(message.toolCalls ?? []).map(({ id, name, arguments: text }) => ({
            type: "tool-call" as const,
            toolCallId: id,
            toolName: name,
            input: parsedOr(text),
          })),
        ],
      };
    case "tool":
      return {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: message.callId,
            toolName: message.name,
            output: { type: "text", value: message.content },
          },
        ],
      };
  }
}

/** Arguments as data; text that is no JSON stays text, which the SDK's providers know how to hand back. */
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A streamed answer put together. */
async function collect(model: SdkModel, options: SdkOptions): Promise<SdkResult> {
  const { stream } = await model.doStream(options);
  const content: SdkResult["content"] = [];
  const texts = new Map<string, { type: "text" | "reasoning"; text: string }>();
  let warnings: SdkResult["warnings"] = [];
  let modelId: string | undefined;
  let finish: Extract<SdkPart, { type: "finish" }> | undefined;
  for await (const part of stream as AsyncIterable<SdkPart>) {
    switch (part.type) {
      case "stream-start":
        warnings = part.warnings;
        break;
      case "response-metadata":
        modelId = part.modelId ?? modelId;
        break;
      case "text-start":
      case "reasoning-start": {
        const piece = { type: part.type === "text-start" ? ("text" as const) : ("reasoning" as const), text: "" };
        texts.set(part.id, piece);
        content.push(piece);
        break;
      }
      case "text-delta":
      case "reasoning-delta": {
        const piece = texts.get(part.id);
        if (piece) piece.text += part.delta;
        break;
      }
      case "tool-call":
        content.push(part);
        break;
      case "finish":
        finish = part;
        break;
      case "error":
        throw part.error;
      default:
        break;
    }
  }
  if (!finish) throw new Error("the stream ended without saying how");
  return { content, warnings, finishReason: finish.finishReason, usage: finish.usage, response: { modelId } };
}

/** A stream that was cut can look like a short answer: its end must be there. */
function isUnfinished({ exchange, headers, isCut }: Recording, endOfStream: RegExp): boolean {
  if (exchange?.status !== 200) return false;
  const isStream = headers?.get("content-type")?.includes("event-stream") === true;
  return isCut === true || (isStream && !endOfStream.test(exchange.response));
}

const cutOff = (recording: Recording): ChatFailure =>
  new ChatFailure(
    "transport",
    `the answer was cut off after ${recording.exchange?.response.length ?? 0} characters`,
    recorded(recording),
  );

const FINISHES: Readonly<Record<string, Finish>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool-calls",
  "content-filter": "refusal",
};

function replyOf({ content, finishReason, usage, response }: SdkResult, { exchange }: Recording): Reply {
  const text = (type: "text" | "reasoning") =>
    content.flatMap((part) => (part.type === type ? part.text : [])).join("");
  const toolCalls = content.flatMap((part) =>
    part.type === "tool-call" ? { id: part.toolCallId, name: part.toolName, arguments: part.input } : [],
  );
  const message: AssistantMessage = {
    role: "assistant",
    content: text("text"),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  };
  const reasoning = text("reasoning");
  const counted = usageOf(usage);
  return {
    message,
    finish: FINISHES[finishReason.unified] ?? "other",
    ...(counted ? { usage: counted } : {}),
    ...(reasoning === "" ? {} : { reasoning }),
    ...(response?.modelId === undefined ? {} : { model: response.modelId }),
    ...(exchange ? { exchange } : {}),
  };
}

function usageOf({ inputTokens, outputTokens }: SdkResult["usage"]): Usage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  return {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    ...(outputTokens.reasoning ? { reasoningTokens: outputTokens.reasoning } : {}),
    ...(inputTokens.cacheRead ? { cachedTokens: inputTokens.cacheRead } : {}),
  };
}
