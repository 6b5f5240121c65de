/** @file Every provider against answers in its own wire format: what is sent, what is understood, what is refused. */
import { describe, expect, test } from "vitest";
import type { ChatRequest, ChatSubject } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { parseParams } from "../plugin.ts";
import type { ProviderPorts } from "../provider.ts";
import { anthropic } from "./anthropic.ts";
import { providers } from "./index.ts";
import { openai } from "./openai.ts";
import { openaiCompatible, parseEndpoint } from "./openai-compatible.ts";
import { retryAfterMs } from "./wire/failure.ts";

const KEY = "sk-abcdefghijklmnopqrstuvwxyz012345";
const ASKED: ChatRequest = {
  messages: [
    { role: "system", content: "Be short." },
    { role: "user", content: "Two and two?" },
  ],
  tools: [{ name: "sum", description: "adds", parameters: { type: "object", properties: { a: { type: "number" } } } }],
  maxTokens: 50,
};

/** A `fetch` that answers with `body` and remembers what it was sent. */
function stub(body: string, init: ResponseInit & { type?: string } = {}) {
  const sent: { url: string; headers: Headers; body: string }[] = [];
  const fetch: typeof globalThis.fetch = async (input, given) => {
    sent.push({ url: String(input), headers: new Headers(given?.headers), body: String(given?.body) });
    return new Response(body, { headers: { "content-type": init.type ?? "application/json" }, ...init });
  };
  return { sent, fetch };
}
const ENV = { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY, MESASCOPE_ENDPOINT_KEY: KEY };

const CHAT = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-x-2026",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "Four.",
        tool_calls: [{ id: "c1", type: "function", function: { name: "sum", arguments: '{"a": 2 }' } }],
      },
      finish_reason: "tool_calls",
    },
  ],
  usage: {
    prompt_tokens: 20,
    completion_tokens: 9,
    total_tokens: 29,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 5 },
  },
};
const RESPONSES = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "gpt-x-2026",
  output: [
    { type: "reasoning", id: "r1", summary: [{ type: "summary_text", text: "adding" }] },
    {
      type: "message",
      id: "m1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Four.", annotations: [] }],
    },
    { type: "function_call", id: "f1", call_id: "c1", name: "sum", arguments: '{"a": 2 }', status: "completed" },
  ],
  usage: {
    input_tokens: 20,
    output_tokens: 9,
    total_tokens: 29,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens_details: { reasoning_tokens: 5 },
  },
};
const MESSAGES = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "gpt-x-2026",
  content: [
    { type: "text", text: "Four." },
    { type: "tool_use", id: "c1", name: "sum", input: { a: 2 } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 16, output_tokens: 9, cache_read_input_tokens: 4, cache_creation_input_tokens: 0 },
};

type Open = (ports: ProviderPorts) => Promise<ChatSubject>;
const FORMATS: readonly (readonly [string, Open, unknown, string])[] = [
  [
    "openai, chat",
    async (ports) => openai.open("openai:gpt-4o", parseParams(openai, { api: "chat" }), ports),
    CHAT,
    "https://api.openai.com/v1/chat/completions",
  ],
  [
    "openai, responses",
    async (ports) => openai.open("openai:gpt-5", parseParams(openai), ports),
    RESPONSES,
    "https://api.openai.com/v1/responses",
  ],
  [
    "anthropic",
    async (ports) => anthropic.open("anthropic:claude-x", parseParams(anthropic), ports),
    MESSAGES,
    "https://api.anthropic.com/v1/messages",
  ],
  [
    "openai-compatible",
    async (ports) => openaiCompatible.open("https://host.example/v1#gpt-x", parseParams(openaiCompatible), ports),
    CHAT,
    "https://host.example/v1/chat/completions",
  ],
];

describe.each(FORMATS)("%s", (_, open, answer, url) => {
  test("the answer, its tokens, and the bytes", async () => {
    const { fetch, sent } = stub(JSON.stringify(answer));
    const reply = await (await open({ fetch, env: ENV })).reply(ASKED);
    expect(reply.message.content).toBe("Four.");
    expect(reply.message.toolCalls).toHaveLength(1);
    expect(JSON.parse(reply.message.toolCalls![0]!.arguments)).toEqual({ a: 2 });
    expect(reply.finish).toBe("tool-calls");
    expect(reply.model).toBe("gpt-x-2026");
    expect(reply.usage).toMatchObject({ inputTokens: 20, outputTokens: 9, cachedTokens: 4 });
    expect(sent).toHaveLength(1);
    expect(sent[0]!.url).toBe(url);
    expect(reply.exchange).toEqual({ url, status: 200, request: sent[0]!.body, response: JSON.stringify(answer) });
    expect([...sent[0]!.headers.keys()].filter((name) => name.startsWith("x-mesascope"))).toEqual([]);
    expect([...sent[0]!.headers.values()].join()).toContain(KEY);
    expect(JSON.stringify(reply)).not.toContain(KEY);
  });

  test("an error that quotes the key is told without it", async () => {
    const body = JSON.stringify({ error: { type: "x", message: `Incorrect API key provided: ${KEY}.` } });
    const { fetch, sent } = stub(body, { status: 401 });
    const answered = (await open({ fetch, env: ENV })).reply(ASKED);
    const error = await answered.then(
      () => new Error("answered"),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ kind: "rejected", status: 401 });
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(KEY);
    expect(error.message).toContain("Incorrect API key");
    expect(sent).toHaveLength(1); // no retry of its own
  });

  test("passing troubles are asked about once, and say how long to wait", async () => {
    const { fetch, sent } = stub("{}", { status: 429, headers: { "retry-after": "7" } });
    const error = await (await open({ fetch, env: ENV })).reply(ASKED).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "transport", status: 429, retryAfterMs: 7000 });
    expect(sent).toHaveLength(1);
  });

  test.each(["", "null", "{}", '{"choices":[]}', '{"choices":[{}]}', "<html>", '{"output":7,"content":7}'])(
    "200 with %j is a failure of its kind, not a crash",
    async (body) => {
      const { fetch } = stub(body);
      const error = await (await open({ fetch, env: ENV })).reply(ASKED).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "ChatFailure", kind: "parse" });
    },
  );

  test("without a key nothing is sent", async () => {
    const { fetch, sent } = stub("{}");
    const opened = open({ fetch, env: {} });
    if (url.includes("host.example")) await opened;
    else await expect(opened).rejects.toThrow(LabError);
    expect(sent).toHaveLength(0);
  });
});

test("every scheme belongs to one provider", () => {
  const schemes = providers.flatMap((provider) => provider.schemes);
  expect(new Set(schemes).size).toBe(schemes.length);
});

test("a setting that a model does not take is an error, not a silent drop", async () => {
  const { fetch } = stub(JSON.stringify(RESPONSES));
  const model = await openai.open("openai:o3", parseParams(openai), { fetch, env: ENV });
  const error = await model.reply({ ...ASKED, temperature: 0.5 }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "rejected", message: expect.stringContaining("temperature") });
});

test.each([
  [{ "retry-after": "2" }, 2000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "35", "retry-after": "1" }, 35],
  [{ "retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" }, 10_000],
  [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", date: "Wed, 21 Oct 2026 07:29:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{}, undefined],
] as const)("%j asks to wait %s ms", (headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>))).toBe(expected);
});

test.each([
  ["http://127.0.0.1:1234/v1#m", { baseUrl: "http://127.0.0.1:1234/v1", name: "m", isLocal: true }],
  ["https://a.b/v1/#org/m%20x", { baseUrl: "https://a.b/v1", name: "org/m x", isLocal: false }],
  ["http://[::1]:8/v1#100%", { baseUrl: "http://[::1]:8/v1", name: "100%", isLocal: true }],
] as const)("%s", (address, parts) => expect(parseEndpoint(address)).toEqual(parts));

test.each(["http://x/v1", "http://x/v1#", "ftp://x#m", "http://", `http://x/v1?key=${KEY}#m`])(
  "%s is refused",
  (address) => {
    expect(() => parseEndpoint(address)).toThrow(/expected http/);
    expect(() => parseEndpoint(address)).not.toThrow(KEY);
  },
);
