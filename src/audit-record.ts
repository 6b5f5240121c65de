/**
 * @file The record of an audit: everything a report shows, and everything needed
 * to run the same audit again. Plain data.
 */
import type { Reading } from "./core/estimate.ts";
import type { Measurement, QuestionId } from "./detector.ts";
import type { ConstructedTruth, RealizedTruth, TrainingSpec } from "./organism.ts";
import type { Posterior } from "./scoreboard.ts";
import type { Access } from "./subject.ts";
import type { TaskSpec } from "./task.ts";

/** What one detector found, or why it was not run. */
export interface Finding extends Measurement {
  readonly detector: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly wallMs: number;
  /** Access that it would have needed and the subject does not grant; absent where it was run. */
  readonly missing?: readonly Access[];
}

/** What one detector says about an answer, in a sentence with its numbers. */
export interface Argument {
  readonly detector: string;
  readonly text: string;
}

/** One of the eight questions, answered from the findings. */
export interface Answer {
  readonly question: QuestionId;
  readonly text: string;
  /** The short answer, or the reason why there is none. */
  readonly status: "answered" | "unscored";
  readonly answer: string;
  /** Detectors it rests on. */
  readonly detectors: readonly string[];
  // The rest is absent in records of earlier versions.
  /** The number behind the answer. */
  readonly number?: { readonly title: string; readonly reading: Reading };
  /** What the evidence below is for and against, as a sentence. */
  readonly proposition?: string;
  readonly supports?: readonly Argument[];
  readonly opposes?: readonly Argument[];
  /** What would have to be found for another answer. */
  readonly wouldChange?: readonly string[];
  /** Detectors of this question that the subject's access rules out, with what they need. */
  readonly notAsked?: readonly Argument[];
}

/** How far goals are apart, as a share of the levels that tell them apart. */
export interface Gap {
  /** What the number is. */
  readonly title: string;
  readonly reading: Reading;
}

/** Two separate numbers, never added up. */
export interface Gaps {
  /** From what the designer intended to the base objective: an error of the specification. */
  readonly outer: Gap;
  /** From the base objective to the goal that is pursued: an error of what was learned. */
  readonly inner: Gap;
}

export interface AuditRecord {
  readonly format: "mesascope-audit/1";
  /** Content hash of the subject. */
  readonly subject: string;
  readonly access: readonly Access[];
  readonly task: TaskSpec;
  readonly seed: number;
  readonly code: string;
  readonly executor: string;
  readonly answers: readonly Answer[];
  readonly findings: readonly Finding[];
  /** Absent in records of earlier versions. */
  readonly gaps?: Gaps;
  /** Yes-or-no answers as probabilities, by a zoo's calibration; absent where there was none. */
  readonly posteriors?: readonly Posterior[];
  /** Code and seed of that calibration. */
  readonly calibration?: string;
  /** Detectors run: how many looks there were. */
  readonly looks: number;
  /** What the user said about a file that it does not say itself, where anything was said. */
  readonly declared?: Readonly<Record<string, unknown>>;
  /** What was inferred about a file that does not say it, and which access is missing and why. */
  readonly notes?: readonly string[];
  /** The command that reproduces it. */
  readonly command: string;
  readonly wallMs: number;
}

/**
 * An audit set beside what is known of an organism's making, after the audit
 * was finished. The audit itself never sees this.
 */
export interface GradedAudit {
  readonly audit: AuditRecord;
  readonly organism: string;
  readonly spec: TrainingSpec;
  readonly constructed: ConstructedTruth;
  readonly realized: RealizedTruth;
  /** Did the audit's answer to "what does it want" name the realized goal (or decline where there is none)? */
  readonly correct: boolean;
  readonly because: string;
}
