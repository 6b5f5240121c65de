/**
 * @file Markup by tagged template: whatever is put in is escaped unless it is
 * markup already, and what cannot be shown to a reader (NaN, infinities,
 * undefined, null) stops the report instead of being printed.
 */
import { assert } from "../core/errors.ts";

/** Text that is HTML or SVG already. Made by {@link html} only. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text, finite numbers, markup, lists of these; `false` prints nothing. */
export type Piece = string | number | Markup | false | readonly Piece[];

/**
 * Build markup.
 *
 * @example
 * html`<b>${"a < b"}</b>`.markup; // => "<b>a &lt; b</b>"
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = strings[0]!;
  for (const [i, piece] of pieces.entries()) text += print(piece) + strings[i + 1]!;
  return { markup: text };
}

function print(piece: Piece): string {
  if (piece === false) return "";
  if (typeof piece === "string") return escapeText(piece);
  if (typeof piece === "number") {
    assert(Number.isFinite(piece), `a report was given the number ${piece}`);
    return String(Math.round(piece * 1000) / 1000);
  }
  if ("markup" in piece) return piece.markup;
  return piece.map(print).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Safe in text and in quoted attributes. Control characters and the marks that
 * reverse the reading direction become U+FFFD: they could make a report say
 * something else than its source.
 */
export function escapeText(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Text without control characters (other than tab and newline) and without direction overrides. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** A sentence with its capital and its full stop, whether or not its author wrote them. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** What stands before the first full stop that a space follows: the short form of an answer. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text.trim())?.[0] ?? text;
}
