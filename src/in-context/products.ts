/**
 * @file One linear layer as the two products that its function depends on, W_Q W_Kᵀ and W_V P, in float64, with their
 * gauge fixed: (W_Q W_Kᵀ, W_V P) → (c W_Q W_Kᵀ, W_V P / c) changes no answer, so weights can be compared only after
 * one of the two has been given a scale.
 */
import type { Contexts } from "../in-context.ts";
import { multiply, scaledIdentity } from "../theory/numerics/dense.ts";

/** Both products, `[d + 1, d + 1]`. */
export interface Products {
  readonly qk: Float64Array;
  readonly vp: Float64Array;
}

/** The products of one head. */
export function productsOf(weights: Readonly<Record<string, Float32Array>>, dimensions: number): Products {
  const width = dimensions + 1;
  const [q, k, v, p] = ["q.0.0", "k.0.0", "v.0.0", "p.0.0"].map((name) => Float64Array.from(weights[name]!));
  const transposed = new Float64Array(width * width);
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) transposed[i * width + j] = k![j * width + i]!;
  return { qk: multiply(q!, transposed, width), vp: multiply(v!, p!, width) };
}

/** Products at the scale at which the inputs' block of W_Q W_Kᵀ has a mean diagonal of 1, and how clear that scale is. */
export interface Gauged extends Products {
  /** |mean diagonal| · √d / ‖inputs' block‖, in [0, 1]: 1 for a multiple of the unit matrix. */
  readonly clarity: number;
}

export function fixGauge({ qk, vp }: Products, dimensions: number): Gauged {
  const width = dimensions + 1;
  let [diagonal, square] = [0, 0];
  for (let i = 0; i < dimensions; i++) {
    diagonal += qk[i * width + i]! / dimensions;
    for (let j = 0; j < dimensions; j++) square += qk[i * width + j]! ** 2;
  }
  return {
    qk: qk.map((each) => each / diagonal),
    vp: vp.map((each) => each * diagonal),
    clarity: square === 0 ? 0 : Math.abs(diagonal) * Math.sqrt(dimensions / square),
  };
}

/** The products of Proposition 1 at the same scale: W_Q W_Kᵀ = diag(1, …, 1, 0), W_V P = diag(0, …, 0, −step). */
export function descentProducts(dimensions: number, step: number): Products {
  const width = dimensions + 1;
  const qk = scaledIdentity(width);
  const vp = new Float64Array(width * width);
  qk[width * width - 1] = 0;
  vp[width * width - 1] = -step;
  return { qk, vp };
}

/** Half of each. */
export const midway = (a: Products, b: Products): Products => ({
  qk: a.qk.map((each, i) => (each + b.qk[i]!) / 2),
  vp: a.vp.map((each, i) => (each + b.vp[i]!) / 2),
});

/** ŷ = −e_q QK C (VP)_last of each context with C = Σ eᵢeᵢᵀ, `[count]`. */
export function answersOfProducts({ qk, vp }: Products, contexts: Contexts): Float64Array {
  const { count, dimensions: d, examples: n, x, y, query } = contexts;
  const width = d + 1;
  const last = Float64Array.from({ length: width }, (_, i) => vp[i * width + d]!);
  const key = new Float64Array(width);
  return Float64Array.from({ length: count }, (_, c) => {
    for (let j = 0; j < width; j++) {
      key[j] = 0;
      for (let i = 0; i < d; i++) key[j]! += query[c * d + i]! * qk[i * width + j]!;
    }
    let sum = 0;
    for (let s = 0; s < n; s++) {
      const row = (c * n + s) * d;
      const target = y[c * n + s]!;
      let [score, value] = [target * key[d]!, target * last[d]!];
      for (let i = 0; i < d; i++) {
        score += x[row + i]! * key[i]!;
        value += x[row + i]! * last[i]!;
      }
      sum -= score * value;
    }
    return sum;
  });
}
