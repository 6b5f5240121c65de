/** @file The journal on disk: what a crash leaves of the last line is taken away, everything before it stays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { journalFile } from "./files-journal.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = async (path: string) => {
  const journal = await journalFile(path);
  const lines: string[] = [];
  for await (const line of journal.lines()) lines.push(line);
  await journal.close();
  return lines;
};

test("lines come back in order, and the folder is made", async () => {
  const path = join(folder, "deep/er/a.jsonl");
  const journal = await journalFile(path);
  await journal.append('{"a":1}\n{"b":2}\n');
  await journal.append('{"c":"ü\u2028"}\n');
  await journal.close();
  expect(await linesOf(path)).toEqual(['{"a":1}', '{"b":2}', '{"c":"ü\u2028"}']);
});

test("a line that was cut short goes, whatever its length, and the next begins on its own", async () => {
  for (const torn of ['{"kind":"ans', "x".repeat(200_000), "\ud83d"]) {
    const path = join(folder, `torn-${torn.length}.jsonl`);
    writeFileSync(path, `{"a":1}\n${torn}`);
    const journal = await journalFile(path);
    await journal.append('{"b":2}\n');
    await journal.close();
    expect(await linesOf(path)).toEqual(['{"a":1}', '{"b":2}']);
  }
  const path = join(folder, "only-torn.jsonl");
  writeFileSync(path, "{");
  expect(await linesOf(path)).toEqual([]);
  expect(readFileSync(path, "utf8")).toBe("");
});

test("a folder in its place is told as such", async () => {
  await expect(journalFile(folder)).rejects.toMatchObject({ name: "LabError" });
});
