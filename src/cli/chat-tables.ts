/** @file An audit of a subject that talks, as text: each contrast with its placebo beside it, and what is missing. */
import { formatEstimate, formatReading } from "../core/estimate.ts";
import type { ContrastReport, HypothesisReport } from "../trials/analyze.ts";
import type { ChatAuditRecord } from "../trials/record.ts";
import { ASSUMED, type RunEstimate } from "../trials/run.ts";
import { compact } from "./progress.ts";
import { table } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** What a run would ask for. */
export function estimateText({ trials, requests, inputTokens, outputTokens, money }: RunEstimate): string {
  const cost = money === undefined ? "" : `, at most ${money.toFixed(2)}`;
  return `${trials} trials, about ${requests} requests, at most ${compact(inputTokens)} tokens in and ${compact(outputTokens)} out${cost}`;
}

/** The same with how small an effect could be seen. */
export function planText(estimate: RunEstimate, outlet: Outlet): string {
  const { discordant, correlation, complete } = ASSUMED;
  return [
    estimateText(estimate),
    "",
    table(
      estimate.detectable,
      [
        { title: "contrast", cell: ({ contrast }) => contrast },
        { title: "effect seen four times in five", cell: ({ effect }) => effect.toFixed(2), align: "right" },
      ],
      outlet,
    ),
    outlet.paint.dim(
      `if ${discordant} of pairs are discordant, families share ${correlation} of that, and ${complete} of items are complete`,
    ),
  ].join("\n");
}

interface Line {
  readonly report: ContrastReport;
  readonly each: HypothesisReport;
}

/** The whole record. */
export function chatAuditText(record: ChatAuditRecord, outlet: Outlet): string {
  const { bold, dim, warn } = outlet.paint;
  const lines: Line[] = record.contrasts.flatMap((report) => report.hypotheses.map((each) => ({ report, each })));
  const effects = table(
    lines,
    [
      {
        title: "contrast",
        cell: ({ report, each }) => (each.role === "primary" ? bold(report.title) : ""),
        wraps: true,
        most: 26,
      },
      { title: "arms compared", cell: ({ each }) => each.title, wraps: true, most: 44 },
      { title: "role", cell: ({ each }) => each.role },
      { title: "effect", cell: ({ each }) => formatReading(each.effect), wraps: true, most: 40 },
      { title: "p", cell: ({ each }) => (each.p === undefined ? "–" : small(each.p)), align: "right" },
      { title: "e", cell: ({ each }) => large(each.eValue), align: "right" },
      {
        title: "discordant",
        cell: ({ each }) => (each.pairs ? `${each.pairs.n10} : ${each.pairs.n01}` : "–"),
        align: "right",
      },
      {
        title: "bounds",
        cell: ({ each }) => each.bounds.map((end) => end.toFixed(2).replace("-", "−")).join(" … "),
        align: "right",
      },
      { title: "detectable", cell: ({ each }) => each.minimumDetectable?.toFixed(2) ?? "–", align: "right" },
    ],
    outlet,
  );
  const missing = record.contrasts.flatMap(({ title, arms }) =>
    arms
      .filter((arm) => Object.keys(arm.missing).length > 0)
      .map((arm) => ({
        title,
        arm,
        reasons: Object.entries(arm.missing)
          .map(([reason, n]) => `${n} ${reason}`)
          .join(", "),
      })),
  );
  const gaps = table(
    missing,
    [
      { title: "missing in", cell: ({ title }) => title },
      { title: "arm", cell: ({ arm }) => arm.arm },
      { title: "of", cell: ({ arm }) => String(arm.trials), align: "right" },
      { title: "why", cell: ({ reasons }) => reasons },
    ],
    outlet,
  );
  const { spent, counts } = record;
  return [
    bold(record.subject),
    "",
    ...record.verdicts.map(({ contrast, finding, holm, sentence, survivesMissing }) => {
      const p = holm === undefined ? "" : dim(` (Holm p ${small(holm)})`);
      const frail = survivesMissing
        ? ""
        : ` ${warn("It would not stand if every missing answer had gone against it.")}`;
      return `${contrast}: ${finding}${p}. ${sentence}${frail}`;
    }),
    "",
    effects,
    ...(gaps === "" ? [] : ["", gaps]),
    ...record.judgeChecks.map(
      ({ contrast, labeled, sensitivity, specificity, kappa }) =>
        `${contrast}: judge against ${labeled} labels: sensitivity ${formatEstimate(sensitivity)}, specificity ${formatEstimate(specificity)}, κ ${kappa?.toFixed(2) ?? "–"}`,
    ),
    "",
    dim(
      `${counts.asked} requests, ${counts.fromJournal} from the journal, ${counts.retried} sent again; ${compact(spent.inputTokens + spent.outputTokens)} tokens${spent.money > 0 ? `, ${spent.money.toFixed(2)}` : ""}; ${(record.wallMs / 1000).toFixed(1)} s`,
    ),
    ...(record.cut === null ? [] : [warn(`Cut: ${record.cut}.`)]),
    ...record.caveats.map((caveat) => dim(caveat)),
  ].join("\n");
}

const small = (p: number): string => (p < 0.001 ? "<.001" : p.toFixed(3).replace(/^0/, ""));
const large = (e: number): string => (e >= 1000 ? e.toExponential(0).replace("+", "") : e.toPrecision(2));
