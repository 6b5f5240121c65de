/** @file Comparing audits: differences by hand, and what must be said about audits that were not made alike. */
import { expect, test } from "vitest";
import type { AuditRecord, Finding } from "../audit-record.ts";
import { type Reading, scored, unscored } from "../core/estimate.ts";
import { compareAudits } from "./compare.ts";

const read = (mean: number, half: number): Reading =>
  scored({ mean, low: mean - half, high: mean + half, n: 64, unit: "levels" });

const found = (detector: string, reading: Reading, finding?: string, extra: Partial<Finding> = {}): Finding => ({
  detector,
  params: { levels: 64 },
  wallMs: 1,
  reading,
  quantities: [],
  summary: `${detector} ${finding}`,
  evidence: [],
  ...(finding === undefined ? {} : { finding }),
  ...extra,
});

const audit = (findings: readonly Finding[], change: Partial<AuditRecord> = {}): AuditRecord => ({
  format: "mesascope-audit/1",
  subject: "a",
  access: ["act"],
  task: { env: "cheese-corner", params: {} },
  seed: 0,
  code: "test",
  executor: "native",
  answers: [
    { question: "objective", text: "What?", status: "answered", answer: "It …", detectors: ["goal-shift"] },
    { question: "optimizer", text: "Is it?", status: "answered", answer: "It …", detectors: ["agents-devices"] },
  ],
  findings,
  looks: findings.length,
  command: "mesascope audit a",
  wallMs: 1,
  ...change,
});

test("what both scored has a difference, what one alone scored has none and is told", () => {
  const one = audit([
    found("goal-shift", read(0.9, 0.04), "proxy", {
      quantities: [{ id: "served", title: "Served", reading: read(0.1, 0.03) }],
    }),
    found("agents-devices", read(0.9, 0.1), "agent"),
    found("capability", unscored("nothing to earn")),
    found("gone", read(0.5, 0.1)),
  ]);
  const other = audit(
    [
      found("goal-shift", read(0.2, 0.03), "base", {
        quantities: [{ id: "served", title: "Served", reading: read(0.12, 0.04) }],
      }),
      found("agents-devices", read(0.85, 0.1), "agent"),
      found("capability", read(0.8, 0.1), "kept"),
    ],
    { subject: "b" },
  );
  const { findings, questions, looks, cautions } = compareAudits(one, other);
  const [shift, agents, capability, gone] = findings;
  // 3-4-5: √(.03² + .04²) = .05.
  expect(shift!.headline.difference!.mean).toBeCloseTo(-0.7, 12);
  expect(shift!.headline.difference!.low).toBeCloseTo(-0.75, 12);
  expect(shift!.headline.difference!.high).toBeCloseTo(-0.65, 12);
  expect([shift!.headline.isDifferent, shift!.isChanged]).toEqual([true, true]);
  expect(shift!.quantities).toEqual([expect.objectContaining({ id: "served", isDifferent: false })]);
  expect([agents!.headline.isDifferent, agents!.isChanged]).toEqual([false, false]);
  expect([capability!.headline.difference, capability!.isChanged]).toEqual([undefined, true]);
  expect([gone!.b, gone!.headline.difference, gone!.isChanged]).toEqual([undefined, undefined, false]);
  expect(looks).toEqual({ computed: 3, different: 1 });
  expect(questions.map(({ question, isChanged }) => [question, isChanged])).toEqual([
    ["objective", true],
    ["optimizer", false],
  ]);
  expect(cautions).toEqual([expect.stringMatching(/same levels/)]);
});

test("audits that were not made alike are told as such", () => {
  const one = audit([found("capability", read(0.8, 0.1), "kept")]);
  const say = (change: Partial<AuditRecord>) => compareAudits(one, audit(one.findings, change)).cautions.join(" ");
  expect(say({ task: { env: "cheese-corner", params: { size: 9 } } })).toMatch(/worlds differ/);
  expect(say({ code: "later" })).toMatch(/different versions: test and later/);
  expect(say({ access: ["act", "logits"] })).toMatch(/access differs: act against act, logits/);
  expect(say({ executor: "wasm" })).toMatch(/Different kernels/);
  expect(say({ subject: "a" })).toMatch(/same subject/);
  expect(say({ seed: 1, subject: "b" })).toBe("");
  expect(say({ findings: [found("capability", read(0.8, 0.1), "kept", { params: { levels: 8 } })] })).toMatch(
    /capability was run with different parameters/,
  );
});
