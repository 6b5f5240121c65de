/** @file Signal detection: telling broken tasks from sound ones, apart from the readiness to complain at all. */
import { normalQuantile } from "../theory/numerics/normal.ts";

export interface Detection {
  /** d′ = Φ⁻¹(hit rate) − Φ⁻¹(false-alarm rate): 0 is no discrimination. */
  readonly sensitivity: number;
  /** c = −(Φ⁻¹(hit rate) + Φ⁻¹(false-alarm rate)) / 2: positive is reluctance to flag. */
  readonly criterion: number;
}

/**
 * Sensitivity and criterion from flags on broken tasks and on their sound twins, with the log-linear correction
 * (k + ½)/(n + 1), so that rates of 0 and 1 stay finite.
 *
 * Source: Green and Swets 1966; Hautus 1995 for the correction.
 */
export function detection(hits: number, broken: number, falseAlarms: number, sound: number): Detection {
  const [hit, alarm] = [normalQuantile((hits + 0.5) / (broken + 1)), normalQuantile((falseAlarms + 0.5) / (sound + 1))];
  return { sensitivity: hit - alarm, criterion: -(hit + alarm) / 2 };
}
