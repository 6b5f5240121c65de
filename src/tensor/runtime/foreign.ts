/**
 * @file Models made elsewhere, run opaquely: whatever onnxruntime accepts runs,
 * with its own names, shapes and element types, and any named tensor inside it
 * can be read out.
 */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { LabError } from "../../core/errors.ts";
import { outlineOnnx } from "../onnx/decode.ts";
import { fromFloat16, toFloat16 } from "../onnx/float16.ts";
import { messageType } from "../onnx/schema.ts";
import { showShape, sizeOf } from "../shape.ts";
import { type Engine, type EngineId, loadEngine } from "./engine.ts";

/** An input or output. A dimension is a number, or a symbol where any length fits. */
export interface ForeignValue {
  readonly name: string;
  /** onnxruntime's name of the element type: `float32`, `int64`, `float16`, … */
  readonly dtype: string;
  readonly dims: readonly (number | string)[];
}

export type ForeignData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A tensor with its concrete shape. Half floats come out as `Float32Array`. */
export interface ForeignTensor {
  readonly dims: readonly number[];
  readonly data: ForeignData;
}

/** A loaded foreign model. */
export interface ForeignModel {
  readonly inputs: readonly ForeignValue[];
  /** The outputs that are tensors; others cannot be read and are left out. */
  readonly outputs: readonly ForeignValue[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Operators that occur, sorted. */
  readonly opTypes: readonly string[];
  /** Names that {@link ForeignModel.tap} accepts. */
  readonly tensors: readonly string[];
  /**
   * One evaluation. Numbers are converted to the element type of the input.
   *
   * @throws {LabError} `onnx/interface` on feeds that do not fit, and when the model stops
   */
  run(feeds: Readonly<Record<string, ForeignTensor>>): Promise<Record<string, ForeignTensor>>;
  /**
   * The same model with more outputs: tensors inside it, by name.
   *
   * @throws {LabError} `onnx/interface` on a name that the model does not have
   */
  tap(names: readonly string[]): Promise<ForeignModel>;
}

/**
 * Load a model file.
 *
 * @throws {LabError} `onnx/malformed` for bytes that are not a model,
 *   `onnx/unsupported` with onnxruntime's own words for what it refuses
 */
export async function openForeign(bytes: Uint8Array, engineId: EngineId): Promise<ForeignModel> {
  return load(bytes, await loadEngine(engineId));
}

async function load(bytes: Uint8Array, engine: Engine): Promise<ForeignModel> {
  const { metadata, opTypes, tensors, outputs: declared } = outlineOnnx(bytes);
  const session = await createSession(bytes, engine);
  const inputs = session.inputMetadata.flatMap(describe);
  const outputs = session.outputMetadata.flatMap(describe);
  const fetches = outputs.map(({ name }) => name);
  return {
    inputs,
    outputs,
    metadata,
    opTypes,
    tensors,
    async run(feeds) {
      const given = Object.fromEntries(inputs.map((input) => [input.name, feed(input, feeds[input.name], engine)]));
      const results = await runSession(session, given, fetches);
      return Object.fromEntries(fetches.map((name) => [name, fetched(results[name]!)]));
    },
    async tap(names) {
      const unknown = names.find((name) => !tensors.includes(name));
      if (unknown !== undefined) {
        throw new LabError(
          "onnx/interface",
          `onnx: the model has no tensor "${unknown}"; known: ${tensors.slice(0, 20).join(", ")}`,
        );
      }
      const added = [...new Set(names)].filter((name) => !declared.includes(name));
      return load(withOutputs(bytes, added), engine);
    },
  };
}

/**
 * Declare more outputs. Protobuf merges a message that occurs twice, so bytes
 * appended to a file extend its graph without touching what is there.
 */
function withOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const patch = messageType("Model")
    .encode({ graph: { output: names.map((name) => ({ name })) } })
    .finish();
  const patched = new Uint8Array(bytes.length + patch.length);
  patched.set(bytes);
  patched.set(patch, bytes.length);
  return patched;
}

async function createSession(bytes: Uint8Array, engine: Engine): Promise<InferenceSession> {
  try {
    return await engine.createSession(bytes);
  } catch (cause) {
    throw new LabError("onnx/unsupported", `onnx: onnxruntime refuses the model (${words(cause)})`, {
      hint: "Export the model in float32, with standard operators and an operator set that onnxruntime knows.",
      cause,
    });
  }
}

async function runSession(
  session: InferenceSession,
  feeds: Record<string, OrtTensor>,
  fetches: readonly string[],
): Promise<InferenceSession.OnnxValueMapType> {
  try {
    return await session.run(feeds, fetches);
  } catch (cause) {
    throw new LabError("onnx/interface", `onnx: the model stops on these inputs (${words(cause)})`, {
      hint: "Check that the model accepts this batch size and layout.",
      cause,
    });
  }
}

/** What onnxruntime said, on one line. */
const words = (cause: unknown) =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ").trim();

function describe(value: InferenceSession.ValueMetadata): ForeignValue[] {
  if (!value.isTensor) return [];
  return [{ name: value.name, dtype: value.type, dims: value.shape }];
}

function feed(input: ForeignValue, tensor: ForeignTensor | undefined, engine: Engine): OrtTensor {
  const { name, dtype, dims } = input;
  const expected = `${dtype}[${dims.map((dim) => dim || "?").join(", ")}]`;
  if (tensor === undefined)
    throw new LabError("onnx/interface", `onnx: input "${name}" is missing; expected ${expected}`);
  const fits =
    tensor.dims.length === dims.length &&
    dims.every((dim, i) => typeof dim === "string" || dim === tensor.dims[i]) &&
    sizeOf(tensor.dims) === tensor.data.length;
  if (!fits) {
    const got = `${tensor.data.length} elements as ${showShape(tensor.dims)}`;
    throw new LabError("onnx/interface", `onnx: input "${name}" does not fit, got ${got}; expected ${expected}`);
  }
  if (dtype === "float16") return halfFloats(tensor, engine);
  const make = CONVERT[dtype];
  if (!make) {
    throw new LabError("onnx/interface", `onnx: input "${name}" cannot be fed, got type ${dtype}; expected numbers`);
  }
  return new engine.Tensor(dtype as "float32", make(tensor.data) as Float32Array, tensor.dims);
}

/** Each element type's array from numbers; the same array where nothing is to convert. */
const CONVERT: Readonly<Record<string, (from: ForeignData) => object>> = {
  float32: (from) => (from instanceof Float32Array ? from : Float32Array.from(numbers(from))),
  float64: (from) => (from instanceof Float64Array ? from : Float64Array.from(numbers(from))),
  int8: (from) => (from instanceof Int8Array ? from : Int8Array.from(numbers(from))),
  uint8: (from) => (from instanceof Uint8Array ? from : Uint8Array.from(numbers(from))),
  int16: (from) => (from instanceof Int16Array ? from : Int16Array.from(numbers(from))),
  uint16: (from) => (from instanceof Uint16Array ? from : Uint16Array.from(numbers(from))),
  int32: (from) => (from instanceof Int32Array ? from : Int32Array.from(numbers(from))),
  uint32: (from) => (from instanceof Uint32Array ? from : Uint32Array.from(numbers(from))),
  int64: (from) => (from instanceof BigInt64Array ? from : BigInt64Array.from(Array.from(numbers(from), BigInt))),
  uint64: (from) => (from instanceof BigUint64Array ? from : BigUint64Array.from(Array.from(numbers(from), BigInt))),
  bool: (from) => Uint8Array.from(numbers(from), (x) => (x === 0 ? 0 : 1)),
};

const numbers = (from: ForeignData): ArrayLike<number> =>
  from instanceof BigInt64Array || from instanceof BigUint64Array ? Array.from(from, Number) : from;

/**
 * `Tensor` insists on the language's own half floats where the language has
 * them, but the native build reads such an array as empty; raw bits it reads.
 */
function halfFloats({ dims, data }: ForeignTensor, { id, Tensor }: Engine): OrtTensor {
  const bits = Uint16Array.from(numbers(data), toFloat16);
  if (id === "native") return { type: "float16", location: "cpu", dims, data: bits } as unknown as OrtTensor;
  const { Float16Array: Own } = globalThis as { Float16Array?: new (bits: ArrayBuffer) => object };
  return new Tensor("float16", (Own ? new Own(bits.buffer) : bits) as Uint16Array, dims);
}

function fetched(value: OrtTensor): ForeignTensor {
  const { dims, type, data } = value;
  if (type !== "float16") return { dims, data: data as ForeignData };
  return {
    dims,
    data: data instanceof Uint16Array ? Float32Array.from(data, fromFloat16) : Float32Array.from(data as Float32Array),
  };
}
