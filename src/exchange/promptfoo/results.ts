/**
 * @file Results of promptfoo as columns of scores, so that two prompts or two models of one evaluation can be compared
 * pair by pair.
 *
 * A row that ended in an error is one without a value: counting it as a failure would mix up the model with the line.
 *
 * Source: promptfoo, `OutputFile` and `EvaluateResult` (MIT).
 */
import { z } from "zod";
import { checked } from "../refusal.ts";
import type { ScoreColumn, ScoreRow } from "../score-table.ts";
import { readYaml } from "./read-yaml.ts";

const row = z.looseObject({
  promptIdx: z.int().min(0).default(0),
  testIdx: z.int().min(0).optional(),
  vars: z.record(z.string(), z.unknown()).nullish(),
  provider: z
    .union(
      [z.string(), z.looseObject({ id: z.string().nullish(), label: z.string().nullish() })],
      "expected the name of a model",
    )
    .nullish(),
  success: z.boolean(),
  score: z.number().nullish(),
  /** 0 none, 1 an assertion, 2 an error. */
  failureReason: z.int().nullish(),
  error: z.unknown().optional(),
  namedScores: z.record(z.string(), z.unknown()).nullish(),
});
const output = z.looseObject({ results: z.looseObject({ results: z.array(row) }) });

/**
 * Columns of an output file (JSON or YAML), for every model and prompt: whether all assertions held (`pass`), their
 * weighted share (`score`), and every named score.
 *
 * @throws {LabError} `exchange/malformed` naming the member that is wrong
 */
export function readPromptfooResults(text: string, where: string): readonly ScoreColumn[] {
  const { results } = checked(output, readYaml(text, where), where).results;
  const columns = new Map<string, { label: string; scorer: string; rows: ScoreRow[] }>();
  const asked = new Map<string, number>();
  for (const result of results) {
    const { promptIdx, testIdx, vars, provider } = result;
    const model = typeof provider === "string" ? provider : provider?.label || provider?.id || "model";
    const label = `${model}#${promptIdx}`;
    const item = testIdx === undefined ? JSON.stringify(vars ?? {}) : `test-${testIdx}`;
    const repeat = asked.get(`${label} ${item}`) ?? 0;
    asked.set(`${label} ${item}`, repeat + 1);
    const isError =
      result.failureReason === 2 || (result.failureReason == null && result.error != null && result.error !== "");
    const scores: readonly (readonly [string, unknown])[] = [
      ["pass", result.success ? 1 : 0],
      ["score", result.score],
      ...Object.entries(result.namedScores ?? {}).map(([name, value]) => [`named.${name}`, value] as const),
    ];
    for (const [scorer, value] of scores) {
      const column = columns.get(`${scorer} ${label}`) ?? { label, scorer, rows: [] };
      const isScored = !isError && typeof value === "number" && Number.isFinite(value);
      column.rows.push({ item, repeat, ...(isScored ? { value } : {}) });
      columns.set(`${scorer} ${label}`, column);
    }
  }
  return [...columns.values()];
}
