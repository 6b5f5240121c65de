/** @file The report of one experiment as HTML: question, prediction, verdicts, figures, every row. */
import type { ExperimentPlugin, ExperimentRecord } from "../experiment.ts";
import { explainOutcomes, quantityNames, rowFamilies } from "../lab/outcomes.ts";
import { figureGrid } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import { asSentence, html } from "./markup.ts";
import { formatCount, formatDuration, formatInterval, formatNumber, formatValue } from "./numbers.ts";
import { dataTable, document, section } from "./page.ts";
import type { Judged } from "./replications.ts";

export interface ExperimentReport {
  readonly experiment: ExperimentPlugin;
  readonly record: ExperimentRecord;
  /** The claims that this record decides. */
  readonly judged: readonly Judged[];
  /** The command that runs it again. */
  readonly command: string;
}

export function experimentHtml({ experiment, record, judged, command }: ExperimentReport): string {
  const figures = experiment.figures(record.rows).map((evidence, i) => drawEvidence(evidence, `figure-${i}`));
  const tables = rowFamilies(record.rows).map((family) => {
    const names = quantityNames(family);
    const rows = family.map((row) => [
      row.condition,
      ...names.map((name) => (row.quantities[name] ? formatInterval(row.quantities[name]) : "not measured")),
      [...new Set(Object.values(row.quantities).map(formatCount))].join("; "),
    ]);
    return dataTable({ columns: ["condition", ...names, "n"], rows }, "Rows of the experiment");
  });
  const perSeed = record.rows.flatMap((row) =>
    Object.entries(row.perSeed).map(([name, values]) => [
      row.condition,
      name,
      values.map((value) => formatNumber(value, 3)).join(", "),
    ]),
  );
  const verdicts = judged.map(
    (entry) =>
      html`<div class="finding"><h3>${entry.claim.sentence}</h3><p class="claim">${entry.claim.id}; ${entry.claim.source}</p>${
        "verdict" in entry
          ? html`<p class="reading"><strong>${asSentence(entry.verdict.outcome)}</strong></p><p class="summary">${asSentence(entry.verdict.because)}</p><dl class="meta"><div><dt>Published</dt><dd>${entry.claim.published}</dd></div><div><dt>Ours</dt><dd>${entry.verdict.ours}</dd></div></dl>`
          : html`<p class="reading"><span><span class="pill hatched">not judged</span>${asSentence(entry.missing)}</span></p>`
      }</div>`,
  );
  const facts: readonly (readonly [string, string])[] = [
    ["Budget", record.budget],
    ["Seed", String(record.seed)],
    ["Organisms grown", String(record.organisms.length)],
    ["Code and kernels", `${record.code.slice(0, 12)}, ${record.executor}`],
    ["Time", formatDuration(record.wallMs)],
  ];
  const params = Object.entries(record.params).map(([name, value]) => `${name}=${formatValue(value)}`);
  return document({
    title: `Experiment: ${experiment.title}`,
    opening: html`<h1>${experiment.question}</h1><p class="lead">Predicted before the run: ${experiment.hypothesis}</p><dl class="meta">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
    body: html`${judged.length > 0 && section("verdicts", "Verdicts", "", verdicts)}${section("figures", "Figures", "", figureGrid(figures))}${section(
      "rows",
      "Every row",
      `Means over training seeds with 95 % intervals. ${explainOutcomes(quantityNames(record.rows))}`.trimEnd(),
      html`${tables}${
        perSeed.length > 0 &&
        html`<details><summary>One value per training seed</summary>${dataTable({ columns: ["condition", "quantity", "values in seed order"], rows: perSeed }, "Values per training seed")}</details>`
      }`,
    )}${section("again", "Get every number again", "The same command, seed and code give the same numbers.", html`<pre tabindex="0"><code>${command}</code></pre><p class="figure-note">Parameters: ${params.join(", ") || "none"}. Source: ${experiment.source}</p>`)}`,
    closing: html`<p>${record.budget === "full" ? "Nothing here was decided by hand: a verdict is the claim's rule applied to the rows." : `A ${record.budget} budget is small and judges nothing: read no verdict into it.`}</p>`,
  });
}
