/**
 * @file How a model file meets a world: which input takes observations, in which
 * layout, which output scores the actions, and in which order both name things.
 *
 * Whatever cannot be told is refused with what was found, what was expected, and
 * the flag that says it.
 */
import { LabError } from "../core/errors.ts";
import type { World } from "../env.ts";
import type { ForeignModel, ForeignValue, PolicyMetadata } from "../tensor/index.ts";
import { policyShape } from "./inference.ts";
import type { Scores } from "./scores.ts";

export const LAYOUTS = ["flat", "NCHW", "NHWC"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a user may declare about a file that does not say it itself. */
export interface PolicyDeclaration {
  readonly layout?: Layout;
  /** Names of the file's channels in their order, if it differs from the world's. */
  readonly planes?: readonly string[];
  /** Names of the file's actions in their order, if it differs from the world's. */
  readonly actions?: readonly string[];
  /** Name of the observation input. */
  readonly input?: string;
  /** Name of the output that scores the actions. */
  readonly output?: string;
  /** What that output holds; told from its values when not given. */
  readonly scores?: Scores;
}

export interface PolicyInterface {
  readonly input: string;
  readonly output: string;
  readonly layout: Layout;
  /** For each of the file's planes, which of the world's it is. */
  readonly planes: readonly number[];
  /** Dimensions of one observation, as the file takes it. */
  readonly rowDims: readonly number[];
  /** For each element of a file's row, which element of the world's observation it is. */
  readonly from: Int32Array;
  /** For each of the file's actions, which of the world's it is. */
  readonly actions: readonly number[];
  /** The number of rows that the file insists on. */
  readonly rows: number | undefined;
}

/**
 * Fit a model to a world. What the declaration leaves open, the file's metadata
 * say, and what they leave open, the shapes.
 *
 * @param notes receives what was inferred
 * @throws {LabError} `onnx/interface`
 */
export function fitPolicy(
  model: ForeignModel,
  world: World,
  declared: PolicyDeclaration,
  metadata: PolicyMetadata | undefined,
  notes: string[],
): PolicyInterface {
  const shape = policyShape(world);
  const input = pickInput(withoutMemory(model, metadata), declared.input);
  const output = pickOutput(
    withoutMemory(model, metadata),
    shape.actions,
    declared.output ?? metadata?.outputs?.logits,
    notes,
  );
  const layout = pickLayout(input, world, declared.layout ?? metadata?.observation.layout, notes);
  const planes = order("planes", declared.planes ?? metadata?.observation.planes, world.planes);
  const actions = order("actions", declared.actions ?? metadata?.actions, world.actions);
  const noteUnnamed = (names: unknown, what: "planes" | "actions", taken: readonly string[]) => {
    if (names === undefined)
      notes.push(
        `The file does not name its ${what}: taken as ${taken.join(",")}. Another order is said with --${what}.`,
      );
  };
  noteUnnamed(declared.planes ?? metadata?.observation.planes, "planes", world.planes);
  noteUnnamed(declared.actions ?? metadata?.actions, "actions", world.actions);
  const rows = typeof input.dims[0] === "number" && input.dims[0] > 0 ? input.dims[0] : undefined;
  if (rows === 1) notes.push("The file takes one observation at a time, which is slow.");
  else if (rows !== undefined) notes.push(`The file takes exactly ${rows} observations; fewer are padded.`);
  return {
    input: input.name,
    output,
    layout,
    planes,
    rowDims: dimsOf(layout, world),
    from: layoutIndex(layout, planes, shape.height * shape.width),
    actions,
    rows,
  };
}

/**
 * The model as one of the observation alone, where its metadata say which input and output carry a memory.
 *
 * @throws {LabError} `onnx/interface` when the model does not have them
 */
function withoutMemory(model: ForeignModel, metadata: PolicyMetadata | undefined): ForeignModel {
  const memory = metadata?.memory;
  if (!memory) return model;
  const carries = (name: string, values: readonly ForeignValue[]) =>
    values.some((value) => value.name === name && value.dims.length === 2 && value.dims[1] === memory.size);
  if (!carries(memory.input, model.inputs) || !carries(memory.output, model.outputs)) {
    const shown = [...model.inputs, ...model.outputs].map(showValue).join(", ");
    throw new LabError(
      "onnx/interface",
      `onnx: the memory that the metadata name is not there, got ${shown}; expected ${memory.input} and ${memory.output}, [batch, ${memory.size}]`,
      { hint: "Save the policy again." },
    );
  }
  return {
    ...model,
    inputs: model.inputs.filter(({ name }) => name !== memory.input),
    outputs: model.outputs.filter(({ name }) => name !== memory.output),
  };
}

function pickInput(model: ForeignModel, declared: string | undefined): ForeignValue {
  const shown = model.inputs.map(showValue).join(", ") || "none";
  if (declared !== undefined && !model.inputs.some(({ name }) => name === declared)) {
    throw new LabError("onnx/interface", `onnx: input "${declared}" does not exist, got inputs: ${shown}`, {
      hint: "Name one of them with --input, or leave it out.",
    });
  }
  const [only] = model.inputs;
  if (only && model.inputs.length === 1) return only;
  throw new LabError("onnx/interface", `onnx: not a policy of one observation, got inputs: ${shown}; expected one`, {
    hint: "Export the policy as a function of the observation alone, with other inputs as constants; a state that is carried along cannot be audited.",
  });
}

function pickOutput(model: ForeignModel, actions: number, declared: string | undefined, notes: string[]): string {
  const shown = model.outputs.map(showValue).join(", ") || "none";
  const expected = `expected a score for each action, [batch, ${actions}]`;
  if (declared !== undefined) {
    if (model.outputs.some(({ name }) => name === declared)) return declared;
    throw new LabError(
      "onnx/interface",
      `onnx: output "${declared}" does not exist, got outputs: ${shown}; ${expected}`,
      { hint: "Name one of them with --output, or leave it out." },
    );
  }
  const fits = ({ dims }: ForeignValue) => dims.length === 2 && (isFree(dims[1]!) || dims[1] === actions);
  const fitting = model.outputs.filter(fits);
  const named = fitting.find(({ name }) => name === "logits");
  const chosen = named ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (!chosen) {
    const problem = fitting.length === 0 ? "no output fits" : "more than one output fits";
    throw new LabError("onnx/interface", `onnx: ${problem}, got outputs: ${shown}; ${expected}`, {
      hint:
        fitting.length === 0
          ? `Export the scores of the ${actions} actions as an output of their own, or name another world with --task.`
          : "Name the right one with --output.",
    });
  }
  if (!named) notes.push(`Output "${chosen.name}" is taken for the scores of the actions.`);
  return chosen.name;
}

function pickLayout(input: ForeignValue, world: World, declared: Layout | undefined, notes: string[]): Layout {
  const dims = input.dims.slice(1);
  const fits = (layout: Layout) => {
    const wanted = dimsOf(layout, world);
    return dims.length === wanted.length && dims.every((dim, i) => isFree(dim) || dim === wanted[i]);
  };
  const fitting = LAYOUTS.filter(fits);
  const found = `got ${showValue(input)}`;
  const expected = (layouts: readonly Layout[]) =>
    `expected ${layouts.map((layout) => `[batch, ${dimsOf(layout, world).join(", ")}] (${layout})`).join(" or ")}`;
  if (declared !== undefined) {
    if (fitting.includes(declared)) return declared;
    throw new LabError(
      "onnx/interface",
      `onnx: the observation is not ${declared} of ${world.env}, ${found}; ${expected([declared])}`,
      { hint: fitting[0] ? `Declare it with --layout ${fitting[0]}.` : otherWorld(world) },
    );
  }
  const [first, ...rest] = fitting;
  if (first === undefined) {
    throw new LabError("onnx/interface", `onnx: the input does not fit ${world.env}, ${found}; ${expected(LAYOUTS)}`, {
      hint: otherWorld(world),
    });
  }
  if (rest.length > 0) {
    throw new LabError(
      "onnx/interface",
      `onnx: the layout cannot be told from the shape, ${found}; it fits ${fitting.join(" and ")}`,
      { hint: `Declare it: --layout ${fitting.join(" or --layout ")}.` },
    );
  }
  notes.push(`The layout ${first} was inferred from the shape of "${input.name}".`);
  return first;
}

const otherWorld = ({ planes }: World) =>
  `Name another world with --task, or its size with --task-set size=…; the planes here are ${planes.join(", ")}.`;

function dimsOf(layout: Layout, world: World): readonly number[] {
  const { planes, height, width } = policyShape(world);
  switch (layout) {
    case "flat":
      return [planes * height * width];
    case "NCHW":
      return [planes, height, width];
    case "NHWC":
      return [height, width, planes];
  }
}

/** Position in the world of each of the file's names, upper and lower case alike. */
function order(what: "planes" | "actions", names: readonly string[] | undefined, known: readonly string[]): number[] {
  if (names === undefined) return known.map((_, i) => i);
  const places = names.map((name) => known.findIndex((other) => other.toLowerCase() === name.toLowerCase()));
  const isOrder = places.length === known.length && new Set(places).size === known.length && !places.includes(-1);
  if (isOrder) return places;
  throw new LabError(
    "onnx/interface",
    `onnx: ${what} do not fit, got ${names.join(", ")}; expected an order of ${known.join(", ")}`,
    { hint: `Give the file's own order with --${what} ${known.join(",")}.` },
  );
}

function layoutIndex(layout: Layout, planes: readonly number[], cells: number): Int32Array {
  const count = planes.length;
  return Int32Array.from({ length: count * cells }, (_, i) => {
    const [plane, cell] = layout === "NHWC" ? [i % count, Math.floor(i / count)] : [Math.floor(i / cells), i % cells];
    return planes[plane]! * cells + cell;
  });
}

const isFree = (dim: number | string) => typeof dim === "string" || dim <= 0;

/** `obs[batch, 3, 7, 7]` */
const showValue = ({ name, dims }: ForeignValue) => `${name}[${dims.map((dim) => dim || "?").join(", ")}]`;
