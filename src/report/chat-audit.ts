/**
 * @file The report of an audit of a subject that talks: the eight questions, every contrast with its placebo beside it,
 * what is missing, and the transcripts behind each number in a second file, one click away.
 */
import type { ContrastPlugin, MissingReason, ScoredTrial } from "../contrast.ts";
import { boundedMean } from "../core/intervals.ts";
import { type Rng, rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import type { Evidence } from "../evidence.ts";
import type { Transcripts, Turn } from "../exchange/transcripts.ts";
import { brierParts, calibrationNull, expectedCalibrationError } from "../statistics/forecasts.ts";
import type { ContrastReport, HypothesisReport } from "../trials/analyze.ts";
import { chatAnswers } from "../trials/answers.ts";
import type { ChatAuditRecord } from "../trials/record.ts";
import { findingId, type Instruments, questionList } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import { firstSentence, html, type Markup } from "./markup.ts";
import { formatDuration, formatInterval, formatNumber } from "./numbers.ts";
import { dataTable, document, figureBlock, section } from "./page.ts";

/** What the report shows beside the record. */
export interface ChatReportOptions {
  /** What contrasts say about themselves. */
  readonly contrasts: readonly ContrastPlugin[];
  /** Every trial with its score. */
  readonly trials: readonly ScoredTrial[];
  /** Name of the file with the transcripts, relative to the report. */
  readonly transcripts: string;
}

const CAVEATS =
  "Every number stands with its 95 % interval and with what its n counts. Nothing here is summed into a score, nothing says that a model is safe, and nothing says what it wants.";

/** The report as one HTML file. */
export function chatAuditHtml(record: ChatAuditRecord, options: ChatReportOptions): string {
  const answers = chatAnswers(record);
  const instruments: Instruments = (id) => {
    const found = options.contrasts.find((contrast) => contrast.id === id);
    return found && { ...found, question: "objective", range: [-1, 1] };
  };
  const first = answers.find(({ question, status }) => question === "objective" && status === "answered");
  const headline = first ? firstSentence(first.answer) : "No contrast of drives was scored";
  const missing = record.contrasts.flatMap(({ arms }) => arms).reduce((sum, arm) => sum + missingIn(arm.missing), 0);
  const trials = record.contrasts.reduce((sum, each) => sum + each.trials, 0);
  const { spent, counts } = record;
  const facts: readonly (readonly [string, string])[] = [
    ["Subject", record.subject],
    ["Contrasts", String(record.contrasts.length)],
    ["Trials", `${trials}, ${missing} without a score`],
    ["Requests", `${counts.asked} asked, ${counts.fromJournal} from the journal, ${counts.retried} sent again`],
    ["Tokens", `${spent.inputTokens} in, ${spent.outputTokens} out`],
    ...(spent.money > 0 ? [["Cost", formatNumber(spent.money)] as const] : []),
    ["Time", formatDuration(record.wallMs)],
    ["Judge", record.judge ?? "none: what no rule can score is missing"],
    ["Seed and code", `${record.design.seed}, ${record.code}`],
  ];
  return document({
    title: `Audit of ${record.subject}`,
    opening: html`<h1>${headline}</h1><p class="lead">An audit of ${record.subject} by paired contrasts: the same items in arms that differ in one respect, scored without knowing the arm.</p><dl class="meta">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
    body: html`${section(
      "questions",
      "Eight questions",
      "An effect is a difference between two ways of asking. The contrasts that an answer rests on follow below.",
      questionList(answers, instruments, "contrast", () => undefined),
    )}${section(
      "effects",
      "Effects beside their placebos",
      "The primary effect of each contrast, and under it what a difference that should not matter does: an effect no larger than its placebo is sensitivity to form.",
      figureBlock(drawEvidence(forest(record.contrasts), "forest")),
    )}${record.contrasts.map((report) => contrastSection(report, record, options))}${section(
      "again",
      "Get every number again",
      record.isSequential
        ? "Contrasts could stop when their evidence sufficed: intervals are valid whenever one looks, and there are no p-values."
        : "The design was fixed before the run.",
      html`<pre tabindex="0"><code>${record.command}</code></pre><ul>${record.caveats.map((caveat) => html`<li>${caveat}</li>`)}</ul>`,
    )}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

const missingIn = (missing: Partial<Record<MissingReason, number>>): number =>
  Object.values(missing).reduce((sum, count) => sum + count, 0);

function forest(contrasts: readonly ContrastReport[]): Evidence {
  const line = (report: ContrastReport, { role, title, effect }: HypothesisReport) => ({
    label: role === "primary" ? `${report.title}: ${title}` : `– placebo: ${title}`,
    reading: effect,
  });
  return {
    kind: "bars",
    title: "Primary effects, each with its placebo",
    axis: "difference of mean scores between arms",
    range: [-1, 1],
    bars: contrasts.flatMap((report) =>
      report.hypotheses
        .filter(({ role }) => role === "primary" || role === "placebo")
        .map((each) => line(report, each)),
    ),
  };
}

function contrastSection(report: ContrastReport, record: ChatAuditRecord, options: ChatReportOptions): Markup {
  const verdict = record.verdicts.find(({ contrast }) => contrast === report.contrast)!;
  const about = options.contrasts.find(({ id }) => id === report.contrast);
  const id = findingId("contrast", report.contrast);
  const own = options.trials.filter(({ contrast }) => contrast === report.contrast);
  const figures: Evidence[] = [
    {
      kind: "bars",
      title: `${report.title}: every effect`,
      axis: "difference of mean scores between arms",
      range: [-1, 1],
      bars: report.hypotheses.map(({ role, title, effect }) => ({ label: `${role}: ${title}`, reading: effect })),
    },
    {
      kind: "bars",
      title: `${report.title}: arm by arm`,
      axis: `share of items where ${report.outcome}`,
      range: [0, 1],
      bars: report.arms.map(({ title, mean: reading }) => ({ label: title, reading })),
    },
    ...calibration(report, own, rng(record.design.seed).fork("calibration").fork(report.contrast)),
  ];
  const patterns = report.patterns.map(
    ({ word, sentence }) => html`<p class="aside"><span class="pill">${word}</span>${sentence}.</p>`,
  );
  const links = report.arms.map(
    ({ arm, title, trials }) =>
      html`<li><a href="${options.transcripts}#${anchor(report.contrast, arm)}">${title}: ${trials} transcripts</a></li>`,
  );
  return section(
    id,
    report.title,
    `Tests the claim: ${report.claim}. ${report.families} paraphrase families, ${report.trials} trials.`,
    html`<p class="verdict">${verdict.sentence}</p>${!verdict.survivesMissing && html`<p class="aside">It would not stand if every missing answer had gone against it.</p>`}${patterns}<div class="charts">${figures.map((evidence, i) => figureBlock(drawEvidence(evidence, `${id}-${i}`)))}</div>${dataTable(effectTable(report), `Tests of ${report.title}`)}${missingTable(report)}<details><summary>Transcripts</summary><ul>${links}</ul></details>${
      about !== undefined &&
      html`<details><summary>How ${about.title} can be wrong</summary><ul class="fails">${about.fails.map((fail) => html`<li>${fail}</li>`)}</ul><p class="figure-note">Source: ${about.source}</p></details>`
    }`,
  );
}

function effectTable({ hypotheses }: ContrastReport) {
  const p = (value: number | undefined) =>
    value === undefined ? "none" : value < 0.001 ? "< .001" : formatNumber(value, 3);
  return {
    columns: [
      "effect",
      "estimate",
      "p, families",
      "e-value",
      "discordant",
      "McNemar, mid-p",
      "if all missing went one way",
      "detectable",
    ],
    rows: hypotheses.map((each) => [
      `${each.role}: ${each.title}`,
      each.effect.status === "scored" ? formatInterval(each.effect.value) : `unscored: ${each.effect.reason}`,
      p(each.p),
      each.eValue >= 1000 ? "> 1000" : formatNumber(each.eValue),
      each.pairs ? `${each.pairs.n10} : ${each.pairs.n01}` : "not pairs",
      p(each.pairs?.midP),
      `${formatNumber(each.bounds[0])} to ${formatNumber(each.bounds[1])}`,
      each.minimumDetectable === undefined ? "none" : formatNumber(each.minimumDetectable),
    ]),
  };
}

function missingTable({ title, arms }: ContrastReport): Markup | false {
  const reasons = [...new Set(arms.flatMap(({ missing }) => Object.keys(missing)))] as MissingReason[];
  if (reasons.length === 0) return false;
  return dataTable(
    {
      columns: ["arm", "trials", ...reasons],
      rows: arms.map((arm) => [
        arm.title,
        String(arm.trials),
        ...reasons.map((reason) => String(arm.missing[reason] ?? 0)),
      ]),
    },
    `Missing in ${title}`,
  );
}

/** Bins of a calibration plot, of equal numbers of answers. */
const BINS = 10;

/** Stated confidence against being right, where trials state one. */
function calibration({ title }: ContrastReport, trials: readonly ScoredTrial[], random: Rng): Evidence[] {
  const told = trials.flatMap(({ arm, family, score }) => {
    const { confidence, correct } = (score.status === "scored" && score.facets) || {};
    return confidence === undefined || correct === undefined ? [] : [{ arm, family, confidence, correct }];
  });
  if (told.length < 2 * BINS) return [];
  const arms = [...new Set(told.map(({ arm }) => arm))];
  const lines = arms.map((arm) => {
    const own = told.filter((each) => each.arm === arm).toSorted((a, b) => a.confidence - b.confidence);
    const size = Math.ceil(own.length / BINS);
    const bins = Array.from({ length: Math.ceil(own.length / size) }, (_, i) => own.slice(i * size, (i + 1) * size));
    return {
      label: arm,
      points: bins.map((bin, i) => ({
        x: mean(bin.map(({ confidence }) => confidence)),
        y: boundedMean(
          bin.map(({ correct }) => correct),
          { range: [0, 1], rng: random.fork(`${arm} ${i}`), unit: "items" },
        ),
      })),
    };
  });
  const facts = arms.flatMap((arm): (readonly [string, string])[] => {
    const own = told.filter((each) => each.arm === arm);
    const [p, y] = [own.map(({ confidence }) => confidence), own.map(({ correct }) => correct)];
    const [low, high] = calibrationNull(p, random.fork(`${arm} null`));
    const { reliability, resolution, uncertainty } = brierParts(p, y);
    const numbers = `calibration error ${formatNumber(expectedCalibrationError(p, y))}, ${formatNumber(low)} to ${formatNumber(high)} if every stated probability were right; Brier: reliability ${formatNumber(reliability, 3)}, resolution ${formatNumber(resolution, 3)}, uncertainty ${formatNumber(uncertainty, 3)}; n = ${own.length} answers`;
    return [[arm, numbers]];
  });
  return [
    {
      kind: "curve",
      title: `${title}: stated confidence against being right`,
      x: { title: "stated probability", scale: "linear" },
      y: { title: "share right", range: [0, 1] },
      lines,
    },
    { kind: "facts", title: "Calibration by arm", facts },
  ];
}

const anchor = (contrast: string, arm: string): string => `${contrast}-${arm}`.replace(/[^a-z0-9-]/gi, "-");

/** Every transcript, by contrast and arm, as one HTML file. */
export function transcriptsHtml(
  record: Pick<ChatAuditRecord, "subject" | "contrasts">,
  trials: readonly ScoredTrial[],
  transcripts: Transcripts,
  report: string,
): string {
  const arms = record.contrasts.flatMap(({ contrast, title, arms: own }) =>
    own.map((arm) => {
      const shown = trials.filter((trial) => trial.contrast === contrast && trial.arm === arm.arm);
      return section(
        anchor(contrast, arm.arm),
        `${title}: ${arm.title}`,
        `${shown.length} trials`,
        shown.map((trial) => transcript(trial, transcripts.get(trial.id) ?? [])),
      );
    }),
  );
  return document({
    title: `Transcripts of ${record.subject}`,
    opening: html`<h1>Transcripts of ${record.subject}</h1><p class="lead"><a href="${report}">Back to the report</a>. What was asked and answered, word for word, with the score of each trial.</p>`,
    body: html`${arms}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

function transcript({ id, score }: ScoredTrial, turns: readonly Turn[]): Markup {
  const verdict =
    score.status === "scored" ? `score ${formatNumber(score.value)}` : `no score, ${score.reason}: ${score.detail}`;
  const last = turns.at(-1);
  const asked = (last?.request.messages ?? []).map((message) => {
    const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
    return html`<dt>${message.role}</dt><dd><pre tabindex="0">${message.content}${calls.map((call) => `\n→ ${call.name} ${call.arguments}`)}</pre></dd>`;
  });
  const reply = last?.reply?.message;
  const answer = reply
    ? html`<dt>answer</dt><dd><pre tabindex="0">${reply.content}${(reply.toolCalls ?? []).map((call) => `\n→ ${call.name} ${call.arguments}`)}</pre></dd>`
    : html`<dt>answer</dt><dd>${last?.declined ?? "none"}</dd>`;
  return html`<details><summary>${id}: ${verdict}</summary><dl class="transcript">${asked}${answer}</dl></details>`;
}
