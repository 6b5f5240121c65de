/** @file Nothing unsafe and nothing meaningless gets into markup. */
import { expect, test } from "vitest";
import { asSentence, cleanText, escapeText, html, type Piece } from "./markup.ts";

test("text is escaped, markup is not, lists are joined, false is silent", () => {
  const bold = html`<b>${"a < b & \"c\" 'd'"}</b>`;
  expect(bold.markup).toBe("<b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>");
  expect(html`${bold}${["x", 1, false, html`<i>`]}`.markup).toBe(`${bold.markup}x1<i>`);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s stops the report", (value) => {
  expect(() => html`${value}`).toThrow("a report was given the number");
});

test.each([undefined, null])("%s stops the report", (value) => {
  expect(() => html`${value as unknown as Piece}`).toThrow();
});

test("coordinates keep three decimals and never an exponent", () => {
  expect(html`${1 / 3} ${1e-9} ${-0}`.markup).toBe("0.333 0 0");
});

test("control characters and direction overrides cannot hide in text", () => {
  expect(cleanText("safe\u202efdp\u0000\u2066\u001b")).toBe("safe\ufffdfdp\ufffd\ufffd\ufffd");
  expect(escapeText("tab\tand\nline")).toBe("tab\tand\nline");
});

test("sentences begin with a capital and end once", () => {
  expect([asSentence("so it is"), asSentence("so it is."), asSentence("is it? ")]).toEqual([
    "So it is.",
    "So it is.",
    "Is it?",
  ]);
});
