/**
 * @file Blind audits of in-context learners of known making, as rows of an experiment: one condition a row, training
 * seeds the unit. Runs that stalled in training are counted (`stalled`) and averaged with nothing.
 */
import { auditLearner, gradeLearner } from "../audit/in-context.ts";
import type { AuditRecord } from "../audit-record.ts";
import type { Estimate } from "../core/estimate.ts";
import { overSeeds, wilson } from "../core/intervals.ts";
import type { Evidence } from "../evidence.ts";
import type { Lab, Row } from "../experiment.ts";
import { inContextInstruments } from "../in-context/instruments.ts";
import { lawOf } from "../in-context/recipe.ts";
import { findInContextRecipe } from "../in-context/recipes.ts";
import type { InContextRecord } from "../in-context.ts";
import { parseParams } from "../plugin.ts";

/** What is read of each audit: a quantity of an instrument, or its `headline`, by the name of its column. */
export type LearnerColumns = Readonly<Record<string, readonly [instrument: string, quantity: string]>>;

/**
 * Audit a learner without its making, each seed on contexts of its own.
 *
 * @param contexts of each instrument
 * @param seed added to that of the training
 */
export async function auditBlind(
  lab: Lab,
  record: InContextRecord,
  { contexts, seed = 0 }: { readonly contexts: number; readonly seed?: number },
): Promise<AuditRecord> {
  const { recipe } = record.spec;
  return auditLearner({
    learner: await lab.learner(record),
    law: lawOf(parseParams(findInContextRecipe(recipe.id), recipe.params)),
    params: Object.fromEntries(inContextInstruments.map(({ id }) => [id, { contexts }])),
    seed: seed + record.spec.seed,
    clock: () => 0,
    code: record.code,
    executor: record.executor,
    command: "",
  });
}

/**
 * Audits of one condition: shares of the seeds that did not stall, `right` (named for what it is) first, then means over
 * them. Where an instrument declined on some seeds, or nothing was named and a margin has no finite value, the column is
 * of the others; with fewer than two it is left out.
 *
 * @param shares further judgments of an audit, by the name of their column
 */
export function learnerRow(
  condition: string,
  records: readonly InContextRecord[],
  audits: readonly AuditRecord[],
  columns: LearnerColumns,
  shares: Readonly<Record<string, (audit: AuditRecord) => boolean>> = {},
): Row {
  const stalled = records.map(({ status }) => (status === "stalled" ? 1 : 0));
  const kept = audits.filter((_, i) => stalled[i] === 0);
  const perSeed: Record<string, readonly number[]> = { stalled };
  const quantities: Record<string, Estimate> = {
    stalled: wilson(stalled.filter(Boolean).length, stalled.length, "seeds"),
  };
  const share = (column: string, values: readonly boolean[]) => {
    if (values.length === 0) return;
    perSeed[column] = values.map(Number);
    quantities[column] = wilson(values.filter(Boolean).length, values.length, "seeds");
  };
  share(
    "right",
    kept.flatMap(({ findings }) => gradeLearner(findings, records[0]!.constructed)?.correct ?? []),
  );
  for (const [column, judge] of Object.entries(shares)) share(column, kept.map(judge));
  for (const [column, [instrument, quantity]] of Object.entries(columns)) {
    const values = kept.flatMap(({ findings }) => {
      const finding = findings.find(({ detector }) => detector === instrument);
      const reading =
        quantity === "headline" ? finding?.reading : finding?.quantities.find(({ id }) => id === quantity)?.reading;
      return reading?.status === "scored" && Number.isFinite(reading.value.mean) ? [reading.value.mean] : [];
    });
    if (values.length < 2) continue;
    perSeed[column] = values;
    quantities[column] = overSeeds(values);
  }
  return { condition, perSeed, quantities };
}

/** One column over the conditions that have it. */
export function columnBars(
  rows: readonly Row[],
  column: string,
  title: string,
  axis: string,
  range?: readonly [number, number],
): Extract<Evidence, { kind: "bars" }> {
  return {
    kind: "bars",
    title,
    axis,
    ...(range ? { range } : {}),
    bars: rows.flatMap(({ condition, quantities }) =>
      quantities[column]
        ? [{ label: condition, reading: { status: "scored" as const, value: quantities[column] } }]
        : [],
    ),
  };
}
