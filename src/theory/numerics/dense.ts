/**
 * @file Small dense linear algebra on Float64Array, row by row: products, Cholesky and
 * pivoted elimination, eigenvalues of symmetric matrices. For a few dozen rows, where a
 * plain loop is as fast as a library.
 */
import { assert } from "../../core/errors.ts";

/** The unit matrix times `scale`, `[n, n]`. */
export function scaledIdentity(n: number, scale = 1): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = scale;
  return out;
}

/** Σ aᵢbᵢ. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** A product of square matrices, `[n, n]`. */
export function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += factor * b[k * n + j]!;
    }
  }
  return out;
}

/** A square matrix times a vector, `[n]`. */
export function apply(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i]! += matrix[i * n + j]! * x[j]!;
  return out;
}

/** Σ Mᵢᵢ. */
export function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i]!;
  return sum;
}

/** XᵀX of rows `[rows, n]`, `[n, n]`. */
export function gramOf(x: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let row = 0; row < x.length; row += n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) out[i * n + j]! += x[row + i]! * x[row + j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
  return out;
}

/** The lower triangle L of M = LLᵀ, M symmetric and positive definite, `[n, n]`. */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      assert(i !== j || sum > 0, `a positive definite matrix, got pivot ${sum}`);
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  return lower;
}

/** ln det of a symmetric positive definite matrix. */
export function logDeterminant(matrix: Float64Array, n: number): number {
  const lower = cholesky(matrix, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * Math.log(lower[i * n + i]!);
  return sum;
}

/**
 * M⁻¹R by elimination with partial pivoting.
 *
 * @param matrix `[n, n]`, not singular
 * @param right `[n, columns]`; one column where its length is n
 */
export function solve(matrix: Float64Array, right: Float64Array, n: number): Float64Array {
  const columns = right.length / n;
  const m = matrix.slice();
  const x = right.slice();
  const swap = (of: Float64Array, width: number, a: number, b: number) => {
    for (let j = 0; j < width; j++) {
      const held = of[a * width + j]!;
      of[a * width + j] = of[b * width + j]!;
      of[b * width + j] = held;
    }
  };
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]!) > Math.abs(m[pivot * n + k]!)) pivot = i;
    assert(m[pivot * n + k] !== 0, "a matrix that is not singular");
    if (pivot !== k) {
      swap(m, n, k, pivot);
      swap(x, columns, k, pivot);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = m[i * n + k]! / m[k * n + k]!;
      if (factor === 0) continue;
      for (let j = k; j < n; j++) m[i * n + j]! -= factor * m[k * n + j]!;
      for (let j = 0; j < columns; j++) x[i * columns + j]! -= factor * x[k * columns + j]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < columns; j++) {
      let sum = x[i * columns + j]!;
      for (let k = i + 1; k < n; k++) sum -= m[i * n + k]! * x[k * columns + j]!;
      x[i * columns + j] = sum / m[i * n + i]!;
    }
  }
  return x;
}

/** Eigenvalues in ascending order, with the unit eigenvector of each in the row of the same index. */
export interface Eigen {
  /** `[n]` */
  readonly values: Float64Array;
  /** `[n, n]` */
  readonly vectors: Float64Array;
}

/** Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan 8.5). */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const v = scaledIdentity(n);
  const total = Math.sqrt(dot(a, a));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += a[i * n + j]! ** 2;
    if (Math.sqrt(off) <= 1e-15 * total) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!;
        if (apq === 0) continue;
        const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [kp, kq] = [a[k * n + p]!, a[k * n + q]!];
          a[k * n + p] = c * kp - s * kq;
          a[k * n + q] = s * kp + c * kq;
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [a[p * n + k]!, a[q * n + k]!];
          a[p * n + k] = c * pk - s * qk;
          a[q * n + k] = s * pk + c * qk;
          const [vp, vq] = [v[p * n + k]!, v[q * n + k]!];
          v[p * n + k] = c * vp - s * vq;
          v[q * n + k] = s * vp + c * vq;
        }
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i]! - a[j * n + j]!);
  const vectors = new Float64Array(n * n);
  for (const [row, i] of order.entries()) vectors.set(v.subarray(i * n, (i + 1) * n), row * n);
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}
