/**
 * @file Training threads: one organism at a time in each, on as many threads as
 * there are cores to give. The store is only ever touched from here.
 */
import { Worker } from "node:worker_threads";
import { type ErrorCode, LabError } from "../core/errors.ts";
import type { CurveRow } from "../optimizer.ts";
import type { OrganismRecord, TrainingSpec } from "../organism.ts";
import type { Store } from "../store/store.ts";
import { runId } from "./grow.ts";

export interface WorkerData {
  readonly code: string;
  /** Files whose environments the thread must know, absolute. */
  readonly modules: readonly string[];
  /** One Int32; nonzero asks every thread to save and stop. Shared, because a training thread does not read messages between updates. */
  readonly stop: SharedArrayBuffer;
}

export type WorkerJob =
  | {
      readonly kind: "grow";
      readonly spec: TrainingSpec;
      readonly checkpoint?: Uint8Array;
      /** Policy file of the organism that the spec continues. */
      readonly parent?: Uint8Array;
    }
  | { readonly kind: "kept"; readonly hash: string }
  | { readonly kind: "saved" };

export type WorkerAnswer =
  | { readonly kind: "progress"; readonly row: CurveRow; readonly updates: number; readonly total: number }
  | { readonly kind: "checkpoint"; readonly bytes: Uint8Array }
  | { readonly kind: "artifact"; readonly bytes: Uint8Array }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "grown"; readonly record: OrganismRecord }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };

/** Hears how a run goes; `index` is the position of its spec. */
export interface GrowProgress {
  readonly index: number;
  readonly spec: TrainingSpec;
  readonly updates: number;
  readonly total: number;
  readonly row: CurveRow;
}

export interface PoolOptions {
  readonly store: Store;
  readonly threads: number;
  readonly code: string;
  /** Files with environments of the user's own, absolute. */
  readonly modules?: readonly string[];
  readonly onProgress?: (progress: GrowProgress) => void;
  readonly onGrown?: (index: number, record: OrganismRecord) => void;
  readonly onNotice?: (text: string) => void;
  /** Aborting saves every running organism and stops. */
  readonly signal?: AbortSignal;
}

/**
 * Grow every spec; the records come back in the order of the specs.
 *
 * @throws {LabError} the first failure, after every thread has stopped; `run/interrupted` when aborted
 */
export async function growAll(specs: readonly TrainingSpec[], options: PoolOptions): Promise<OrganismRecord[]> {
  const { store, code, modules = [], onProgress, onGrown, onNotice, signal } = options;
  const threads = Math.min(options.threads, specs.length);
  const stop = new SharedArrayBuffer(4);
  const flag = new Int32Array(stop);
  const records: OrganismRecord[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const halt = () => Atomics.store(flag, 0, 1);
  signal?.addEventListener("abort", halt);
  if (signal?.aborted) halt();

  const serve = async (): Promise<void> => {
    const worker = new Worker(
      new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url),
      {
        workerData: { code, modules, stop } satisfies WorkerData,
      },
    );
    const answers = messages(worker);
    try {
      while (next < specs.length && Atomics.load(flag, 0) === 0) {
        const index = next++;
        const spec = specs[index]!;
        const run = runId(spec);
        const checkpoint = await store.loadCheckpoint(run);
        const parent = await parentFile(spec, store);
        worker.postMessage({
          kind: "grow",
          spec,
          ...(checkpoint ? { checkpoint } : {}),
          ...(parent ? { parent } : {}),
        } satisfies WorkerJob);
        for (let busy = true; busy; ) {
          const answer = await answers();
          switch (answer.kind) {
            case "progress":
              onProgress?.({ index, spec, ...answer });
              break;
            case "notice":
              onNotice?.(answer.text);
              break;
            case "checkpoint":
              await store.saveCheckpoint(run, answer.bytes);
              worker.postMessage({ kind: "saved" } satisfies WorkerJob);
              break;
            case "artifact":
              worker.postMessage({ kind: "kept", hash: await store.put(answer.bytes) } satisfies WorkerJob);
              break;
            case "grown":
              records[index] = answer.record;
              await store.save("organism", run, answer.record);
              await store.dropCheckpoint(run);
              onGrown?.(index, answer.record);
              busy = false;
              break;
            case "failed":
              throw new LabError(answer.code, answer.message, answer.hint === undefined ? {} : { hint: answer.hint });
          }
        }
      }
    } catch (error) {
      failures.push(error);
      halt();
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, serve));
  signal?.removeEventListener("abort", halt);
  if (failures.length > 0) throw failures[0];
  if (signal?.aborted) {
    throw new LabError(
      "run/interrupted",
      `grow: stopped after ${records.filter(Boolean).length} of ${specs.length} organisms; nothing is lost`,
      {
        hint: "Run the same command again to continue from here.",
      },
    );
  }
  return records;
}

/** The final policy file of the organism that a spec continues. @throws {LabError} `input/unknown-id` where it is not stored */
async function parentFile({ from }: TrainingSpec, store: Store): Promise<Uint8Array | undefined> {
  if (from === undefined) return undefined;
  const record = await store.load("organism", from);
  if (record) return store.get(record.checkpoints.at(-1)!.onnx);
  throw new LabError(
    "input/unknown-id",
    `grow: the organism to continue is not in the store, got run ${from}; expected a grown one`,
    { hint: "Grow the parent first." },
  );
}

/** A worker's messages, one at a time and in order; a crash rejects. */
function messages(worker: Worker): () => Promise<WorkerAnswer> {
  const queue: WorkerAnswer[] = [];
  let wake: (() => void) | undefined;
  let crash: unknown;
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  worker.on("message", (answer: WorkerAnswer) => {
    queue.push(answer);
    stir();
  });
  worker.on("error", (error) => {
    crash = error;
    stir();
  });
  return async () => {
    while (queue.length === 0) {
      if (crash !== undefined) throw crash;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return queue.shift()!;
  };
}
