/** @file Measuring threads as lanes of a bench, and this thread as one. */
import { Worker } from "node:worker_threads";
import type { BenchReading } from "../scoreboard.ts";
import type { Executor } from "../tensor/index.ts";
import type { BenchJob, Lane } from "./scoreboard/bench.ts";
import { measureAgent } from "./scoreboard/measure.ts";

export interface BenchWorkerData {
  readonly executor: "native" | "wasm";
  /** Detectors from files of the user's own. */
  readonly modules: readonly { readonly path: string; readonly id: string }[];
}

export type BenchRequest = Omit<BenchJob, "instruments"> & {
  readonly instruments: readonly {
    readonly id: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly code: string;
  }[];
};

export type BenchAnswer = { readonly kind: "reading"; readonly reading: BenchReading } | { readonly kind: "done" };

/** Measure in this thread. */
export const ownLane =
  (executor: Executor, clock: () => number): Lane =>
  ({ instruments, ...job }) =>
    measureAgent(instruments, { ...job, executor, clock });

/** A thread that measures; it must be closed. What crashes it rejects the job under way. */
export function threadLane(data: BenchWorkerData): { readonly lane: Lane; close(): Promise<void> } {
  const file = import.meta.url.endsWith(".ts") ? "./worker-bench.ts" : "./worker-bench.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: data });
  const queue: BenchAnswer[] = [];
  let wake: (() => void) | undefined;
  let crash: { readonly error: unknown } | undefined;
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  worker.on("message", (answer: BenchAnswer) => {
    queue.push(answer);
    stir();
  });
  worker.on("error", (error) => {
    crash = { error };
    stir();
  });
  async function* lane({ instruments, ...job }: BenchJob): AsyncGenerator<BenchReading> {
    const request: BenchRequest = {
      ...job,
      instruments: instruments.map(({ detector, params, code }) => ({ id: detector.id, params, code })),
    };
    worker.postMessage(request);
    for (;;) {
      while (queue.length === 0) {
        if (crash) throw crash.error;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const answer = queue.shift()!;
      if (answer.kind === "done") return;
      yield answer.reading;
    }
  }
  return {
    lane,
    async close() {
      await worker.terminate();
    },
  };
}
