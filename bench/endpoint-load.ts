/**
 * @file Ten thousand trials over HTTP against the local server, with 2 % rate limits, 1 % errors, 1 % hangs and 1 % cut
 * streams; then the same with SIGKILL in the middle. Counts must come out exactly; memory and time are printed beside
 * their targets. The overhead is what the client's process spends on a trial, the endpoint being another process; its
 * start (about a third of a second) and the analysis are included.
 *
 *     node bench/endpoint-load.ts [items, default 120]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endpointLoad, type LoadResult } from "./loops/endpoint-load.ts";

const items = Number(process.argv[2] ?? 120);
const trials = items * 14 * 6;
const faults = ["rate-limited=0.02", "failing=0.01", "hanging=0.01", "truncated=0.01"];
const TARGETS = { overheadMsPerTrial: 1, peakMiB: 200 };

for (const killAtBytes of [undefined, items * 14 * 6 * 400]) {
  const folder = mkdtempSync(join(tmpdir(), "mesascope-load-"));
  const started = performance.now();
  const result = await endpointLoad({
    folder,
    items,
    faults,
    timeout: 2,
    concurrency: 50,
    ...(killAtBytes === undefined ? {} : { killAtBytes }),
  });
  rmSync(folder, { recursive: true, force: true });
  const faulted = wrong(result);
  const { counts, served, missing, peakMiB, cpuMs } = result;
  console.log(
    JSON.stringify({
      case: killAtBytes === undefined ? "whole" : "killed in the middle",
      trials: result.trials,
      answers: result.answers,
      doubled: result.doubled,
      missing,
      served,
      counts,
      seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
      clientMsPerTrial: Number((cpuMs / (killAtBytes === undefined ? trials : (counts.asked ?? 1))).toFixed(3)),
      peakMiB: Math.round(peakMiB),
      targets: TARGETS,
    }),
  );
  for (const sentence of faulted) console.error(sentence);
  if (faulted.length > 0) process.exitCode = 1;
}

/** What does not add up, as sentences. */
function wrong(result: LoadResult): readonly string[] {
  const { code, err, answers, doubled, accounted, missing } = result;
  return [
    ...(code === 0 ? [] : [`the audit ended with ${code}: ${err}`]),
    ...(result.trials === trials && accounted === trials ? [] : [`${accounted} of ${trials} trials are accounted for`]),
    ...(doubled === 0 ? [] : [`${doubled} answers are doubled`]),
    ...(answers + (missing.transport ?? 0) === trials
      ? []
      : [`${answers} answers and ${missing.transport ?? 0} lost make no ${trials}`]),
  ];
}
