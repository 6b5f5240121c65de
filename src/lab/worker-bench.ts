/**
 * @file A measuring thread: one agent after another, every reading handed over as
 * soon as it is there. It never touches the store.
 */
import { parentPort, workerData } from "node:worker_threads";
import { assert, findById } from "../core/errors.ts";
import type { DetectorPlugin } from "../detector.ts";
import { detectors } from "../detectors/index.ts";
import { openExecutor } from "../tensor/index.ts";
import { importModule } from "./modules.ts";
import type { BenchAnswer, BenchRequest, BenchWorkerData } from "./pool-bench.ts";
import { measureAgent } from "./scoreboard/measure.ts";

const { executor: kernels, modules } = workerData as BenchWorkerData;
const port = parentPort!;
const send = (answer: BenchAnswer) => port.postMessage(answer);

const opened = (async () => {
  const { executor } = await openExecutor(kernels);
  const brought = await Promise.all(
    modules.map(async ({ path, id }) => {
      const plugin = Object.values(await importModule(path)).find(
        (each) => typeof each === "object" && each !== null && (each as { id?: unknown }).id === id,
      );
      assert(plugin, `${path} no longer exports the detector ${id}`);
      return plugin as DetectorPlugin;
    }),
  );
  return { executor, known: [...brought, ...(detectors as readonly unknown[] as readonly DetectorPlugin[])] };
})();

port.on("message", (request: BenchRequest) => void run(request));

async function run({ instruments, ...job }: BenchRequest): Promise<void> {
  const { executor, known } = await opened;
  const chosen = instruments.map(({ id, params, code }) => ({
    detector: findById("detector", known, id),
    params,
    code,
  }));
  // biome-ignore lint/plugin: a function cannot be passed to a thread, and no result depends on this clock.
  const clock = () => performance.now();
  for await (const reading of measureAgent(chosen, { ...job, executor, clock })) send({ kind: "reading", reading });
  send({ kind: "done" });
}
