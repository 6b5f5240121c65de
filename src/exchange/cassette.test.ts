/** @file Cassettes: recorded over a real server, replayed without one, and refused with the nearest difference. */
import { afterEach, describe, expect, test } from "vitest";
import { ChatFailure, type ChatSubject } from "../chat.ts";
import type { ContrastPlugin } from "../contrast.ts";
import { falsePremise } from "../contrasts/false-premise.ts";
import { LabError } from "../core/errors.ts";
import { withoutSecrets } from "../core/redact.ts";
import { openaiCompatible } from "../providers/openai-compatible.ts";
import { type ModelServer, serveModels } from "../serve/model-server.ts";
import { journalInMemory } from "../trials/journal.ts";
import { runSuite } from "../trials/run.ts";
import { cassetteHeader, readCassette, recordingFetch, replayPorts } from "./cassette.ts";

const KEY = "sk-cassette-0123456789abcdefghij";
let answers = 0;
/** Never says the same twice, so that a replay cannot be mistaken for a second run. */
const counter: ChatSubject = {
  id: "counter",
  access: new Set(["chat"]),
  reply: async ({ messages }) => ({
    message: { role: "assistant", content: `${messages.at(-1)!.content}: ${answers++} ${KEY}` },
    finish: "stop",
  }),
};
let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const ask = (subject: ChatSubject, text: string, repeat: number) =>
  subject
    .reply(
      { messages: [{ role: "user", content: text }] },
      { call: `c/i.a#${repeat}:0`, signal: AbortSignal.timeout(2000) },
    )
    .then(
      ({ message, finish, exchange }) => ({ message, finish, exchange }),
      (error: unknown) => {
        if (!(error instanceof ChatFailure)) throw error;
        return { kind: error.kind, status: error.status, retryAfterMs: error.retryAfterMs };
      },
    );
const TRIALS = Array.from({ length: 60 }, (_, i) => [`question ${i % 20}`, Math.floor(i / 20)] as const);

/** A run over the server with faults, recorded. */
async function recorded(stream: boolean) {
  server = await serveModels({
    subjects: { counter },
    faults: { "rate-limited": 0.1, failing: 0.1, truncated: 0.1, malformed: 0.05, hanging: 0.03 },
    retryAfterMs: 5,
    key: KEY,
    now: () => 0,
  });
  let text = cassetteHeader();
  const append = (line: string) => {
    text += line;
  };
  const tape = recordingFetch(fetch, append, withoutSecrets([KEY]));
  const address = `${server.baseUrl}#counter`;
  const subject = await openaiCompatible.open(address, { key: "K", stream }, { fetch: tape, env: { K: KEY } });
  const outcomes = await Promise.all(TRIALS.map(([content, repeat]) => ask(subject, content, repeat)));
  return { text, outcomes, address };
}

describe.each([false, true])("streamed: %s", (stream) => {
  test("a run replays without server and key: every answer and every failure, byte for byte", async () => {
    const { text, outcomes, address } = await recorded(stream);
    await server!.close();
    server = undefined;
    expect(text).not.toContain(KEY);
    const cassette = readCassette(text, "run.jsonl");
    expect(cassette.size).toBe(60); // repeats of one question are entries of their own
    const ports = replayPorts(cassette, "run.jsonl");
    const subject = await openaiCompatible.open(address, { key: "K", stream }, ports);
    const again = await Promise.all(TRIALS.toReversed().map(([content, repeat]) => ask(subject, content, repeat)));
    expect(again.toReversed()).toEqual(outcomes);
    expect(ports.used.size).toBe(60);
    const kinds = new Set(outcomes.map((each) => ("kind" in each ? `${each.kind} ${each.status}` : "ok")));
    expect([...kinds].sort()).toEqual([
      "ok",
      "parse 200",
      "transport 200",
      "transport 429",
      "transport 500",
      "transport undefined",
    ]);
  });
});

/** Says one thing to every question, so that every judge call reads alike; rules as a coin would, which no replay can. */
const parrot: ChatSubject = {
  id: "parrot",
  access: new Set(["chat"]),
  reply: async ({ messages }) => {
    const isJudge = /^You classify/.test(messages[0]!.content);
    const content = isJudge ? `Quote: none\nAnswer: ${answers++ % 3 === 0 ? "A" : "B"}\n${answers}` : "As ever.";
    return { message: { role: "assistant", content }, finish: "stop" };
  },
};
const judged: ContrastPlugin = {
  ...(falsePremise as unknown as ContrastPlugin),
  score: ({ replies }) => ({
    status: "judge",
    text: replies[0]!.message.content,
    question: "Is it yes?",
    options: ["yes", "no"],
  }),
};

test("a judge who reads the same words in every trial is replayed trial by trial, one endpoint as subject and judge", async () => {
  server = await serveModels({ subjects: { parrot }, now: () => 0 });
  const address = `${server.baseUrl}#parrot`;
  const suite = { id: "s", title: "s", contrasts: [judged], design: { itemsPerFamily: 1, repeats: 2, seed: 1 } };
  const run = async (send: typeof globalThis.fetch) => {
    const chat = await openaiCompatible.open(address, { key: "", stream: false }, { fetch: send, env: {} });
    const journal = journalInMemory();
    const ports = { clock: () => 0, sleep: () => new Promise<void>(() => undefined), journal };
    const { contrasts } = await runSuite({ suite, subject: chat, judge: chat }, ports);
    const said = journal.text.split("\n").flatMap((line) => {
      const { role, trial, turn, reply } = line === "" ? {} : JSON.parse(line);
      return reply ? [`${role} ${trial} ${turn}: ${reply.message.content}`] : [];
    });
    return { said: said.sort(), trials: contrasts[0]!.trials };
  };
  let tape = cassetteHeader();
  const first = await run(
    recordingFetch(
      fetch,
      (line) => {
        tape += line;
      },
      (text) => text,
    ),
  );
  await server.close();
  server = undefined;
  const cassette = readCassette(tape, "run.jsonl");
  const ports = replayPorts(cassette, "run.jsonl");
  expect(await run(ports.fetch)).toEqual(first);
  // One question and two rulings for each trial, none under another's name, each asked for once.
  expect(cassette.size).toBe(3 * first.trials.length);
  expect(ports.used.size).toBe(cassette.size);
  expect(new Set([...cassette.values()].map(({ trial }) => trial)).size).toBe(cassette.size);
});

describe("what is not on the cassette", () => {
  const replaying = async (text: string, address: string) =>
    openaiCompatible.open(
      address,
      { key: "", stream: false },
      replayPorts(readCassette(text, "run.jsonl"), "run.jsonl"),
    );

  test("is refused with the nearest entry and where it differs", async () => {
    const { text, address } = await recorded(false);
    const subject = await replaying(text, address);
    await expect(ask(subject, "question 7!", 1)).rejects.toThrow(LabError);
    await expect(ask(subject, "question 7!", 1)).rejects.toThrow(
      /trial c\/i\.a#1:0 is not on the cassette; the nearest is c\/i\.a#1:0, which differs: body\.messages\[0\]\.content at character \d+, recorded ".*7", now ".*7!"/,
    );
    await expect(ask(subject, "question 7", 9)).rejects.toThrow(
      /nearest is c\/i\.a#\d:0, which differs: recorded for c\/i\.a/,
    );
    const elsewhere = await replaying(text, "http://127.0.0.1:1/v1#counter");
    await expect(ask(elsewhere, "question 7", 1)).rejects.toThrow(
      /recorded at http:.* asked of http:\/\/127\.0\.0\.1:1/,
    );
    const empty = await replaying(cassetteHeader(), address);
    await expect(ask(empty, "question 7", 1)).rejects.toThrow(/got an empty one/);
  });

  test("files that are no cassette are refused by line", () => {
    const entry = { key: "a".repeat(64), url: "u", request: "r", status: 200, response: "" };
    const lines = (...each: unknown[]) => cassetteHeader() + each.map((one) => `${JSON.stringify(one)}\n`).join("");
    expect(readCassette(lines(entry), "x").size).toBe(1);
    expect(readCassette(`${lines(entry)}{"key": "cut o`, "x").size).toBe(1);
    expect(() => readCassette(lines({ ...entry, status: "ok" }), "x")).toThrow(/x:2: status is malformed, got "ok"/);
    expect(() => readCassette(`${cassetteHeader()}{\n${JSON.stringify(entry)}\n`, "x")).toThrow(/x:2: this is no JSON/);
    for (const text of ["", "\n", "{}", "[1]", '{"format":"mesascope-cassette/9"}']) {
      expect(() => readCassette(text, "x")).toThrow(LabError);
    }
  });
});
