/**
 * @file An audit's page by question: the answer with its number, the evidence on
 * either side, what would change it, what could not be asked, and the findings
 * of the instruments that were made for the question.
 */
import type { Answer, Argument, AuditRecord, Finding, Gaps } from "../audit-record.ts";
import { QUESTIONS } from "../detector.ts";
import type { Evidence } from "../evidence.ts";
import { findingCard, findingId, type Instruments, questionList, titleOf } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import { firstSentence, html, type Markup, type Piece } from "./markup.ts";
import { formatReadingWithCount } from "./numbers.ts";
import { figureBlock, section } from "./page.ts";

/** A question with the findings of its own instruments. */
export interface Asked {
  readonly answer: Answer;
  readonly findings: readonly Finding[];
}

/** The questions on which there is more to show than that nothing measured them. */
export function askedQuestions({ answers, findings }: AuditRecord, instruments: Instruments): readonly Asked[] {
  return answers
    .map((answer) => ({
      answer,
      findings: findings.filter(({ detector }) => instruments(detector)?.question === answer.question),
    }))
    .filter(({ answer, findings: own }) => own.length > 0 || answer.detectors.length > 0 || hasEvidence(answer));
}

const hasEvidence = ({ supports = [], opposes = [], notAsked = [] }: Answer) =>
  supports.length + opposes.length + notAsked.length > 0;

/** Findings of instruments that are not known here, or that belong to none of the eight questions. */
export function otherFindings({ findings }: AuditRecord, instruments: Instruments): readonly Finding[] {
  return findings.filter(({ detector }) => {
    const question = instruments(detector)?.question;
    return QUESTIONS.every(({ id }) => id !== question);
  });
}

/** Where a question stands in the page; a page of several audits gives each a prefix. */
const questionSectionId = ({ question }: Pick<Answer, "question">, prefix = "") => `${prefix}question-${question}`;

const OTHERS = "Instruments that belong to none of the questions";

/**
 * The eight questions with their short answers, each linked to where the page says more.
 *
 * @param prefix of the ids of findings
 * @param sections prefix of the ids of questions
 */
export function linkedQuestions(audit: AuditRecord, instruments: Instruments, prefix: string, sections = ""): Markup {
  const asked = new Set(askedQuestions(audit, instruments).map(({ answer }) => answer));
  const sectionOf = (answer: Answer) => (asked.has(answer) ? questionSectionId(answer, sections) : undefined);
  return questionList(audit.answers, instruments, prefix, sectionOf);
}

/** One section a question that was asked, and one for findings that belong to none. */
export function questionSections(audit: AuditRecord, instruments: Instruments, prefix: string): Markup {
  const asked = askedQuestions(audit, instruments).map(({ answer, findings }) =>
    section(
      questionSectionId(answer),
      answer.text,
      "",
      questionBody({ answer, findings }, audit, { instruments, prefix, level: 3 }),
    ),
  );
  const others = otherFindings(audit, instruments);
  return html`${asked}${
    others.length > 0 &&
    section(
      "others",
      OTHERS,
      "",
      others.map((finding) => findingCard(finding, instruments, prefix)),
    )
  }`;
}

/**
 * The same inside an article: below its headings of level 3, and with ids of its own.
 *
 * @param prefix of every id, among the other audits of the page
 */
export function questionParts(audit: AuditRecord, instruments: Instruments, prefix: string): Markup {
  // Without a name it is no landmark: a page of many agents would have many of the same name.
  const part = (id: string, title: string, body: Piece) =>
    html`<section class="asked" id="${id}"><h4>${title}</h4>${body}</section>`;
  const asked = askedQuestions(audit, instruments).map((question) =>
    part(
      questionSectionId(question.answer, `${prefix}-`),
      question.answer.text,
      questionBody(question, audit, { instruments, prefix, level: 5 }),
    ),
  );
  const others = otherFindings(audit, instruments).map((finding) => findingCard(finding, instruments, prefix, 5));
  return html`${asked}${others.length > 0 && part(`${prefix}-others`, OTHERS, others)}`;
}

interface Placement {
  readonly instruments: Instruments;
  readonly prefix: string;
  /** Of the headings below the question's own. */
  readonly level: 3 | 5;
}

/** Answer, gaps, evidence on either side, findings. */
function questionBody({ answer, findings }: Asked, { gaps }: AuditRecord, place: Placement): Markup {
  const { instruments, prefix, level } = place;
  return html`${answerBlock(answer)}${answer.question === "intended" && gaps !== undefined && gapFigure(gaps, prefix)}${argumentBlock(
    answer,
    place,
  )}${findings.map((finding) => findingCard(finding, instruments, prefix, level))}`;
}

function answerBlock({ status, answer, number }: Answer): Markup {
  const reading =
    number !== undefined && html`<p class="figure-note">${number.title}: ${formatReadingWithCount(number.reading)}</p>`;
  if (status === "unscored") {
    return html`<p class="verdict open"><span class="pill hatched">unscored</span>${answer}</p>${reading}`;
  }
  const short = firstSentence(answer);
  const more = answer.slice(short.length).trim();
  return html`<p class="verdict">${short}</p>${more !== "" && html`<p class="aside">${more}</p>`}${reading}`;
}

/** For, against, what would change it, what could not be asked; parts without content are left out. */
function argumentBlock(answer: Answer, { instruments, prefix, level }: Placement): Markup {
  const { proposition, supports = [], opposes = [], wouldChange = [], notAsked = [] } = answer;
  const list = (items: readonly Argument[], none: string) =>
    items.length === 0
      ? html`<p class="none">${none}</p>`
      : html`<ul>${items.map(
          ({ detector, text }) =>
            html`<li><a href="#${findingId(prefix, detector)}">${titleOf(detector, instruments)}</a>: ${text}</li>`,
        )}</ul>`;
  const sides =
    proposition !== undefined &&
    html`<div><h${level}>For: ${proposition}</h${level}>${list(supports, "No instrument speaks for it.")}</div><div><h${level}>Against: ${proposition}</h${level}>${list(opposes, "No instrument speaks against it.")}</div>`;
  const change =
    wouldChange.length > 0 &&
    html`<div><h${level}>What would change the answer</h${level}><ul>${wouldChange.map((text) => html`<li>${text}</li>`)}</ul></div>`;
  const blocked =
    notAsked.length > 0 &&
    html`<div><h${level}>Could not be asked at this access</h${level}>${list(notAsked, "")}</div>`;
  if (!sides && !change && !blocked) return html``;
  return html`<div class="arguments">${sides}${change}${blocked}</div>`;
}

/** The two gaps as evidence: separate bars, never a sum. */
function gapEvidence({ outer, inner }: Gaps): Evidence {
  return {
    kind: "bars",
    title: "Outer and inner gap",
    axis: "share of the levels that tell the objectives apart",
    range: [0, 1],
    bars: [outer, inner].map(({ title, reading }) => ({ label: title, reading })),
  };
}

const gapFigure = (gaps: Gaps, prefix: string): Markup =>
  figureBlock(drawEvidence(gapEvidence(gaps), `${prefix}-gaps`));
