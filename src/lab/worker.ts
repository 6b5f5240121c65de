/**
 * @file A training thread: grows one organism after another, sharing its cached
 * sessions among them, and hands every byte that must be kept to the main thread.
 */
import { parentPort, workerData } from "node:worker_threads";
import { LabError } from "../core/errors.ts";
import { openExecutor } from "../tensor/index.ts";
import { growOne } from "./grow.ts";
import { bringModule } from "./modules.ts";
import type { WorkerAnswer, WorkerData, WorkerJob } from "./pool.ts";

const { code, modules, stop } = workerData as WorkerData;
const brought = Promise.all(modules.map(bringModule));
const port = parentPort!;
const flag = new Int32Array(stop);
const send = (answer: WorkerAnswer) => port.postMessage(answer);

/** Artifacts asked to be kept, waiting for their hash. */
const waiting: ((hash: string) => void)[] = [];
/** Checkpoints are acknowledged, so that a slow disk slows training instead of filling memory. */
const saving: (() => void)[] = [];

port.on("message", (job: WorkerJob) => {
  if (job.kind === "kept") waiting.shift()!(job.hash);
  else if (job.kind === "saved") saving.shift()!();
  else void run(job);
});

async function run({ spec, checkpoint, parent }: Extract<WorkerJob, { kind: "grow" }>): Promise<void> {
  try {
    await brought;
    const { executor, notice } = await openExecutor(spec.executor);
    if (notice !== undefined) send({ kind: "notice", text: notice });
    const record = await growOne(spec, {
      executor,
      code,
      ...(checkpoint ? { checkpoint } : {}),
      ...(parent ? { parent } : {}),
      // biome-ignore lint/plugin: a function cannot be passed to a thread, and no result depends on this clock.
      clock: () => performance.now(),
      isStopping: () => Atomics.load(flag, 0) !== 0,
      onNotice: (text) => send({ kind: "notice", text }),
      onUpdate: (row, updates, total) => send({ kind: "progress", row, updates, total }),
      saveCheckpoint: (bytes) =>
        new Promise((resolve) => {
          saving.push(resolve);
          send({ kind: "checkpoint", bytes });
        }),
      put: (bytes) =>
        new Promise((resolve) => {
          waiting.push(resolve);
          send({ kind: "artifact", bytes });
        }),
    });
    send({ kind: "grown", record });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    send({ kind: "failed", code: error.code, message: error.message, hint: error.hint });
  }
}
