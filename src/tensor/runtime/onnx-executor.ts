/**
 * @file Graphs on onnxruntime: emitted once, then one call per evaluation, with feeds passed by reference.
 */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { LabError } from "../../core/errors.ts";
import { emit } from "../emit.ts";
import type { DType, Graph, Spec } from "../graph.ts";
import { encodeOnnx } from "../onnx/encode.ts";
import { showShape, sizeOf } from "../shape.ts";
import type { Engine } from "./engine.ts";
import type { Executor, Program, TensorData } from "./executor.ts";
import { SessionCache } from "./sessions.ts";

/** The executor of a loaded engine, with its own session cache. */
export function onnxExecutor(engine: Engine): Executor {
  const sessions = new SessionCache<Program>();
  return {
    id: engine.id,
    load: (graph) =>
      sessions.get(graph.hash, async () => program(graph, await engine.createSession(encodeOnnx(emit(graph))), engine)),
  };
}

/** The WASM build frees a session only when told; the native one is freed by the garbage collector. */
const abandoned = new FinalizationRegistry<InferenceSession>((session) => void session.release());

function program(graph: Graph, session: InferenceSession, { id, Tensor }: Engine): Program {
  const inputs = Object.entries(graph.inputs).map(([name, { shape, dtype }]) => ({
    name,
    dtype,
    shape,
    size: sizeOf(shape),
  }));
  const outputs = Object.entries(graph.outputs).map(([name, { shape, dtype }]) => ({ name, dtype, shape }));
  // `outputs` lives exactly as long as `run` or a call of it, so its end is the end of the session's use.
  if (id === "wasm") abandoned.register(outputs, session);
  return {
    async run(feeds, spare) {
      const tensors: Record<string, OrtTensor> = {};
      for (const { name, dtype, shape, size } of inputs) {
        const data = feeds[name];
        if (!(data instanceof ARRAY_OF[dtype]) || data.length !== size) throw misfit(name, { dtype, shape }, data);
        tensors[name] = new Tensor(dtype, data as Float32Array, shape);
      }
      let fetches: Record<string, OrtTensor | null> | undefined;
      // The WASM build would fill a copy in its own memory and leave the spare array as it was.
      if (spare && id === "native") {
        fetches = {};
        for (const { name, dtype, shape } of outputs) {
          const data = spare[name];
          fetches[name] = data ? new Tensor(dtype, data as Float32Array, shape) : null;
        }
      }
      const results = await (fetches ? session.run(tensors, fetches) : session.run(tensors));
      const fetched: Record<string, TensorData> = {};
      for (const { name } of outputs) fetched[name] = results[name]!.data as TensorData;
      return fetched;
    },
  };
}

const ARRAY_OF = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

/** Why a feed cannot be used; called only when it cannot. */
function misfit(name: string, { dtype, shape }: Spec, data: TensorData | undefined): LabError {
  const expected = `${ARRAY_OF[dtype].name} of ${sizeOf(shape)} elements, for ${dtype}${showShape(shape)}`;
  if (data === undefined) return new LabError("tensor/shape", `run: input "${name}" is missing; expected ${expected}`);
  const got = `${data.constructor.name} of ${data.length}`;
  const code = data instanceof ARRAY_OF[dtype] ? "tensor/shape" : "tensor/dtype";
  return new LabError(code, `run: input "${name}" does not fit, got ${got}; expected ${expected}`);
}
