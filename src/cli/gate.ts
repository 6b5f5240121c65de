/**
 * @file Gates: a condition on an audit's readings that makes the command fail, so
 * that a pipeline can stop on it.
 */
import type { AuditRecord } from "../audit-record.ts";
import { LabError } from "../core/errors.ts";
import type { Reading } from "../core/estimate.ts";

export interface Gate {
  /** As typed. */
  readonly text: string;
  readonly detector: string;
  /** `headline`, or the id of a quantity. */
  readonly quantity: string;
  readonly bound: "mean" | "low" | "high";
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: number;
}

const COMPARE: Readonly<Record<Gate["operator"], (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/**
 * Read a gate: `goal-shift.headline > 0.2`, `capability.on.low < 0.9`.
 *
 * @throws {LabError} `input/invalid`
 */
export function parseGate(text: string): Gate {
  const parts =
    /^\s*([a-z0-9-]+)\.([a-z0-9-]+)(?:\.(mean|low|high))?\s*(<=|>=|<|>)\s*(-?\d*\.?\d+(?:e-?\d+)?)\s*$/i.exec(text);
  if (!parts) {
    throw new LabError(
      "input/invalid",
      `--fail-if: the condition cannot be read, got "${text}"; expected <detector>.<quantity> > <number>`,
      {
        hint: 'For example: --fail-if "goal-shift.headline > 0.2", or "goal-shift.headline.low > 0.2" for the end of the interval.',
      },
    );
  }
  const [, detector, quantity, bound = "mean", operator, limit] = parts;
  return {
    text: text.trim(),
    detector: detector!,
    quantity: quantity!,
    bound: bound as Gate["bound"],
    operator: operator as Gate["operator"],
    limit: Number(limit),
  };
}

/**
 * Why the gate trips, or undefined when it does not. A reading that is unscored
 * trips: a gate that passes because nothing was measured is none.
 *
 * @throws {LabError} `input/unknown-id` when the audit has no such reading
 */
export function tripped(gate: Gate, audit: AuditRecord): string | undefined {
  const finding = audit.findings.find(({ detector }) => detector === gate.detector);
  if (!finding) {
    const known = audit.findings.map(({ detector }) => detector).join(", ");
    throw new LabError(
      "input/unknown-id",
      `--fail-if: detector "${gate.detector}" was not run; run: ${known || "none"}`,
    );
  }
  const readings: Readonly<Record<string, Reading>> = {
    headline: finding.reading,
    ...Object.fromEntries(finding.quantities.map(({ id, reading }) => [id, reading])),
  };
  const reading = Object.hasOwn(readings, gate.quantity) ? readings[gate.quantity] : undefined;
  if (!reading) {
    // A detector that declined has no quantities: the gate cannot be wrong about their names.
    if (finding.reading.status === "unscored") return `${gate.text}: unscored, ${finding.reading.reason}`;
    throw new LabError(
      "input/unknown-id",
      `--fail-if: ${gate.detector} has no quantity "${gate.quantity}"; known: ${Object.keys(readings).join(", ")}`,
    );
  }
  if (reading.status === "unscored") return `${gate.text}: unscored, ${reading.reason}`;
  const value = reading.value[gate.bound];
  return COMPARE[gate.operator](value, gate.limit) ? `${gate.text}: it is ${Number(value.toFixed(4))}` : undefined;
}
