/** @file Every transcript of a run, by contrast and arm, as one HTML file: what stands behind each number of its report. */
import type { ScoredTrial } from "../contrast.ts";
import type { Transcripts, Turn } from "../exchange/transcripts.ts";
import type { ArmReport, ContrastReport } from "../trials/analyze.ts";
import type { JournalFile, TalkRun } from "../trials/record.ts";
import { html, type Markup } from "./markup.ts";
import { formatNumber } from "./numbers.ts";
import { document, section } from "./page.ts";

/** A contrast as far as its transcripts are named after it. */
export type Told = Pick<ContrastReport, "contrast" | "title"> & {
  readonly arms: readonly Pick<ArmReport, "arm" | "title" | "trials">[];
};

const anchor = (contrast: string, arm: string): string => `${contrast}-${arm}`.replace(/[^a-z0-9-]/gi, "-");

/**
 * Links from a number to its transcripts, or where there is no file of them beside the report, where the answers are.
 *
 * @param file relative to the report
 */
export function transcriptLinks({ contrast, arms }: Told, file: string | undefined): Markup | false {
  if (file === undefined) return false;
  const links = arms.map(
    ({ arm, title, trials }) =>
      html`<li><a href="${file}#${anchor(contrast, arm)}">${title}: ${trials} transcripts</a></li>`,
  );
  return html`<details><summary>Transcripts</summary><ul>${links}</ul></details>`;
}

/** Where the answers are that a report was made of. */
export function answersPlace(journal: JournalFile | null, file: string | undefined): Markup {
  const place =
    journal === null
      ? "The answers came from a cassette."
      : `The answers are in ${journal.path}, ${formatNumber(journal.bytes, 0)} bytes with SHA-256 ${journal.sha256.slice(0, 16)}…; the command${journal.path.startsWith("journals/") ? "" : ` with --journal ${journal.path}`} takes them from there and asks nothing that was answered.`;
  const missing = file === undefined ? " It writes the transcripts beside its report." : "";
  return html`<p class="figure-note">${place}${missing}</p>`;
}

/** Every transcript, as one HTML file. */
export function transcriptsHtml(
  { subject, contrasts }: Pick<TalkRun, "subject"> & { readonly contrasts: readonly Told[] },
  trials: readonly ScoredTrial[],
  transcripts: Transcripts,
  report: string,
): string {
  const arms = contrasts.flatMap(({ contrast, title, arms: own }) =>
    own.map((arm) => {
      const shown = trials.filter((trial) => trial.contrast === contrast && trial.arm === arm.arm);
      return section(
        anchor(contrast, arm.arm),
        `${title}: ${arm.title}`,
        `${shown.length} trials`,
        shown.map((trial) => transcript(trial, transcripts.get(trial.id) ?? [])),
      );
    }),
  );
  return document({
    title: `Transcripts of ${subject}`,
    opening: html`<h1>Transcripts of ${subject}</h1><p class="lead"><a href="${report}">Back to the report</a>. What was asked and answered, word for word, with the score of each trial.</p>`,
    body: html`${arms}`,
    closing: html`<p>Scores are given without knowing the arm; what could not be read has no score and is counted as missing.</p>`,
  });
}

function transcript({ id, score }: ScoredTrial, turns: readonly Turn[]): Markup {
  const verdict =
    score.status === "scored" ? `score ${formatNumber(score.value)}` : `no score, ${score.reason}: ${score.detail}`;
  const last = turns.at(-1);
  const asked = (last?.request.messages ?? []).map((message) => {
    const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
    return html`<dt>${message.role}</dt><dd><pre tabindex="0">${message.content}${calls.map((call) => `\n→ ${call.name} ${call.arguments}`)}</pre></dd>`;
  });
  const reply = last?.reply?.message;
  const answer = reply
    ? html`<dt>answer</dt><dd><pre tabindex="0">${reply.content}${(reply.toolCalls ?? []).map((call) => `\n→ ${call.name} ${call.arguments}`)}</pre></dd>`
    : html`<dt>answer</dt><dd>${last?.declined ?? "none"}</dd>`;
  return html`<details><summary>${id}: ${verdict}</summary><dl class="transcript">${asked}${answer}</dl></details>`;
}
