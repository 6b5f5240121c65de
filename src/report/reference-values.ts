/** @file Reference values as a page and as comma-separated values: published and ours side by side. */

import { csv } from "../core/csv.ts";
import { type Comparison, type Pending, selectQuantities } from "../lab/reference-values.ts";
import { centerOf, type ReferencePlugin } from "../reference.ts";
import { code, escapeMarkdown, markdownTable } from "./markdown.ts";

/** One line a number. */
export function comparisonCsv(rows: readonly Comparison[]): string {
  return csv(
    ["line", "reference", "quantity", "published", "tolerance", "ours", "low", "high", "n", "within"],
    rows.map((row) => [
      row.line,
      row.reference,
      row.quantity,
      row.published,
      row.tolerance,
      centerOf(row.ours),
      typeof row.ours === "number" ? undefined : row.ours.low,
      typeof row.ours === "number" ? undefined : row.ours.high,
      typeof row.ours === "number" ? undefined : row.ours.n,
      String(row.isWithin),
    ]),
  );
}

/**
 * docs/theory.md.
 *
 * @param rows with their mistakes
 * @param stored of what is too slow to be computed whenever the page is made, from a run of its own
 */
export function theoryMarkdown(
  references: readonly ReferencePlugin[],
  rows: readonly Comparison[],
  stored: readonly Comparison[] = [],
): string {
  const ordered = [...new Set(selectQuantities(references).map(({ reference }) => reference))];
  const find = ({ reference, quantity }: Pending) =>
    [...rows, ...stored].find(
      (row) =>
        row.reference === reference.id &&
        row.quantity === quantity.name &&
        row.published === quantity.published.text &&
        stored.includes(row) === (quantity.isSlow === true),
    );
  const shown = ordered.flatMap((reference) =>
    reference.quantities.flatMap((quantity) => find({ reference, quantity }) ?? []),
  );
  const outside = shown.filter((row) => !row.isWithin);
  const section = (reference: ReferencePlugin): string[] => {
    const told = reference.quantities.map((quantity) => ({ quantity, row: find({ reference, quantity }) }));
    const notes = reference.quantities.flatMap(({ name, note }) => (note === undefined ? [] : [{ name, note }]));
    const mistakes = told.flatMap(({ row }) =>
      (row?.mistakes ?? []).map(({ name, text }) => [row!.quantity, row!.published, name, text]),
    );
    return [
      `## ${reference.line === "E0" ? "" : `${reference.line}: `}${escapeMarkdown(reference.title)}`,
      escapeMarkdown(`Source: ${reference.source}.`),
      markdownTable({
        columns: ["quantity", "published", "ours", "tolerance", "within"],
        rows: told.map(({ quantity, row }) => [
          quantity.name,
          quantity.published.text,
          row === undefined ? "slow, not computed yet" : `${row.text}${quantity.isSlow === true ? " †" : ""}`,
          quantity.published.tolerance,
          row === undefined ? "" : row.isWithin ? "yes" : "**no**",
        ]),
      }),
      ...(notes.length === 0
        ? []
        : [notes.map(({ name, note }) => `- ${escapeMarkdown(`${name}: ${note}`)}`).join("\n")]),
      ...(mistakes.length === 0
        ? []
        : [
            "What known mistakes give:",
            markdownTable({ columns: ["quantity", "published", "mistake", "gives"], rows: mistakes }),
          ]),
    ];
  };
  return `${[
    "# Theory: published numbers and ours",
    `Generated from ${code("src/references")} by ${code("npm run gen")}; do not edit. ${shown.length} numbers, ${outside.length === 0 ? "all within their tolerance" : `${outside.length} outside their tolerance`}; they are computed when the page is made, but for those with †, which take longer and are from a run of their own (${code("docs/theory-slow.json")}). Means over draws have their 95 % interval and n.`,
    `${code("mesascope theory")} prints the same table, ${code("mesascope theory --all")} with what is slow, ${code("--only E7")} one line of it. A tolerance is half a unit of the last printed digit unless a number says otherwise.`,
    "A formula that is nearly right passes a tolerance that is too wide. So mistakes in circulation, and likely ones, stand beside the number that exposes them, and each has to lie outside.",
    ...ordered.flatMap(section),
  ].join("\n\n")}\n`;
}
