/**
 * @file The loss around a network fitted to a goal: what is left of it, how fast it rises when weights change by a
 * share of themselves, and the local learning coefficient, by Langevin dynamics tied closely to the weights.
 *
 * The network runs on the engine, which answers with a promise, so the chain is written here; the estimator and its
 * biases are those of `theory/geometry/learning-coefficient.ts`. Two networks are compared at one step size, one localization
 * and on as many states: their order is what is used.
 */
import type { Rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import type { World } from "../../env.ts";
import type { PolicyShape, Weights } from "../../network.ts";
import type { Inside } from "../../subject.ts";
import { grad, logSoftmax, mean as meanOf, mul, neg, type Spec, sum, trace } from "../../tensor/index.ts";
import { entropyNats } from "../../theory/numerics/log-score.ts";
import { perturbed } from "./kin.ts";

/** States with what a teacher does there. */
export interface Lesson {
  readonly n: number;
  /** `[n, planes, height, width]` */
  readonly planes: Float32Array;
  /** Teacher's probabilities, uniform over its optimal actions, `[n, actions]`. */
  readonly target: Float32Array;
}

/** Half of the levels tell the objectives apart, as in the distribution that networks are fitted on. */
const LESSON_MIXTURE = { strength: 0, alpha: 0.5 } as const;
/** Most random steps taken from the start of a level before its state is used. */
const WANDER = 8;

/** States along random walks on training levels, and the optimal actions of an objective there. */
export function drawLesson(world: World, objective: string, n: number, rng: Rng): Lesson {
  const batch = world.batch(1);
  const cells = world.planes.length * world.height * world.width;
  const actions = world.actions.length;
  const planes = new Float32Array(n * cells);
  const target = new Float32Array(n * actions);
  const chosen = new Uint8Array(1);
  for (let i = 0; i < n; ) {
    world.draw(batch.levels[0]!, rng, LESSON_MIXTURE, "train");
    batch.start(0, rng.fork(i));
    for (let left = rng.int(WANDER + 1); left > 0 && batch.done[0] === 0; left--) {
      chosen[0] = rng.int(actions);
      batch.step(chosen);
    }
    if (batch.done[0] !== 0) continue;
    const optimal = world.optimalActions(batch, 0, objective, 0.99);
    if (optimal === 0) continue;
    planes.set(batch.observations, i * cells);
    const best = Array.from({ length: actions }, (_, a) => (optimal >> a) & 1);
    const share = 1 / best.reduce((count, each) => count + each, 0);
    for (let a = 0; a < actions; a++) target[i * actions + a] = best[a]! * share;
    i++;
  }
  return { n, planes, target };
}

/** ε, variance of one step's noise; γ, the pull back, so that weights stay within about 1/√γ = .03 of where they were. */
const STEP = 1e-4;
const PULL = 1000;
const CHAINS = 2;
/** Steps before the draws, as a share of them. */
const BURN_IN = 1 / 3;
/** Perturbations, by a tenth of each tensor's size, of which the rise is the mean. */
const NUDGES = 8;
const NUDGE = 0.1;

export interface Valley {
  /** Divergence from the teacher, nats a state: cross-entropy less what the teacher itself leaves open. */
  readonly loss: number;
  readonly coefficient: number;
  readonly rise: number;
}

/**
 * @param draws of each of two chains
 * @throws {LabError} `tensor/no-gradient` where an operation of the network has none
 */
export async function valleyOf(
  inside: Inside,
  shape: PolicyShape,
  lesson: Lesson,
  rng: Rng,
  draws: number,
): Promise<Valley> {
  const burnIn = Math.ceil(BURN_IN * draws);
  const at = await lossProgram(inside, shape, lesson);
  const { loss } = await at(inside.weights);
  const open = entropyNats(lesson.target) / lesson.n;
  const nudged: number[] = [];
  for (let i = 0; i < NUDGES; i++)
    nudged.push((await at(perturbed(inside.weights, NUDGE, rng.fork(`nudge ${i}`)))).loss);
  const inverseTemperature = lesson.n / Math.log(lesson.n);
  const chains: number[] = [];
  for (let chain = 0; chain < CHAINS; chain++) {
    const stream = rng.fork(`chain ${chain}`);
    let weights = inside.weights;
    let total = 0;
    for (let step = -burnIn; step < draws; step++) {
      const here = await at(weights);
      if (step >= 0) total += here.loss - loss;
      weights = langevinStep(weights, inside.weights, here.slope, inverseTemperature, stream);
    }
    chains.push((inverseTemperature * total) / draws);
  }
  return { loss: loss - open, rise: mean(nudged) - loss, coefficient: mean(chains) };
}

/** Divergence from the teacher, nats a state. */
export async function divergence(inside: Inside, shape: PolicyShape, lesson: Lesson): Promise<number> {
  const at = await lossProgram(inside, shape, lesson);
  return (await at(inside.weights)).loss - entropyNats(lesson.target) / lesson.n;
}

/** w − (ε/2)(nβ ∇L + γ (w − w*)) + N(0, ε). */
function langevinStep(
  weights: Weights,
  center: Weights,
  slope: Weights,
  inverseTemperature: number,
  rng: Rng,
): Weights {
  const noise = Math.sqrt(STEP);
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      values.map(
        (w, i) =>
          w -
          (STEP / 2) * (inverseTemperature * slope[name]![i]! + PULL * (w - center[name]![i]!)) +
          noise * rng.normal(),
      ),
    ]),
  );
}

/** Cross-entropy to the lesson and its slope, as a function of the weights. */
async function lossProgram({ specs, forward, executor }: Inside, shape: PolicyShape, { n, planes, target }: Lesson) {
  const inputs: Record<string, Spec> = {
    ...specs,
    planes: { shape: [n, shape.planes, shape.height, shape.width], dtype: "float32" },
    target: { shape: [n, shape.actions], dtype: "float32" },
  };
  const graph = trace(inputs, ({ planes: seen, target: wanted, ...parameters }) => {
    const { logits } = forward(parameters, seen!);
    const loss = neg(meanOf(sum(mul(wanted!, logSoftmax(logits)), { axes: [1] })));
    const slopes = grad(loss, Object.values(parameters));
    return {
      loss,
      ...Object.fromEntries(Object.keys(parameters).map((name, i) => [`slope.${name}`, slopes[i]!])),
    };
  });
  const program = await executor.load(graph);
  return async (weights: Weights) => {
    const out = await program.run({ ...weights, planes, target });
    const slope = Object.fromEntries(Object.keys(specs).map((name) => [name, out[`slope.${name}`] as Float32Array]));
    return { loss: Number(out.loss![0]), slope };
  };
}
