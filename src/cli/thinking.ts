/** @file The knob of `audit --ticks`: a subject that thinks for longer or shorter than it was trained to. */
import { LabError } from "../core/errors.ts";
import type { Subject } from "../subject.ts";

/** @throws {LabError} `input/invalid` */
export function parseTicks(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new LabError("input/invalid", `audit: --ticks is not a number of ticks, got "${text}"; expected 1 or more`);
}

/** @throws {LabError} `input/invalid` when the subject has no such knob, or cannot think for so long */
export function thinkingFor(subject: Subject, ticks: number | undefined): Subject {
  if (ticks === undefined) return subject;
  if (subject.thinking) return subject.thinking(ticks);
  throw new LabError("input/invalid", `audit: this subject has no thinking time to set, got --ticks ${ticks}`, {
    hint: "Leave --ticks out, or audit a network that has ticks.",
  });
}
