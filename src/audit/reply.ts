/** @file What the rule of one question decides; the rest of an answer is the same for every question. */
import type { Answer, Finding } from "../audit-record.ts";

export interface Reply extends Pick<Answer, "status" | "answer" | "detectors" | "number"> {
  /** What would have to be found for another answer. */
  readonly wouldChange?: readonly string[];
}

/** A reply that rests on findings; those that are absent are left out. */
export function reply(
  status: Reply["status"],
  answer: string,
  findings: readonly (Finding | undefined)[],
  rest: Pick<Reply, "number" | "wouldChange"> = {},
): Reply {
  return { status, answer, detectors: findings.flatMap((finding) => (finding ? [finding.detector] : [])), ...rest };
}
