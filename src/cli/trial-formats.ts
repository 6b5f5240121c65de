/** @file The formats in which the trials of an audit can be written: names alone, so that help stays light. */
import { InvalidArgumentError } from "commander";

/** What can be written beside the record. */
export const TRIAL_FORMATS = [
  "csv",
  "jsonl",
  "parquet",
  "eval",
  "inspect-json",
  "spans",
  "spans-with-content",
] as const;
export type TrialFormat = (typeof TRIAL_FORMATS)[number];

/** Formats as they are typed: `csv,eval`. @throws {InvalidArgumentError} */
export function parseTrialFormats(text: string): readonly TrialFormat[] {
  return text.split(",").map((name) => {
    const format = TRIAL_FORMATS.find((each) => each === name.trim());
    if (!format) throw new InvalidArgumentError(`Expected some of ${TRIAL_FORMATS.join(", ")}, got "${name}".`);
    return format;
  });
}
