/**
 * @file One thread of `mesascope validate --http`: a server of its own with the subjects of all contrasts, and every
 * so-manieth audit of each; what an audit came to goes back as it is ready.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ContrastPlugin } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { findById } from "../core/errors.ts";
import { plantedSubject } from "../providers/planted/subject.ts";
import { serveModels } from "../serve/model-server.ts";
import { nullAudit, nullModel } from "../trials/null-audits.ts";
import { openChatSubject } from "./chat-subject.ts";
import { sleep } from "./sleep.ts";

/** What a thread is told. */
export interface HttpValidationJob {
  readonly contrasts: readonly string[];
  /** Seed of each audit that is this thread's own. */
  readonly seeds: readonly number[];
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
    for (const seed of job.seeds) {
      parentPort?.postMessage(await nullAudit(contrast, subject, seed, { clock: () => performance.now(), sleep }));
    }
  }
} finally {
  await server.close();
}
