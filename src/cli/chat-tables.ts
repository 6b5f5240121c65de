/** @file An audit of a subject that talks, as text: each contrast with its placebo beside it, and what is missing. */
import { formatEstimate, formatReading, type Reading } from "../core/estimate.ts";
import { formatReadingWithCount } from "../report/numbers.ts";
import type { ContrastReport, HypothesisReport } from "../trials/analyze.ts";
import type { ChatAuditRecord, ContrastRecord, TalkRun } from "../trials/record.ts";
import { ASSUMED, type RunEstimate } from "../trials/run.ts";
import { type UtilitiesRecord, utilitiesSentence } from "../trials/utilities-record.ts";
import { compact } from "./progress.ts";
import { facts, table } from "./table.ts";
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

/** The effects of a whole record, what is missing, and what it cost. */
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
    ...record.contrasts.flatMap(selfReportLines),
    ...record.contrasts.flatMap(awarenessLines),
    "",
    ...costLines(record, outlet),
    ...record.caveats.map((caveat) => dim(caveat)),
  ].join("\n");
}

/** How well each predictor foretells single items, where statements were set against behavior. */
function selfReportLines({ contrast, selfReport }: ContrastRecord): readonly string[] {
  return (selfReport?.predictors ?? []).map(({ title, error, advantage }) => {
    const beside = advantage === undefined ? "" : `; the self-report errs less by ${formatReadingWithCount(advantage)}`;
    return `${contrast}: error in foretelling single items, ${title}: ${formatReadingWithCount(error)}${beside}`;
  });
}

/** What the subject takes its trials for, where it was asked. */
function awarenessLines({ contrast, awareness }: ContrastRecord): readonly string[] {
  if (!awareness) return [];
  const { read, unread, difference, strata } = awareness;
  const groups = strata.map(({ title, items, effect }) => `${formatReadingWithCount(effect)} among ${items} ${title}`);
  return [
    `${contrast}: stated probability of a test, read of ${read} trials and not of ${unread}: between the arms of the primary effect ${formatReadingWithCount(difference)}; the effect ${groups.join(", ")}`,
  ];
}

function costLines({ spent, counts, wallMs, cut }: TalkRun, { paint }: Outlet): readonly string[] {
  const money = spent.money > 0 ? `, ${spent.money.toFixed(2)}` : "";
  return [
    paint.dim(
      `${counts.asked} requests, ${counts.fromJournal} from the journal, ${counts.retried} sent again; ${compact(spent.inputTokens + spent.outputTokens)} tokens${money}; ${(wallMs / 1000).toFixed(1)} s`,
    ),
    ...(cut === null ? [] : [paint.warn(`Cut: ${cut}.`)]),
  ];
}

/** Utilities in order, what held-out choices say of them, and what could not be read. */
export function utilitiesText(record: UtilitiesRecord, outlet: Outlet): string {
  const { found, orders, subject } = record;
  const { bold, dim } = outlet.paint;
  const reading = (each: Reading) => formatReadingWithCount(each);
  const unread = orders.flatMap(({ title, missing }) =>
    Object.entries(missing).map(([reason, n]) => `${n} ${reason} where ${title}`),
  );
  return [
    bold(subject),
    "",
    utilitiesSentence(record),
    "",
    table(
      found.utilities,
      [
        { title: "outcome", cell: ({ text }) => text, wraps: true },
        { title: "utility", cell: (each) => reading(each.reading), wraps: true },
      ],
      outlet,
    ),
    "",
    facts(
      [
        ["held-out pairs predicted", reading(found.heldOut)],
        ["a coin decides majorities", reading(found.coin)],
        ["random tournaments", `${reading(found.tournaments)}${found.p === null ? "" : `; p ${small(found.p)}`}`],
        ["loss, nats a choice", `${reading(found.logLoss)}; ${Math.LN2.toFixed(2)} without a utility`],
        ["cyclic triads", `${found.triads.cyclic} of ${found.triads.all}, ${reading(found.cyclic)}`],
        ["by random tournaments", reading(found.cyclicByCoin)],
        ["chosen: what stood first", reading(found.firstShare)],
        ["pairs read", `${found.pairs} of ${found.possiblePairs}`],
        ["could not be read", unread.join(", ") || "none"],
      ],
      outlet,
    ),
    "",
    ...costLines(record, outlet),
    ...record.fails.map((fail) => dim(fail)),
  ].join("\n");
}

const again = ({ code, command, journal }: TalkRun): readonly (readonly [string, string])[] => [
  ["code", code],
  ["answers", journal === null ? "from a cassette" : `${journal.path}  sha256 ${journal.sha256}`],
  ["again", command],
];

/** A stored audit: its effects, and how to get them again. */
export const describeChatAudit = (record: ChatAuditRecord, outlet: Outlet): string =>
  `${chatAuditText(record, outlet)}\n\n${facts(again(record), outlet)}`;

/** Stored utilities likewise. */
export const describeUtilities = (record: UtilitiesRecord, outlet: Outlet): string =>
  `${utilitiesText(record, outlet)}\n\n${facts(again(record), outlet)}`;

/** A line of a list. */
export function summarizeChatAudit({ subject, suite, design, contrasts, verdicts, cut }: ChatAuditRecord) {
  const shown = verdicts.filter(({ finding }) => finding === "effect").map(({ contrast }) => contrast);
  return {
    subject,
    suite: suite.id === "chosen" ? contrasts.map(({ contrast }) => contrast).join(", ") : suite.title,
    seed: String(design.seed),
    trials: String(contrasts.reduce((sum, { trials }) => sum + trials, 0)),
    effects: shown.join(", ") || `none of ${contrasts.length}`,
    ...(cut === null ? {} : { cut }),
  };
}

/** A line of a list. */
export function summarizeUtilities(record: UtilitiesRecord) {
  const { subject, design, found, orders } = record;
  return {
    subject,
    seed: String(design.seed),
    choices: String(orders.reduce((sum, { trials }) => sum + trials, 0)),
    "held-out pairs predicted": formatReadingWithCount(found.heldOut),
    "follow a utility": record.isShown ? "yes" : "not shown",
  };
}

const small = (p: number): string => (p < 0.001 ? "<.001" : p.toFixed(3).replace(/^0/, ""));
const large = (e: number): string => (e >= 1000 ? e.toExponential(0).replace("+", "") : e.toPrecision(2));
