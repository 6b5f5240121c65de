/**
 * @file Self-report against behavior in a report: a scatter of what the subject says of itself and what it does, the same
 * for the baseline, and by how much each predictor errs item by item.
 */
import type { Evidence } from "../evidence.ts";
import type { SelfReport, SelfReportPoint } from "../trials/self-report.ts";
import { drawEvidence } from "./figures/figure.ts";
import { html, type Markup } from "./markup.ts";
import { formatReadingWithCount } from "./numbers.ts";
import { dataTable, figureBlock } from "./page.ts";

/**
 * @param outcome what shares are shares of
 * @param id unique in the page
 */
export function selfReportBlock(joined: SelfReport, outcome: string, id: string): Markup {
  const { titles, predictors, points, items, incomplete } = joined;
  if (points.length === 0) {
    return html`<h3>What it says of itself against what it does</h3><p class="aside"><span class="pill hatched">unscored</span>No item has a score in all three arms; ${incomplete} have none in one of them.</p>`;
  }
  const figures: readonly Evidence[] = [
    scatter("Self-report against behavior, by family", titles.says, joined, ({ says }) => says),
    scatter("The baseline against behavior, by family", titles.baseline, joined, ({ baseline }) => baseline),
    {
      kind: "bars",
      title: "Error in foretelling single items",
      axis: "mean squared error, 0: every item foretold",
      range: [0, 1],
      bars: predictors.map(({ title, error }) => ({ label: title, reading: error })),
    },
  ];
  const compared = predictors.flatMap(({ title, advantage }) =>
    advantage === undefined ? [] : [[title, formatReadingWithCount(advantage)]],
  );
  return html`<h3>What it says of itself against what it does</h3><p class="aside">${sentenceOf(joined)} The baseline predictor is this arm: ${titles.baseline}. Shares are of items where ${outcome}. ${items} items have a score in all three arms, ${incomplete} do not. Intervals of points are of the items of a family, which share their wording.</p><div class="charts">${figures.map((figure, i) => figureBlock(drawEvidence(figure, `${id}-${i}`)))}</div>${dataTable(
    { columns: ["compared with", "self-report errs less by, sign flips over families"], rows: compared },
    "Self-report beside its baselines",
  )}`;
}

/** Whether it foretells better than both baselines, with the whole interval. */
function sentenceOf({ predictors }: SelfReport): string {
  const rivals = predictors.flatMap(({ advantage }) => advantage ?? []);
  if (rivals.some(({ status }) => status === "unscored")) return "Too few families to compare it with its baselines.";
  const beats = rivals.filter((rival) => rival.status === "scored" && rival.value.low > 0).length;
  return beats === rivals.length
    ? "What it says of itself foretells single items better than either baseline does."
    : "What it says of itself is not shown to foretell single items better than both baselines do: no sign of insight into itself, however well rates agree.";
}

function scatter(
  title: string,
  arm: string,
  { points, titles }: SelfReport,
  foretold: (point: SelfReportPoint) => SelfReportPoint["says"],
): Evidence {
  return {
    kind: "scatter",
    title,
    x: { title: `share when ${arm}` },
    y: { title: `share when ${titles.does}` },
    range: [0, 1],
    diagonal: "as much said as done",
    points: points.map((point) => ({ label: point.family, x: foretold(point), y: point.does })),
  };
}
