/** @file Questions of other tools by the name of their file. */
import { LabError } from "../core/errors.ts";
import type { Imported } from "./imported.ts";
import { importModelWrittenEvals } from "./model-written-evals.ts";
import { importPromptfoo } from "./promptfoo/config.ts";

/**
 * What a file comes to: `.jsonl` is a model-written evaluation, `.yaml`, `.yml` and `.json` a configuration of promptfoo.
 *
 * @throws {LabError} `exchange/malformed` by line or path, `input/invalid` for another ending
 */
export function importQuestions(text: string, file: string): Imported {
  if (/\.jsonl$/i.test(file)) return importModelWrittenEvals(text, file);
  if (/\.(?:ya?ml|json)$/i.test(file)) return importPromptfoo(text, file);
  throw new LabError(
    "input/invalid",
    `import: "${file}" has no ending that is known; expected .yaml, .yml, .json or .jsonl`,
  );
}
