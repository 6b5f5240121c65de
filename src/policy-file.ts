/**
 * @file Policies as files: a trained network saved as ONNX, and any ONNX file,
 * made here or elsewhere, opened as a subject.
 */
import { LabError } from "./core/errors.ts";
import { hashBytes } from "./core/hash.ts";
import type { World } from "./env.ts";
import type { Network, Weights } from "./network.ts";
import { logitsSubject, policyShape } from "./policy.ts";
import type { Access, Subject } from "./subject.ts";
import type { TaskSpec } from "./task.ts";
import {
  cast,
  constant,
  emitBatched,
  encodeOnnx,
  type Executor,
  type ForeignModel,
  openForeign,
  type PolicyMetadata,
  readOnnx,
  readPolicyMetadata,
  trace,
  writePolicyMetadata,
} from "./tensor/index.ts";

export interface SavedPolicy {
  readonly network: Network;
  readonly weights: Weights;
  readonly world: World;
  readonly task: TaskSpec;
  /** Which architecture it is, so that an untrained one can be built. */
  readonly architecture: { readonly id: string; readonly params: Readonly<Record<string, unknown>> };
}

/** The bytes of an ONNX file: `observations` `[batch, planes, height, width]` in, `logits` and `value` out. */
export function savePolicy({ network, weights, world, task, architecture }: SavedPolicy): Uint8Array {
  const { planes, height, width } = policyShape(world);
  const metadata = writePolicyMetadata({
    format: "mesascope/1",
    task: task as NonNullable<PolicyMetadata["task"]>,
    observation: { layout: "NCHW", planes: [...world.planes], height, width, dtype: "float32" },
    actions: [...world.actions],
    network: architecture as NonNullable<PolicyMetadata["network"]>,
  });
  const graph = (batch: number) =>
    trace({ observations: { shape: [batch, planes, height, width], dtype: "float32" } }, ({ observations }) => {
      const parameters = Object.fromEntries(
        Object.entries(network.parameters).map(([name, { shape }]) => [name, constant(weights[name]!, shape)]),
      );
      const { logits, value } = network.forward(parameters, cast(observations, "float32"));
      return { logits, value };
    });
  return encodeOnnx(emitBatched(graph, 64, metadata));
}

export const LAYOUTS = ["flat", "NCHW", "NHWC"] as const;

/** What a user may declare about a file that does not say it itself. */
export interface PolicyDeclaration {
  readonly layout?: (typeof LAYOUTS)[number];
  /** Names of the file's channels in their order, if it differs from the world's. */
  readonly planes?: readonly string[];
  /** Names of the file's actions in their order, if it differs from the world's. */
  readonly actions?: readonly string[];
  /** Name of the observation input. */
  readonly input?: string;
  /** Name of the logits output. */
  readonly output?: string;
}

export interface OpenedPolicy {
  readonly subject: Subject;
  readonly metadata: PolicyMetadata | undefined;
  /** What was inferred, and which access is missing and why. */
  readonly notes: readonly string[];
}

/**
 * Open an ONNX file as a policy for a world.
 *
 * Layout, channel order and action order come from the declaration, else from
 * the file's metadata, else from the shape of its input.
 *
 * @throws {LabError} `onnx/malformed`, `onnx/unsupported`, or `onnx/interface` saying what was expected
 */
export async function openPolicy(
  bytes: Uint8Array,
  world: World,
  executor: Executor,
  declared: PolicyDeclaration = {},
): Promise<OpenedPolicy> {
  const model = await openForeign(bytes, executor.id === "native" ? "native" : "wasm");
  const metadata = readPolicyMetadata(model);
  const notes: string[] = [];
  const shape = policyShape(world);
  const input = pickInput(model, declared.input);
  const output = pickOutput(model, shape.actions, declared.output ?? metadata?.outputs?.logits, notes);
  const layout = pickLayout(input, world, declared.layout ?? metadata?.observation.layout, notes);
  const planes = order("planes", declared.planes ?? metadata?.observation.planes, world.planes);
  const actions = order("actions", declared.actions ?? metadata?.actions, world.actions);
  const fixed = typeof input.dims[0] === "number" && input.dims[0] > 0 ? input.dims[0] : undefined;
  if (fixed !== undefined && fixed > 1) notes.push(`The file takes exactly ${fixed} rows; others are padded.`);

  const cells = shape.height * shape.width;
  const size = shape.planes * cells;
  const rowDims = layout === "flat" ? [size] : layout === "NCHW" ? [shape.planes, shape.height, shape.width] : [shape.height, shape.width, shape.planes];
  const from = layoutIndex(layout, planes, shape.planes, cells);
  const isIdentity = from.every((source, i) => source === i);

  const runRows = async (observations: Uint8Array, rows: number, into: Float32Array, at: number, count: number) => {
    const data = new Float32Array(rows * size);
    for (let row = 0; row < count; row++) {
      const offset = row * size;
      if (isIdentity) data.set(observations.subarray(offset, offset + size), offset);
      else for (let i = 0; i < size; i++) data[offset + i] = observations[offset + from[i]!]!;
    }
    const { [output]: result } = await model.run({ [input.name]: { dims: [rows, ...rowDims], data } });
    checkOutput(output, result!.dims, rows, shape.actions);
    const logits = result!.data as Float32Array;
    for (let row = 0; row < count; row++) {
      // The file's j-th action is the world's actions[j]-th.
      for (let j = 0; j < shape.actions; j++) into[(at + row) * shape.actions + actions[j]!] = Number(logits[row * shape.actions + j]!);
    }
  };
  const logits = async (observations: Uint8Array, n: number) => {
    const all = new Float32Array(n * shape.actions);
    const step = fixed ?? 4096;
    for (let at = 0; at < n; at += step) {
      const count = Math.min(step, n - at);
      await runRows(observations.subarray(at * size, (at + count) * size), fixed ?? count, all, at, count);
    }
    return all;
  };
  // A file that cannot answer is refused here, in the words of its interface, not in the middle of an audit.
  const answer = await logits(new Uint8Array(size), 1);
  if (!answer.every(Number.isFinite)) {
    throw new LabError("onnx/interface", `onnx: output "${output}" is not finite on an empty observation, got ${answer.join(", ")}; expected logits`);
  }
  return {
    subject: logitsSubject(hashBytes(bytes), { shape, logits }, extraAccess(bytes, { [input.name]: [1, ...rowDims] }, notes)),
    metadata,
    notes,
  };
}

/** Gradients and activations come from reading the file into our own graph; what cannot be read lowers the access. */
function extraAccess(
  bytes: Uint8Array,
  shapes: Readonly<Record<string, readonly number[]>>,
  notes: string[],
): Access[] {
  const { unknown } = readOnnx(bytes, { shapes });
  if (unknown.length === 0) return ["activations", "gradients", "weights"];
  notes.push(`Gradients are not available: no rule for ${unknown.join(", ")}.`);
  return ["activations", "weights"];
}

function pickInput(model: ForeignModel, declared: string | undefined) {
  const names = model.inputs.map(({ name }) => name).join(", ");
  const found = declared === undefined ? model.inputs[0] : model.inputs.find(({ name }) => name === declared);
  if (!found || (declared === undefined && model.inputs.length > 1)) {
    throw new LabError(
      "onnx/interface",
      `onnx: ${declared === undefined ? "the observation input cannot be told" : `input "${declared}" does not exist`}, got inputs: ${names || "none"}; expected one observation input`,
      { hint: "Name it with --input." },
    );
  }
  return found;
}

function pickOutput(model: ForeignModel, actions: number, declared: string | undefined, notes: string[]): string {
  const shown = model.outputs.map(({ name, dims }) => `${name}[${dims.join(", ")}]`).join(", ") || "none";
  if (declared !== undefined) {
    if (model.outputs.some(({ name }) => name === declared)) return declared;
    throw new LabError("onnx/interface", `onnx: output "${declared}" does not exist, got outputs: ${shown}; expected logits [batch, ${actions}]`);
  }
  const fitting = model.outputs.filter(({ dims }) => dims.length === 2 && (dims[1] === actions || typeof dims[1] === "string"));
  const chosen = fitting.find(({ name }) => name === "logits") ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (!chosen) {
    throw new LabError("onnx/interface", `onnx: no output is known to be the logits, got outputs: ${shown}; expected one of shape [batch, ${actions}]`, {
      hint: "Name it with --output.",
    });
  }
  if (chosen.name !== "logits") notes.push(`Output "${chosen.name}" is taken for the logits.`);
  return chosen.name;
}

function pickLayout(
  input: ForeignModel["inputs"][number],
  world: World,
  declared: (typeof LAYOUTS)[number] | undefined,
  notes: string[],
): (typeof LAYOUTS)[number] {
  const { planes, height, width } = policyShape(world);
  const expected = {
    flat: [planes * height * width],
    NCHW: [planes, height, width],
    NHWC: [height, width, planes],
  };
  const fits = (layout: (typeof LAYOUTS)[number]) => {
    const dims = input.dims.slice(1);
    const wanted = expected[layout];
    return dims.length === wanted.length && dims.every((dim, i) => typeof dim === "string" || dim <= 0 || dim === wanted[i]);
  };
  const candidates = declared === undefined ? LAYOUTS.filter(fits) : [declared].filter(fits);
  if (candidates.length === 0) {
    const wanted = (declared === undefined ? LAYOUTS : [declared]).map((layout) => `[batch, ${expected[layout].join(", ")}] (${layout})`);
    throw new LabError(
      "onnx/interface",
      `onnx: input "${input.name}" does not fit ${world.env}, got [${input.dims.map((dim) => dim || "?").join(", ")}]; expected ${wanted.join(" or ")}`,
      { hint: `Give the task's parameters with --task-set, such as size; the planes are ${world.planes.join(", ")}.` },
    );
  }
  if (candidates.length > 1) {
    throw new LabError("onnx/interface", `onnx: input "${input.name}" fits more than one layout: ${candidates.join(", ")}`, {
      hint: "Declare it with --layout.",
    });
  }
  if (declared === undefined) notes.push(`The layout ${candidates[0]} was inferred from the shape of "${input.name}".`);
  return candidates[0]!;
}

/** Position in the world of each of the file's names. */
function order(what: string, names: readonly string[] | undefined, known: readonly string[]): number[] {
  // Equal lists first: a world may repeat a plane to make a cue stronger.
  if (names === undefined || names.join() === known.join()) return known.map((_, i) => i);
  const places = names.map((name) => known.findIndex((other) => other.toLowerCase() === name.toLowerCase()));
  const isPermutation = names.length === known.length && new Set(places).size === known.length && !places.includes(-1);
  if (isPermutation) return places;
  throw new LabError("onnx/interface", `onnx: ${what} do not fit, got ${names.join(", ")}; expected an order of ${known.join(", ")}`);
}

/** For each element of a file's row, which element of the world's observation it is. */
function layoutIndex(layout: (typeof LAYOUTS)[number], planes: readonly number[], count: number, cells: number): Int32Array {
  return Int32Array.from({ length: count * cells }, (_, i) => {
    const [plane, cell] = layout === "NHWC" ? [i % count, Math.floor(i / count)] : [Math.floor(i / cells), i % cells];
    return planes[plane]! * cells + cell;
  });
}

function checkOutput(name: string, dims: readonly number[], rows: number, actions: number): void {
  if (dims.length === 2 && dims[0] === rows && dims[1] === actions) return;
  throw new LabError("onnx/interface", `onnx: output "${name}" does not fit, got [${dims.join(", ")}]; expected [${rows}, ${actions}], a logit for each action`);
}
