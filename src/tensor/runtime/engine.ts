/**
 * @file The part of onnxruntime that the native and the WASM build share, and
 * how each is loaded. This is the only file that names the packages.
 *
 * Packages are imported on first use, so that a program that runs no network
 * starts fast, and once per thread.
 */
import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from "onnxruntime-common";
import { LabError } from "../../core/errors.ts";

export type EngineId = "native" | "wasm";

/** A loaded onnxruntime. */
export interface Engine {
  readonly id: EngineId;
  readonly Tensor: TensorConstructor;
  /** Make a model ready to run. Rejects with onnxruntime's own words. */
  createSession(model: Uint8Array): Promise<InferenceSession>;
}

/** Loading an engine, by id. Replaceable, so that a test can make one fail. */
export type EngineLoaders = Readonly<Record<EngineId, () => Promise<Engine>>>;

/**
 * One thread per session, because parallelism comes from worker threads: two
 * spinning threads a session are slower here, and two such processes collapse.
 * The arena stays on (off costs 35 to 50 %). Refusals come back as exceptions,
 * so onnxruntime itself prints nothing below "fatal".
 */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  enableCpuMemArena: true,
  logSeverityLevel: 4,
};

const engine = (
  id: EngineId,
  ort: { readonly Tensor: TensorConstructor; readonly InferenceSession: InferenceSessionFactory },
): Engine => ({ id, Tensor: ort.Tensor, createSession: (model) => ort.InferenceSession.create(model, OPTIONS) });

/** The engines as installed; each is loaded once per thread. */
export const installedEngines: EngineLoaders = {
  native: once(async () => engine("native", await import("onnxruntime-node"))),
  wasm: once(async () => {
    // The SIMD build without relaxed instructions: by specification, equal bits on every machine.
    const ort = await import("onnxruntime-web/wasm");
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.logLevel = "fatal";
    return engine("wasm", ort);
  }),
};

/**
 * Load onnxruntime.
 *
 * @throws {LabError} `input/invalid` when the package or its library does not load here
 */
export async function loadEngine(id: EngineId, loaders: EngineLoaders = installedEngines): Promise<Engine> {
  try {
    return await loaders[id]();
  } catch (cause) {
    const [firstLine] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new LabError(
      "input/invalid",
      `executor: the ${id} onnxruntime does not load on this machine (${firstLine})`,
      {
        hint:
          id === "native" ? 'Choose the "wasm" executor, or none.' : 'Choose the "reference" executor, or reinstall.',
        cause,
      },
    );
  }
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
