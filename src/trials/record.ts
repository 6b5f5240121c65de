/**
 * @file What is kept of an audit of a subject that talks: every contrast with its estimates, the verdicts with their
 * corrections, what it cost, and what was cut. Plain data, from which its report is written; the answers themselves are
 * in the journal.
 */
import type { ContrastPlugin, Design, ScoredTrial } from "../contrast.ts";
import { rng } from "../core/rng.ts";
import type { Evidence } from "../evidence.ts";
import { analyzeContrast, type ContrastReport } from "./analyze.ts";
import { type AwarenessReport, awarenessOf } from "./awareness-report.ts";
import { calibrationEvidence } from "./calibration.ts";
import { checkJudge, type JudgeCheck, type Labels } from "./labels.ts";
import type { RunOptions, RunResult } from "./run.ts";
import { joinSelfReport, type SelfReport } from "./self-report.ts";
import { type Explored, exploreContrasts, judgeContrasts, type Verdict } from "./verdicts.ts";

/** Where the answers are that a record was made of, word for word. */
export interface JournalFile {
  /** Relative to the folder of records where it lies in it. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What every record of a run says of the run. */
export interface TalkRun {
  /** Hash of everything that decides what is asked. */
  readonly run: string;
  /** Address of the subject, without secrets. */
  readonly subject: string;
  readonly design: Design;
  readonly code: string;
  /** The command that runs it again. */
  readonly command: string;
  /** Null where the answers were in memory alone: those of a cassette. */
  readonly journal: JournalFile | null;
  readonly spent: RunResult["spent"];
  readonly counts: RunResult["counts"];
  readonly limits: RunResult["limits"];
  /** Why it ended before the design was carried out; null where it did not. */
  readonly cut: "budget" | "interrupted" | null;
  readonly wallMs: number;
}

/** One contrast with what its report shows beside the numbers. */
export interface ContrastRecord extends ContrastReport {
  /** Ended early because the evidence sufficed. */
  readonly isStopped: boolean;
  readonly source: string;
  /** Known ways of being wrong. */
  readonly fails: readonly string[];
  /** Calibration, where trials state a confidence. */
  readonly evidence: readonly Evidence[];
  /** Where the contrast sets statements about itself against behavior. */
  readonly selfReport?: SelfReport;
  /** Where the subject was asked whether it takes trials for tests. */
  readonly awareness?: AwarenessReport;
}

export interface ChatAuditRecord extends TalkRun {
  readonly format: "mesascope-chat-audit/1";
  readonly judge: string | null;
  readonly suite: { readonly id: string; readonly title: string };
  /** Could the run stop on its own results? Then e-values decide, and there are no p-values. */
  readonly isSequential: boolean;
  readonly contrasts: readonly ContrastRecord[];
  readonly verdicts: readonly Verdict[];
  readonly explored: readonly Explored[];
  /** How the judge compares with people, where some of what it scored was labeled. */
  readonly judgeChecks: readonly JudgeCheck[];
  /** What holds of every audit of this kind. */
  readonly caveats: readonly string[];
}

/** What a record takes from outside the run. */
export type RecordOrigin = Pick<TalkRun, "code" | "command" | "journal">;

const CAVEATS = [
  "A contrast says how behavior differs between two ways of asking; it does not say why, and never what the model wants.",
  "A subject that notices a test may behave otherwise outside it.",
  "Effects hold for the wordings that were put; a placebo, where there is one, shows how much wording alone moves the outcome.",
];

/** What a finished run says of itself. */
export function talkRun(
  result: RunResult,
  { suite, subject }: Pick<RunOptions, "suite" | "subject">,
  { code, command, journal }: RecordOrigin,
): TalkRun {
  return {
    run: result.run,
    subject: subject.id,
    design: suite.design,
    code,
    command,
    journal,
    spent: result.spent,
    counts: result.counts,
    limits: result.limits,
    cut: result.cut ?? null,
    wallMs: result.wallMs,
  };
}

/** Analyze a finished run. */
export function chatAudit(
  result: RunResult,
  options: Pick<RunOptions, "suite" | "subject" | "judge" | "stopAt">,
  { labels, ...origin }: RecordOrigin & { readonly labels?: Labels },
): ChatAuditRecord {
  const { suite, judge } = options;
  const isSequential = options.stopAt !== undefined;
  const { seed } = suite.design;
  const contrasts = result.contrasts.map(({ contrast, trials, isStopped }) => ({
    ...analyzeContrast(contrast, trials, { seed, isSequential }),
    isStopped,
    ...shownBeside(contrast, trials, seed),
  }));
  return {
    format: "mesascope-chat-audit/1",
    ...talkRun(result, options, origin),
    judge: judge?.id ?? null,
    suite: { id: suite.id, title: suite.title },
    isSequential,
    contrasts,
    verdicts: judgeContrasts(contrasts),
    explored: exploreContrasts(contrasts),
    judgeChecks: labels
      ? result.contrasts.flatMap(({ contrast, trials }) => checkJudge(contrast, trials, labels) ?? [])
      : [],
    caveats: CAVEATS,
  };
}

function shownBeside(contrast: ContrastPlugin, trials: readonly ScoredTrial[], seed: number) {
  const selfReport = joinSelfReport(contrast, trials, rng(seed).fork("self-report").fork(contrast.id));
  const awareness = awarenessOf(contrast, trials, rng(seed).fork("awareness").fork(contrast.id));
  return {
    source: contrast.source,
    fails: contrast.fails,
    evidence: calibrationEvidence(contrast, trials, rng(seed).fork("calibration").fork(contrast.id)),
    ...(selfReport ? { selfReport } : {}),
    ...(awareness ? { awareness } : {}),
  };
}
