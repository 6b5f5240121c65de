/**
 * @file The document around a report: one self-contained HTML file without
 * scripts, whose policy forbids the network and any style but its own.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { DataTable, Figure } from "./figures/frame.ts";
import { html, type Markup, type Piece } from "./markup.ts";
import { PAGE_STYLE } from "./style.ts";

const STYLE_HASH = btoa(String.fromCharCode(...sha256(utf8ToBytes(PAGE_STYLE))));

/** What changes from report to report. */
export interface Page {
  /** Title of the window. */
  readonly title: string;
  /** First heading and what belongs to it. */
  readonly opening: Markup;
  readonly body: Markup;
  readonly closing: Markup;
}

/** The whole file as text. */
export function document({ title, opening, body, closing }: Page): string {
  // `default-src 'none'` without a script source: the file cannot run anything, whatever it shows.
  const policy = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Mesascope">
<title>${title}</title>
<style>${{ markup: PAGE_STYLE }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<header class="top"><div class="wrap">${BRAND}${opening}</div></header>
<main id="content" class="wrap" tabindex="-1">${body}</main>
<footer><div class="wrap">${closing}</div></footer>
</body>
</html>
`.markup;
}

const BRAND = html`<p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M3 20L9.5 6h5L21 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/><circle cx="12" cy="14.5" r="2.6" fill="currentColor"/></svg><span>Mesascope</span></p>`;

/** A section with its heading; `id` names it for links. */
export function section(id: string, title: string, note: string, body: Piece): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${title}</h2>${note !== "" && html`<p class="section-note">${note}</p>`}${body}</section>`;
}

/** A drawn figure with its caption, its note, and its numbers as a table on demand. */
export function figureBlock(figure: Figure): Markup {
  const { title, table, note } = figure;
  return html`<figure><figcaption>${title}</figcaption>${picture(figure)}${
    note !== undefined && html`<p class="figure-note">${note}</p>`
  }${
    table !== undefined &&
    html`<details class="figure-data"><summary>The numbers of “${title}”</summary>${dataTable(table, title)}</details>`
  }</figure>`;
}

function picture({ title, drawings, steps }: Figure): Markup {
  if (steps !== undefined) return stepThrough(title, drawings, steps);
  return drawings[0]?.caption !== undefined
    ? html`<ul class="levels">${drawings.map(({ svg, caption }) => html`<li>${svg}<span>${caption ?? ""}</span></li>`)}</ul>`
    : html`<div class="chart">${drawings.map(({ svg }) => svg)}</div>`;
}

/**
 * Drawings one at a time, without a script: radio buttons, which arrow keys step
 * through in every browser, each followed by the drawing that it shows. Nothing
 * moves by itself. Without a style sheet, and in print, all drawings are shown.
 */
function stepThrough(title: string, drawings: Figure["drawings"], name: string): Markup {
  const steps = drawings.map(({ svg, caption = "" }, i) => {
    const id = `${name}-step-${i}`;
    return html`<input type="radio" class="step" name="${name}" id="${id}"${i === 0 && html` checked`}><label for="${id}">${i + 1}<span class="unseen"> of ${drawings.length}: ${caption}</span></label><div class="still">${svg}<p>${caption}</p></div>`;
  });
  return html`<fieldset class="steps"><legend>Step through ${drawings.length} frames with the arrow keys or the buttons<span class="unseen">: ${title}</span></legend><div class="film">${steps}</div></fieldset>`;
}

/** A table that scrolls sideways by itself where it is too wide, and can be scrolled by keyboard. */
export function dataTable({ columns, rows }: DataTable, title: string, style = ""): Markup {
  const head = columns.map((column) => html`<th scope="col">${column === "" ? "what" : column}</th>`);
  const body = rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first ?? ""}</th>${rest.map((cell, i) => html`<td data-label="${columns[i + 1] ?? ""}">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${title}, table"><table class="${style}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
