/**
 * @file The wire format of OpenAI's chat completions, as a server sees it: a request checked and translated, an answer
 * written whole or as server-sent events.
 */
import { z } from "zod";
import type { ChatMessage, ChatRequest, Finish, Reply } from "../chat.ts";
import type { Json } from "../core/json.ts";

/** Content is text, or parts of text. Other parts (images, audio) are refused. */
const content = z
  .union([z.string(), z.array(z.object({ type: z.literal("text"), text: z.string() }))])
  .transform((given) => (typeof given === "string" ? given : given.map(({ text }) => text).join("")));
const toolCall = z.object({
  id: z.string(),
  type: z.literal("function").default("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content }),
  z.object({ role: z.literal("user"), content }),
  z.object({ role: z.literal("assistant"), content: content.nullish(), tool_calls: z.array(toolCall).nullish() }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content }),
]);

/** The members that mean something here; others (logit_bias, user, …) are accepted and have no effect. */
export const completionRequest = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  n: z.literal(1, "only one choice is offered").nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal("function"),
        function: z.looseObject({
          name: z.string(),
          description: z.string().nullish(),
          parameters: z.record(z.string(), z.unknown()).nullish(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z.union([z.enum(["auto", "none", "required"]), z.looseObject({ type: z.string() })]).nullish(),
});
type CompletionRequest = z.output<typeof completionRequest>;

/** The request in the subject's form. */
export function chatRequest(given: CompletionRequest): ChatRequest {
  // A tool's answer names its call alone; the call names the tool.
  const names = new Map(
    given.messages.flatMap((each) =>
      each.role === "assistant" ? (each.tool_calls ?? []).map(({ id, function: { name } }) => [id, name] as const) : [],
    ),
  );
  const messages = given.messages.map((each) => chatMessage(each, names));
  const maxTokens = given.max_completion_tokens ?? given.max_tokens;
  return {
    messages,
    ...(given.tools && given.tools.length > 0
      ? {
          tools: given.tools.map(({ function: { name, description, parameters } }) => ({
            name,
            description: description ?? "",
            parameters: (parameters ?? {}) as Json,
          })),
          ...(typeof given.tool_choice === "string" ? { toolChoice: given.tool_choice } : {}),
        }
      : {}),
    ...(given.temperature == null ? {} : { temperature: given.temperature }),
    ...(maxTokens == null ? {} : { maxTokens }),
  };
}

function chatMessage(given: CompletionRequest["messages"][number], names: ReadonlyMap<string, string>): ChatMessage {
  switch (given.role) {
    case "system":
    case "developer":
      return { role: "system", content: given.content };
    case "user":
      return { role: "user", content: given.content };
    case "tool": {
      const { tool_call_id: callId, content: text } = given;
      return { role: "tool", callId, name: names.get(callId) ?? "", content: text };
    }
    case "assistant": {
      const toolCalls = (given.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
        id,
        name,
        arguments: text,
      }));
      return { role: "assistant", content: given.content ?? "", ...(toolCalls.length > 0 ? { toolCalls } : {}) };
    }
  }
}

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  refusal: "content_filter",
  other: "stop",
};

/** What an answer is written with. */
export interface Envelope {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

const usageOf = ({ usage }: Reply) => ({
  prompt_tokens: usage?.inputTokens ?? 0,
  completion_tokens: usage?.outputTokens ?? 0,
  total_tokens: (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
  ...(usage?.cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: usage.cachedTokens } }),
  ...(usage?.reasoningTokens === undefined
    ? {}
    : { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
});

const wireCalls = ({ message: { toolCalls } }: Reply) =>
  toolCalls?.map(({ id, name, arguments: text }) => ({ id, type: "function", function: { name, arguments: text } }));

/** An answer in one piece. */
export function completion(reply: Reply, { id, model, created }: Envelope): string {
  const calls = wireCalls(reply);
  return JSON.stringify({
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: reply.message.content, ...(calls ? { tool_calls: calls } : {}) },
        finish_reason: FINISH_REASONS[reply.finish],
      },
    ],
    usage: usageOf(reply),
  });
}

/** Characters of text in one event. */
const PIECE = 12; // chosen: about three tokens, as endpoints send

/** An answer as server-sent events, each a string that ends in an empty line; the last says `[DONE]`. */
export function completionEvents(reply: Reply, { id, model, created }: Envelope, includeUsage: boolean): string[] {
  const event = (members: object) =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created, model, ...members })}\n\n`;
  const delta = (change: object, finish: string | null = null) =>
    event({ choices: [{ index: 0, delta: change, finish_reason: finish }] });
  const characters = [...reply.message.content]; // by code point: half a character cannot be encoded
  const events = [delta({ role: "assistant", content: "" })];
  for (let i = 0; i < characters.length; i += PIECE)
    events.push(delta({ content: characters.slice(i, i + PIECE).join("") }));
  for (const [index, call] of (wireCalls(reply) ?? []).entries()) {
    const { arguments: text, name } = call.function;
    events.push(delta({ tool_calls: [{ index, id: call.id, type: "function", function: { name, arguments: "" } }] }));
    events.push(delta({ tool_calls: [{ index, function: { arguments: text } }] }));
  }
  events.push(delta({}, FINISH_REASONS[reply.finish]));
  if (includeUsage) events.push(event({ choices: [], usage: usageOf(reply) }));
  events.push("data: [DONE]\n\n");
  return events;
}

/** An error as the format writes it. */
export const wireError = (message: string, type: string, code: string | null = null): string =>
  JSON.stringify({ error: { message, type, param: null, code } });
