/** @file The audit runs what access allows, on forks of one seed, and turns refusals into reasons and nothing else. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { cheeseCornerCast } from "../../test/scripted.ts";
import { LabError } from "../core/errors.ts";
import { scored } from "../core/estimate.ts";
import { canonicalJson } from "../core/json.ts";
import { type DetectorPlugin, defineDetector, type Measurement, QUESTIONS } from "../detector.ts";
import { cheeseCorner } from "../envs/cheese-corner.ts";
import { parseParams } from "../plugin.ts";
import { auditId } from "../store/store.ts";
import { type AuditOptions, type AuditProgress, audit } from "./audit.ts";

const world = cheeseCorner.make(parseParams(cheeseCorner));
const cast = cheeseCornerCast(world);

/** An instrument that reads one number off its own stream. */
function instrument(id: string, rest: Partial<DetectorPlugin> = {}): DetectorPlugin {
  return defineDetector({
    id,
    title: id.toUpperCase(),
    question: "objective",
    claim: "It draws.",
    access: ["act"],
    range: [0, 1],
    findings: { drawn: "It drew." },
    fails: ["always"],
    calibration: { env: "cheese-corner", high: [], low: [], unscored: [] },
    source: "here",
    params: z.object({ offset: z.number().default(0).describe("Added.") }),
    measure: async ({ rng }, params) => drawn(rng.uniform() + (params as { offset: number }).offset),
    ...rest,
  });
}

const drawn = (mean: number): Measurement => ({
  reading: scored({ mean, low: mean - 1, high: mean + 1, n: 4, unit: "levels" }),
  quantities: [],
  finding: "drawn",
  summary: "It drew.",
  evidence: [],
});

function options(detectors: readonly DetectorPlugin[], rest: Partial<AuditOptions> = {}): AuditOptions {
  let time = 0;
  const clock = () => (time += 10);
  const fixed = { seed: 3, code: "abc", executor: "native", command: "mesascope audit x" };
  return {
    subject: cast.corner!,
    world,
    task: { env: "cheese-corner", params: {} },
    detectors,
    clock,
    ...fixed,
    ...rest,
  };
}

const meanOf = (measurement: Measurement | undefined) =>
  measurement?.reading.status === "scored" ? measurement.reading.value.mean : undefined;

test("the record says what was asked, by whom, how, and how long it took", async () => {
  const record = await audit(options([instrument("a", {}), instrument("b")], { params: { b: { offset: 2 } } }));
  expect(record).toMatchObject({
    format: "mesascope-audit/1",
    subject: "corner",
    access: ["act"],
    task: { env: "cheese-corner" },
    seed: 3,
    looks: 2,
    command: "mesascope audit x",
    findings: [
      { detector: "a", params: { offset: 0 }, wallMs: 10 },
      { detector: "b", params: { offset: 2 }, wallMs: 10 },
    ],
  });
  expect(record.answers.map(({ question }) => question)).toEqual(QUESTIONS.map(({ id }) => id));
  expect(meanOf(record.findings[1])).toBeGreaterThanOrEqual(2);
  expect(() => canonicalJson(record)).not.toThrow();
});

test("what was assumed about the subject stands in the record, where anything was", async () => {
  const notes = ["The layout NCHW was inferred."];
  expect((await audit(options([instrument("a")], { notes }))).notes).toEqual(notes);
  expect(await audit(options([instrument("a")], { notes: [] }))).not.toHaveProperty("notes");
});

test("a file read another way is another audit", async () => {
  const ids: string[] = [];
  for (const declared of [{}, { actions: ["left", "up"] }, { actions: ["up", "left"] }]) {
    ids.push(auditId(await audit(options([instrument("a")], { declared }))));
  }
  expect(new Set(ids).size).toBe(3);
});

test("each instrument draws from its own fork: leaving one out changes no other", async () => {
  const both = await audit(options([instrument("a"), instrument("b")]));
  const alone = await audit(options([instrument("b")]));
  expect(meanOf(alone.findings[0])).toBe(meanOf(both.findings[1]));
  expect(meanOf(both.findings[0])).not.toBe(meanOf(both.findings[1]));
  const reseeded = await audit(options([instrument("b")], { seed: 4 }));
  expect(meanOf(reseeded.findings[0])).not.toBe(meanOf(alone.findings[0]));
});

test("what access rules out is not run, not a look, and says what is missing", async () => {
  const prying = instrument("prying", {
    access: ["act", "logits", "weights"],
    measure: () => Promise.reject(new Error("ran")),
  });
  const record = await audit(options([prying, instrument("a")]));
  expect(record.looks).toBe(1);
  expect(record.findings[0]!.reading).toEqual({
    status: "unscored",
    reason: "needs access to logits and weights, and this subject grants act",
  });
});

test("a refusal becomes a reason; a bug stays a bug", async () => {
  const refuse = (error: Error) => instrument("x", { measure: () => Promise.reject(error) });
  const record = await audit(
    options([refuse(new LabError("onnx/unsupported", "x: cannot, got 1; expected 2")), instrument("a")]),
  );
  expect(record.findings[0]!.reading).toEqual({ status: "unscored", reason: "x: cannot, got 1; expected 2" });
  expect(record.findings[1]!.reading.status).toBe("scored");
  await expect(audit(options([refuse(new TypeError("oops"))]))).rejects.toThrow("oops");
});

describe("what an instrument may not hand over", () => {
  const bad = (change: Partial<Measurement>) =>
    instrument("bad", { measure: async () => ({ ...drawn(0), ...change }) });
  test.each<[string, Partial<Measurement>]>([
    ["a mean outside its interval", { reading: scored({ mean: 3, low: 0, high: 1, n: 2, unit: "levels" }) }],
    ["a number that is none", { reading: scored({ mean: Number.NaN, low: 0, high: 1, n: 2, unit: "levels" }) }],
    [
      "an endless interval",
      { reading: scored({ mean: 0, low: 0, high: Number.POSITIVE_INFINITY, n: 2, unit: "levels" }) },
    ],
    ["an interval on nothing", { reading: scored({ mean: 0, low: 0, high: 1, n: 0, unit: "levels" }) }],
    ["no reason", { reading: { status: "unscored", reason: "" } }],
    ["a word that is not in its list", { finding: "evil" }],
  ])("%s", async (_, change) => {
    await expect(audit(options([bad(change)]))).rejects.toThrow("internal: bad");
  });
});

test("parameters are checked before anything is run", async () => {
  let ran = false;
  const measure = async () => {
    ran = true;
    return drawn(0);
  };
  const spy = instrument("a", { measure });
  await expect(audit(options([spy], { params: { b: {} } }))).rejects.toMatchObject({ code: "input/unknown-id" });
  await expect(audit(options([spy], { params: { a: { offest: 1 } } }))).rejects.toMatchObject({
    code: "input/invalid",
  });
  expect(ran).toBe(false);
});

test("progress names each instrument before it runs and ends with all done", async () => {
  const heard: AuditProgress[] = [];
  await audit(options([instrument("a"), instrument("b")], { onProgress: (progress) => heard.push(progress) }));
  expect(heard).toEqual([
    { done: 0, total: 2, running: "A" },
    { done: 1, total: 2, running: "B" },
    { done: 2, total: 2 },
  ]);
});
