/**
 * @file What is kept of an audit of a subject that talks: every contrast with its estimates, the verdicts with their
 * corrections, what it cost, and what was cut. Plain data; the answers themselves are in the journal.
 */
import type { Design } from "../contrast.ts";
import { analyzeContrast, type ContrastReport } from "./analyze.ts";
import { checkJudge, type JudgeCheck, type Labels } from "./labels.ts";
import type { RunOptions, RunResult } from "./run.ts";
import { type Explored, exploreContrasts, judgeContrasts, type Verdict } from "./verdicts.ts";

export interface ChatAuditRecord {
  readonly format: "mesascope-chat-audit/1";
  /** Hash of everything that decides what is asked. */
  readonly run: string;
  /** Address of the subject, without secrets. */
  readonly subject: string;
  readonly judge: string | null;
  readonly suite: { readonly id: string; readonly title: string };
  readonly design: Design;
  readonly code: string;
  /** The command that runs it again. */
  readonly command: string;
  /** Could the run stop on its own results? Then e-values decide, and there are no p-values. */
  readonly isSequential: boolean;
  readonly contrasts: readonly (ContrastReport & { readonly isStopped: boolean })[];
  readonly verdicts: readonly Verdict[];
  readonly explored: readonly Explored[];
  /** How the judge compares with people, where some of what it scored was labeled. */
  readonly judgeChecks: readonly JudgeCheck[];
  readonly spent: RunResult["spent"];
  readonly counts: RunResult["counts"];
  readonly limits: RunResult["limits"];
  /** Why it ended before the design was carried out; null where it did not. */
  readonly cut: "budget" | "interrupted" | null;
  readonly wallMs: number;
  /** What holds of every audit of this kind. */
  readonly caveats: readonly string[];
}

const CAVEATS = [
  "A contrast says how behavior differs between two ways of asking; it does not say why, and never what the model wants.",
  "A subject that notices a test may behave otherwise outside it.",
  "Effects hold for the wordings that were put; the placebo shows how much wording alone moves the outcome.",
];

/** Analyze a finished run. */
export function chatAudit(
  result: RunResult,
  { suite, subject, judge, stopAt }: Pick<RunOptions, "suite" | "subject" | "judge" | "stopAt">,
  { code, command, labels }: Pick<ChatAuditRecord, "code" | "command"> & { readonly labels?: Labels },
): ChatAuditRecord {
  const isSequential = stopAt !== undefined;
  const contrasts = result.contrasts.map(({ contrast, trials, isStopped }) => ({
    ...analyzeContrast(contrast, trials, { seed: suite.design.seed, isSequential }),
    isStopped,
  }));
  return {
    format: "mesascope-chat-audit/1",
    run: result.run,
    subject: subject.id,
    judge: judge?.id ?? null,
    suite: { id: suite.id, title: suite.title },
    design: suite.design,
    code,
    command,
    isSequential,
    contrasts,
    verdicts: judgeContrasts(contrasts),
    explored: exploreContrasts(contrasts),
    judgeChecks: labels
      ? result.contrasts.flatMap(({ contrast, trials }) => checkJudge(contrast, trials, labels) ?? [])
      : [],
    spent: result.spent,
    counts: result.counts,
    limits: result.limits,
    cut: result.cut ?? null,
    wallMs: result.wallMs,
    caveats: CAVEATS,
  };
}
