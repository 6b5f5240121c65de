/** @file The server of models that talk, from outside: over sockets, and through the providers that ship. */
import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { ChatFailure, type ChatRequest, type ChatSubject, type Reply, type ReplyOptions } from "../chat.ts";
import { openaiCompatible } from "../providers/openai-compatible.ts";
import type { FaultRates } from "./faults.ts";
import { type ModelServer, type ModelServerOptions, serveModels } from "./model-server.ts";

const KEY = "sk-test-planted-0123456789abcdef";
const heard: { request: ChatRequest; options: ReplyOptions | undefined }[] = [];
/** Answers with what it was asked, and calls the first tool it is offered with arguments that are no JSON. */
const echo: ChatSubject = {
  id: "echo",
  access: new Set(["chat", "tools"]),
  async reply(request, options): Promise<Reply> {
    heard.push({ request, options });
    const last = request.messages.at(-1)!.content;
    if (last === "decline") throw new ChatFailure("refusal", "declined");
    const toolCalls = request.tools?.[0]
      ? [{ id: "call_1", name: request.tools[0].name, arguments: '{"x": 1,}' }]
      : undefined;
    return {
      message: { role: "assistant", content: `héllo 🙂 ${last}`, ...(toolCalls ? { toolCalls } : {}) },
      finish: toolCalls ? "tool-calls" : last === "long" ? "length" : "stop",
      usage: { inputTokens: 7, outputTokens: 3, reasoningTokens: 1 },
    };
  },
};

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  heard.length = 0;
});
async function serve(options: Partial<ModelServerOptions> = {}): Promise<string> {
  server = await serveModels({ subjects: { echo, "planted:echo": echo }, now: () => 1_700_000_000_000, ...options });
  return server.baseUrl;
}
async function subject(
  options: Partial<ModelServerOptions> = {},
  { stream = false, model = "echo", env = {} }: { stream?: boolean; model?: string; env?: Record<string, string> } = {},
): Promise<ChatSubject> {
  const baseUrl = await serve(options);
  return openaiCompatible.open(`${baseUrl}#${model}`, { key: "", stream }, { fetch, env });
}
const says = (content: string): ChatRequest => ({ messages: [{ role: "user", content }] });
const failure = (promise: Promise<unknown>): Promise<ChatFailure> =>
  promise.then(
    () => expect.fail("an answer came"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ChatFailure);
      return error as ChatFailure;
    },
  );

describe.each([false, true])("an answer, streamed: %s", (stream) => {
  test("text, usage, model and the exact exchange", async () => {
    const reply = await (await subject({}, { stream })).reply({ ...says("you"), temperature: 0.5, maxTokens: 64 });
    expect(reply).toMatchObject({
      message: { role: "assistant", content: "héllo 🙂 you" },
      finish: "stop",
      usage: { inputTokens: 7, outputTokens: 3, reasoningTokens: 1 },
      model: "echo",
    });
    expect(heard[0]!.request).toEqual({ ...says("you"), temperature: 0.5, maxTokens: 64 });
    const { exchange } = reply;
    expect(exchange).toMatchObject({ status: 200, requestId: "req-0" });
    expect(JSON.parse(exchange!.request)).toMatchObject({ model: "echo", max_tokens: 64 });
    if (stream) expect(exchange!.response).toMatch(/^data: .*\n\ndata: [\s\S]*data: \[DONE\]\n\n$/);
    else expect(JSON.parse(exchange!.response)).toMatchObject({ object: "chat.completion" });
  });

  test("tools: calls keep their text, answers find their way back", async () => {
    const model = await subject({}, { stream });
    const tools = [{ name: "look", description: "looks", parameters: { type: "object", properties: {} } }];
    const first = await model.reply({ ...says("use it"), tools, toolChoice: "required" });
    expect(first).toMatchObject({
      finish: "tool-calls",
      message: { toolCalls: [{ id: "call_1", name: "look", arguments: '{"x": 1,}' }] },
    });
    await model.reply({
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "u" },
        { role: "assistant", content: "", toolCalls: [{ id: "a", name: "look", arguments: '{"y":2}' }] },
        { role: "tool", callId: "a", name: "look", content: "seen" },
      ],
    });
    expect(heard[1]!.request.messages).toEqual([
      { role: "system", content: "s" },
      { role: "user", content: "u" },
      { role: "assistant", content: "", toolCalls: [{ id: "a", name: "look", arguments: '{"y":2}' }] },
      { role: "tool", callId: "a", name: "look", content: "seen" },
    ]);
  });

  test("every fault is the failure that it is", async () => {
    const failing = async (faults: FaultRates, signal?: AbortSignal) => {
      await server?.close();
      const model = await subject({ faults, retryAfterMs: 30 }, { stream });
      return failure(model.reply(says("you"), signal ? { signal } : {}));
    };
    expect(await failing({ "rate-limited": 1 })).toMatchObject({ kind: "transport", status: 429, retryAfterMs: 30 });
    expect(await failing({ failing: 1 })).toMatchObject({ kind: "transport", status: 500 });
    expect(await failing({ hanging: 1 }, AbortSignal.timeout(50))).toMatchObject({ kind: "transport" });
    const cut = await failing({ truncated: 1 });
    expect(cut).toMatchObject({ kind: "transport", status: 200 });
    expect(cut.message).toContain("cut off");
    expect(cut.exchange?.response).not.toBe("");
    expect(await failing({ malformed: 1 })).toMatchObject({ kind: "parse" });
  });

  test("a refusal, a wrong model and a length are told apart", async () => {
    const model = await subject({}, { stream });
    expect(await failure(model.reply(says("decline")))).toMatchObject({ kind: "refusal", status: 400 });
    expect((await model.reply(says("long"))).finish).toBe("length");
    const { baseUrl } = server!;
    const other = await openaiCompatible.open(`${baseUrl}#nobody`, { key: "", stream }, { fetch, env: {} });
    expect(await failure(other.reply(says("you")))).toMatchObject({ kind: "rejected", status: 404 });
    await server!.close();
    expect(await failure(other.reply(says("you")))).toMatchObject({ kind: "transport", status: undefined });
    server = undefined;
  });
});

describe("keys", () => {
  test("are sent, and stand nowhere: not in exchanges, not in errors", async () => {
    const model = await subject({ key: KEY }, { env: { MESASCOPE_ENDPOINT_KEY: KEY } });
    const reply = await model.reply(says(`is ${KEY} your key?`));
    expect(JSON.stringify([reply, model.id])).not.toContain(KEY);
    const stranger = await openaiCompatible.open(
      `${server!.baseUrl}#echo`,
      { key: "OTHER", stream: false },
      {
        fetch,
        env: { OTHER: `${KEY}-wrong` },
      },
    );
    const refused = await failure(stranger.reply(says(KEY)));
    expect(refused).toMatchObject({ kind: "rejected", status: 401 });
    expect(JSON.stringify([refused, refused.message, refused.exchange, refused.stack])).not.toContain(`${KEY}-wrong`);
  });
  test.each([
    ["", "no key"],
    ["a\nb", "cannot be sent"],
    ["kéy", "cannot be sent"],
  ])("%j is refused", async (key, reason) => {
    const opened = (async () =>
      openaiCompatible.open("http://127.0.0.1:1/v1#m", { key: "K", stream: false }, { fetch, env: { K: key } }))();
    await expect(opened).rejects.toThrow(reason);
  });
  test("addresses with credentials are refused without repeating them", async () => {
    const opened = (async () =>
      openaiCompatible.open(`http://user:${KEY}@127.0.0.1:1/v1#m`, { key: "", stream: false }, { fetch, env: {} }))();
    await expect(opened).rejects.toThrow(/holds a user or password/);
    await expect(opened).rejects.not.toThrow(KEY);
  });
});

describe("plans", () => {
  const plan = {
    contrast: "c",
    drive: "d",
    group: "drives",
    pull: 0,
    item: "train-1",
    family: "train",
    arm: "hint — é",
    factors: {},
    repeat: 2,
    turn: 0,
    options: [{ content: "yes — ".repeat(9000), value: 1 }], // longer than the 16 KiB that servers take by default
    seed: 3,
  };
  test("reach a planted subject on this machine", async () => {
    await (await subject({}, { model: "planted:echo" })).reply(says("you"), { plan });
    expect(heard[0]!.options?.plan).toEqual(plan);
  });
  test("reach nobody else", async () => {
    await (await subject()).reply(says("you"), { plan });
    expect(heard[0]!.options?.plan).toBeUndefined();
  });
});

describe("the door", () => {
  /** `fetch` may not set Host or Origin; a socket may. */
  const raw = (baseUrl: string, headers: Record<string, string>, path = "/v1/models", method = "GET", body = "") =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { port } = new URL(baseUrl);
      const sent = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  test("foreign hosts and pages are turned away", async () => {
    const baseUrl = await serve();
    const host = new URL(baseUrl).host;
    expect((await raw(baseUrl, { host })).status).toBe(200);
    expect((await raw(baseUrl, { host: "evil.example" })).status).toBe(403);
    expect((await raw(baseUrl, { host, origin: "https://evil.example" })).status).toBe(403);
    expect((await raw(baseUrl, { host, origin: "null" })).status).toBe(403);
    expect((await raw(baseUrl, { host, origin: `http://${host}` })).status).toBe(200);
  });
  test("what is no request is refused in the format's own words", async () => {
    const baseUrl = await serve();
    const host = new URL(baseUrl).host;
    const post = (body: string) => raw(baseUrl, { host }, "/v1/chat/completions", "POST", body);
    for (const body of [
      "",
      "{",
      "[]",
      '{"model":"echo"}',
      '{"model":"echo","messages":[{"role":"robot","content":""}]}',
    ]) {
      const { status, text } = await post(body);
      expect(status).toBe(400);
      expect(JSON.parse(text).error.type).toBe("invalid_request_error");
    }
    expect((await post(JSON.stringify({ model: "__proto__", messages: [{ role: "user", content: "" }] }))).status).toBe(
      404,
    );
    expect((await raw(baseUrl, { host }, "/v1/completions", "POST", "{}")).status).toBe(404);
    expect((await raw(baseUrl, { host }, "/v1/chat/completions")).status).toBe(405);
    expect((await post(`"${"x".repeat(5 << 20)}"`)).status).toBe(413);
  });
  test("it listens on this machine alone", async () => {
    expect(new URL(await serve()).hostname).toBe("127.0.0.1");
  });
});

describe("faults", () => {
  test("come at their rates, and the same again for the same seed whatever the order", async () => {
    const rates = { "rate-limited": 0.2, failing: 0.1, malformed: 0.1 };
    const run = async (seed: number, order: readonly number[]) => {
      await server?.close();
      const model = await subject({ faults: rates, seed, retryAfterMs: 1 });
      const outcomes: string[] = [];
      await Promise.all(
        order.map(async (i) => {
          outcomes[i] = await model.reply(says(`q${i}`)).then(
            () => "ok",
            ({ status, kind }: ChatFailure) => `${kind} ${status}`,
          );
        }),
      );
      return outcomes;
    };
    const order = Array.from({ length: 300 }, (_, i) => i);
    const first = await run(1, order);
    expect(await run(1, order.toReversed())).toEqual(first);
    expect(await run(2, order)).not.toEqual(first);
    const share = (outcome: string) => first.filter((each) => each === outcome).length / 300;
    // 4 standard errors of a share of .2 among 300
    expect(Math.abs(share("transport 429") - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 300));
    expect(Math.abs(share("ok") - 0.6)).toBeLessThan(4 * Math.sqrt(0.24 / 300));
    expect(server!.counts.get("ok")).toBeGreaterThan(0);
  });
  test("rates that are no shares are refused", async () => {
    await expect(serve({ faults: { failing: 0.7, hanging: 0.4 } })).rejects.toThrow(/no shares/);
    await expect(serve({ faults: { failing: -0.1 } })).rejects.toThrow(/no shares/);
  });
});
