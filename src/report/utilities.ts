/**
 * @file The report of stated utilities, from their record alone: outcomes in order with intervals, held-out choices
 * beside coin flips, transitivity, the first place's share, and what could not be read.
 */
import type { Evidence } from "../evidence.ts";
import { type UtilitiesRecord, utilitiesSentence } from "../trials/utilities-record.ts";
import { figureGrid } from "./audit-sections.ts";
import { drawEvidence } from "./figures/figure.ts";
import { html, type Markup } from "./markup.ts";
import { formatNumber, formatReadingWithCount } from "./numbers.ts";
import { document, figureBlock, section } from "./page.ts";
import { missingTable, runFacts } from "./talk-run.ts";
import { answersPlace, transcriptLinks } from "./transcripts.ts";

const CAVEATS =
  "Every number stands with its 95 % interval and with what its n counts. A utility that choices follow is a regularity of what is said when two outcomes stand side by side: nothing here says what the subject wants.";

/**
 * The report as one HTML file.
 *
 * @param transcripts name of the file with the transcripts, relative to the report; absent where there is none
 */
export function utilitiesHtml(record: UtilitiesRecord, transcripts?: string): string {
  const { found, orders, title } = record;
  const facts = runFacts(record, orders, [
    ["Outcomes", String(found.utilities.length)],
    ["Pairs", `${found.pairs} of ${found.possiblePairs} read`],
  ]);
  const told = { contrast: "stated-utilities", title, arms: orders };
  return document({
    title: `Stated utilities of ${record.subject}`,
    opening: html`<h1>${utilitiesSentence(record)}</h1><p class="lead">Forced choices of ${record.subject} between outcomes, each pair in both orders, and whether one number for each outcome predicts choices that it was not fitted to.</p>${facts}`,
    body: html`${section(
      "held-out",
      "Do choices follow a utility?",
      "A fit explains even coin flips in sample. So each quarter of the pairs is held out in turn, and the share that a fit to the others predicts stands beside coins on the same pairs.",
      html`${tournamentText(record)}${figureGrid(
        [predicted(record), transitive(record), order(record), loss(record)].map((evidence, i) =>
          drawEvidence(evidence, `judged-${i}`),
        ),
      )}`,
    )}${section(
      "utilities",
      "Outcomes in order",
      `Fitted to every pair that was read, on a scale of mean 0 and deviation 1${record.isShown ? "" : "; what was held out does not speak for a utility, so the order may be chance"}.`,
      figureBlock(drawEvidence(ladder(record), "utilities")),
    )}${section(
      "unread",
      "What could not be read",
      "An answer without a choice is no half-choice, which would flatten every preference: it is left out and counted.",
      html`${missingTable(title, orders) || html`<p class="aside">Every answer was read as a choice.</p>`}${transcriptLinks(told, transcripts)}`,
    )}${section(
      "limits",
      "How this can be wrong",
      "",
      html`<ul class="fails">${record.fails.map((fail) => html`<li>${fail}</li>`)}</ul><p class="figure-note">Source: ${record.source}</p>`,
    )}${section(
      "again",
      "Get every number again",
      `The design was fixed before the run.${found.pairs < found.possiblePairs ? " A larger --items puts more of the pairs." : ""}`,
      html`<pre tabindex="0"><code>${record.command}</code></pre>${answersPlace(record.journal, transcripts)}`,
    )}`,
    closing: html`<p>${CAVEATS}</p>`,
  });
}

function tournamentText({ found: { heldOut, tournaments, p, triads, cyclic } }: UtilitiesRecord): Markup {
  const beside =
    p === null || tournaments.status === "unscored"
      ? ""
      : ` Against ${tournaments.value.n} random tournaments on the same pairs, p = ${formatNumber(p)}.`;
  return html`<p class="aside">Held-out pairs predicted: ${formatReadingWithCount(heldOut)}.${beside} Cyclic triads: ${triads.cyclic} of ${triads.all}, ${formatReadingWithCount(cyclic)}${cyclic.status === "scored" && " without a pair in common"}.</p>`;
}

function predicted({ found: { heldOut, coin, tournaments } }: UtilitiesRecord): Evidence {
  return {
    kind: "bars",
    title: "Held-out pairs whose majority is predicted",
    axis: "share of held-out pairs",
    range: [0, 1],
    bars: [
      { label: "its choices", reading: heldOut },
      { label: "a coin decides every majority, once", reading: coin },
      { label: "a coin makes every choice, central 95 % of tournaments", reading: tournaments },
    ],
  };
}

function transitive({ found: { cyclic, cyclicByCoin } }: UtilitiesRecord): Evidence {
  return {
    kind: "bars",
    title: "Triads that go round in a circle",
    axis: "share of triads; a quarter by coin flips",
    range: [0, 1],
    bars: [
      { label: "its choices", reading: cyclic },
      { label: "a coin makes every choice, central 95 % of tournaments", reading: cyclicByCoin },
    ],
  };
}

const order = ({ found: { firstShare } }: UtilitiesRecord): Evidence => ({
  kind: "bars",
  title: "Choices of what stood first",
  axis: "share of choices; one half where order does not matter",
  range: [0, 1],
  bars: [{ label: "whichever outcome it was", reading: firstShare }],
});

const loss = ({ found: { logLoss } }: UtilitiesRecord): Evidence => ({
  kind: "bars",
  title: "Loss on held-out choices",
  axis: `mean −ln P of a choice, nats; ${formatNumber(Math.LN2)} without a utility`,
  bars: [{ label: "the utilities fitted to the other pairs", reading: logLoss }],
});

const ladder = ({ found: { utilities } }: UtilitiesRecord): Evidence => ({
  kind: "bars",
  title: "Stated utilities",
  axis: "utility, standard deviations over outcomes",
  bars: utilities.map(({ text, reading }) => ({ label: text, reading })),
});
