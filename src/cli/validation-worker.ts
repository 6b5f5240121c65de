/** @file One thread of `mesascope validate`: contrasts by their ids, one after another; a row goes back as it is ready. */
import { parentPort, workerData } from "node:worker_threads";
import type { ContrastPlugin, Design } from "../contrast.ts";
import { contrasts } from "../contrasts/index.ts";
import { validateContrast } from "../trials/validate.ts";

/** What a thread is told: counts of audits, and the contrasts that are its own. */
export interface ValidationJob {
  readonly nulls: number;
  readonly planted: number;
  readonly families: number;
  readonly design: Design;
  /** Of the whole table. */
  readonly lines: number;
  readonly contrasts: readonly { readonly id: string; readonly firstIsTop: number }[];
}

const job = workerData as ValidationJob;
const all = contrasts as readonly ContrastPlugin[];
for (const { id, firstIsTop } of job.contrasts) {
  const contrast = all.find((each) => each.id === id)!;
  for (const row of validateContrast(contrast, { ...job, firstIsTop: () => firstIsTop })) parentPort?.postMessage(row);
}
