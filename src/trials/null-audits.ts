/**
 * @file Null audits put to an endpoint: whole runs on a faulty subject without an effect, and what they come to over
 * many. What counts as passing was fixed with the rest of the validation (see `validate.ts`): the 99 % lower bound of
 * the false-positive rate is not above .05. Besides, every trial must be answered.
 */
import type { ChatSubject } from "../chat.ts";
import type { ContrastPlugin } from "../contrast.ts";
import { assert } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { clopperPearson } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import type { PlantedModel } from "../providers/planted/model.ts";
import { CONDITIONS, plantedUnder } from "./conditions.ts";
import { primaryOf } from "./design.ts";
import { effectOf } from "./effect.ts";
import { noJournal } from "./journal.ts";
import { type RunPorts, runSuite } from "./run.ts";
import { familyDifferences, scaleOf, tabulate } from "./table.ts";
import { ALPHA, lowerBound } from "./validate.ts";

/** The hardest condition: all faults at once. */
const NULL_CONDITION = "all";

/** Items of each family: few, since every one of them goes over the wire. */
const ITEMS_PER_FAMILY = 2;

/** What one audit came to. */
export interface NullAudit {
  readonly contrast: string;
  readonly trials: number;
  readonly requests: number;
  /** Trials without an answer after every retry. */
  readonly unanswered: number;
  /** Two-sided, of the primary effect; undefined where too few families had complete items. */
  readonly p: number | undefined;
}

/** Many audits of one contrast. */
export interface NullAuditRow {
  readonly contrast: string;
  readonly condition: string;
  readonly audits: number;
  /** Audits with a p-value: the false positives are a share of these. */
  readonly scored: number;
  readonly trials: number;
  readonly requests: number;
  readonly unanswered: number;
  /** Share of scored audits with p ≤ .05, with its 95 % interval. */
  readonly falsePositives: Estimate;
  /** One-sided 99 % lower bound of it. */
  readonly falsePositivesBound: number;
  readonly passes: { readonly falsePositives: boolean; readonly answered: boolean };
}

/** Who is audited: every fault, no effect. */
export function nullModel(contrast: ContrastPlugin): PlantedModel {
  const condition = CONDITIONS.find(({ id }) => id === NULL_CONDITION);
  assert(condition, `internal: no condition is called ${NULL_CONDITION}`);
  return plantedUnder(condition, contrast, primaryOf(contrast).weights, 0);
}

/**
 * Audit once, by the runner that real audits use. Only the arms of the primary are asked, so that every request counts
 * toward the test that is validated.
 *
 * @param subject {@link nullModel} of the contrast, behind whatever is validated
 */
export async function nullAudit(
  contrast: ContrastPlugin,
  subject: ChatSubject,
  seed: number,
  ports: Omit<RunPorts, "journal">,
): Promise<NullAudit> {
  const primary = primaryOf(contrast);
  const { weights } = primary;
  const suite = {
    id: "null",
    title: "Null audit",
    contrasts: [
      { ...contrast, arms: contrast.arms.filter(({ id }) => (weights[id] ?? 0) !== 0), hypotheses: [primary] },
    ],
    design: { itemsPerFamily: ITEMS_PER_FAMILY, repeats: 1, seed },
  };
  const result = await runSuite({ suite, subject }, { ...ports, journal: noJournal });
  const { trials } = result.contrasts[0]!;
  const scale = scaleOf(contrast.range, weights);
  const effect = effectOf(familyDifferences(tabulate(trials), weights), scale, rng(seed));
  return {
    contrast: contrast.id,
    trials: trials.length,
    requests: result.counts.asked,
    unanswered: trials.filter(({ score }) => score.status === "missing" && score.reason === "transport").length,
    p: typeof effect === "string" ? undefined : effect.p,
  };
}

/**
 * Audits with one seed after the other until one has a p-value: those before it say nothing about the test. Whether there
 * is one depends on what is missing alone, under the null on no outcome, so that choosing by it leaves the test exact.
 */
export async function auditUntilScored(
  contrast: ContrastPlugin,
  subject: ChatSubject,
  seeds: readonly number[],
  ports: Omit<RunPorts, "journal">,
): Promise<readonly NullAudit[]> {
  const audits: NullAudit[] = [];
  for (const seed of seeds) {
    const audit = await nullAudit(contrast, subject, seed, ports);
    audits.push(audit);
    if (audit.p !== undefined) break;
  }
  return audits;
}

/** The rate after no audit at all: anything. */
const NOTHING_SHOWN: Estimate = { mean: 0, low: 0, high: 1, n: 0, unit: "audits" };

/** Audits of one contrast, counted. Where none could be scored, nothing was shown, and it does not pass. */
export function nullAuditRow(contrast: string, audits: readonly NullAudit[]): NullAuditRow {
  const sum = (of: (audit: NullAudit) => number) => audits.reduce((total, audit) => total + of(audit), 0);
  const scored = sum(({ p }) => (p === undefined ? 0 : 1));
  const rejected = sum(({ p }) => (p !== undefined && p <= ALPHA ? 1 : 0));
  const unanswered = sum((audit) => audit.unanswered);
  const falsePositivesBound = lowerBound(rejected, scored);
  return {
    contrast,
    condition: NULL_CONDITION,
    audits: audits.length,
    scored,
    trials: sum(({ trials }) => trials),
    requests: sum(({ requests }) => requests),
    unanswered,
    falsePositives: scored > 0 ? clopperPearson(rejected, scored, "audits") : NOTHING_SHOWN,
    falsePositivesBound,
    passes: { falsePositives: scored > 0 && falsePositivesBound <= ALPHA, answered: unanswered === 0 },
  };
}
