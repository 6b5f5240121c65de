/**
 * @file One step of gradient descent in context, in closed form: the best that one linear
 * self-attention layer can do on noise-free linear regression, and what its step earns on
 * inputs of another scale.
 *
 * A task is w ~ N(0, I_d); a context is N pairs (xᵢ, w·xᵢ) with independent symmetric
 * coordinates; the prediction is ŷ = a Σᵢ yᵢ xᵢ·x_q. Losses are **½ · MSE** throughout.
 *
 * Source: von Oswald et al. 2023, arXiv:2212.07677. Its plots say x ~ U(−1, 1) where its code
 * draws U(−½, ½), so both laws are worth asking for by name.
 */
import { assert } from "../../core/errors.ts";

/** Moments of one input coordinate, which is symmetric about 0. */
export interface InputLaw {
  /** E x² */
  readonly second: number;
  /** E x⁴ */
  readonly fourth: number;
}

/** Coordinates uniform in (−half, half). */
export const uniformInputs = (half: number): InputLaw => ({ second: half ** 2 / 3, fourth: half ** 4 / 5 });

/** Normal coordinates of standard deviation `sd`. */
export const normalInputs = (sd: number): InputLaw => ({ second: sd ** 2, fourth: 3 * sd ** 4 });

/** The same inputs times `factor`. */
export const scaledInputs = ({ second, fourth }: InputLaw, factor: number): InputLaw => ({
  second: second * factor ** 2,
  fourth: fourth * factor ** 4,
});

/** A family of in-context regressions. */
export interface Contexts {
  readonly law: InputLaw;
  /** d */
  readonly dimensions: number;
  /** N, the query not counted. */
  readonly examples: number;
}

/** ½ MSE of predicting 0 always: ½ s d. */
export const zeroLoss = ({ law, dimensions }: Contexts): number => (law.second * dimensions) / 2;

/**
 * ½ MSE of ŷ = a Σ yᵢ xᵢ·x_q, exact:
 *
 *     L(a) = ½ d s [1 − 2 a N s + a² N (m₄ + (N + d − 2) s²)]
 *
 * since the error is x_q·(I − aG)w with G = Σ xᵢxᵢᵀ, E tr G = N d s and
 * E tr G² = N d (m₄ + (d − 1) s²) + N (N − 1) d s².
 */
export function oneStepLoss({ law, dimensions: d, examples: n }: Contexts, step: number): number {
  const { second: s, fourth } = law;
  return 0.5 * d * s * (1 - 2 * step * n * s + step ** 2 * n * (fourth + (n + d - 2) * s * s));
}

/** The best single step. */
export interface OneStep {
  /** a* = s / (m₄ + (N + d − 2) s²), the factor of the sum over examples. */
  readonly step: number;
  /** η* = N a*, the learning rate of the mean squared error. */
  readonly rate: number;
  /** L* = ½ s d (1 − a* N s) */
  readonly loss: number;
}

/**
 * The step of least loss.
 *
 * @example
 * bestStep({ law: uniformInputs(0.5), dimensions: 10, examples: 10 }).loss; // => ≈ 0.206229
 */
export function bestStep(contexts: Contexts): OneStep {
  const { law, dimensions: d, examples: n } = contexts;
  assert(n >= 1 && d >= 1, `at least one example and one dimension, got ${n} and ${d}`);
  const step = law.second / (law.fourth + (n + d - 2) * law.second ** 2);
  return { step, rate: n * step, loss: zeroLoss(contexts) * (1 - step * n * law.second) };
}

/** ½ MSE out of distribution: inputs times `factor`, the step still the one that was best at scale 1. */
export function scaledLoss(contexts: Contexts, factor: number): number {
  return oneStepLoss({ ...contexts, law: scaledInputs(contexts.law, factor) }, bestStep(contexts).step);
}

/**
 * ½ MSE of a layer that has learned only `learned` of the d coordinates, each with the best step: every coordinate
 * earns the same share. One of them is where small batches stall for thousands of steps.
 */
export function stalledLoss(contexts: Contexts, learned: number): number {
  assert(learned >= 0 && learned <= contexts.dimensions, `at most ${contexts.dimensions} coordinates, got ${learned}`);
  const zero = zeroLoss(contexts);
  return zero - (learned / contexts.dimensions) * (zero - bestStep(contexts).loss);
}
