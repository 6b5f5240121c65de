/** @file Cassettes: recorded over a real server, replayed without one, and refused with the nearest difference. */
import { afterEach, describe, expect, test } from "vitest";
import { ChatFailure, type ChatSubject, type TrialPlan } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { withoutSecrets } from "../core/redact.ts";
import { openaiCompatible } from "../providers/openai-compatible.ts";
import { type ModelServer, serveModels } from "../serve/model-server.ts";
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

const plan = (item: string, repeat: number): TrialPlan => ({
  contrast: "c",
  drive: "d",
  group: "drives",
  item,
  family: "f",
  arm: "a",
  factors: {},
  pull: 0,
  repeat,
  turn: 0,
  options: [],
  seed: 0,
});
const ask = (subject: ChatSubject, text: string, repeat: number) =>
  subject
    .reply(
      { messages: [{ role: "user", content: text }] },
      { plan: plan("i", repeat), signal: AbortSignal.timeout(2000) },
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
