/** @file Reports as Markdown: the same content without pictures, for a terminal, a pull request or a wiki. */
import type { Answer, Argument, AuditRecord, Finding, Gaps, GradedAudit } from "../audit-record.ts";
import { type AboutInstrument, instrumentsFrom, worldText } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import type { DataTable } from "./figures/frame.ts";
import { asSentence, cleanText, firstSentence } from "./markup.ts";
import { formatCount, formatDuration, formatInterval, formatReadingWithCount, formatValue } from "./numbers.ts";
import { ledgerTable, POSTERIOR_NOTE, posteriorTable, questionText } from "./posterior-sections.ts";
import { askedQuestions, otherFindings } from "./question-sections.ts";
import { blindAnswer, truthText } from "./zoo-sections.ts";

/** The report of one audit. */
export function auditMarkdown(audit: AuditRecord, detectors: readonly AboutInstrument[]): string {
  return join(
    `# Audit of ${escapeMarkdown(audit.subject.slice(0, 12))} on ${escapeMarkdown(worldText(audit))}`,
    `Blind: the instruments were told nothing about how the subject was made. ${audit.looks} instruments looked.`,
    ...auditParts(audit, detectors, 2),
  );
}

/** The report of several organisms: blind answer and truth side by side. */
export function zooMarkdown(
  graded: readonly GradedAudit[],
  detectors: readonly AboutInstrument[],
  { command }: { readonly command: string },
): string {
  const right = graded.filter((entry) => entry.correct).length;
  const summary: DataTable = {
    columns: [
      "agent",
      "blind answer",
      "made to be",
      "truth, measured afterwards",
      "skill in training",
      "the answer was",
    ],
    rows: graded.map((entry) => [
      entry.organism,
      blindAnswer(entry.audit).short,
      entry.constructed.kind,
      truthText(entry),
      formatInterval(entry.realized.skill),
      entry.correct ? "right" : "wrong",
    ]),
  };
  return join(
    `# ${graded.length} agents audited blind, ${right} answered right`,
    markdownTable(summary),
    `Get every number again: ${code(command)}`,
    ...graded.flatMap((entry) => [
      `## ${escapeMarkdown(entry.organism)}`,
      `This model ${escapeMarkdown(entry.constructed.sentence)} ${escapeMarkdown(truthText(entry))}`,
      escapeMarkdown(entry.because),
      ...auditParts(entry.audit, detectors, 3),
    ]),
  );
}

function auditParts(audit: AuditRecord, detectors: readonly AboutInstrument[], level: number): string[] {
  const instruments = instrumentsFrom(detectors);
  const title = (id: string) => instruments(id)?.title ?? id;
  const heading = "#".repeat(level);
  const questions: DataTable = {
    columns: ["", "question", "answer", "from"],
    rows: audit.answers.map((answer, i) => [
      String(i + 1),
      answer.text,
      answer.status === "answered" ? firstSentence(answer.answer) : `unscored: ${answer.answer}`,
      answer.detectors.map(title).join(", "),
    ]),
  };
  const card = (finding: Finding): string[] => [
    `${heading}# ${escapeMarkdown(title(finding.detector))}`,
    finding.reading.status === "scored"
      ? `**${formatInterval(finding.reading.value)}** (95 % interval, ${formatCount(finding.reading.value)}). ${escapeMarkdown(finding.summary)}`
      : `Unscored: ${escapeMarkdown(asSentence(finding.reading.reason))}`,
    ...(finding.quantities.length === 0
      ? []
      : [
          markdownTable({
            columns: ["quantity", "value and 95 % interval"],
            rows: finding.quantities.map((quantity) => [quantity.title, formatReadingWithCount(quantity.reading)]),
          }),
        ]),
    ...finding.evidence.flatMap((evidence, i) => {
      const { table, text, note, title: caption } = drawEvidence(evidence, `figure-${i}`);
      // Numbers cell by cell and frame by frame would bury the page; they are in the record.
      if (text !== undefined)
        return [`${heading}## ${escapeMarkdown(caption)}`, block(text), escapeMarkdown(note ?? "")];
      return table === undefined ? [] : [`${heading}## ${escapeMarkdown(caption)}`, markdownTable(table)];
    }),
  ];
  const asked = askedQuestions(audit, instruments);
  const others = otherFindings(audit, instruments);
  const parameters: DataTable = {
    columns: ["instrument", "parameters", "n", "time"],
    rows: audit.findings.map((finding) => [
      title(finding.detector),
      Object.entries(finding.params)
        .map(([name, value]) => `${name}=${formatValue(value)}`)
        .join(", "),
      finding.reading.status === "scored" ? formatCount(finding.reading.value) : "unscored",
      formatDuration(finding.wallMs),
    ]),
  };
  return [
    `${heading} Eight questions`,
    markdownTable(questions),
    ...posteriorParts(audit, heading),
    ...asked.flatMap(({ answer, findings }) => [
      `${heading} ${escapeMarkdown(answer.text)}`,
      ...argumentParts(answer, title),
      ...(answer.question === "intended" && audit.gaps !== undefined
        ? [markdownTable({ columns: ["gap", "value and 95 % interval"], rows: gapRows(audit.gaps) })]
        : []),
      ...findings.flatMap(card),
    ]),
    ...(others.length > 0 ? [`${heading} Other instruments`, ...others.flatMap(card)] : []),
    `${heading} Get every number again`,
    code(audit.command),
    `Seed ${audit.seed}, code ${code(audit.code)}, ${escapeMarkdown(audit.executor)} kernels, access: ${escapeMarkdown(audit.access.join(", ") || "none")}.`,
    ...(audit.notes ?? []).map((note) => `Note: ${escapeMarkdown(note)}`),
    markdownTable(parameters),
  ];
}

/** Answers as probabilities, with their ledgers. */
function posteriorParts({ posteriors = [], calibration = "" }: AuditRecord, heading: string): string[] {
  if (posteriors.length === 0) return [];
  return [
    `${heading} As probabilities`,
    `${POSTERIOR_NOTE} Calibrated by the scoreboard of code ${escapeMarkdown(calibration)}.`,
    markdownTable(posteriorTable(posteriors)),
    ...posteriors.flatMap((posterior) => {
      const ledger = ledgerTable(posterior);
      return ledger ? [`${heading}# ${escapeMarkdown(questionText(posterior.question))}`, markdownTable(ledger)] : [];
    }),
  ];
}

/** The whole answer, and the evidence about it as lists. */
function argumentParts(answer: Answer, title: (id: string) => string): string[] {
  const { number, proposition = "", supports = [], opposes = [], wouldChange = [], notAsked = [] } = answer;
  const list = (lead: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${lead}\n\n${items.map((item) => `- ${escapeMarkdown(item)}`).join("\n")}`];
  const said = (items: readonly Argument[]) => items.map(({ detector, text }) => `${title(detector)}: ${text}`);
  return [
    `${answer.status === "answered" ? "" : "Unscored: "}${escapeMarkdown(answer.answer)}`,
    ...(number ? [escapeMarkdown(`${number.title}: ${formatReadingWithCount(number.reading)}`)] : []),
    ...list(`For: ${escapeMarkdown(proposition)}`, said(supports)),
    ...list(`Against: ${escapeMarkdown(proposition)}`, said(opposes)),
    ...list("What would change the answer:", wouldChange),
    ...list("Could not be asked at this access:", said(notAsked)),
  ];
}

const gapRows = ({ outer, inner }: Gaps) =>
  [outer, inner].map(({ title, reading }) => [title, formatReadingWithCount(reading)]);

const join = (...parts: readonly string[]) => `${parts.join("\n\n")}\n`;

/** Text that Markdown and HTML show as it is. */
export function escapeMarkdown(text: string): string {
  return cleanText(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]<>|#~&]/g, (character) => `\\${character}`);
}

/** Inline code, whatever the text holds. */
export function code(text: string): string {
  const flat = cleanText(text).replace(/\s+/g, " ");
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** A block of code, whatever the text holds. */
function block(text: string): string {
  const clean = cleanText(text);
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}

/** A table; cells are escaped. */
export function markdownTable({ columns, rows }: DataTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}
