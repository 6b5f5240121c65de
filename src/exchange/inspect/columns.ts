/** @file The scores of an Inspect log as columns, one for each scorer (and each member of a score that has several). */
import type { ScoreColumn, ScoreRow } from "../score-table.ts";
import type { InspectLog, Score } from "./schema.ts";

/** Members of a sample's metadata that name what an item shares its luck with, in this order. */
const CLUSTER_KEYS = ["cluster", "family", "group"];

/**
 * Columns of a log. A sample that failed, or whose score is NaN or no number at all, is a row without a value.
 *
 * @param clusterKey member of a sample's metadata that names its cluster; default: cluster, family or group
 */
export function columnsOf(log: InspectLog, clusterKey?: string): readonly ScoreColumn[] {
  const samples = log.samples ?? [];
  const scorers = new Set<string>();
  for (const { scores } of samples) {
    for (const [name, score] of Object.entries(scores ?? {})) {
      for (const member of membersOf(score.value)) scorers.add(member === "" ? name : `${name}.${member}`);
    }
  }
  return [...scorers].map((scorer) => ({
    label: log.eval.model,
    scorer,
    rows: samples.map(({ id, epoch, scores, metadata }): ScoreRow => {
      const cluster = (clusterKey === undefined ? CLUSTER_KEYS : [clusterKey]).flatMap((key) => {
        const value = metadata[key];
        return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
      })[0];
      const value = numberUnder(scores ?? {}, scorer);
      return {
        item: String(id),
        repeat: epoch,
        ...(cluster === undefined ? {} : { cluster }),
        ...(value === undefined ? {} : { value }),
      };
    }),
  }));
}

/** Names of the members of a score; the empty name is the score itself. */
const membersOf = (value: Score["value"]): readonly string[] =>
  typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [""];

function numberUnder(scores: Readonly<Record<string, Pick<Score, "value">>>, scorer: string): number | undefined {
  const whole = scores[scorer];
  if (whole) return scoreNumber(whole.value);
  for (const [name, { value }] of Object.entries(scores)) {
    if (!scorer.startsWith(`${name}.`) || typeof value !== "object" || Array.isArray(value)) continue;
    return scoreNumber((value as Readonly<Record<string, unknown>>)[scorer.slice(name.length + 1)]);
  }
  return undefined;
}

/** Letters by which Inspect writes correct, incorrect, partial and no answer. */
const LETTERS: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };
const WORDS: Readonly<Record<string, number>> = { yes: 1, true: 1, no: 0, false: 0 };

/** A score as a number, the way Inspect's own metrics take it; undefined where it is none. */
export function scoreNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return undefined;
  const letter = LETTERS[value] ?? WORDS[value.toLowerCase()];
  if (letter !== undefined) return letter;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
