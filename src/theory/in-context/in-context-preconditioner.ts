/**
 * @file What one linear attention layer learns at its global minimum: a preconditioner for
 * inputs of unequal variance (Ahn et al.), and for tasks that are not isotropic, such as a
 * finite set of them.
 *
 * Losses here are excess **MSE without the half**, as in the sources.
 *
 * Source: Ahn et al. 2023, arXiv:2306.00297, theorem 1; Zhang, Frei and Bartlett 2023,
 * arXiv:2306.09927. Finite sets of tasks: Raventós et al. 2023, arXiv:2306.15063, in the
 * one-layer form in which the optimum is closed.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { multiply, scaledIdentity, solve, trace } from "../numerics/dense.ts";
import { type Sampled, sampledMean } from "../numerics/sampled.ts";

/**
 * Eigenvalues of the optimal preconditioner A for x ~ N(0, Σ), w ~ N(0, I), no noise:
 *
 *     Aᵢ = 1 / ( (n + 1)/n · λᵢ + (1/n) Σ_k λ_k )
 *
 * so that ŷ = (1/n) Σ yᵢ xᵢᵀ A x_q. Tends to Σ⁻¹ as n grows; (1/n) tr Σ is what ridge would add.
 *
 * @param eigenvalues λ of Σ, `[d]`
 */
export function preconditioner(eigenvalues: Float64Array, examples: number): Float64Array {
  const total = eigenvalues.reduce((sum, each) => sum + each, 0);
  return eigenvalues.map((each) => 1 / (((examples + 1) / examples) * each + total / examples));
}

/**
 * MSE of ŷ = (1/n) Σ yᵢ xᵢᵀ A x_q with A diagonal in the eigenbasis of Σ, exact:
 * Σᵢ λᵢ − 2 Aᵢ λᵢ² + Aᵢ² λᵢ² ((n + 1) λᵢ + tr Σ) / n, from E Ĝ² = ((n + 1) Σ² + tr(Σ) Σ) / n.
 */
export function preconditionedLoss(eigenvalues: Float64Array, examples: number, a: Float64Array): number {
  const total = eigenvalues.reduce((sum, each) => sum + each, 0);
  return eigenvalues.reduce((sum, each, i) => {
    const square = ((examples + 1) * each + total) / examples;
    return sum + each - 2 * a[i]! * each ** 2 + a[i]! ** 2 * each ** 2 * square;
  }, 0);
}

/** The best multiple of the unit matrix: plain gradient descent, Σ λᵢ² / Σ λᵢ² ((n + 1) λᵢ + tr Σ) / n. */
export function plainStep(eigenvalues: Float64Array, examples: number): number {
  const total = eigenvalues.reduce((sum, each) => sum + each, 0);
  let [above, below] = [0, 0];
  for (const each of eigenvalues) {
    above += each ** 2;
    below += (each ** 2 * ((examples + 1) * each + total)) / examples;
  }
  return above / below;
}

/** In-context regressions with isotropic normal inputs. */
export interface NoisyContexts {
  readonly dimensions: number;
  /** N */
  readonly examples: number;
  /** σ², variance of the noise of a target. */
  readonly noise: number;
}

/**
 * Γ = H⁻¹R for tasks of second moment R = E wwᵀ, with H = (1 + 1/N) R + ((tr R + σ²)/N) I:
 * the layer ŷ = hᵀ Γ x_q, h = (1/N) Σ yᵢxᵢ, of least error on them.
 *
 * @param moment R, `[d, d]`
 */
export function taskPreconditioner(moment: Float64Array, contexts: NoisyContexts): Float64Array {
  return solve(contextMoment(moment, contexts), moment, contexts.dimensions);
}

/**
 * Excess MSE of a layer Γ on tasks of second moment R₀: tr R₀ − 2 tr(Γᵀ R₀) + tr(Γᵀ H₀ Γ).
 * What is left at best on isotropic tasks is d (1 − N / (N + d + 1 + σ²)).
 *
 * @param gamma `[d, d]`
 * @param moment R₀, `[d, d]`
 */
export function taskExcess(gamma: Float64Array, moment: Float64Array, contexts: NoisyContexts): number {
  const d = contexts.dimensions;
  const context = multiply(contextMoment(moment, contexts), gamma, d);
  let excess = trace(moment, d);
  for (let i = 0; i < d * d; i++) excess += gamma[i]! * (context[i]! - 2 * moment[i]!);
  return excess;
}

/** E hhᵀ = (1 + 1/N) R + ((tr R + σ²)/N) I */
function contextMoment(moment: Float64Array, { dimensions: d, examples: n, noise }: NoisyContexts): Float64Array {
  const ridge = scaledIdentity(d, (trace(moment, d) + noise) / n);
  return ridge.map((each, i) => each + (1 + 1 / n) * moment[i]!);
}

/** Excess MSE per dimension of the layer that is best for a finite set of tasks. */
export interface FiniteTasks {
  /** On the tasks of the set. */
  readonly onTrained: Sampled;
  /** On new tasks w ~ N(0, I). */
  readonly onNew: Sampled;
}

/**
 * From memorizing to an algorithm: the layer that is best for `tasks` tasks drawn from N(0, I),
 * over `sets` sets of them. The transition is where `tasks` passes d.
 */
export function finiteTaskExcess(
  given: NoisyContexts & { readonly tasks: number; readonly sets: number; readonly rng: Rng },
): FiniteTasks {
  const { dimensions: d, tasks, sets, rng } = given;
  assert(tasks >= 1, `at least one task, got ${tasks}`);
  const onTrained = new Float64Array(sets);
  const onNew = new Float64Array(sets);
  const everyTask = scaledIdentity(d);
  const w = new Float64Array(d);
  for (let set = 0; set < sets; set++) {
    const moment = new Float64Array(d * d);
    for (let task = 0; task < tasks; task++) {
      for (let i = 0; i < d; i++) w[i] = rng.normal();
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) moment[i * d + j]! += (w[i]! * w[j]!) / tasks;
    }
    const gamma = taskPreconditioner(moment, given);
    onTrained[set] = taskExcess(gamma, moment, given) / d;
    onNew[set] = taskExcess(gamma, everyTask, given) / d;
  }
  return { onTrained: sampledMean(onTrained), onNew: sampledMean(onNew) };
}
