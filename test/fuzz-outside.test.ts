/**
 * @file A thousand malformed inputs of every kind that comes from outside: YAML, JSON lines, logs, containers, cassettes
 * and answers of servers. Each is read, or refused as the user's problem: no crash, no hang, no key in any message.
 *
 * Inputs are made by breaking good ones, since random text is refused at its first character and finds nothing.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChatFailure, type ChatSubject } from "../src/chat.ts";
import { LabError } from "../src/core/errors.ts";
import { hashJson } from "../src/core/hash.ts";
import { cassetteHeader, readCassette, replayPorts } from "../src/exchange/cassette.ts";
import { importedContrast } from "../src/exchange/imported.ts";
import { columnsOf } from "../src/exchange/inspect/columns.ts";
import { readInspectLog } from "../src/exchange/inspect/read.ts";
import { completeLog, writeInspectEval, writeInspectJson } from "../src/exchange/inspect/write.ts";
import { importModelWrittenEvals } from "../src/exchange/model-written-evals.ts";
import { importPromptfoo } from "../src/exchange/promptfoo/config.ts";
import { readPromptfooResults } from "../src/exchange/promptfoo/results.ts";
import { readTranscripts } from "../src/exchange/transcripts.ts";
import { parseParams } from "../src/plugin.ts";
import type { ProviderPorts } from "../src/provider.ts";
import { anthropic } from "../src/providers/anthropic.ts";
import { openai } from "../src/providers/openai.ts";
import { openaiCompatible } from "../src/providers/openai-compatible.ts";
import type { WireInit } from "../src/providers/wire/recorder.ts";
import { completionRequest } from "../src/serve/chat-completions.ts";

const KEY = "sk-fuzz-0123456789abcdefghijklmnop";
const RUNS = 1000;
/** Milliseconds in which a single input must be done with; the slowest here takes about 20. */
const LONGEST = 2000;

/** Values that break readers: of every type, empty, huge, deep, and with a key in them. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, "", " ", "\u0000", "__proto__", "constructor", [], {}, [
    [[[]]],
  ]),
  fc.constant(`leaked ${KEY} here`),
  fc.constant({ __proto__: null, toString: 1, length: -1 }),
  fc.constant(JSON.parse(`${"[".repeat(150)}${"]".repeat(150)}`)),
  fc.string({ maxLength: 20, unit: "binary" }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A document with one member, somewhere, replaced, removed or doubled. */
const brokenDocument = (good: unknown) =>
  fc.tuple(fc.nat(), hostile, fc.constantFrom("replace", "remove", "add")).map(([at, value, how]) => {
    const copy = structuredClone(good);
    const places: (readonly [object, string])[] = [];
    const walk = (node: unknown) => {
      if (typeof node !== "object" || node === null) return;
      for (const key of Object.keys(node)) {
        places.push([node, key]);
        walk(Reflect.get(node, key));
      }
    };
    walk(copy);
    const [parent, key] = places[at % places.length]!;
    if (how === "remove") Reflect.deleteProperty(parent, key);
    else Reflect.set(parent, how === "add" ? `${key}x` : key, value);
    return copy;
  });

/** A text with a piece cut out, a piece of noise put in, or both. */
const brokenText = (good: string) =>
  fc
    .tuple(
      fc.nat(good.length),
      fc.nat(30),
      fc.oneof(
        fc.string({ maxLength: 8, unit: "binary" }),
        fc.constantFrom("{", "[", "*a", "&a ", "- ", ": ", KEY, "\n", "\t", '"', "NaN", "-Infinity", "1e999", "\ud800"),
      ),
    )
    .map(([at, length, noise]) => good.slice(0, at) + noise + good.slice(at + length));

const either = (document: unknown, text = JSON.stringify(document)) =>
  fc.oneof(
    brokenDocument(document).map((value) => JSON.stringify(value) ?? "null"),
    brokenText(text),
    brokenText(text).chain(brokenText),
  );

/** Read it: fine, or refused in the user's words. Returns what was refused. */
async function survives(
  work: () => unknown,
  kinds: readonly (new (...args: never[]) => Error)[] = [LabError],
): Promise<boolean> {
  const started = performance.now();
  try {
    await work();
    return false;
  } catch (error) {
    expect(
      kinds.some((kind) => error instanceof kind),
      `${(error as Error).stack}`,
    ).toBe(true);
    expect(`${(error as Error).message} ${(error as LabError).hint ?? ""} ${JSON.stringify(error)}`).not.toContain(KEY);
    return true;
  } finally {
    expect(performance.now() - started).toBeLessThan(LONGEST);
  }
}

/** How many of the inputs were refused: a fuzzer whose inputs all pass, or all fail, tests nothing. */
async function fuzz<T>(
  inputs: fc.Arbitrary<T>,
  work: (input: T) => unknown,
  kinds?: Parameters<typeof survives>[1],
): Promise<number> {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      if (await survives(() => work(input), kinds)) refused++;
    }),
    { numRuns: RUNS, seed: 20261121 },
  );
  expect(refused).toBeGreaterThan(RUNS / 20);
  expect(refused).toBeLessThan(RUNS);
  return refused;
}

const LOG = completeLog({
  eval: {
    eval_id: "e",
    created: "2026-11-21T12:00:00+00:00",
    task: "t",
    dataset: { samples: 1 },
    model: "m",
    config: { secret: KEY },
  },
  status: "success",
  samples: [
    {
      id: "a.b",
      epoch: 1,
      input: [{ role: "user", content: "u" }],
      target: "",
      messages: [{ role: "assistant", content: "x", tool_calls: [{ id: "1", function: "f", arguments: { k: KEY } }] }],
      scores: { s: { value: Number.NaN, answer: KEY, metadata: { family: "f" } } },
      events: [{ event: "info", timestamp: "t", working_start: 0, data: 1 }],
    },
  ],
});
const bytes = (text: string) => new TextEncoder().encode(text);

describe("logs of Inspect", () => {
  test("JSON", async () => {
    const text = writeInspectJson(LOG);
    const document = JSON.parse(text.replaceAll("NaN", "0.5"));
    await fuzz(either(document, text), async (input) => {
      const log = await readInspectLog(bytes(input), "log.json");
      columnsOf(log);
      completeLog(JSON.parse(writeInspectJson(log).replaceAll(/\b(?:NaN|-?Infinity)\b/g, "0")));
    });
  });
  test("containers", async () => {
    const good = await writeInspectEval(LOG);
    const broken = fc
      .tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(good.length), fc.boolean())
      .map(([at, byte, end, isCut]) => {
        const copy = good.slice(0, isCut ? end : good.length);
        if (at < copy.length) copy[at] = byte;
        return copy;
      });
    await fuzz(broken, (input) => readInspectLog(input, "log.eval"));
  });
});

describe("questions and results of other tools", () => {
  const config = {
    description: "d",
    prompts: ["a {{x}}", { raw: "b", label: "l" }],
    env: { OPENAI_API_KEY: KEY },
    tests: [
      {
        vars: { x: ["1", "2"] },
        assert: [
          { type: "contains", value: "{{x}}" },
          { type: "regex", value: "^a+$" },
        ],
      },
      { vars: { x: KEY }, assert: [{ type: "not-icontains-any", value: ["y"] }, { type: "is-json" }] },
    ],
  };
  const yaml = `description: d\nprompts:\n  - 'a {{x}}'\n  - &b b\nenv:\n  OPENAI_API_KEY: ${KEY}\ntests:\n  - vars: {x: [1, *b]}\n    assert:\n      - type: regex\n        value: ^a+$\n`;
  test("configurations of promptfoo", async () => {
    await fuzz(fc.oneof(either(config), either(config, yaml)), (input) => {
      const imported = importPromptfoo(input, "promptfooconfig.yaml");
      const contrast = importedContrast(imported);
      for (const family of contrast.families) {
        const item = { id: family, family, data: contrast.item(family, null as never, {}) };
        contrast.score({
          item,
          state: null,
          replies: [{ message: { role: "assistant", content: "a".repeat(40) }, finish: "stop" }],
        });
      }
    });
  });
  test("results of promptfoo", async () => {
    const row = {
      promptIdx: 0,
      testIdx: 0,
      provider: { id: "p" },
      success: true,
      score: 1,
      failureReason: 0,
      namedScores: { a: 1 },
      vars: { k: KEY },
    };
    await fuzz(either({ results: { version: 3, results: [row, { ...row, testIdx: 1 }] } }), (input) =>
      readPromptfooResults(input, "out.json"),
    );
  });
  test("model-written evaluations", async () => {
    const line = {
      question: `Yes?\n (A) Yes ${KEY}\n (B) No`,
      answer_matching_behavior: " (A)",
      answer_not_matching_behavior: " (B)",
    };
    await fuzz(either(line), (input) =>
      importModelWrittenEvals(`${JSON.stringify(line)}\n${input.replaceAll("\n", " ")}\n`, "x.jsonl"),
    );
  });
});

describe("files of our own that others may touch", () => {
  const asked = { url: "http://127.0.0.1:1/v1/chat/completions", request: `{"k":"${KEY}"}`, trial: "c/i.a#0:0" };
  const headers = { "content-type": "application/json" };
  const entry = { key: hashJson(asked), ...asked, status: 200, headers, response: "{}" };
  test("cassettes, and requests that are not on them", async () => {
    const text = `${cassetteHeader()}${JSON.stringify(entry)}\n${JSON.stringify({ ...entry, key: hashJson(2) })}\n`;
    await fuzz(
      brokenText(text),
      async (input) => {
        const ports = replayPorts(readCassette(input, "tape.jsonl"), "tape.jsonl");
        const init: WireInit = { body: asked.request, trial: asked.trial };
        await ports.fetch(asked.url, init);
      },
      [LabError, TypeError],
    ); // a fetch without an answer throws a TypeError, and so does its recording
  });
  test("journals never stop a run: lines that cannot be read were cut short", async () => {
    const line = {
      kind: "answer",
      key: "k",
      role: "subject",
      trial: "t",
      turn: 0,
      request: { messages: [] },
      reply: { message: { role: "assistant", content: "" }, finish: "stop" },
    };
    await fc.assert(
      fc.asyncProperty(either(line), async (input) => {
        const read = await readTranscripts([input, JSON.stringify(line)]);
        expect(read.get("t")!.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS, seed: 20261121 },
    );
  });
});

describe("answers of servers", () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const calls = [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } }];
  const chat = {
    id: "x",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: KEY, tool_calls: calls }, finish_reason: "stop" }],
    usage,
  };
  const chunk = {
    id: "x",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: { role: "assistant", content: KEY, tool_calls: calls }, finish_reason: "stop" }],
    usage,
  };
  const stream = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
  const message = {
    id: "m",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: KEY }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const response = {
    id: "r",
    object: "response",
    created_at: 1,
    status: "completed",
    model: "m",
    output: [
      {
        type: "message",
        id: "o",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: KEY, annotations: [] }],
      },
    ],
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  };
  /** What the next request is answered with: clients are opened once, since opening is not what is tested. */
  let next = { text: "", status: 200, type: "" };
  const answering: typeof fetch = async () => {
    const { text, status, type } = next;
    const header = text.slice(0, 5).replaceAll(/[^\x20-\x7e]/g, "");
    return new Response(text, { status, headers: { "content-type": type, "retry-after": header } });
  };
  const statuses = fc.constantFrom(200, 200, 200, 200, 400, 401, 404, 429, 500, 503);
  const asked = { messages: [{ role: "user" as const, content: "?" }] };
  const env = { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY, MESASCOPE_ENDPOINT_KEY: KEY };
  const cases = [
    [
      "chat completions",
      either(chat),
      "application/json",
      (ports) => openaiCompatible.open("http://127.0.0.1:1/v1#m", { key: "", stream: false }, ports),
    ],
    [
      "chat completions, streamed",
      either(chunk, stream).map((text) => (text.startsWith("data:") ? text : `data: ${text}\n\ndata: [DONE]\n\n`)),
      "text/event-stream",
      (ports) => openaiCompatible.open("http://127.0.0.1:1/v1#m", { key: "", stream: true }, ports),
    ],
    ["responses", either(response), "application/json", (ports) => openai.open("openai:m", parseParams(openai), ports)],
    [
      "messages",
      either(message),
      "application/json",
      (ports) => anthropic.open("anthropic:m", parseParams(anthropic), ports),
    ],
  ] as const satisfies readonly (readonly [
    string,
    fc.Arbitrary<string>,
    string,
    (ports: ProviderPorts) => ChatSubject | Promise<ChatSubject>,
  ])[];

  test.each(cases)("%s", async (_, inputs, type, open) => {
    const subject = await open({ fetch: answering, env });
    await fuzz(
      fc.tuple(inputs, statuses),
      async ([text, status]) => {
        next = { text, status, type };
        const reply = await subject.reply(asked);
        expect(JSON.stringify(reply)).not.toContain(KEY); // the endpoint repeats the key in every answer
        expect(typeof reply.message.content).toBe("string");
      },
      [ChatFailure],
    );
  });

  test("requests to our own server", async () => {
    const request = {
      model: "m",
      messages: [
        { role: "user", content: [{ type: "text", text: "x" }] },
        { role: "assistant", content: null, tool_calls: calls },
        { role: "tool", tool_call_id: "c", content: "y" },
      ],
      stream: true,
      tools: [{ type: "function", function: { name: "f", parameters: {} } }],
    };
    const { chatRequest } = await import("../src/serve/chat-completions.ts");
    let refused = 0;
    fc.assert(
      fc.property(brokenDocument(request), (input) => {
        const parsed = completionRequest.safeParse(input);
        if (parsed.success) chatRequest(parsed.data);
        else refused++;
      }),
      { numRuns: RUNS, seed: 20261121 },
    );
    expect(refused).toBeGreaterThan(RUNS / 20);
  });
});
