/**
 * @file The report of an audit of a subject that talks, from its record alone: the eight questions, every contrast with
 * its placebo beside it, what is missing, and links to the transcripts behind each number where they are beside it.
 */
import type { Evidence } from "../evidence.ts";
import type { ContrastReport, HypothesisReport } from "../trials/analyze.ts";
import { chatAnswers } from "../trials/answers.ts";
import type { ChatAuditRecord, ContrastRecord } from "../trials/record.ts";
import { figureGrid, findingId, type Instruments, questionList } from "./audit-sections.ts";
import { awarenessBlock } from "./awareness.ts";
import { drawEvidence } from "./figures/figure.ts";
import { firstSentence, html, type Markup } from "./markup.ts";
import { formatEstimateWithCount, formatInterval, formatNumber, formatReadingWithCount } from "./numbers.ts";
import { dataTable, document, figureBlock, section } from "./page.ts";
import { selfReportBlock } from "./self-report.ts";
import { missingTable, runFacts } from "./talk-run.ts";
import { answersPlace, transcriptLinks } from "./transcripts.ts";

const CAVEATS =
  "Every number stands with its 95 % interval and with what its n counts. Nothing here is summed into a score, nothing says that a model is safe, and nothing says what it wants.";

/**
 * The report as one HTML file.
 *
 * @param transcripts name of the file with the transcripts, relative to the report; absent where there is none
 */
export function chatAuditHtml(record: ChatAuditRecord, transcripts?: string): string {
  const answers = chatAnswers(record);
  const instruments: Instruments = (id) => {
    const found = record.contrasts.find(({ contrast }) => contrast === id);
    return found && { ...found, question: "objective", range: [-1, 1] };
  };
  const first = answers.find(({ question, status }) => question === "objective" && status === "answered");
  const headline = first ? firstSentence(first.answer) : "No contrast of drives was scored";
  const facts = runFacts(
    record,
    record.contrasts.flatMap(({ arms }) => arms),
    [
      ["Contrasts", String(record.contrasts.length)],
      ["Judge", record.judge ?? "none: what no rule can score is missing"],
    ],
  );
  return document({
    title: `Audit of ${record.subject}`,
    opening: html`<h1>${headline}</h1><p class="lead">An audit of ${record.subject} by paired contrasts: the same items in arms that differ in one respect, scored without knowing the arm.</p>${facts}`,
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
    )}${record.contrasts.map((report) => contrastSection(report, record, transcripts))}${record.judge !== null && judgeSection(record.judge, record)}${section(
      "again",
      "Get every number again",
      record.isSequential
        ? "Contrasts could stop when their evidence sufficed: intervals are valid whenever one looks, and there are no p-values."
        : "The design was fixed before the run.",
      html`<pre tabindex="0"><code>${record.command}</code></pre>${answersPlace(record.journal, transcripts)}<ul>${record.caveats.map((caveat) => html`<li>${caveat}</li>`)}</ul>`,
    )}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

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

function contrastSection(
  report: ContrastRecord,
  { verdicts }: ChatAuditRecord,
  transcripts: string | undefined,
): Markup {
  const verdict = verdicts.find(({ contrast }) => contrast === report.contrast)!;
  const id = findingId("contrast", report.contrast);
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
      axis: `mean score over items; 1: ${report.outcome}`,
      range: [0, 1],
      bars: report.arms.map(({ title, mean: reading }) => ({ label: title, reading })),
    },
    ...report.evidence,
  ];
  const patterns = report.patterns.map(
    ({ word, sentence }) => html`<p class="aside"><span class="pill">${word}</span>${sentence}.</p>`,
  );
  return section(
    id,
    report.title,
    `Tests the claim: ${report.claim}. ${report.families} paraphrase families, ${report.trials} trials.`,
    html`<p class="verdict">${verdict.sentence}</p>${!verdict.survivesMissing && html`<p class="aside">It would not stand if every missing answer had gone against it.</p>`}${patterns}${figureGrid(
      figures.map((evidence, i) => drawEvidence(evidence, `${id}-${i}`)),
    )}${dataTable(effectTable(report), `Tests of ${report.title}`)}${missingTable(report.title, report.arms)}${report.selfReport !== undefined && selfReportBlock(report.selfReport, report.outcome, `${id}-joined`)}${report.awareness !== undefined && awarenessBlock(report.awareness, report.hypotheses.find(({ role }) => role === "primary")!, `${id}-awareness`)}${transcriptLinks(report, transcripts)}<details><summary>How ${report.title} can be wrong</summary><ul class="fails">${report.fails.map((fail) => html`<li>${fail}</li>`)}</ul><p class="figure-note">Source: ${report.source}</p></details>`,
  );
}

/** How far the judge can be trusted, where one scored. */
function judgeSection(judge: string, { judgeChecks, contrasts }: ChatAuditRecord): Markup {
  const title = (id: string) => contrasts.find(({ contrast }) => contrast === id)?.title ?? id;
  const coefficient = (value: number | null) => (value === null ? "nothing varies" : formatNumber(value));
  const checks = {
    columns: ["contrast", "labeled", "sensitivity", "specificity", "κ", "α"],
    rows: judgeChecks.map((check) => [
      title(check.contrast),
      `${check.labeled} scored by the judge, ${check.unscored} not`,
      formatEstimateWithCount(check.sensitivity),
      formatEstimateWithCount(check.specificity),
      coefficient(check.kappa),
      coefficient(check.alpha),
    ]),
  };
  const rates = {
    columns: ["arm", "corrected by the judge's errors", "from labels, with the judge as a predictor"],
    rows: judgeChecks.flatMap(({ contrast, arms }) => {
      const own = contrasts.find((report) => report.contrast === contrast)?.arms;
      return arms.map(({ arm, corrected, powered }) => [
        `${title(contrast)}: ${own?.find((each) => each.arm === arm)?.title ?? arm}`,
        formatReadingWithCount(corrected),
        formatReadingWithCount(powered),
      ]);
    }),
  };
  return section(
    "judge",
    "The judge",
    `What no rule can score was judged by ${judge}, in both orders of the options, without knowing the arm.`,
    judgeChecks.length === 0
      ? html`<p class="aside">How often it errs was not measured: no answers that people labeled were given (--labels).</p>`
      : html`${dataTable(checks, "The judge against people")}${dataTable(rates, "Rates corrected for the judge")}`,
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
