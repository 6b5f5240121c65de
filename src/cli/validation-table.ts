/** @file The validation of the instrument as a table: one line for each contrast and condition. */
import { CONDITIONS } from "../trials/conditions.ts";
import type { NullAuditRow } from "../trials/null-audits.ts";
import type { ValidationRow } from "../trials/validate.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";
import type { ValidationRecord } from "./validation.ts";

const HTTP_NOTE =
  "Over HTTP: whole audits through a local server under all faults at once, two items of each family; an audit with too few complete families has no p-value and is drawn again, and false positives are a share of those that have one.";

/** Digits after the point, without the zero before it. */
const share = (value: number, digits = 3): string => value.toFixed(digits).replace(/^(-?)0\./, "$1.");

/** Null audits over HTTP. */
function overHttp(rows: readonly NullAuditRow[], outlet: Outlet): string {
  const mark = (text: string, passes: boolean) => (passes ? text : outlet.paint.bad(`${text} ✗`));
  const lines = table<NullAuditRow>(
    rows,
    [
      { title: "over HTTP", cell: ({ contrast }) => contrast },
      { title: "audits", cell: ({ audits }) => String(audits), align: "right" },
      { title: "with a p-value", cell: ({ scored }) => String(scored), align: "right" },
      {
        title: "false positives",
        cell: ({ falsePositives: { mean, low, high }, passes }) =>
          mark(`${share(mean)} [${share(low)}, ${share(high)}]`, passes.falsePositives),
        align: "right",
      },
      { title: "≥ (99 %)", cell: ({ falsePositivesBound }) => share(falsePositivesBound), align: "right" },
      { title: "requests", cell: ({ requests }) => String(requests), align: "right" },
      {
        title: "unanswered",
        cell: ({ unanswered, passes }) => mark(String(unanswered), passes.answered),
        align: "right",
      },
    ],
    outlet,
  );
  return `${lines}\n\n${HTTP_NOTE}`;
}

/** The whole record. */
export function validationText(
  { rows, words, http, holds, settings, wallMs }: ValidationRecord,
  outlet: Outlet,
): string {
  const { bad, bold, dim, good } = outlet.paint;
  const mark = (text: string, passes: boolean) => (passes ? text : bad(`${text} ✗`));
  const title = (id: string) => CONDITIONS.find((each) => each.id === id)?.id ?? id;
  const main = table<ValidationRow>(
    rows,
    [
      { title: "contrast", cell: ({ contrast, condition }) => (condition === CONDITIONS[0]!.id ? contrast : "") },
      { title: "condition", cell: ({ condition }) => title(condition) },
      {
        title: "false positives",
        cell: ({ falsePositives, passes }) => mark(share(falsePositives.mean), passes.falsePositives),
        align: "right",
      },
      { title: "≥ (99 %)", cell: ({ falsePositivesBound }) => share(falsePositivesBound), align: "right" },
      { title: "any time", cell: ({ anytimeFalsePositives }) => share(anytimeFalsePositives.mean), align: "right" },
      {
        title: "coverage",
        cell: ({ coverageNull, coveragePlanted, passes }) =>
          mark(`${share(coverageNull.mean)} ${share(coveragePlanted.mean)}`, passes.coverage),
        align: "right",
      },
      { title: "effect", cell: ({ effect }) => share(effect, 2), align: "right" },
      { title: "promised", cell: ({ promised }) => share(promised), align: "right" },
      { title: "power", cell: ({ power, passes }) => mark(share(power.mean), passes.power), align: "right" },
    ],
    outlet,
  );
  const unread = words.flatMap(({ contrast, misread, misreadCount, firstOptionEffect }) => [
    ...(misreadCount > 0 ? [`${contrast}: ${misreadCount} answers misread: ${misread.join("; ")}`] : []),
    ...(firstOptionEffect === 0
      ? []
      : [`${contrast}: the first option alone makes an effect of ${share(firstOptionEffect, 2)}`]),
  ]);
  const read = words.reduce((sum, { trials, judged }) => sum + trials - judged, 0);
  const below = rows.map(({ falsePositives }) => falsePositives.mean);
  const pooled = rows.reduce((sum, { coveragePlanted }) => sum + coveragePlanted.mean, 0) / Math.max(1, rows.length);
  const wire = http.length === 0 ? [] : ["", overHttp(http, outlet)];
  return [
    main,
    "",
    `${settings.nulls} null and ${settings.planted} planted audits a line, ${settings.families} families of ${settings.items} items. The exact test may reject .050 of null audits; it rejects ${share(Math.min(...below))} to ${share(Math.max(...below))}.`,
    `Intervals hold the planted effect in ${share(pooled)} of all planted audits.`,
    `${read} answers of planted subjects read through the contrasts' own prompts and scorers: ${unread.length === 0 ? "every one as it was decided" : bad(`${unread.length} contrasts at fault`)}.`,
    ...unread.map((line) => bad(line)),
    ...wire,
    ...CONDITIONS.map((condition) => dim(`${condition.id}: ${condition.title}`)),
    "",
    `${holds ? good("✓ valid") : bad("✗ not valid")}  ${bold(`${rows.length}`)} lines, ${(wallMs / 1000).toFixed(0)} s`,
  ].join("\n");
}
