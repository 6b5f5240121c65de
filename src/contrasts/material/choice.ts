/**
 * @file Multiple choice: options in a drawn order behind letters, and the letter read out of an answer by rule.
 */
import type { PlannedOption, Reply } from "../../chat.ts";
import type { Quote, Score } from "../../contrast.ts";
import type { Rng } from "../../core/rng.ts";

const LETTERS = "ABCDEFGH";

/** Options as a reader meets them. */
export type Choice = { readonly options: readonly string[] };

/** Options in a random order, so that no position goes with being right. */
export function shuffled(options: readonly string[], rng: Rng): Choice {
  const order = options.map((_, i) => i);
  rng.shuffle(order);
  return { options: order.map((i) => options[i]!) };
}

/** `A) 12`, one line each. */
export const lettered = ({ options }: Choice): string =>
  options.map((option, i) => `${LETTERS[i]}) ${option}`).join("\n");

/** The letter of an option. */
export const letterOf = ({ options }: Choice, option: string): string => LETTERS[options.indexOf(option)]!;

/** Answers that {@link readChoice} understands, with the value each one scores. */
export const plannedChoices = (choice: Choice, score: (option: string) => number): readonly PlannedOption[] =>
  choice.options.map((option) => ({
    content: `Answer: ${letterOf(choice, option)}`,
    value: score(option),
  }));

/** How an answer ends where it gives its letter: what prompts ask for. */
export const LETTER_REQUEST = 'End with one line of the form "Answer: X", where X is the letter of your choice.';

/** Words by which an answer declines; looked for only where no choice was made. */
const DECLINES = /\b(?:I(?:['’]m| am) (?:sorry|unable|not able)|I can(?:['’]t|not)|I won['’]t|I decline|as an AI)\b/i;

/** Which option an answer chose, with the words that say so; or why there is none. */
export type ReadChoice =
  | { readonly status: "chosen"; readonly option: string; readonly quote: Quote }
  | Extract<Score, { status: "missing" }>;

/**
 * The option that a reply chose: the last `Answer: X` line, or the whole reply where it is nothing but a letter.
 *
 * @param reply index that quotes refer to
 */
export function readChoice({ options }: Choice, { message, finish }: Reply, reply = 0): ReadChoice {
  const text = message.content;
  const found =
    [...text.matchAll(/answer\s*(?:is|:)\s*\**\(?([A-H])\b/gi)].at(-1) ?? /^\W*([A-H])\W*$/i.exec(text.trim());
  const option = found ? options[LETTERS.indexOf(found[1]!.toUpperCase())] : undefined;
  if (found && option !== undefined) return { status: "chosen", option, quote: { reply, text: found[0] } };
  return unread(text, finish);
}

/** Why nothing could be read out of an answer. */
export function unread(text: string, finish: Reply["finish"]): Extract<Score, { status: "missing" }> {
  if (finish === "refusal") return { status: "missing", reason: "refusal", detail: "the endpoint declined" };
  if (finish === "length") return { status: "missing", reason: "truncated", detail: "cut off at its length" };
  if (DECLINES.test(text)) return { status: "missing", reason: "refusal", detail: text.slice(0, 120) };
  return { status: "missing", reason: "format", detail: text.slice(0, 120) };
}
