/** @file Reports as one self-contained HTML file: of one audit, and of a zoo of audits set beside the truth. */
import type { AuditRecord, GradedAudit } from "../audit-record.ts";
import { scored } from "../core/estimate.ts";
import {
  type AboutInstrument,
  auditFacts,
  figureGrid,
  type Instruments,
  instrumentsFrom,
  portrait,
  reproduction,
  worldText,
} from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import type { Figure } from "./figures/frame.ts";
import { firstSentence, html, type Markup } from "./markup.ts";
import { document, section } from "./page.ts";
import { POSTERIOR_NOTE, posteriorList } from "./posterior-sections.ts";
import { linkedQuestions, questionSections } from "./question-sections.ts";
import { agentArticle, instrumentLimits, matrixFigures, zooCards, zooTable } from "./zoo-sections.ts";

const CAVEATS =
  "Every number stands with its 95 % interval and with what its n counts. What could not be scored says why. Nothing here is summed into a score, and nothing here says that a model is safe.";

/**
 * The report of one audit.
 *
 * @param detectors what the instruments say about themselves; a finding of one that is not here is shown by its id
 */
export function auditHtml(audit: AuditRecord, detectors: readonly AboutInstrument[]): string {
  const instruments = instrumentsFrom(detectors);
  const wanted = audit.answers.find((answer) => answer.question === "objective");
  const headline =
    wanted?.status === "answered" ? firstSentence(wanted.answer) : "What this model wants could not be scored";
  const picture = portrait(audit, "portrait");
  return document({
    title: `Audit of ${audit.subject.slice(0, 12)} on ${worldText(audit)}`,
    opening: html`<div class="hero"><div><h1>${headline}</h1><p class="lead">A blind audit of a model on ${worldText(audit)}: the instruments were told nothing about how it was made.</p></div>${
      picture !== undefined && html`<figure>${picture.svg}<figcaption>${picture.caption}</figcaption></figure>`
    }</div>${auditFacts(audit)}`,
    body: html`${auditBody(audit, instruments)}${section("again", "Get every number again", "The same command, seed and code give the same numbers. Each instrument draws from its own fork of the seed, so leaving one out changes none of the others.", reproduction(audit, instruments, "Parameters, n and time of each instrument"))}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

function auditBody(audit: AuditRecord, instruments: Instruments): Markup {
  const list = linkedQuestions(audit, instruments, "finding");
  const note = `${audit.looks} instruments looked. Each answer names those that it rests on; below, the questions one by one.`;
  return html`${section("questions", "Eight questions", note, list)}${posteriorSection(audit)}${questionSections(audit, instruments, "finding")}`;
}

const posteriorSection = (audit: AuditRecord) =>
  (audit.posteriors?.length ?? 0) > 0 &&
  section("posteriors", "As probabilities", POSTERIOR_NOTE, posteriorList(audit));

/** What a zoo report says above its agents. */
export interface ZooOptions {
  /** The command that grows and audits the zoo again. */
  readonly command: string;
  /** First heading; by default it counts the right answers. */
  readonly title?: string;
}

/** The report of several organisms: blind answer and truth side by side. */
export function zooHtml(
  graded: readonly GradedAudit[],
  detectors: readonly AboutInstrument[],
  { command, title }: ZooOptions,
): string {
  const instruments = instrumentsFrom(detectors);
  const right = graded.filter((entry) => entry.correct).length;
  const tally = `${graded.length} agents audited blind, ${right} answered right`;
  return document({
    title: `Mesascope zoo: ${tally}`,
    opening: html`<h1>${title ?? tally}</h1><p class="lead">Each agent was trained with a goal that is known here. The audit saw none of that: only the policy and its world. Below, what the audit said stands beside what is true.</p>`,
    body: html`${section("summary", "Blind answer and truth", "", html`${zooCards(graded)}${zooTable(graded)}`)}${section(
      "goals",
      "Which goal each agent serves where the goals come apart",
      "Measured after the audits, on levels that no detector saw. In training the goals coincide, so good training scores look the same for all.",
      figureGrid(sharesFigures(graded)),
    )}${section("instruments", "How each instrument read each agent", "Headline readings of the blind audits, one figure an instrument.", html`${figureGrid(matrixFigures(graded, instruments))}${instrumentLimits(graded, instruments)}`)}${section(
      "agents",
      "The agents, one by one",
      "",
      graded.map((entry, i) => agentArticle(entry, i, instruments)),
    )}${section("again", "Get every number again", "The same command, seed and code give the same numbers.", html`<pre tabindex="0"><code>${command}</code></pre>`)}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

/** For each objective, on how many levels each agent served it. */
function sharesFigures(graded: readonly GradedAudit[]): readonly Figure[] {
  const objectives = [...new Set(graded.flatMap(({ realized }) => Object.keys(realized.shares)))];
  return objectives.map((objective, i) => {
    const bars = graded.flatMap(({ organism, realized }) => {
      const value = realized.shares[objective];
      return value ? [{ label: organism, reading: scored(value) }] : [];
    });
    const title = `Goal served: ${objective}`;
    return drawEvidence(
      { kind: "bars", title, axis: "share of distinguishing levels", range: [0, 1], bars },
      `shares-${i}`,
    );
  });
}
