/**
 * @file The spectrum of a Hessian that is known by its products with vectors only: extreme
 * eigenvalues by Lanczos with full reorthogonalization, the trace by Hutchinson's probes with
 * an interval, and the density of eigenvalues by stochastic Lanczos quadrature.
 *
 * Source: Ghorbani, Krishnan and Xiao 2019, arXiv:1901.10159; Yao et al. 2019 (PyHessian),
 * arXiv:1912.07145. Curvature is no property of the function alone: rescaling units of a ReLU
 * network changes it (Dinh et al. 2017, arXiv:1703.04933). Fix the gauge first.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { dot, symmetricEigen } from "../numerics/dense.ts";
import { type Sampled, sampledMean } from "../numerics/sampled.ts";

/** v ↦ Hv, H symmetric; a fresh array. */
export type HessianProduct = (v: Float64Array) => Float64Array;

/**
 * Hv by central differences of the gradient, (g(θ + εv) − g(θ − εv)) / (2ε) with
 * ε = 1e−4 (1 + ‖θ‖)/‖v‖, for double precision.
 */
export function differencedProduct(gradient: (at: Float64Array) => Float64Array, at: Float64Array): HessianProduct {
  const scale = 1e-4 * (1 + Math.sqrt(dot(at, at)));
  return (v) => {
    const norm = Math.sqrt(dot(v, v));
    if (norm === 0) return new Float64Array(v.length);
    const epsilon = scale / norm;
    const above = gradient(at.map((each, i) => each + epsilon * v[i]!));
    const below = gradient(at.map((each, i) => each - epsilon * v[i]!));
    return above.map((each, i) => (each - below[i]!) / (2 * epsilon));
  };
}

/** What k steps of Lanczos see of a symmetric matrix. */
export interface Lanczos {
  /** Ritz values in ascending order; the outer ones converge to eigenvalues first. */
  readonly values: Float64Array;
  /** Bound on the distance of each to the nearest eigenvalue. */
  readonly residuals: Float64Array;
  /** Share of the start vector along each Ritz vector; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * Lanczos from a random vector, each new vector made orthogonal to all before it, twice: without
 * that, converged eigenvalues return as ghosts. Stops early where the start vector's invariant
 * subspace is exhausted. An eigenvalue of multiplicity is found once.
 *
 * @param size n
 * @param options.steps at most; no more than `size` are taken
 */
export function lanczos(
  product: HessianProduct,
  size: number,
  options: { readonly steps: number; readonly rng: Rng; readonly start?: Float64Array },
): Lanczos {
  const steps = Math.min(options.steps, size);
  assert(steps >= 1, `at least one step, got ${options.steps}`);
  let next = options.start ?? Float64Array.from({ length: size }, () => options.rng.normal());
  let norm = Math.sqrt(dot(next, next));
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let largest = 0;
  for (let k = 0; k < steps; k++) {
    const divisor = norm;
    const v = next.map((each) => each / divisor);
    basis.push(v);
    next = product(v);
    diagonal.push(dot(v, next));
    largest = Math.max(largest, Math.sqrt(dot(next, next)));
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const along = dot(b, next);
        for (let i = 0; i < size; i++) next[i]! -= along * b[i]!;
      }
    }
    norm = Math.sqrt(dot(next, next));
    beside.push(norm);
    if (norm <= 1e-12 * Math.max(largest, Number.MIN_VALUE)) break;
  }
  const k = diagonal.length;
  const tridiagonal = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    tridiagonal[i * k + i] = diagonal[i]!;
    if (i + 1 < k) tridiagonal[i * k + i + 1] = tridiagonal[(i + 1) * k + i] = beside[i]!;
  }
  const { values, vectors } = symmetricEigen(tridiagonal, k);
  return {
    values,
    residuals: values.map((_, i) => beside[k - 1]! * Math.abs(vectors[i * k + k - 1]!)),
    weights: values.map((_, i) => vectors[i * k]! ** 2),
  };
}

/** Law of the probes: independent signs, or standard normals. */
export type ProbeLaw = "signs" | "normals";

/**
 * The trace by Hutchinson's probes, (1/m) Σ zᵀHz, with its interval. Signs vary least.
 *
 * @see {@link probeVariance}
 */
export function hutchinsonTrace(
  product: HessianProduct,
  size: number,
  options: { readonly probes: number; readonly rng: Rng; readonly law?: ProbeLaw },
): Sampled {
  const { probes, rng, law = "signs" } = options;
  return sampledMean(
    Float64Array.from({ length: probes }, () => {
      const z = probe(size, law, rng);
      return dot(z, product(z));
    }),
  );
}

/** Variance of one probe of the trace: 2 (‖H‖² − Σ Hᵢᵢ²) for signs, 2 ‖H‖² for normals; ‖·‖ of Frobenius. */
export function probeVariance(hessian: Float64Array, size: number, law: ProbeLaw): number {
  let diagonal = 0;
  for (let i = 0; i < size; i++) diagonal += hessian[i * size + i]! ** 2;
  return 2 * (dot(hessian, hessian) - (law === "signs" ? diagonal : 0));
}

/** The density of eigenvalues as a sum of points; weights sum to 1. */
export interface SpectralDensity {
  /** Ascending. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Stochastic Lanczos quadrature: Ritz values of several random starts, each weighing its share of
 * the start. Exact on average for powers of the eigenvalue up to twice the steps, less one.
 */
export function spectralDensity(
  product: HessianProduct,
  size: number,
  options: { readonly steps: number; readonly probes: number; readonly rng: Rng },
): SpectralDensity {
  const { steps, probes, rng } = options;
  const points = Array.from({ length: probes }, () => {
    const { values, weights } = lanczos(product, size, { steps, rng, start: probe(size, "signs", rng) });
    return Array.from(values, (value, i) => [value, weights[i]! / probes] as const);
  }).flat();
  points.sort(([a], [b]) => a - b);
  return {
    values: Float64Array.from(points, ([value]) => value),
    weights: Float64Array.from(points, ([, weight]) => weight),
  };
}

function probe(size: number, law: ProbeLaw, rng: Rng): Float64Array {
  return Float64Array.from({ length: size }, () => (law === "normals" ? rng.normal() : rng.bits() < 0 ? -1 : 1));
}
