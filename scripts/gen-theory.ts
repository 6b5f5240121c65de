/**
 * @file docs/theory.md, from the references and from what their quick numbers come to.
 *
 * They take seconds, so a page is kept in node_modules/.cache under the hash of the sources that it was made from.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Comparison, compareQuantity, selectQuantities } from "../src/lab/reference-values.ts";
import { references } from "../src/references/index.ts";
import { theoryMarkdown } from "../src/report/reference-values.ts";
import { isTest, isTypeScript, readTree, root } from "./source.ts";

const CACHE = join(root, "node_modules/.cache/mesascope");
/** Written by `mesascope theory --slow --mistakes --json > docs/theory-slow.json`. */
const SLOW = join(root, "docs/theory-slow.json");
/** What the quick numbers and the page are made of. */
const SOURCES =
  /^src\/((core|theory|references)\/.+|reference|lab\/reference-values|report\/(reference-values|markdown|markup))\.ts$/;

/** Contents by path relative to the root. */
export async function generateTheory(): Promise<ReadonlyMap<string, string>> {
  const stored = existsSync(SLOW) ? readFileSync(SLOW, "utf8") : "";
  const kept = join(CACHE, `theory-${fingerprint(stored)}.md`);
  if (existsSync(kept)) return new Map([["docs/theory.md", readFileSync(kept, "utf8")]]);
  const rows: Comparison[] = [];
  for (const each of selectQuantities(references, { speed: "quick" })) {
    rows.push(await compareQuantity(each, { withMistakes: true }));
  }
  const page = theoryMarkdown(
    references,
    rows,
    stored === "" ? [] : (JSON.parse(stored) as { rows: Comparison[] }).rows,
  );
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(kept, page);
  return new Map([["docs/theory.md", page]]);
}

function fingerprint(stored: string): string {
  const hash = createHash("sha256").update(process.version).update(stored);
  for (const [path, text] of readTree(["src"], isTypeScript)) {
    if (SOURCES.test(path) && !isTest(path)) hash.update(`\0${path}\0${text}`);
  }
  return hash.digest("hex").slice(0, 16);
}
