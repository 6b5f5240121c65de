/** @file A run on a planted subject in every form that other tools read. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, test } from "vitest";
import type { ScoredTrial } from "../contrast.ts";
import { answerSycophancy } from "../contrasts/answer-sycophancy.ts";
import { parseParams } from "../plugin.ts";
import { planted } from "../providers/planted.ts";
import { journalInMemory } from "../trials/journal.ts";
import { runSuite } from "../trials/run.ts";
import { columnsOf } from "./inspect/columns.ts";
import { contrastLog } from "./inspect/from-trials.ts";
import { readInspectLog } from "./inspect/read.ts";
import { writeInspectEval, writeInspectJson } from "./inspect/write.ts";
import { spansJsonl } from "./spans.ts";
import { readTranscripts, type Transcripts } from "./transcripts.ts";
import { trialsCsv, trialsJsonl, trialsParquet } from "./trial-table.ts";

let trials: readonly ScoredTrial[];
let transcripts: Transcripts;
const FACTS = {
  run: "f".repeat(64),
  subject: "planted:faulty",
  at: "2026-11-21T12:00:00+00:00",
  seed: 3,
  code: "0.1.0",
  command: "mesascope audit planted:faulty",
  isCut: false,
};

beforeAll(async () => {
  const journal = journalInMemory();
  const subject = await planted.open("planted:faulty", parseParams(planted), { fetch, env: {} });
  const result = await runSuite(
    {
      suite: { id: "s", title: "s", contrasts: [answerSycophancy], design: { itemsPerFamily: 2, repeats: 2, seed: 3 } },
      subject,
    },
    { clock: () => 0, sleep: async () => undefined, journal },
  );
  trials = result.contrasts[0]!.trials;
  transcripts = await readTranscripts([...journal.text.split("\n"), '{"kind":"answer","trial', "null"]);
});
const missing = () => trials.filter(({ score }) => score.status === "missing");

describe("tables", () => {
  test("CSV has a line a trial; what is missing is empty and says why", () => {
    const lines = trialsCsv(trials, transcripts).trimEnd().split("\n");
    expect(lines[0]).toBe(
      "trial,contrast,item,family,arm,repeat,status,value,reason,detail,facets,turns,answer,finish,model,input_tokens,output_tokens",
    );
    expect(missing().length).toBeGreaterThan(0);
    expect(trialsCsv(trials, transcripts).match(/,missing,,(?:refusal|format),/g)).toHaveLength(missing().length);
  });
  test("JSON lines hold the transcript", () => {
    const rows = trialsJsonl(trials, transcripts)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(trials.length);
    for (const [i, row] of rows.entries()) {
      expect(row.score).toEqual(trials[i]!.score);
      expect(row.transcript).toHaveLength(1);
      expect(row.transcript[0].reply.message.content).toBe(row.answer);
    }
  });
  test("Parquet is read back as it was, null where nothing is", async () => {
    const bytes = trialsParquet(trials, transcripts);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(trials.length);
    for (const [i, row] of rows.entries()) {
      const { id, score, repeat } = trials[i]!;
      expect(row).toMatchObject({ trial: id, repeat, status: score.status });
      expect(row.value).toBe(score.status === "scored" ? score.value : null);
    }
  });
});

describe("an Inspect log", () => {
  const log = () => contrastLog(answerSycophancy, trials, transcripts, FACTS);
  test("has a sample for every item and arm, an epoch for every repeat, NaN where no score is", async () => {
    const read = await readInspectLog(await writeInspectEval(log()), "x.eval");
    expect(read.samples).toHaveLength(trials.length);
    expect(new Set(read.samples?.map(({ id, epoch }) => `${id} ${epoch}`)).size).toBe(trials.length);
    const unscored = read.samples!.filter(({ scores }) => Number.isNaN(scores?.["answer-sycophancy"]?.value));
    expect(unscored).toHaveLength(missing().length);
    expect(
      unscored.every(({ scores }) => typeof scores?.["answer-sycophancy"]?.metadata?.missing_reason === "string"),
    ).toBe(true);
    expect(read.results?.scores[0]).toMatchObject({
      scored_samples: trials.length - missing().length,
      unscored_samples: missing().length,
    });
    const [column] = columnsOf(read);
    expect(column!.rows.filter(({ value }) => value !== undefined)).toHaveLength(trials.length - missing().length);
    expect(new Set(column!.rows.map(({ cluster }) => cluster)).size).toBe(answerSycophancy.families.length);
  });
  const schema = join(import.meta.dirname, "../../../shared/data/inspect/inspect-openapi.json");
  test.skipIf(!existsSync(schema))("validates against Inspect's schema (skipped where ../shared is absent)", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(JSON.parse(readFileSync(schema, "utf8")), "inspect");
    const validate = ajv.compile({ $ref: "inspect#/components/schemas/EvalLog" });
    // NaN is a constant of Python's JSON; to the schema it is a number.
    validate(JSON.parse(writeInspectJson(log()).replaceAll(/: NaN\b/g, ": 0.5")));
    expect(validate.errors).toBeNull();
  });
  test("tools, calls that are no JSON, exchanges and refusals have their place", async () => {
    const exchange = { url: "u", status: 200, request: '{"model":"m"}', response: "data: {}\n\n" };
    const trial: ScoredTrial = { ...trials[0]!, score: { status: "missing", reason: "format", detail: "?" } };
    const read = contrastLog(
      answerSycophancy,
      [trial],
      new Map([
        [
          trial.id,
          [
            {
              turn: 0,
              request: {
                messages: [{ role: "user", content: "u" }],
                tools: [{ name: "f", description: "d", parameters: { type: "object" } }],
                toolChoice: "required",
              },
              reply: {
                message: { role: "assistant", content: "", toolCalls: [{ id: "c", name: "f", arguments: "{x" }] },
                finish: "tool-calls",
                exchange,
              },
            },
            {
              turn: 1,
              request: { messages: [{ role: "tool", callId: "c", name: "f", content: "no" }] },
              declined: "filtered",
            },
          ],
        ],
      ]),
      FACTS,
    );
    const [sample] = read.samples!;
    expect(sample!.events).toHaveLength(2);
    expect(sample!.events[0]).toMatchObject({
      tool_choice: "any",
      call: { request: { model: "m" }, response: { text: "data: {}\n\n" } },
    });
    expect(sample!.events[1]).toMatchObject({ error: "filtered" });
    expect(JSON.stringify(sample!.events[0])).toContain("no JSON object: {x");
  });
});

describe("spans", () => {
  test("one a request, with the attributes of the conventions, and no content unless asked for", () => {
    const options = { subject: "planted:faulty", run: "r", at: 1_700_000_000_123, hasContent: false };
    const lines = spansJsonl(trials, transcripts, options).trimEnd().split("\n");
    expect(lines).toHaveLength(trials.length);
    const span = JSON.parse(lines[0]!);
    expect(span).toMatchObject({ name: "chat faulty", kind: 3, startTimeUnixNano: "1700000000123000000" });
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    const keys = span.attributes.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(
      expect.arrayContaining(["gen_ai.operation.name", "gen_ai.request.model", "gen_ai.usage.input_tokens"]),
    );
    expect(keys).not.toContain("gen_ai.input.messages");
    expect(spansJsonl(trials, transcripts, { ...options, hasContent: true })).toContain("gen_ai.output.messages");
    expect(new Set(lines.map((line) => JSON.parse(line).spanId)).size).toBe(trials.length);
  });
});
