/** @file Dense kernels against their defining equations on random matrices. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import {
  apply,
  cholesky,
  dot,
  gramOf,
  logDeterminant,
  multiply,
  scaledIdentity,
  solve,
  symmetricEigen,
  trace,
} from "./dense.ts";

const N = 7;
const random = rng(3);
const square = () => Float64Array.from({ length: N * N }, () => random.normal());
const transpose = (m: Float64Array) => m.map((_, i) => m[(i % N) * N + Math.floor(i / N)]!);
const near = (a: Float64Array, b: Float64Array) => {
  for (const [i, each] of a.entries()) expect(each).toBeCloseTo(b[i]!, 9);
};

describe("factorizations", () => {
  const positive = gramOf(
    Float64Array.from({ length: 3 * N * N }, () => random.normal()),
    N,
  );

  test("Cholesky multiplies back, and its determinant is the product of the eigenvalues", () => {
    const lower = cholesky(positive, N);
    near(multiply(lower, transpose(lower), N), positive);
    const { values } = symmetricEigen(positive, N);
    expect(logDeterminant(positive, N)).toBeCloseTo(
      values.reduce((sum, each) => sum + Math.log(each), 0),
      9,
    );
    expect(trace(positive, N)).toBeCloseTo(
      values.reduce((sum, each) => sum + each),
      9,
    );
  });

  test("elimination solves for vectors and for matrices, also where the first pivot is zero", () => {
    const m = square();
    m[0] = 0;
    const x = Float64Array.from({ length: N }, (_, i) => i - 2);
    near(solve(m, apply(m, x), N), x);
    near(solve(m, multiply(m, positive, N), N), positive);
    expect(() => solve(new Float64Array(4), new Float64Array(2), 2)).toThrow("singular");
  });

  test("eigenvectors are orthonormal and scaled by their eigenvalues", () => {
    const m = square();
    const symmetric = m.map((each, i) => each + transpose(m)[i]!);
    const { values, vectors } = symmetricEigen(symmetric, N);
    near(multiply(vectors, transpose(vectors), N), scaledIdentity(N));
    for (let i = 0; i < N; i++) {
      const v = vectors.slice(i * N, (i + 1) * N);
      near(
        apply(symmetric, v),
        v.map((each) => each * values[i]!),
      );
      expect(dot(v, v)).toBeCloseTo(1, 12);
      if (i > 0) expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]!);
    }
  });
});
