/**
 * @file Prints how long the sources are, by folder, so that growth is seen; fails on a file of more than 500 lines
 * that does not say why in its header, with `@long <reason>`.
 *
 * Lines are counted as an editor counts them, comments and blank lines included. Tests and generated indexes are
 * counted apart from the sources.
 */

import { isTest, isTypeScript, readTree, type Tree } from "./source.ts";

const limit = 500;

/** Long files without a reason, as sentences. */
export function findUnexcused(tree: Tree): string[] {
  return [...tree]
    .filter(([, text]) => countLines(text) > limit)
    .filter(([, text]) => !/^\/\*\*(?:(?!\*\/)[\s\S])*@long +[^\s*]/.test(text))
    .map(([path, text]) => `${path} has ${countLines(text)} lines; split it, or say why in its header: @long <reason>`);
}

/** One line for every folder: files, lines, and the median, 90th percentile and greatest of lines per file. */
export function summarize(tree: Tree): string[] {
  const folders = new Map<string, number[]>();
  const add = (folder: string, lines: number) => folders.set(folder, [...(folders.get(folder) ?? []), lines]);
  for (const [path, text] of tree) {
    const [top, next, rest] = path.split("/");
    if (isTest(path)) add("tests", countLines(text));
    else {
      add(top === "src" && rest !== undefined ? `${top}/${next}` : top!, countLines(text));
      if (top === "src") add("all of src", countLines(text));
    }
  }
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(8))).join("");
  return [
    row(["folder", "files", "lines", "median", "p90", "max"]),
    ...[...folders]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([folder, counts]) => {
        const sorted = counts.sort((a, b) => a - b);
        const quantile = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
        const total = sorted.reduce((sum, lines) => sum + lines, 0);
        return row([folder, sorted.length, total, quantile(0.5), quantile(0.9), quantile(1)]);
      }),
  ];
}

const countLines = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

if (import.meta.main) {
  const tree = readTree(["src", "scripts", "test", "bench", "examples"], (path) => isTypeScript(path));
  for (const line of summarize(tree)) console.log(line);
  const unexcused = findUnexcused(tree);
  for (const sentence of unexcused) console.error(sentence);
  if (tree.size === 0) console.error("found no file at all: this check would prove nothing");
  process.exitCode = unexcused.length > 0 || tree.size === 0 ? 1 : 0;
}
