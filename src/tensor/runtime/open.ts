/**
 * @file Choosing an executor: native where it loads, WASM where it does not, and saying so.
 */
import { LabError } from "../../core/errors.ts";
import { type Engine, type EngineLoaders, installedEngines, loadEngine } from "./engine.ts";
import type { Executor } from "./executor.ts";
import { onnxExecutor } from "./onnx-executor.ts";

/** An executor, and what the user should know about the choice. */
export interface OpenedExecutor {
  readonly executor: Executor;
  readonly notice?: string;
}

/** The executor of each loaded engine, so that everything in a thread shares one session cache. */
const executors = new WeakMap<Engine, Executor>();

/**
 * The executor of this thread: the preferred one, or without a preference the
 * native one, replaced by WASM with a notice where native does not load.
 *
 * @throws {LabError} `input/invalid` when the preferred executor, or the last resort, does not load
 */
export async function openExecutor(
  preference?: Executor["id"],
  loaders: EngineLoaders = installedEngines,
): Promise<OpenedExecutor> {
  if (preference !== undefined) return { executor: await open(preference, loaders) };
  try {
    return { executor: await open("native", loaders) };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return {
      executor: await open("wasm", loaders),
      notice: `${error.message}. Running on WASM instead: same results to about 1e-5, 2 to 5 times slower.`,
    };
  }
}

async function open(id: Executor["id"], loaders: EngineLoaders): Promise<Executor> {
  if (id === "reference") return (await import("./reference.ts")).referenceExecutor;
  const engine = await loadEngine(id, loaders);
  const executor = executors.get(engine) ?? onnxExecutor(engine);
  executors.set(engine, executor);
  return executor;
}
