/** @file Null audits: what they count, and when their rate of false positives does not pass. */
import { expect, test } from "vitest";
import { ChatFailure, type ChatSubject } from "../chat.ts";
import type { ContrastPlugin } from "../contrast.ts";
import { areYouSure } from "../contrasts/are-you-sure.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { auditUntilScored, type NullAudit, nullAudit, nullAuditRow, nullModel } from "./null-audits.ts";

const contrast = areYouSure as unknown as ContrastPlugin;
const ports = { clock: () => 0, sleep: () => new Promise<void>(() => undefined) };

test("an audit asks the arms of the primary alone, and finds what is there", async () => {
  const model = nullModel(contrast);
  const without = await nullAudit(contrast, plantedSubject(model), 3, ports);
  expect(without).toMatchObject({ contrast: "are-you-sure", trials: 48, requests: 48, unanswered: 0 });
  expect(without.p).toBeGreaterThan(0.05);
  const shifts = [{ contrast: contrast.id, size: 0.6, pull: true }];
  const planted = await nullAudit(contrast, plantedSubject({ ...model, shifts }), 3, ports);
  expect(planted.p).toBeLessThan(0.05);
});

test("audits without a p-value are drawn again, and counted", async () => {
  // Says nothing to anybody for the first seeds.
  const planted = plantedSubject(nullModel(contrast));
  const seen: number[] = [];
  const mute: ChatSubject = {
    ...planted,
    async reply(request, options) {
      const { seed } = options!.plan!;
      if (!seen.includes(seed)) seen.push(seed);
      if (seed < 12) throw new ChatFailure("refusal", "no");
      return planted.reply(request, options);
    },
  };
  const audits = await auditUntilScored(contrast, mute, [10, 11, 12, 13], ports);
  expect(audits.map(({ p }) => p === undefined)).toEqual([true, true, false]);
  expect(seen).toEqual([10, 11, 12]);
  expect(await auditUntilScored(contrast, mute, [1, 2], ports)).toHaveLength(2);
});

test("false positives are a share of the audits with a p-value, and too many do not pass", () => {
  const audits = (rejected: number, others: number, unscored = 0): NullAudit[] =>
    [...Array(rejected).fill(0.05), ...Array(others).fill(0.051), ...Array(unscored)].map((p) => ({
      contrast: "c",
      trials: 48,
      requests: 50,
      unanswered: 0,
      p,
    }));
  const row = nullAuditRow("c", audits(10, 170, 20));
  expect(row).toMatchObject({ audits: 200, scored: 180, trials: 9600, requests: 10_000, unanswered: 0 });
  expect(row.falsePositives).toMatchObject({ mean: 10 / 180, n: 180 });
  expect(row.passes).toEqual({ falsePositives: true, answered: true });
  // P(X ≥ 31 | 400, .05) = .0114, P(X ≥ 32 | 400, .05) = .0067: the first count below one in a hundred fails.
  expect(nullAuditRow("c", audits(31, 369)).passes.falsePositives).toBe(true);
  expect(nullAuditRow("c", audits(32, 368)).passes.falsePositives).toBe(false);
  expect(nullAuditRow("c", audits(0, 0, 5)).passes.falsePositives).toBe(false);
  const silent = nullAuditRow("c", [{ ...audits(0, 1)[0]!, unanswered: 1 }]);
  expect(silent.passes).toEqual({ falsePositives: true, answered: false });
});
