/**
 * @file One thread of `mesascope validate --http`: a server of its own with the subjects of all contrasts, and a part of
 * the audits of each; what they came to goes back p-value by p-value.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ContrastPlugin } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { findById } from "../core/errors.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { serveModels } from "../serve/model-server.ts";
import { auditUntilScored, nullModel } from "../trials/null-audits.ts";
import { openChatSubject } from "./chat-subject.ts";
import { sleep } from "./sleep.ts";

/** What a thread is told. */
export interface HttpValidationJob {
  readonly contrasts: readonly string[];
  /** For each p-value that this thread is to bring: seeds of audits, until one has it. */
  readonly seeds: readonly (readonly number[])[];
}

const job = workerData as HttpValidationJob;
// Only planted subjects send a trial's plan along, and are known by their names.
const nameOf = (id: string) => `planted:${id}`;
const chosen = job.contrasts.map((id) => findById("contrast", contrasts as readonly ContrastPlugin[], id));
const server = await serveModels({
  subjects: Object.fromEntries(chosen.map((contrast) => [nameOf(contrast.id), plantedSubject(nullModel(contrast))])),
  now: () => Date.now(),
});
try {
  for (const contrast of chosen) {
    const subject = await openChatSubject(`${server.baseUrl}#${nameOf(contrast.id)}`, undefined, { env: {} });
    let isHopeless = false;
    for (const [i, seeds] of job.seeds.entries()) {
      const ports = { clock: () => performance.now(), sleep };
      const audits = await auditUntilScored(contrast, subject, isHopeless ? seeds.slice(0, 1) : seeds, ports);
      // A contrast that no audit can score is not asked sixteen times as often as the others.
      if (i === 0) isHopeless = audits.at(-1)?.p === undefined;
      parentPort?.postMessage(audits);
    }
  }
} finally {
  await server.close();
}
