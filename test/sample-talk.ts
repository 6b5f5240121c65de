/** @file Records of subjects that talk, for tests of the report: planted ones audited in this process, without a journal. */
import type { ContrastPlugin } from "../src/contrast.ts";
import { confidentOverAccurate } from "../src/contrasts/confident-over-accurate.ts";
import { selfReport } from "../src/contrasts/self-report.ts";
import { auditedInProcess } from "../src/lab/talking.ts";
import { plantedModels } from "../src/providers/planted/catalog.ts";
import { plantedSubject } from "../src/providers/planted/subject.ts";
import { type ChatAuditRecord, chatAudit } from "../src/trials/record.ts";
import type { RunResult } from "../src/trials/run.ts";
import { utilityContrast } from "../src/trials/utilities.ts";
import { type UtilitiesRecord, utilitiesAudit } from "../src/trials/utilities-record.ts";

const ORIGIN = {
  code: "3c1f0a77d2",
  command: "mesascope audit planted:faulty --seed 0",
  journal: { path: "journals/0123456789abcdef.jsonl", sha256: "9f2c41d07ab35e66".repeat(4), bytes: 123_456 },
};

async function finished(contrasts: readonly ContrastPlugin[], name: string) {
  const subject = plantedSubject(plantedModels.find(({ id }) => id === name)!);
  const design = { itemsPerFamily: 2, repeats: 1, seed: 0 };
  const runs = [];
  for (const contrast of contrasts) {
    runs.push({ contrast, trials: (await auditedInProcess(contrast, subject, design)).trials, isStopped: false });
  }
  const result: RunResult = {
    run: "0123456789abcdef",
    contrasts: runs,
    spent: { requests: 400, inputTokens: 30_000, outputTokens: 2_000, money: 0.42 },
    counts: { asked: 400, fromJournal: 0, retried: 0, tooMany: 0, timeouts: 0 },
    cut: "budget",
    limits: [],
    wallMs: 8421,
  };
  return { result, options: { suite: { id: "chosen", title: "Chosen contrasts", contrasts, design }, subject } };
}

/** With refusals and malformed answers, self-report and stated confidence among its contrasts, and a judge. */
export async function sampleChatAudit(): Promise<ChatAuditRecord> {
  const contrasts = [selfReport, confidentOverAccurate] as unknown as readonly ContrastPlugin[];
  const { result, options } = await finished(contrasts, "faulty");
  // As if a judge had scored: its errors are then measured against labels, here right for four answers in five.
  const judge = { ...options.subject, id: "planted:judge" };
  const scored = result.contrasts[0]!.trials.flatMap(({ id, score }) =>
    score.status === "scored" ? [{ id, value: score.value }] : [],
  );
  const labels = new Map(
    scored.slice(0, 60).map(({ id, value }, i) => [id, (i % 5 === 0 ? 1 - value : value) as 0 | 1]),
  );
  return chatAudit(result, { ...options, judge }, { ...ORIGIN, labels });
}

export async function sampleUtilities(): Promise<UtilitiesRecord> {
  const { result, options } = await finished([utilityContrast()], "faulty");
  return utilitiesAudit(result, options, ORIGIN);
}
