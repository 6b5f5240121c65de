/**
 * @file What a learner might be computing from a context: algorithms of in-context regression, each as the weights it
 * would answer with, ŷ = S·x_q, or as answers where it has none.
 *
 * h = Σ yᵢxᵢ and G = Σ xᵢxᵢᵀ of a context are all that gradient methods see: K steps from 0 on Σ ½ (w·xᵢ − yᵢ)² give
 * w = p(G) h with a polynomial p of degree K − 1.
 */
import type { Contexts } from "../in-context.ts";
import { solve } from "../theory/numerics/dense.ts";

/** h = Σ yᵢxᵢ of each context, `[count, d]`: the direction of one step of gradient descent from 0. */
export function correlations({ count, dimensions: d, examples: n, x, y }: Contexts): Float64Array {
  const out = new Float64Array(count * d);
  for (let c = 0; c < count; c++) {
    for (let i = 0; i < n; i++) {
      const row = (c * n + i) * d;
      for (let k = 0; k < d; k++) out[c * d + k]! += y[c * n + i]! * x[row + k]!;
    }
  }
  return out;
}

/** Gv of each context for v of each context, `[count, d]`. */
export function timesGram({ count, dimensions: d, examples: n, x }: Contexts, v: Float64Array): Float64Array {
  const out = new Float64Array(count * d);
  for (let c = 0; c < count; c++) {
    for (let i = 0; i < n; i++) {
      const row = (c * n + i) * d;
      let inner = 0;
      for (let k = 0; k < d; k++) inner += x[row + k]! * v[c * d + k]!;
      for (let k = 0; k < d; k++) out[c * d + k]! += inner * x[row + k]!;
    }
  }
  return out;
}

/** ŷ = S·x_q of each context, `[count]`. */
export function answersOf(sensitivities: Float64Array, { count, dimensions: d, query }: Contexts): Float64Array {
  const out = new Float64Array(count);
  for (let c = 0; c < count; c++) for (let k = 0; k < d; k++) out[c]! += sensitivities[c * d + k]! * query[c * d + k]!;
  return out;
}

/**
 * Coefficients c₁ … c₄ of hᵀGᵏ⁻¹ in two tied steps of GD++, S = Σ_k c_k Gᵏ⁻¹ h, from
 * 1 − ρ with ρ = (1 − aλ)(1 − a(1 − γλ)²λ); γ = 0 is two steps of gradient descent.
 */
export function twoSteps(rate: number, shrinkage: number): readonly [number, number, number, number] {
  const [a, g] = [rate, shrinkage];
  return [2 * a, -(2 * a * g + a * a), a * g * g + 2 * a * a * g, -(a * a * g * g)];
}

/** (G + λI)⁻¹ h of each context, `[count, d]`. */
export function ridge(contexts: Contexts, lambda: number): Float64Array {
  const { count, dimensions: d, examples: n, x } = contexts;
  const h = correlations(contexts);
  const out = new Float64Array(count * d);
  const gram = new Float64Array(d * d);
  for (let c = 0; c < count; c++) {
    gram.fill(0);
    for (let k = 0; k < d; k++) gram[k * d + k] = lambda;
    for (let i = 0; i < n; i++) {
      const row = (c * n + i) * d;
      for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) gram[a * d + b]! += x[row + a]! * x[row + b]!;
    }
    out.set(solve(gram, h.subarray(c * d, (c + 1) * d), d), c * d);
  }
  return out;
}

/** Least squares of least norm, as ridge with a vanishing λ: 10⁻⁹ of the mean eigenvalue of G. */
export function leastSquares(contexts: Contexts): Float64Array {
  let trace = 0;
  for (const each of contexts.x) trace += each * each;
  return ridge(contexts, (1e-9 * trace) / (contexts.count * contexts.dimensions));
}

/** Mean target of the k examples nearest to the query, `[count]`. */
export function nearestNeighbors(
  { count, dimensions: d, examples: n, x, y, query }: Contexts,
  k: number,
): Float64Array {
  const out = new Float64Array(count);
  const order = Array.from({ length: n }, (_, i) => i);
  const distance = new Float64Array(n);
  for (let c = 0; c < count; c++) {
    for (let i = 0; i < n; i++) {
      distance[i] = 0;
      for (let j = 0; j < d; j++) distance[i]! += (x[(c * n + i) * d + j]! - query[c * d + j]!) ** 2;
    }
    order.sort((a, b) => distance[a]! - distance[b]!);
    const near = Math.min(k, n);
    for (let i = 0; i < near; i++) out[c]! += y[c * n + order[i]!]! / near;
  }
  return out;
}

/** Cosine of the rows of two matrices `[count, d]`; each norm with 10⁻⁸ added, as in the source. */
export function rowCosines(a: Float64Array, b: Float64Array, d: number): Float64Array {
  return Float64Array.from({ length: a.length / d }, (_, c) => {
    let [inner, aa, bb] = [0, 0, 0];
    for (let k = c * d; k < (c + 1) * d; k++) {
      inner += a[k]! * b[k]!;
      aa += a[k]! ** 2;
      bb += b[k]! ** 2;
    }
    return inner / ((Math.sqrt(aa) + 1e-8) * (Math.sqrt(bb) + 1e-8));
  });
}

/** Euclidean distance of the rows, `[count]`. */
export function rowDistances(a: Float64Array, b: Float64Array, d: number): Float64Array {
  return Float64Array.from({ length: a.length / d }, (_, c) => {
    let sum = 0;
    for (let k = c * d; k < (c + 1) * d; k++) sum += (a[k]! - b[k]!) ** 2;
    return Math.sqrt(sum);
  });
}
