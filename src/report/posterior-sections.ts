/** @file Posteriors in a report: each answer as a probability, and the ledger that leads to it step by step. */
import type { AuditRecord } from "../audit-record.ts";
import { type Posterior, SCORED_QUESTIONS } from "../scoreboard.ts";
import type { DataTable } from "./figures/frame.ts";
import { html, type Markup } from "./markup.ts";
import { formatNumber } from "./numbers.ts";
import { dataTable } from "./page.ts";

/** The question in words. */
export const questionText = (id: string): string => SCORED_QUESTIONS.find((each) => each.id === id)?.text ?? id;

/** What a posterior is worth, for below its table. */
export const POSTERIOR_NOTE =
  "Probabilities from a joint model of the instruments, fitted on a zoo of agents whose making is known and tried on worlds that it had not seen. The prior is a choice and can be changed; the likelihood ratio is not, and is cut at what a zoo of its size can support.";

/** One line a question. */
export function posteriorTable(posteriors: readonly Posterior[]): DataTable {
  return {
    columns: ["question", "prior", "posterior", "likelihood ratio", "remarks"],
    rows: posteriors.map((each) => [
      questionText(each.question),
      formatNumber(each.prior, 2),
      each.status === "scored" ? probability(each.probability) : "none",
      each.status === "scored" ? ratio(each.logRatio) : "none",
      each.status === "scored"
        ? [...(each.isCapped ? ["cut at what the zoo supports"] : []), ...each.notes].join("; ")
        : each.reason,
    ]),
  };
}

/** From the prior to the posterior, one line a detector. */
export function ledgerTable(posterior: Posterior): DataTable | undefined {
  if (posterior.status !== "scored") return undefined;
  return {
    columns: ["step", "why", "nats", "probability after it"],
    rows: posterior.ledger.map(({ from, text, nats, probability: after }) => [
      from,
      text,
      nats > 0 ? `+${formatNumber(nats, 2)}` : formatNumber(nats, 2),
      probability(after),
    ]),
  };
}

/** The section's content; what has no posterior says why. */
export function posteriorList({ posteriors = [], calibration = "" }: AuditRecord): Markup {
  const ledgers = posteriors.flatMap((posterior) => {
    const ledger = ledgerTable(posterior);
    if (!ledger) return [];
    const question = questionText(posterior.question);
    return [html`<details><summary>${question} Step by step</summary>${dataTable(ledger, question)}</details>`];
  });
  return html`${dataTable(posteriorTable(posteriors), "Posteriors")}${ledgers}<p class="aside">Calibrated by the scoreboard of code ${calibration}.</p>`;
}

/** Three digits, and never a certainty that was rounded into. */
function probability(value: number): string {
  return value > 0.999 ? "> 0.999" : value < 0.001 ? "< 0.001" : formatNumber(value, 3);
}

/** `12`, or `1/12`. */
function ratio(logRatio: number): string {
  const size = Math.exp(Math.abs(logRatio));
  const text = formatNumber(size, size < 10 ? 1 : 0);
  return logRatio >= 0 ? text : `1/${text}`;
}
