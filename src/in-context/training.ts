/**
 * @file Training a learner: fresh contexts at every update, Adam on ½ MSE, gradients clipped to a global norm, one call
 * of the engine an update.
 *
 * Emergence is sudden, and some runs wait for it in a saddle where a single coordinate is learned (½ MSE .3956 of .4167
 * at d = N = 10, cosine .25). Every `LOOK` updates held-out contexts are answered; a run has emerged when the mean
 * cosine of its sensitivity with its reference passes .95, and is stopped as stalled when `patience` updates went by
 * without that. Runs without a reference are never called either.
 *
 * Two deviations from the source, made after seeing numbers. The step size falls to 0 in the last half, which takes the
 * final cosine from .998 to .9998. And W_Q starts with zeros where it reads targets: queries come with target 0, so with
 * one layer no gradient ever gets there, and what the starting weights left there acts only when the layer is repeated
 * (½ MSE after fifty applications .066 on the first seed with init .02, where the construction leaves .045). `silent`
 * turns the latter off.
 *
 * Source: von Oswald et al. 2023, arXiv:2212.07677, and its code (β₂ = .98, clip 10⁻³).
 */
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import type { Contexts, InContextRow, InContextStatus } from "../in-context.ts";
import {
  adam,
  constant,
  createTrainer,
  type Executor,
  mean as meanOf,
  min,
  mul,
  type Spec,
  square,
  sub,
  type Trainer,
  type TrainingGraph,
  type TrainingSpec,
  trainingGraph,
} from "../tensor/index.ts";
import { rowCosines } from "./algorithms.ts";
import { attend, attentionSpecs, initialWeights, tokensOf } from "./attention.ts";
import { drawContexts, lossesOf, taskSet } from "./contexts.ts";
import { attentionLearner, contextSpecs } from "./learner.ts";
import { type LearnerParams, lawOf, shapeOf } from "./recipe.ts";
import type { Reference } from "./reference.ts";

/** Updates between looks. */
const LOOK = 50;
/** Held-out contexts of a look. */
export const HELD_OUT = 512;
/** Cosine from which on an algorithm is said to have emerged. */
const EMERGED = 0.95;

export interface TrainingPorts {
  readonly executor: Executor;
  readonly rng: Rng;
  readonly reference?: Reference;
  onLook?(row: InContextRow): void;
  /** Asked at every look; true ends training where it is, to be thrown away. */
  isStopping?(): boolean;
}

export interface Trained {
  readonly weights: Readonly<Record<string, Float32Array>>;
  readonly status: InContextStatus;
  readonly emergedAt?: number;
  readonly curve: readonly InContextRow[];
  /** Asked to stop before the end. */
  readonly isInterrupted: boolean;
}

/** Loss and update as one graph. */
function learnerGraph(params: LearnerParams): TrainingGraph {
  const shape = shapeOf(params);
  const { batch, examples, dimensions, bare } = params;
  const target: Spec = { shape: [batch], dtype: "float32" };
  return trainingGraph({
    parameters: attentionSpecs(shape),
    inputs: { ...contextSpecs({ count: batch, examples, dimensions }), target },
    loss(weights, { x, y, query, target }) {
      const used = bare
        ? Object.fromEntries(
            Object.entries(weights).map(([name, each]) => [
              name,
              mul(each, constant(constructionMask(name, dimensions), each.shape)),
            ]),
          )
        : weights;
      const error = sub(attend(used, shape, tokensOf(x!, y!, query!)), target!);
      return { loss: mul(meanOf(square(error)), 0.5) };
    },
    ...updateOf(params),
  });
}

/** Train from starting weights of `rng.fork("weights")`. */
export async function trainLearner(params: LearnerParams, ports: TrainingPorts): Promise<Trained> {
  const { executor, rng, reference } = ports;
  const shape = shapeOf(params);
  const law = lawOf(params);
  const tasks = taskSet(law, rng.fork("tasks"));
  const trainer = await createTrainer(
    executor,
    learnerGraph(params),
    initialWeights(shape, params, rng.fork("weights")),
  );
  const weights = () => finished(params, trainer.parameters());
  const heldOut = drawContexts(law, { count: HELD_OUT, rng: rng.fork("held out"), tasks });
  const looked = await train(params, trainer, {
    ...ports,
    isAsked: reference !== undefined,
    batch(step) {
      const { x, y, query, target } = drawContexts(law, { count: params.batch, rng: rng.fork(step), tasks });
      return { x, y, query, target };
    },
    look: (step) => lookAt(weights(), shape, { step, heldOut, executor, ...(reference ? { reference } : {}) }),
  });
  return { weights: weights(), ...looked };
}

/** What {@link train} asks for, besides the trainer. */
export interface Course extends Pick<TrainingPorts, "onLook" | "isStopping"> {
  /** Whether there is a cosine to wait for. */
  readonly isAsked: boolean;
  /** Fresh inputs of an update. */
  batch(step: number): Readonly<Record<string, Float32Array>>;
  look(step: number): Promise<InContextRow>;
}

/** All updates, a look every {@link LOOK} of them, until the end, a stall or an interruption. */
export async function train(
  params: LearnerParams,
  trainer: Trainer,
  course: Course,
): Promise<Omit<Trained, "weights">> {
  const curve: InContextRow[] = [];
  let emergedAt: number | undefined;
  const look = async (step: number) => {
    const row = await course.look(step);
    curve.push(row);
    if (row.cosine !== undefined && row.cosine > EMERGED) emergedAt ??= step;
    course.onLook?.(row);
  };
  await look(0);
  let isInterrupted = false;
  let isStalled = false;
  for (let step = 0; step < params.steps && !isInterrupted && !isStalled; step++) {
    await trainer.step(course.batch(step));
    if ((step + 1) % LOOK !== 0 && step + 1 < params.steps) continue;
    await look(step + 1);
    isInterrupted = course.isStopping?.() ?? false;
    isStalled = course.isAsked && emergedAt === undefined && step + 1 >= params.patience;
  }
  const isAsked = course.isAsked && params.steps > 0;
  return {
    status: !isAsked ? "unasked" : emergedAt === undefined ? "stalled" : "emerged",
    ...(emergedAt === undefined ? {} : { emergedAt }),
    curve,
    isInterrupted,
  };
}

/** How every learner is updated: Adam, the gradient clipped, the step size falling to 0 in the end. */
export const updateOf = (params: LearnerParams): Pick<TrainingSpec, "rule" | "rate" | "clipNorm"> => ({
  rule: adam({ beta2: 0.98 }),
  rate: (step) =>
    mul(min(mul(sub(params.steps, step), 1 / (params.anneal * Math.max(1, params.steps))), 1), params.rate),
  clipNorm: params.clip,
});

async function lookAt(
  weights: Readonly<Record<string, Float32Array>>,
  shape: ReturnType<typeof shapeOf>,
  given: {
    readonly step: number;
    readonly heldOut: Contexts;
    readonly executor: Executor;
    readonly reference?: Reference;
  },
): Promise<InContextRow> {
  const { step, heldOut, executor, reference } = given;
  const { predictions, sensitivities } = await attentionLearner("", shape, weights, executor).respond(heldOut);
  return {
    step,
    loss: mean(lossesOf(predictions, heldOut)),
    ...(reference ? { cosine: mean(rowCosines(sensitivities, reference(heldOut), shape.dimensions)) } : {}),
  };
}

/** 1 where Proposition 1 has an entry, 0 elsewhere: the inputs' block of W_Q and W_K, the target's entry of W_V and P. */
function constructionMask(name: string, dimensions: number): Float32Array {
  const width = dimensions + 1;
  const isOnInputs = name.startsWith("q") || name.startsWith("k");
  return Float32Array.from({ length: width * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return isOnInputs === row < dimensions && isOnInputs === column < dimensions ? 1 : 0;
  });
}

/** The weights as they act. */
function finished(
  { bare, dimensions }: LearnerParams,
  weights: Readonly<Record<string, Float32Array>>,
): Readonly<Record<string, Float32Array>> {
  if (!bare) return weights;
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const mask = constructionMask(name, dimensions);
      return [name, values.map((each, i) => each * mask[i]!)];
    }),
  );
}
