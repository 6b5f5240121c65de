/**
 * @file What can be known in context at best: ridge regression, which is the posterior mean for
 * w ~ N(0, I_d), the posterior mean over a finite set of tasks (dMMSE), and the bits that a
 * context carries about its task.
 *
 * A context is K pairs (x, y = w·x + ε) with x ~ N(0, I_d), ε ~ N(0, σ²). Errors here are
 * **squared errors without the half**, of targets that include their noise.
 *
 * Source: Raventós et al. 2023, arXiv:2306.15063, section 2; Garg et al. 2022, arXiv:2208.01066.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { logSumExp } from "../../core/stats.ts";
import { dot, logDeterminant, scaledIdentity, solve, trace } from "../numerics/dense.ts";
import { type Sampled, sampledMean } from "../numerics/sampled.ts";

/** Sequences of in-context regression. */
export interface Sequences {
  /** d */
  readonly dimensions: number;
  /** K, the predictions of one sequence; the k-th sees k − 1 examples. */
  readonly length: number;
  /** σ², positive. */
  readonly noise: number;
}

/** Examples of one context. */
export interface Examples {
  /** `[n, d]` */
  readonly x: Float64Array;
  /** `[n]` */
  readonly y: Float64Array;
}

/**
 * (XᵀX + σ² I)⁻¹ Xᵀy, the posterior mean of w ~ N(0, I), `[d]`. Zero for no examples.
 *
 * @param noise σ² itself: the prior has variance 1, so this is the ridge
 */
export function ridgeWeights({ x, y }: Examples, dimensions: number, noise: number): Float64Array {
  const precision = scaledIdentity(dimensions, noise);
  const right = new Float64Array(dimensions);
  for (let n = 0; n < y.length; n++) addExample(precision, right, x.subarray(n * dimensions), y[n]!);
  return solve(precision, right, dimensions);
}

/**
 * The posterior mean over equally likely tasks, Σᵢ softmaxᵢ(−Σⱼ (yⱼ − wᵢ·xⱼ)² / (2σ²)) wᵢ, `[d]`.
 *
 * @param tasks `[tasks, d]`
 */
export function taskPosteriorMean(
  tasks: Float64Array,
  { x, y }: Examples,
  dimensions: number,
  noise: number,
): Float64Array {
  const logs = new Float64Array(tasks.length / dimensions);
  for (let i = 0; i < logs.length; i++) {
    const w = tasks.subarray(i * dimensions, (i + 1) * dimensions);
    for (let n = 0; n < y.length; n++) {
      logs[i]! -= (y[n]! - dot(w, x.subarray(n * dimensions, (n + 1) * dimensions))) ** 2 / (2 * noise);
    }
  }
  return weighted(tasks, logs, dimensions);
}

/** What the posterior of w ~ N(0, I) leaves open along a sequence. */
export interface PosteriorErrors {
  /** Expected squared error of the k-th prediction, `[K]`: σ² (1 + tr (XᵀX + σ² I)⁻¹), averaged over X. */
  readonly byPosition: readonly Sampled[];
  /** Its mean over positions, per dimension. */
  readonly meanPerDimension: Sampled;
  /** I(w; whole context) = E ½ log₂ det(I + XᵀX / σ²). */
  readonly bits: Sampled;
}

/** The error of ridge and the bits of a context: exact given the inputs, which are sampled. */
export function posteriorErrors(given: Sequences & { readonly sequences: number; readonly rng: Rng }): PosteriorErrors {
  const { dimensions: d, length, noise, sequences, rng } = given;
  assert(noise > 0, `noise above 0, got ${noise}`);
  const errors = Array.from({ length }, () => new Float64Array(sequences));
  const means = new Float64Array(sequences);
  const bits = new Float64Array(sequences);
  const unit = scaledIdentity(d);
  const x = new Float64Array(d);
  const unused = new Float64Array(d);
  for (let s = 0; s < sequences; s++) {
    const precision = scaledIdentity(d, noise);
    for (let k = 0; k < length; k++) {
      const error = noise * (1 + trace(solve(precision, unit, d), d));
      errors[k]![s] = error;
      means[s]! += error / (length * d);
      for (let i = 0; i < d; i++) x[i] = rng.normal();
      addExample(precision, unused, x, 0);
    }
    bits[s] = (logDeterminant(precision, d) - d * Math.log(noise)) / (2 * Math.LN2);
  }
  return {
    byPosition: errors.map(sampledMean),
    meanPerDimension: sampledMean(means),
    bits: sampledMean(bits),
  };
}

/** Mean squared errors per dimension of the posterior mean over a finite set. */
export interface FiniteSetErrors {
  /** On sequences of the set's own tasks. */
  readonly onTrained: Sampled;
  /** On sequences of new tasks w ~ N(0, I). */
  readonly onNew: Sampled;
}

/** dMMSE on its own tasks and on new ones, mean over the positions of a sequence. */
export function finiteSetErrors(
  given: Sequences & { readonly tasks: Float64Array; readonly sequences: number; readonly rng: Rng },
): FiniteSetErrors {
  const { dimensions: d, tasks, sequences, rng } = given;
  const count = tasks.length / d;
  const errors = (draw: (stream: Rng) => Float64Array, stream: Rng) =>
    sampledMean(Float64Array.from({ length: sequences }, () => sequenceError(given, draw(stream), stream)));
  return {
    onTrained: errors((stream) => {
      const i = stream.int(count);
      return tasks.subarray(i * d, (i + 1) * d);
    }, rng.fork("trained")),
    onNew: errors((stream) => Float64Array.from({ length: d }, () => stream.normal()), rng.fork("new")),
  };
}

/** Mean squared error per dimension of dMMSE along one sequence of the task `w`. */
function sequenceError(
  { dimensions: d, length, noise, tasks }: Sequences & { readonly tasks: Float64Array },
  w: Float64Array,
  rng: Rng,
): number {
  const logs = new Float64Array(tasks.length / d);
  const x = new Float64Array(d);
  let total = 0;
  for (let k = 0; k < length; k++) {
    const guess = weighted(tasks, logs, d);
    for (let i = 0; i < d; i++) x[i] = rng.normal();
    const y = dot(w, x) + Math.sqrt(noise) * rng.normal();
    total += (y - dot(guess, x)) ** 2;
    for (let i = 0; i < logs.length; i++) {
      let residual = y;
      for (let c = 0; c < d; c++) residual -= tasks[i * d + c]! * x[c]!;
      logs[i]! -= residual ** 2 / (2 * noise);
    }
  }
  return total / (length * d);
}

/** Tasks averaged by softmax of their log-weights. */
function weighted(tasks: Float64Array, logs: Float64Array, d: number): Float64Array {
  const total = logSumExp(logs);
  const out = new Float64Array(d);
  for (let i = 0; i < logs.length; i++) {
    const share = Math.exp(logs[i]! - total);
    if (share < 1e-300) continue;
    for (let c = 0; c < d; c++) out[c]! += share * tasks[i * d + c]!;
  }
  return out;
}

/** Add xxᵀ and xy in place. */
function addExample(precision: Float64Array, right: Float64Array, x: Float64Array, y: number): void {
  const d = right.length;
  for (let i = 0; i < d; i++) {
    right[i]! += x[i]! * y;
    for (let j = 0; j < d; j++) precision[i * d + j]! += x[i]! * x[j]!;
  }
}
