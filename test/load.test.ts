/** @file An audit over HTTP under faults, ended by SIGKILL in the middle and continued: nothing lost, nothing doubled. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { endpointLoad } from "../bench/loops/endpoint-load.ts";

const folder = mkdtempSync(join(tmpdir(), "mesascope-load-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("504 trials with 2 % rate limits, 1 % errors, hangs and cut streams, killed and continued", async () => {
  const result = await endpointLoad({
    folder,
    items: 6,
    faults: ["rate-limited=0.02", "failing=0.01", "hanging=0.01", "truncated=0.01"],
    timeout: 2,
    concurrency: 20,
    killAtBytes: 120_000, // about a quarter of the journal
  });
  expect(result.code, result.err).toBe(0);
  expect(result.isKilled).toBe(true);
  expect(result.counts.fromJournal).toBeGreaterThan(0);
  expect(result.trials).toBe(504);
  expect(result.accounted).toBe(504);
  expect(result.doubled).toBe(0);
  expect(result.answers).toBe(504 - (result.missing.transport ?? 0));
  expect(result.answeredTrials).toBe(result.answers);
  // Every fault was really met, and answered by asking again.
  for (const outcome of ["429", "500", "hanging", "truncated"]) expect(result.served[outcome]).toBeGreaterThan(0);
  // What was in flight when it was killed may have been answered to nobody; nothing else is asked twice.
  expect(result.served.ok).toBeLessThanOrEqual(504 + 20);
}, 60_000);
