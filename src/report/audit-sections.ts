/** @file The parts of an audit's page: the eight questions, what each instrument found, and how to get every number again. */
import type { Answer, AuditRecord, Finding } from "../audit-record.ts";
import type { DetectorPlugin } from "../detector.ts";
import type { Evidence } from "../evidence.ts";
import { drawEvidence } from "./figures/figure.ts";
import type { Figure } from "./figures/frame.ts";
import { drawOneLevel } from "./figures/levels.ts";
import { firstSentence, html, type Markup } from "./markup.ts";
import { formatCount, formatDuration, formatInterval, formatReadingWithCount, formatValue } from "./numbers.ts";
import { dataTable, figureBlock } from "./page.ts";

/** What an instrument says about itself, whatever it examines. */
export type AboutInstrument = Pick<
  DetectorPlugin,
  "id" | "title" | "question" | "claim" | "fails" | "source" | "range"
>;

/** Looks up what an instrument says about itself; unknown ones (from outside) are shown by their id. */
export type Instruments = (id: string) => Omit<AboutInstrument, "id"> | undefined;

export function instrumentsFrom(detectors: readonly AboutInstrument[]): Instruments {
  return (id) => detectors.find((detector) => detector.id === id);
}

/** What an instrument calls itself. */
export const titleOf = (id: string, instruments: Instruments) => instruments(id)?.title ?? id;

/**
 * The eight questions with their answers, each linked to what it rests on.
 *
 * @param sectionOf id of the section that says more, for the answers that have one; the list holds the short answers
 */
export function questionList(
  answers: readonly Answer[],
  instruments: Instruments,
  prefix: string,
  sectionOf: (answer: Answer) => string | undefined,
): Markup {
  const items = answers.map((answer, i) => {
    const target = sectionOf(answer);
    return html`<li class="${answer.status}"><span class="number" aria-hidden="true">${i + 1}</span><p class="question">${
      target === undefined ? answer.text : html`<a href="#${target}">${answer.text}</a>`
    }</p><div>${answerText(answer)}${sourcesOf(answer, instruments, prefix)}</div></li>`;
  });
  return html`<ol class="questions">${items}</ol>`;
}

function answerText({ status, answer, number }: Answer): Markup {
  if (status === "unscored") return html`<p class="more"><span class="pill">unscored</span>${answer}</p>`;
  return html`<p class="answer">${firstSentence(answer)}</p>${
    number !== undefined && html`<p class="more">${number.title}: ${formatReadingWithCount(number.reading)}</p>`
  }`;
}

function sourcesOf({ detectors }: Answer, instruments: Instruments, prefix: string): Markup | false {
  const sources = detectors.map(
    (id, k) => html`${k > 0 && ", "}<a href="#${findingId(prefix, id)}">${titleOf(id, instruments)}</a>`,
  );
  return sources.length > 0 && html`<p class="from">From ${sources}</p>`;
}

/** Where the finding of an instrument stands in the page. */
export const findingId = (prefix: string, detector: string) => `${prefix}-${detector.replace(/[^a-z0-9-]/gi, "-")}`;

/** How an instrument can be wrong, on demand. */
export function limitsOf(id: string, instruments: Instruments): Markup | false {
  const about = instruments(id);
  return (
    about !== undefined &&
    html`<details><summary>How ${about.title} can be wrong</summary><ul class="fails">${about.fails.map((fail) => html`<li>${fail}</li>`)}</ul><p class="figure-note">Source: ${about.source}</p></details>`
  );
}

/** One instrument: what it claims, what it read, its pictures, its other quantities, how it fails. */
export function findingCard(finding: Finding, instruments: Instruments, prefix: string, level: 3 | 5 = 3): Markup {
  const about = instruments(finding.detector);
  const id = findingId(prefix, finding.detector);
  const figures = finding.evidence.map((evidence, i) => drawEvidence(evidence, `${id}-${i}`));
  const { reading } = finding;
  const headline =
    reading.status === "scored"
      ? html`<p class="reading"><strong>${formatInterval(reading.value)}</strong><span>95 % interval, ${formatCount(reading.value)}${about !== undefined && rangeText(about.range)}</span></p>`
      : html`<p class="reading"><span><span class="pill hatched">unscored</span>${reading.reason}</span></p>`;
  const quantities =
    finding.quantities.length > 0 &&
    html`<details><summary>All quantities of ${titleOf(finding.detector, instruments)}</summary>${dataTable(
      {
        columns: ["quantity", "value and 95 % interval"],
        rows: finding.quantities.map(({ title, reading }) => [title, formatReadingWithCount(reading)]),
      },
      `Quantities of ${titleOf(finding.detector, instruments)}`,
      "stack",
    )}</details>`;
  // Where several audits share a page, it says once what is the same for all.
  const limits = level === 3 && limitsOf(finding.detector, instruments);
  return html`<article class="finding" id="${id}" aria-labelledby="${id}-h"><h${level} id="${id}-h">${titleOf(finding.detector, instruments)}</h${level}>${
    about !== undefined && html`<p class="claim">Tests the claim: ${about.claim}</p>`
  }${headline}${reading.status === "scored" && html`<p class="summary">${finding.summary}</p>`}${figureGrid(figures)}${quantities}${limits}</article>`;
}

/** Evidence of an audit, that of the instruments which answer "what does it want" first. */
export function evidenceOf({ findings, answers }: AuditRecord): readonly Evidence[] {
  const telling = answers.find((answer) => answer.question === "objective")?.detectors ?? [];
  const isTelling = (finding: Finding) => telling.includes(finding.detector);
  return [...findings.filter(isTelling), ...findings.filter((finding) => !isTelling(finding))].flatMap(
    (finding) => finding.evidence,
  );
}

/** The level that stands for an audit: the first one that shows a path. */
export function portrait(audit: AuditRecord, id: string): { svg: Markup; caption: string } | undefined {
  const evidence = evidenceOf(audit).find((item) => item.kind === "paths");
  const level = evidence?.kind === "paths" ? evidence.levels[0] : undefined;
  return level && { svg: drawOneLevel(level, id), caption: level.caption };
}

/** Galleries of levels over the whole width, charts in columns, choices fixed beforehand on demand. */
export function figureGrid(figures: readonly Figure[]): Markup {
  const isGallery = ({ drawings }: Figure) => drawings[0]?.caption !== undefined;
  const galleries = figures.filter(isGallery);
  const charts = figures.filter((figure) => figure.drawings.length > 0 && !isGallery(figure));
  const choices = figures.filter(({ drawings }) => drawings.length === 0);
  return html`${galleries.map(figureBlock)}${charts.length > 0 && html`<div class="charts">${charts.map(figureBlock)}</div>`}${choices.map(
    ({ title, table }) =>
      table !== undefined && html`<details><summary>${title}</summary>${dataTable(table, title, "stack")}</details>`,
  )}`;
}

function rangeText([low, high]: readonly [number, number]): string {
  const ends = [low, high].map((end) => (Number.isFinite(end) ? String(end).replace("-", "−") : "unbounded"));
  return `, possible range ${ends[0]} to ${ends[1]}`;
}

/** The command, and per instrument its parameters, its n and its time. */
export function reproduction(audit: AuditRecord, instruments: Instruments, label: string): Markup {
  const rows = audit.findings.map((finding) => [
    titleOf(finding.detector, instruments),
    Object.entries(finding.params)
      .map(([name, value]) => `${name}=${formatValue(value)}`)
      .join(", ") || "no parameters",
    finding.reading.status === "scored" ? formatCount(finding.reading.value) : "unscored",
    formatDuration(finding.wallMs),
  ]);
  return html`<pre tabindex="0"><code>${audit.command}</code></pre>${(audit.notes ?? []).map((note) => html`<p class="figure-note">${note}</p>`)}${dataTable(
    { columns: ["instrument", "parameters", "n", "time"], rows },
    label,
    "stack",
  )}`;
}

/** The facts of an audit that are the same for every number in it. */
export function auditFacts(audit: AuditRecord): Markup {
  const unscored = audit.findings.filter((finding) => finding.reading.status === "unscored").length;
  const facts: readonly (readonly [string, string])[] = [
    ["Subject", audit.subject.slice(0, 12)],
    ["World", worldText(audit)],
    ["Access", audit.access.join(", ") || "none"],
    ["Looks", `${audit.looks} instruments run, ${unscored} unscored`],
    ["Seed", String(audit.seed)],
    ["Code and kernels", `${audit.code.slice(0, 12)}, ${audit.executor}`],
    ["Time", formatDuration(audit.wallMs)],
  ];
  return html`<dl class="meta">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** `cheese-corner, size 7`. */
export function worldText({ task }: Pick<AuditRecord, "task">): string {
  const params = Object.entries(task.params).map(([name, value]) => `${name} ${formatValue(value)}`);
  return [task.env, ...params].join(", ");
}
