/**
 * @file How much arithmetic a network, a training run or a choice costs: the
 * operations of the very graphs that are computed, counted node by node.
 *
 * A multiplication and an addition are one each. Moving data costs nothing, nor do
 * the world, its oracle and the loss itself (a few operations an action). First
 * layers that look weights up are counted as the products they replace.
 */
import { LabError } from "../../core/errors.ts";
import { densely, type Network, type PolicyShape } from "../../network.ts";
import type { TrainingSpec } from "../../organism.ts";
import { parseParams } from "../../plugin.ts";
import { parameterSpecs, policyShape } from "../../policy/inference.ts";
import { add, type Graph, grad, type Spec, square, sum, type Tensor, trace } from "../../tensor/index.ts";
import { findOptimizer, makeNetwork, makeWorld } from "../registry.ts";

/** What moves, repeats or names numbers without computing any. */
const FREE: ReadonlySet<string> = new Set([
  "input",
  "constant",
  "reshape",
  "transpose",
  "broadcastTo",
  "concat",
  "slice",
  "cut",
  "pad",
  "gather",
  "cast",
  "oneHot",
  "stopGradient",
  "takeLast",
]);

/** One output number for each group of inputs. */
const REDUCTIONS: ReadonlySet<string> = new Set(["sum", "maximum", "logSumExp", "argmax", "cumsum", "scatterAdd"]);

const sizeOf = ({ shape }: Spec): number => shape.reduce((product, size) => product * size, 1);

/** Operations of one node. */
function nodeOperations(node: Tensor): number {
  if (FREE.has(node.op)) return 0;
  const [a, b] = node.inputs as readonly Tensor[];
  switch (node.op) {
    case "matmul":
      return 2 * sizeOf(node) * (a!.shape.at(node.attrs.transposeA ? -2 : -1) ?? 1);
    case "conv2d":
      // A third input is the bias, added on the way.
      return 2 * sizeOf(node) * (sizeOf(b!) / b!.shape[0]!) + (node.inputs.length > 2 ? sizeOf(node) : 0);
    case "conv2dImage":
      return 2 * sizeOf(a!) * (sizeOf(b!) / b!.shape[0]!);
    case "conv2dKernel":
      return 2 * sizeOf(b!) * (sizeOf(node) / node.shape[0]!);
    default:
      return REDUCTIONS.has(node.op) ? sizeOf(a!) : sizeOf(node);
  }
}

/** Operations of one run of a graph. */
export const operations = ({ nodes }: Pick<Graph, "nodes">): number =>
  nodes.reduce((total, node) => total + nodeOperations(node), 0);

/** Operations for one state. */
export interface StateArithmetic {
  /** Forward alone: to act. */
  readonly act: number;
  /** Forward and backward, for the gradient in every parameter. */
  readonly learn: number;
  /** Numbers that are trained. */
  readonly parameters: number;
}

/** Rows of the counted graphs: what does not grow with the batch is spread over so many. */
const ROWS = 64;

/**
 * @param ticks where the network has a knob
 * @param hasCritic the gradient includes that of the value
 */
export function stateArithmetic(
  network: Network,
  shape: PolicyShape,
  { ticks, hasCritic = true }: { readonly ticks?: number; readonly hasCritic?: boolean } = {},
): StateArithmetic {
  const weights = parameterSpecs(network);
  const specs: Record<string, Spec> = {
    ...weights,
    planes: { shape: [ROWS, shape.planes, shape.height, shape.width], dtype: "float32" },
  };
  const forward = ({ planes, ...parameters }: Readonly<Record<string, Tensor>>) =>
    network.forward(parameters, densely(planes!), ticks);
  const acting = trace(specs, (all) => {
    const { logits } = forward(all);
    return { logits };
  });
  const learning = trace(specs, (all) => {
    const { logits, value } = forward(all);
    const loss = hasCritic ? add(sum(square(logits)), sum(square(value))) : sum(square(logits));
    const names = Object.keys(weights);
    const slopes = grad(
      loss,
      names.map((name) => all[name]!),
    );
    return Object.fromEntries(slopes.map((slope, i) => [`slope of ${names[i]}`, slope]));
  });
  return {
    act: operations(acting) / ROWS,
    learn: operations(learning) / ROWS,
    parameters: Object.values(weights).reduce((total, spec) => total + sizeOf(spec), 0),
  };
}

/** Adam: two moments, their corrections, a root, a quotient and the step. */
const ADAM = 14;

const cache = new Map<string, StateArithmetic>();

function countedFor(spec: TrainingSpec, ticks: number | undefined, hasCritic: boolean): StateArithmetic {
  const key = JSON.stringify([spec.network, spec.task, ticks, hasCritic]);
  const known = cache.get(key);
  if (known) return known;
  const world = makeWorld(spec.task);
  const counted = stateArithmetic(makeNetwork(spec.network, world), policyShape(world), {
    ...(ticks === undefined ? {} : { ticks }),
    hasCritic,
  });
  cache.set(key, counted);
  return counted;
}

/** Operations of one decision of the trained agent. */
export const actArithmetic = (spec: TrainingSpec): number => countedFor(spec, undefined, false).act;

/**
 * Operations of the first `frames` of a training run, all of them by default.
 *
 * Cloning learns from each state once, thinking for each number of ticks equally often; PPO acts once and learns
 * `epochs` times.
 *
 * @throws {LabError} `input/invalid` for an optimizer whose arithmetic is not known here
 */
export function trainingArithmetic(spec: TrainingSpec, frames: number = spec.frames): number {
  if (frames === 0) return 0;
  const { id, params: given } = spec.optimizer;
  const params: Readonly<Record<string, unknown>> = parseParams(findOptimizer(id), given);
  if (id === "cloning") {
    const [fewest, most] = params.ticks as readonly number[];
    const ticks =
      fewest === undefined || most === undefined
        ? [undefined]
        : Array.from({ length: most - fewest + 1 }, (_, i) => fewest + i);
    const counted = ticks.map((each) => countedFor(spec, each, false));
    const learn = counted.reduce((total, each) => total + each.learn, 0) / counted.length;
    return frames * learn + (frames / Number(params.batch)) * ADAM * counted[0]!.parameters;
  }
  if (id === "ppo") {
    const { act, learn, parameters } = countedFor(spec, undefined, true);
    const epochs = Number(params.epochs);
    return frames * (act + epochs * learn) + ((frames * epochs) / Number(params.minibatch)) * ADAM * parameters;
  }
  throw new LabError("input/invalid", `arithmetic: not known for "${id}", expected cloning or ppo`);
}
