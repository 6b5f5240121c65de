/** @file `mesascope validate --http`: null audits over the wire come to what the same audits come to in this process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { terminal } from "../src/cli/terminal.ts";
import type { ContrastPlugin } from "../src/contrast.ts";
import { contrasts } from "../src/contrasts/index.ts";
import { plantedSubject } from "../src/providers/planted/subject.ts";
import { auditUntilScored, nullAuditRow, nullModel } from "../src/trials/null-audits.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-validate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mesascope(...args: string[]) {
  let [out, err] = ["", ""];
  const keep = (add: (text: string) => void) => ({
    columns: 200,
    write: (text: string | Uint8Array) => add(`${text}`),
  });
  const env = { MESASCOPE_HOME: folder };
  const code = await main(args, {
    terminal: terminal(
      keep((text) => {
        out += text;
      }),
      keep((text) => {
        err += text;
      }),
      env,
    ),
    env,
    cwd: folder,
    now: () => 1_700_000_000_000,
    clock: () => performance.now(),
    interruptible: () => new AbortController().signal,
  });
  return { code, out, err };
}

test("a row for every contrast, whatever the number of threads", async () => {
  // One that asks twice, and one of several turns in a simulated world.
  const ids = ["are-you-sure", "oversight"];
  const few = ["--nulls", "20", "--planted", "20", "--items", "2", "--http", "3"];
  const { code, out, err } = await mesascope(
    "validate",
    ...few,
    "--contrasts",
    ids.join(","),
    "--threads",
    "2",
    "--seed",
    "5",
    "--json",
  );
  expect([0, 3], err).toContain(code);
  const { http } = JSON.parse(out).validation;
  const ports = { clock: () => 0, sleep: () => new Promise<void>(() => undefined) };
  const wanted = [];
  for (const id of ids) {
    const contrast = (contrasts as readonly ContrastPlugin[]).find((each) => each.id === id)!;
    const subject = plantedSubject(nullModel(contrast));
    const audits = [];
    for (const seed of [500_015, 500_016, 500_017]) {
      const seeds = Array.from({ length: 16 }, (_, draw) => seed + 3 * draw);
      audits.push(...(await auditUntilScored(contrast, subject, seeds, ports)));
    }
    wanted.push(nullAuditRow(id, audits));
  }
  expect(http).toEqual(wanted);
  expect(http.map(({ scored }: { scored: number }) => scored)).toEqual([3, 3]);
});
