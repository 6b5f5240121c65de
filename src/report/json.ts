/** @file Any record as JSON for people and programs: the record itself, nothing added, sorted keys. */
import { canonicalJson } from "../core/json.ts";

/**
 * Indented JSON with sorted keys.
 *
 * @throws {LabError} `input/invalid` when the record holds what JSON cannot (NaN, infinities)
 */
export function reportJson(record: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(record)), null, 2)}\n`;
}
