/**
 * @file The forward passes of PPO: of the step that is about to be taken, and of a minibatch of a rollout. A network
 * that remembers is unrolled over the rollout's steps and differentiated through them, from the memory with which the
 * rollout began (truncated backpropagation through time: Williams and Peng 1990).
 */
import type { World } from "../../../env.ts";
import { densely, type Observed, type PolicyShape } from "../../../network.ts";
import type { TrainingContext } from "../../../optimizer.ts";
import { parameterSpecs } from "../../../policy/inference.ts";
import {
  add,
  cast,
  concat,
  type Graph,
  gather,
  layoutOf,
  matmul,
  mul,
  reshape,
  type Spec,
  slice,
  type Tensor,
  trace,
  unpack,
} from "../../../tensor/index.ts";

type Task = Pick<TrainingContext, "network" | "shape" | "world">;
type Tensors = Readonly<Record<string, Tensor>>;

/** Which row of the first weight each of the world's single marks picks, as inputs. */
const markSpecs = ({ marks = [] }: World, rows: number): Record<string, Spec> =>
  Object.fromEntries(marks.map((_, k) => [`mark${k}`, { shape: [rows], dtype: "int32" }]));
const looked = ({ marks = [] }: World, given: Tensors) =>
  marks.map(({ plane }, k) => ({ plane, row: given[`mark${k}`]! }));

/**
 * The policy on a rollout's present step. Its parameters come as one vector: each input has its price at every run.
 * A network that remembers takes and gives `memory`, `[environments, memory]`.
 */
export function actingGraph({ network, shape, world }: Task, environments: number): Graph {
  const { layout, length } = layoutOf(parameterSpecs(network));
  const specs: Record<string, Spec> = {
    parameters: { shape: [length], dtype: "float32" },
    observations: { shape: [environments, shape.planes * shape.height * shape.width], dtype: "uint8" },
    ...markSpecs(world, environments),
    ...(network.memory === undefined ? {} : { before: { shape: [environments, network.memory], dtype: "float32" } }),
  };
  return trace(specs, ({ parameters, observations, before, ...given }) => {
    const { logits, value, memory } = network.forward(
      unpack(parameters!, layout),
      observed(observations!, shape, looked(world, given)),
      undefined,
      before,
    );
    return { logits, value, ...(memory === undefined ? {} : { memory }) };
  });
}

interface RolloutSize {
  readonly environments: number;
  readonly steps: number;
  /** Rows. */
  readonly minibatch: number;
}

/**
 * What {@link minibatchPass} takes in. A network that remembers is given whole environments: `rows` are step-major over
 * some of them, `memory` is what each remembered before the first step, `[minibatch / steps, memory]`, and `goesOn` is
 * 0 where a row is the first of its episode, else 1, `[minibatch]`.
 */
export function minibatchSpecs(
  { network, shape, world }: Task,
  { environments, steps, minibatch }: RolloutSize,
): Record<string, Spec> {
  const { memory } = network;
  return {
    observations: { shape: [environments * steps, shape.planes * shape.height * shape.width], dtype: "uint8" },
    rows: { shape: [minibatch], dtype: "int32" },
    ...markSpecs(world, minibatch),
    ...(memory === undefined
      ? {}
      : {
          memory: { shape: [minibatch / steps, memory], dtype: "float32" },
          goesOn: { shape: [minibatch], dtype: "float32" },
        }),
  };
}

/** Logits `[minibatch, actions]` and values `[minibatch]` of rows of a rollout; the rows are gathered inside the graph. */
export function minibatchPass(
  { network, shape, world }: Task,
  { steps, minibatch }: RolloutSize,
  parameters: Tensors,
  { observations, rows, ...given }: Tensors,
): { readonly logits: Tensor; readonly value: Tensor } {
  const see = (of: Tensor, marks: Tensors) => observed(gather(observations!, of), shape, looked(world, marks));
  if (network.memory === undefined) return network.forward(parameters, see(rows!, given));
  const count = minibatch / steps;
  let memory = given.memory!;
  const passes = Array.from({ length: steps }, (_, t) => {
    const present = (x: Tensor) => slice(x, { axis: 0, start: t * count, end: (t + 1) * count });
    const marks = Object.fromEntries((world.marks ?? []).map((_, k) => [`mark${k}`, present(given[`mark${k}`]!)]));
    const kept = mul(memory, reshape(present(given.goesOn!), [count, 1]));
    const pass = network.forward(parameters, see(present(rows!), marks), undefined, kept);
    memory = pass.memory!;
    return pass;
  });
  return {
    logits: concat(
      passes.map(({ logits }) => logits),
      0,
    ),
    value: concat(
      passes.map(({ value }) => value),
      0,
    ),
  };
}

/**
 * Flat uint8 observations as a network takes them. Planes with a single mark are
 * not multiplied: the mark's row of the weight is looked up and added.
 */
function observed(
  flat: Tensor,
  { planes, height, width }: PolicyShape,
  marks: readonly { readonly plane: number; readonly row: Tensor }[],
): Observed {
  const [batch = 1] = flat.shape;
  const cells = height * width;
  const whole = densely(reshape(cast(flat, "float32"), [batch, planes, height, width]));
  const dense = Array.from({ length: planes }, (_, plane) => plane).filter((p) =>
    marks.every(({ plane }) => plane !== p),
  );
  if (marks.length === 0 || dense.length === 0) return whole;
  const part = (x: Tensor, axis: number) => {
    const parts = dense.map((plane) => slice(x, { axis, start: plane * cells, end: (plane + 1) * cells }));
    return parts.length === 1 ? parts[0]! : concat(parts, axis);
  };
  return {
    planes: whole.planes,
    affine(weight, bias) {
      const [first, ...others] = marks;
      // The bias joins the small table that is looked up, not the rows that come out.
      const looked = gather(add(weight, bias), first!.row);
      const product = matmul(cast(part(flat, 1), "float32"), part(weight, 0));
      return others.reduce((sum, { row }) => add(sum, gather(weight, row)), add(product, looked));
    },
  };
}
