/**
 * @file Estimates and readings: a number never travels without its interval and
 * its n, and an absent number is a reason.
 */

/** What an estimate's n counts. Training seeds are the unit of replication. */
export type Unit =
  | "seeds"
  | "levels"
  | "layouts"
  | "groups"
  | "trajectories"
  | "decisions"
  | "agents"
  | "worlds"
  | "families"
  | "items"
  | "trials"
  | "audits"
  | "contexts"
  | "pairs"
  | "triads"
  | "tournaments";

/** A mean with its 95 % interval. `low ≤ mean ≤ high`; `n ≥ 1`. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** How many independent units the interval rests on. */
  readonly n: number;
  readonly unit: Unit;
}

/** What an instrument says: an estimate, or why there is none. */
export type Reading =
  | { readonly status: "scored"; readonly value: Estimate }
  | { readonly status: "unscored"; readonly reason: string };

export const scored = (value: Estimate): Reading => ({ status: "scored", value });
export const unscored = (reason: string): Reading => ({ status: "unscored", reason });

/** `0.21 [0.18, 0.25]`, or `unscored: reason`. */
export function formatReading(reading: Reading, digits = 2): string {
  return reading.status === "scored" ? formatEstimate(reading.value, digits) : `unscored: ${reading.reason}`;
}

/** `0.21 [0.18, 0.25]`, with a real minus sign. */
export function formatEstimate({ mean, low, high }: Estimate, digits = 2): string {
  return `${fixed(mean, digits)} [${fixed(low, digits)}, ${fixed(high, digits)}]`;
}

/** What rounds to zero has no sign. */
function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}
