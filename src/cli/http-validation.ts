/** @file `mesascope validate --http`: null audits of every contrast through real local servers, one in each thread. */
import { Worker } from "node:worker_threads";
import type { ContrastPlugin } from "../contrast.ts";
import { assert } from "../core/errors.ts";
import { type NullAudit, type NullAuditRow, nullAuditRow } from "../trials/null-audits.ts";
import type { Context } from "./context.ts";
import type { HttpValidationJob } from "./http-validation-worker.ts";

export interface HttpSettings {
  /** Null audits of each contrast that have a p-value. */
  readonly audits: number;
  readonly seed: number;
  readonly threads: number;
}

/** Audits until one has a p-value; half of them have where eight arms are compared. Chosen: sixteen in a row have none once in 65,536. */
const MOST_DRAWS = 16;

/** A row for each contrast, in their order; the same whatever the number of threads. */
export async function validateOverHttp(
  context: Pick<Context, "progress">,
  contrasts: readonly ContrastPlugin[],
  { audits, seed, threads }: HttpSettings,
): Promise<readonly NullAuditRow[]> {
  const progress = await context.progress({ unit: "audits" });
  const bar = progress.task("auditing over HTTP", contrasts.length * audits);
  const found: NullAudit[] = [];
  const seeds = Array.from({ length: audits }, (_, i) =>
    Array.from({ length: MOST_DRAWS }, (__, draw) => seed * 100_003 + draw * audits + i),
  );
  let done = 0;
  const serve = (own: HttpValidationJob["seeds"]) =>
    new Promise<void>((resolve, reject) => {
      const workerData: HttpValidationJob = { contrasts: contrasts.map(({ id }) => id), seeds: own };
      const file = import.meta.url.endsWith(".ts") ? "./http-validation-worker.ts" : "./http-validation-worker.js";
      const worker = new Worker(new URL(file, import.meta.url), { workerData });
      worker.on("message", (ended: readonly NullAudit[]) => {
        found.push(...ended);
        bar.update(++done, ended[0]!.contrast);
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
  const shares = Array.from({ length: Math.min(threads, audits) }, (_, t) => seeds.filter((_, i) => i % threads === t));
  try {
    await Promise.all(shares.map(serve));
  } finally {
    bar.finish();
    progress.close();
  }
  assert(done === contrasts.length * audits, "internal: a thread ended before its audits did");
  return contrasts.map(({ id }) =>
    nullAuditRow(
      id,
      found.filter(({ contrast }) => contrast === id),
    ),
  );
}
