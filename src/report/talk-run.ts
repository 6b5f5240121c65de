/** @file What every report of a subject that talks says of its run: what was asked, what it cost, what is missing. */
import type { MissingReason } from "../contrast.ts";
import type { ArmReport } from "../trials/analyze.ts";
import type { TalkRun } from "../trials/record.ts";
import { html, type Markup } from "./markup.ts";
import { formatDuration, formatNumber } from "./numbers.ts";
import { dataTable } from "./page.ts";

type Counted = Pick<ArmReport, "title" | "trials" | "missing">;

/** Why a run ended before its design was carried out. */
const CUTS: Readonly<Record<NonNullable<TalkRun["cut"]>, string>> = {
  budget: "the budget was spent: trials that were never asked are missing",
  interrupted: "it was interrupted",
};

/**
 * The facts of a run, with what its kind of report adds after the subject.
 *
 * @param arms whose trials are counted
 */
export function runFacts(
  { subject, counts, spent, wallMs, design, code, cut }: TalkRun,
  arms: readonly Counted[],
  own: readonly (readonly [string, string])[],
): Markup {
  const trials = arms.reduce((sum, arm) => sum + arm.trials, 0);
  const missing = arms
    .flatMap((arm) => Object.values(arm.missing))
    .reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const whole = (count: number) => formatNumber(count, 0);
  const facts: readonly (readonly [string, string])[] = [
    ["Subject", subject],
    ...own,
    ["Trials", `${whole(trials)}, ${whole(missing)} without a score`],
    [
      "Requests",
      `${whole(counts.asked)} asked, ${whole(counts.fromJournal)} from the journal, ${whole(counts.retried)} sent again`,
    ],
    ["Tokens", `${whole(spent.inputTokens)} in, ${whole(spent.outputTokens)} out`],
    ...(spent.money > 0 ? [["Cost", formatNumber(spent.money)] as const] : []),
    ["Time", formatDuration(wallMs)],
    ["Seed and code", `${design.seed}, ${code}`],
    ...(cut === null ? [] : [["Cut short", CUTS[cut]] as const]),
  ];
  return html`<dl class="meta">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Trials without a score by arm and reason; nothing where none is missing. */
export function missingTable(title: string, arms: readonly Counted[]): Markup | false {
  const reasons = [...new Set(arms.flatMap(({ missing }) => Object.keys(missing)))] as MissingReason[];
  if (reasons.length === 0) return false;
  return dataTable(
    {
      columns: ["arm", "trials", ...reasons.map((reason) => `missing: ${reason}`)],
      rows: arms.map((arm) => [
        arm.title,
        String(arm.trials),
        ...reasons.map((reason) => String(arm.missing[reason] ?? 0)),
      ]),
    },
    `Missing in ${title}`,
  );
}
