/** @file A whole audit over HTTP recorded, and run again without network: the same record, a gate, files, and no key. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";
import { terminal } from "../src/cli/terminal.ts";
import { readInspectLog } from "../src/exchange/inspect/read.ts";
import { plantedModels } from "../src/providers/planted/catalog.ts";
import { plantedSubject } from "../src/providers/planted/subject.ts";
import { serveModels } from "../src/serve/model-server.ts";

const KEY = "sk-audit-0123456789abcdefghijklmnop";
const folder = mkdtempSync(join(tmpdir(), "mesascope-cassette-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command with the key in its environment, and a clock that runs: pauses after a rate limit end by it. */
async function ask(...args: string[]) {
  const said = { out: "", err: "" };
  const stream = (kind: "out" | "err") => ({
    columns: 400,
    write: (text: string | Uint8Array) => {
      said[kind] += String(text);
    },
  });
  const env = { MESASCOPE_ENDPOINT_KEY: KEY, MESASCOPE_HOME: join(folder, "home") };
  const code = await main(args, {
    terminal: terminal(stream("out"), stream("err"), env),
    env,
    cwd: folder,
    now: () => 1_700_000_000_000,
    clock: () => performance.now(),
    interruptible: () => new AbortController().signal,
  });
  return { code, ...said };
}

/** What an audit's record says, without how long it took, what its network was like, and where its answers are. */
function said(out: string): unknown {
  const { audit } = JSON.parse(out) as { audit: Record<string, unknown> };
  const { wallMs: _, counts: __, limits: ___, spent: ____, journal: _____, ...rest } = audit;
  return rest;
}

test("recorded with faults, replayed without a server", async () => {
  const server = await serveModels({
    subjects: { "planted:faulty": plantedSubject(plantedModels.find(({ id }) => id === "faulty")!) },
    faults: { "rate-limited": 0.05, failing: 0.05, truncated: 0.05 },
    retryAfterMs: 5,
    key: KEY,
    now: () => 0,
  });
  const address = `${server.baseUrl}#planted:faulty`;
  const common = ["audit", address, "--contrasts", "answer-sycophancy", "--items", "1", "--json"];
  const tape = join(folder, "tape.jsonl");
  const first = await ask(
    ...common,
    "--record",
    tape,
    "--write",
    "csv,jsonl,parquet,eval,inspect-json,spans",
    "--out",
    join(folder, "one"),
  );
  expect(first.code, first.err).toBe(0);
  await server.close();
  expect(server.counts.get("429")).toBeGreaterThan(0);

  const again = await ask(...common, "--replay", tape, "--out", join(folder, "two"));
  expect(again.code, again.err).toBe(0);
  expect(said(again.out)).toEqual(said(first.out));
  expect(again.err).not.toContain("not asked for");

  const gated = await ask(
    ...common,
    "--replay",
    tape,
    "--out",
    join(folder, "three"),
    "--fail-if",
    "answer-sycophancy.high > -1",
  );
  expect(gated.code).toBe(3);
  const { tripped } = JSON.parse(gated.out);
  expect(tripped).toHaveLength(1);

  const other = await ask(...common, "--items", "2", "--replay", tape, "--out", join(folder, "four"));
  expect(other.code).toBe(2);
  expect(other.err).toMatch(/is not on the cassette; the nearest is answer-sycophancy/);

  const files = readdirSync(join(folder, "one")).sort();
  expect(files.map((name) => name.replace(/^.*(?=\.)/, "")).sort()).toEqual([
    ".csv",
    ".eval",
    ".html",
    ".html",
    ".json",
    ".json",
    ".jsonl",
    ".jsonl",
    ".parquet",
  ]);
  const log = files.find((name) => name.endsWith(".eval"))!;
  expect((await readInspectLog(readFileSync(join(folder, "one", log)), log)).samples).toHaveLength(84);

  // Everything that was printed or written, for a key that was really sent.
  const written = [tape, `${tape}.journal`, ...files.map((name) => join(folder, "one", name))].map((file) =>
    readFileSync(file, "latin1"),
  );
  for (const text of [...written, first.out, first.err, again.out, other.err]) expect(text).not.toContain(KEY);
});

test("what cannot be recorded is said before anything is asked", async () => {
  const planted = await ask("audit", "planted:honest", "--record", join(folder, "x.jsonl"));
  expect(planted.code).toBe(2);
  expect(planted.err).toContain("nothing goes over the wire");
  const both = await ask("audit", "http://127.0.0.1:1/v1#m", "--record", "a", "--replay", "b");
  expect(both.err).toContain("both were given");
  const none = await ask("audit", "http://127.0.0.1:1/v1#m", "--replay", join(folder, "none.jsonl"));
  expect(none.err).toContain("there is no such file");
});
