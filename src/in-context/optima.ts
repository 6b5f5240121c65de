/**
 * @file The best one-step learners of a task law, exact: gradient descent with one step size, and with one for each
 * coordinate. For independent symmetric coordinates of variance s_k and fourth moment m_k, G = Σ xᵢxᵢᵀ and h = Gw + Σ εᵢxᵢ:
 *
 *     E G_kk = N s_k,   E h_k² = N c_k,   c_k = m_k + (N − 1) s_k² + s_k (tr Σ − s_k) + σ² s_k
 *     preconditioned:  A_k = s_k / c_k        one step for all:  a = Σ s_k² / Σ s_k c_k
 *
 * which at equal variances is von Oswald's a* = s / (m₄ + (N + d − 2) s²), and for normal inputs the preconditioner of
 * Ahn et al. 2023 (arXiv:2306.00297, theorem 1). Steps are for the sum over examples.
 */
import type { TaskLaw } from "../in-context.ts";
import { inputVariances } from "./contexts.ts";

/** c_k of each coordinate, `[d]`. */
function squares(law: TaskLaw, s: Float64Array): Float64Array {
  const total = s.reduce((sum, each) => sum + each, 0);
  // E x⁴ over (E x²)²: 9/5 for uniform coordinates, 3 for normal ones.
  const kurtosis = law.inputs === "uniform" ? 1.8 : 3;
  return s.map(
    (each) => kurtosis * each ** 2 + (law.examples - 1) * each ** 2 + each * (total - each) + law.noise * each,
  );
}

/** The best step for each coordinate, `[d]`. */
export function bestPreconditioner(law: TaskLaw): Float64Array {
  const s = inputVariances(law);
  const c = squares(law, s);
  return s.map((each, k) => each / c[k]!);
}

/** The best step for all coordinates. */
export function bestPlainStep(law: TaskLaw): number {
  const s = inputVariances(law);
  const c = squares(law, s);
  let [above, below] = [0, 0];
  for (const [k, each] of s.entries()) {
    above += each ** 2;
    below += each * c[k]!;
  }
  return above / below;
}

/**
 * ½ MSE of ŷ = Σ_k A_k h_k x_{q,k} on inputs times `factor`, exact: ½ Σ s'_k (1 − 2 N A_k s'_k + N A_k² c'_k).
 *
 * @param steps A, `[d]`
 */
export function stepsLossOf(law: TaskLaw, steps: Float64Array, factor = 1): number {
  const s = inputVariances({ ...law, scale: law.scale * factor });
  const c = squares(law, s);
  const n = law.examples;
  return s.reduce((sum, each, k) => {
    const a = steps[k]!;
    return sum + 0.5 * each * (1 - 2 * n * a * each + n * a * a * c[k]!);
  }, 0);
}
