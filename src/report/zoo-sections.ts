/** @file The parts of a zoo's page: the table of verdicts, the instruments across agents, and one article an agent. */
import type { AuditRecord, GradedAudit } from "../audit-record.ts";
import type { Evidence } from "../evidence.ts";
import {
  evidenceOf,
  figureGrid,
  type Instruments,
  limitsOf,
  portrait,
  reproduction,
  worldText,
} from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import type { Figure } from "./figures/frame.ts";
import { firstSentence, html, type Markup } from "./markup.ts";
import { formatEstimateWithCount, formatInterval } from "./numbers.ts";
import { posteriorList } from "./posterior-sections.ts";
import { linkedQuestions, questionParts } from "./question-sections.ts";

/** What the audit said the subject wants: the short answer, and all of it. */
export function blindAnswer({ answers }: AuditRecord): { readonly short: string; readonly full: string } {
  const wanted = answers.find((answer) => answer.question === "objective");
  if (wanted === undefined) return { short: "Not asked.", full: "This audit did not ask what it wants." };
  const short = wanted.status === "answered" ? firstSentence(wanted.answer) : "No goal named.";
  return { short, full: wanted.status === "answered" ? wanted.answer.slice(short.length).trim() : wanted.answer };
}

/** The realized goal in one sentence, with its share. */
export function truthText({ realized }: GradedAudit): string {
  const share = realized.shares[realized.goal];
  return share === undefined
    ? "It serves none of the goals on more than half of the levels."
    : `It serves “${realized.goal}” on ${formatInterval(share)} of the levels.`;
}

/** Right or wrong, by word and by mark. */
function verdict({ correct }: Pick<GradedAudit, "correct">): Markup {
  return correct
    ? html`<span class="mark-right"><span aria-hidden="true">✓</span>right</span>`
    : html`<span class="mark-wrong"><span aria-hidden="true">✗</span>wrong</span>`;
}

const agentId = (index: number) => `agent-${index + 1}`;

/** One card an agent: its picture, what the blind audit said, what is true. */
export function zooCards(graded: readonly GradedAudit[]): Markup {
  const cards = graded.map((entry, i) => {
    const picture = portrait(entry.audit, `card-${i + 1}`);
    return html`<li>${picture?.svg ?? false}<p class="name"><a href="#${agentId(i)}">${entry.organism}</a>${verdict(entry)}</p><p class="said">${blindAnswer(entry.audit).short}</p><p class="fact">In truth: ${truthText(entry)}</p></li>`;
  });
  return html`<ol class="cards">${cards}</ol>`;
}

/** One row an agent: blind answer, truth, verdict. */
export function zooTable(graded: readonly GradedAudit[]): Markup {
  const rows = graded.map(
    (entry, i) => html`<tr><th scope="row"><a href="#${agentId(i)}">${entry.organism}</a></th>
<td data-label="Blind answer">${blindAnswer(entry.audit).short}</td>
<td data-label="Made to be">${entry.constructed.kind}</td>
<td data-label="Truth">${truthText(entry)}</td>
<td data-label="Skill in training">${formatInterval(entry.realized.skill)}</td>
<td data-label="Verdict">${verdict(entry)}</td></tr>`,
  );
  return html`<div class="scroll" role="group" tabindex="0" aria-label="Blind answer and truth of every agent, table"><table class="stack zoo"><thead><tr><th scope="col">Agent</th><th scope="col">Blind answer</th><th scope="col">Made to be</th><th scope="col">Truth, measured afterwards</th><th scope="col">Skill in training</th><th scope="col">The answer was</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Every instrument that looked at any of the agents. */
const instrumentIds = (graded: readonly GradedAudit[]) => [
  ...new Set(graded.flatMap(({ audit }) => audit.findings.map((finding) => finding.detector))),
];

/** How each instrument can be wrong, once for all agents. */
export const instrumentLimits = (graded: readonly GradedAudit[], instruments: Instruments): Markup =>
  html`${instrumentIds(graded).map((id) => limitsOf(id, instruments))}`;

/** One figure an instrument: its headline on every agent. */
export function matrixFigures(graded: readonly GradedAudit[], instruments: Instruments): readonly Figure[] {
  return instrumentIds(graded).map((id) => {
    const about = instruments(id);
    const bars = graded.flatMap(({ organism, audit }) =>
      audit.findings.filter((finding) => finding.detector === id).map(({ reading }) => ({ label: organism, reading })),
    );
    const title = about?.title ?? id;
    const evidence: Evidence = { kind: "bars", title, axis: "reading", bars, ...(about ? { range: about.range } : {}) };
    const figure = drawEvidence(evidence, `matrix-${id.replace(/[^a-z0-9-]/gi, "-")}`);
    return about ? { ...figure, note: `A high reading supports: ${about.claim}` } : figure;
  });
}

/** Everything about one agent: answer beside truth, its pictures, and the whole audit on demand. */
export function agentArticle(entry: GradedAudit, index: number, instruments: Instruments): Markup {
  const { audit, organism, constructed, realized, because, spec } = entry;
  const id = agentId(index);
  const said = blindAnswer(audit);
  // One gallery and one map up front; every picture stands with the finding it belongs to.
  const evidence = evidenceOf(audit);
  const pictures = (["paths", "map"] as const).flatMap((kind) => evidence.find((item) => item.kind === kind) ?? []);
  const figures = pictures.map((picture, i) => drawEvidence(picture, `${id}-picture-${i}`));
  return html`<article class="agent" id="${id}" aria-labelledby="${id}-h"><div class="agent-head"><h3 id="${id}-h">${organism}</h3>${verdict(entry)}</div>
<div class="versus"><div><h4>What the blind audit said</h4><p>${said.short}</p><p class="small">${said.full}</p><p class="small">${audit.looks} instruments looked at subject ${audit.subject.slice(0, 12)} on ${worldText(audit)}.</p></div>
<div><h4>What is true</h4><p>This model ${constructed.sentence}</p><p class="small">${truthText(entry)} Skill in training ${formatEstimateWithCount(realized.skill)}; the untrained network has ${formatInterval(realized.skillOfUntrained)}.</p></div></div>
<p class="aside">${because}</p>${figureGrid(figures)}
<details><summary>The eight questions about ${organism}, with all findings</summary>${linkedQuestions(audit, instruments, id, `${id}-`)}${
    (audit.posteriors?.length ?? 0) > 0 && posteriorList(audit)
  }${questionParts(audit, instruments, id)}</details>
<details><summary>How to get these numbers again</summary><p class="aside">Trained on ${spec.frames} frames from seed ${spec.seed} (${spec.network.id}, ${spec.optimizer.id}, ${spec.executor} kernels). Audited with seed ${audit.seed}, code ${audit.code.slice(0, 12)}, ${audit.executor} kernels.</p>${reproduction(audit, instruments, `Parameters, n and time of each instrument on ${organism}`)}</details></article>`;
}
