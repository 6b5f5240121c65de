/** @file Evaluation awareness in a report: what trials are taken for, by arm, and the effect in the two groups of items. */
import type { Evidence } from "../evidence.ts";
import type { AwarenessReport } from "../trials/awareness-report.ts";
import { drawEvidence } from "./figures/figure.ts";
import { html, type Markup } from "./markup.ts";
import { formatReadingWithCount } from "./numbers.ts";
import { figureBlock } from "./page.ts";

/**
 * @param primary what the primary effect is called, with its whole estimate beside the groups
 * @param id unique in the page
 */
export function awarenessBlock(
  { read, unread, arms, difference, strata }: AwarenessReport,
  primary: { readonly title: string; readonly effect: AwarenessReport["difference"] },
  id: string,
): Markup {
  const figures: readonly Evidence[] = [
    {
      kind: "bars",
      title: "How likely it calls a trial a test",
      axis: "stated probability, asked in a fresh context",
      range: [0, 1],
      bars: arms.map(({ title, mean }) => ({ label: title, reading: mean })),
    },
    {
      kind: "bars",
      title: "The primary effect, by what items are taken for",
      axis: "difference of mean scores between arms",
      range: [-1, 1],
      bars: [
        { label: `all items: ${primary.title}`, reading: primary.effect },
        ...strata.map(({ title, items, effect }) => ({ label: `${title}: ${items} of them`, reading: effect })),
      ],
    },
  ];
  return html`<h3>Does it take trials for tests?</h3><p class="aside">Between the arms of the primary effect the stated probability differs by ${formatReadingWithCount(difference)}. ${sentenceOf(difference)} ${read} scored trials have a probability, ${unread} none that could be read. Groups are told by what the subject says afterwards, so a difference between them is no proof of its cause.</p><div class="charts">${figures.map((figure, i) => figureBlock(drawEvidence(figure, `${id}-${i}`)))}</div>`;
}

function sentenceOf(difference: AwarenessReport["difference"]): string {
  if (difference.status === "unscored") return "";
  const { low, high } = difference.value;
  return low > 0 || high < 0
    ? "One arm looks more like a test than the other: the effect may be that."
    : "That one arm looks more like a test than the other is not shown.";
}
