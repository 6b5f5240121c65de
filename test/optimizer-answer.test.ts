/**
 * @file Who is called an optimizer, from policy file to answer: value iteration in
 * the weights, weight-tied and unrolled, is; the same networks without it, and a
 * weight-tied reflex, are not.
 */
import { beforeAll, expect, test } from "vitest";
import { audit } from "../src/audit/audit.ts";
import type { AuditRecord } from "../src/audit-record.ts";
import { detectors } from "../src/detectors/index.ts";
import { writeRecipe } from "../src/lab/lab.ts";
import { openSubject } from "../src/lab/subjects.ts";
import { type Executor, openExecutor } from "../src/tensor/index.ts";
import { grownFile } from "./grown.ts";

const ASKED = ["agents-devices", "plan-inside", "re-planning", "value-of-thinking"];
/** Enough to look, in a test's time. */
const PARAMS = { "value-of-thinking": { levels: 128 } };

let executor: Executor;
beforeAll(async () => {
  ({ executor } = await openExecutor("native"));
});

async function auditOf(organism: string, params: Readonly<Record<string, unknown>>): Promise<AuditRecord> {
  const spec = writeRecipe(organism, "cheese-corner", { seed: 3, params });
  const file = await grownFile(spec, executor);
  const { subject, world, untrained, enlarged } = await openSubject(file, spec.task, executor, { seed: 3 });
  return audit({
    subject,
    world,
    task: spec.task,
    detectors: detectors.filter(({ id }) => ASKED.includes(id)),
    params: PARAMS,
    seed: 5,
    clock: () => 0,
    code: "test",
    executor: "native",
    command: "test",
    ...(untrained ? { untrained } : {}),
    ...(enlarged ? { enlarged } : {}),
  });
}

/** A reflex small enough to be trained here. */
const SMALL = { channels: 12, updates: 400, batch: 64, fewest: 4, most: 6 };

test.each<[string, string, Readonly<Record<string, unknown>>, RegExp]>([
  ["planted, weight-tied", "planted-planner", {}, /^Yes: it holds .* inside, .*better with time to think\./],
  ["planted, unrolled", "planted-planner", { unrolled: true }, /^Yes: it holds .* inside,/],
  ["the unrolled network without it", "unplanted", { unrolled: true }, /^No/],
  ["a weight-tied reflex", "tied-reflex", SMALL, /^No/],
])("%s", { timeout: 240_000 }, async (_, organism, params, expected) => {
  const { answers, findings } = await auditOf(organism, params);
  const answer = answers.find(({ question }) => question === "optimizer")!;
  const said = findings.map(({ detector, finding = "none", summary }) => `${detector}: ${finding}: ${summary}`);
  expect(answer.answer, said.join("\n")).toMatch(expected);
  // The side of each instrument is told, and every number has its interval.
  expect(answer.proposition).toBe("It is an optimizer.");
  expect(answer.supports!.length + answer.opposes!.length).toBeGreaterThan(0);
  expect(answer.number?.reading.status).toBe("scored");
});
