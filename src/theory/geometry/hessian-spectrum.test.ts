/** @file Spectra from products alone against dense eigenvalues, exact variances, finite differences, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { variance } from "../../core/stats.ts";
import { apply, dot, gramOf, multiply, symmetricEigen, trace } from "../numerics/dense.ts";
import {
  differencedProduct,
  hutchinsonTrace,
  lanczos,
  type ProbeLaw,
  probeVariance,
  spectralDensity,
} from "./hessian-spectrum.ts";

const toy = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4);
const product = (matrix: Float64Array) => (v: Float64Array) => apply(matrix, v);

describe("[[2, 1, 0], [1, 3, 1], [0, 1, 4]]", () => {
  test("eigenvalues 1.267949, 3, 4.732051", () => {
    const { values, residuals } = lanczos(product(toy), 3, { steps: 10, rng: rng(1) });
    expect(Array.from(values, (each) => each.toFixed(6))).toEqual(["1.267949", "3.000000", "4.732051"]);
    expect(Math.max(...residuals)).toBeLessThan(1e-9);
  });

  test("trace 9, variance of a probe 8 with signs and 66 with normals", () => {
    for (const [law, exact] of [
      ["signs", 8],
      ["normals", 66],
    ] as const satisfies readonly (readonly [ProbeLaw, number])[]) {
      expect(probeVariance(toy, 3, law)).toBe(exact);
      const found = hutchinsonTrace(product(toy), 3, { probes: 20_000, rng: rng(2), law });
      expect(Math.abs(found.mean - 9)).toBeLessThan(3.5 * found.standardError);
      expect(found.standardError ** 2 * 20_000).toBeGreaterThan(0.93 * exact);
      expect(found.standardError ** 2 * 20_000).toBeLessThan(1.07 * exact);
      // Wrong versions: the variance of the other law, and Σ Hᵢⱼ² without its factor of two.
      expect(Math.abs(found.standardError ** 2 * 20_000 - (74 - exact))).toBeGreaterThan(40);
      expect(found.standardError ** 2 * 20_000).toBeGreaterThan(1.5 * (exact / 2));
    }
  });

  test("the 95 % interval covers the trace about 95 times in 100", () => {
    let covered = 0;
    for (let i = 0; i < 400; i++) {
      const { low, high } = hutchinsonTrace(product(toy), 3, { probes: 60, rng: rng(i) });
      if (low <= 9 && 9 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(365);
    expect(covered).toBeLessThan(396);
  });
});

describe("a Gram matrix of 60 rows", () => {
  const n = 60;
  const random = rng(3);
  const hessian = gramOf(
    Float64Array.from({ length: 2 * n * n }, () => random.normal()),
    n,
  );
  const exact = symmetricEigen(hessian, n).values;

  test("the largest eigenvalue in half the steps; every error within its bound", () => {
    const { values, residuals } = lanczos(product(hessian), n, { steps: 30, rng: rng(4) });
    expect(values.at(-1)! / exact.at(-1)!).toBeCloseTo(1, 8);
    for (const [i, value] of values.entries()) {
      const nearest = Math.min(...exact.map((each) => Math.abs(each - value)));
      expect(nearest).toBeLessThan(residuals[i]! + 1e-8);
    }
  });

  test("all of them in n steps, which needs the reorthogonalization", () => {
    // Two outliers make the plain recursion lose orthogonality at once.
    const spiked = hessian.slice();
    spiked[0]! += 1e6;
    spiked[n + 1]! += 5e5;
    const all = symmetricEigen(spiked, n).values;
    const { values } = lanczos(product(spiked), n, { steps: n, rng: rng(5) });
    expect(values.length).toBe(n);
    for (const [i, value] of values.entries()) expect(Math.abs(value / all[i]! - 1)).toBeLessThan(1e-5);
    // Wrong version: the three-term recursion alone; it shows the outliers more than once.
    const ghosts = plainLanczos(product(spiked), n, n).filter((each) => each > 4e5).length;
    expect(values.filter((each) => each > 4e5).length).toBe(2);
    expect(ghosts).toBeGreaterThan(2);
  });

  test("the density has the moments of the spectrum", () => {
    const { values, weights } = spectralDensity(product(hessian), n, { steps: 12, probes: 200, rng: rng(6) });
    expect(weights.reduce((sum, each) => sum + each)).toBeCloseTo(1, 10);
    const moment = (power: number) => weights.reduce((sum, each, i) => sum + each * values[i]! ** power, 0);
    for (const [power, matrix] of [
      [1, hessian],
      [2, multiply(hessian, hessian, n)],
    ] as const) {
      const standardError = Math.sqrt(probeVariance(matrix, n, "signs") / 200) / n;
      expect(Math.abs(moment(power) - trace(matrix, n) / n)).toBeLessThan(3.5 * standardError);
    }
  });
});

/** Lanczos by its three-term recursion, as if arithmetic were exact. */
function plainLanczos(multiplyBy: (v: Float64Array) => Float64Array, n: number, steps: number): Float64Array {
  const random = rng(5);
  let v = Float64Array.from({ length: n }, () => random.normal());
  let before = new Float64Array(n);
  let beta = 0;
  const norm = Math.sqrt(dot(v, v));
  v = v.map((each) => each / norm);
  const t = new Float64Array(steps * steps);
  for (let k = 0; k < steps; k++) {
    const next = multiplyBy(v);
    const alpha = dot(v, next);
    t[k * steps + k] = alpha;
    for (let i = 0; i < n; i++) next[i]! -= alpha * v[i]! + beta * before[i]!;
    beta = Math.sqrt(dot(next, next));
    if (k + 1 < steps) t[k * steps + k + 1] = t[(k + 1) * steps + k] = beta;
    before = v;
    v = next.map((each) => each / beta);
  }
  return symmetricEigen(t, steps).values;
}

test("an invariant subspace ends the recursion; a repeated eigenvalue is found once", () => {
  const flat = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 5);
  const { values, weights } = lanczos(product(flat), 3, { steps: 3, rng: rng(1), start: Float64Array.of(1, 1, 1) });
  expect(Array.from(values, (each) => Math.round(each * 1e9) / 1e9)).toEqual([1, 5]);
  expect(weights[0]).toBeCloseTo(2 / 3, 9);
});

test("differences of a gradient are the Hessian: linear regression has XᵀX/N, and a cubic its second derivative", () => {
  const random = rng(7);
  const x = Float64Array.from({ length: 40 }, () => random.normal());
  const hessian = gramOf(x, 4).map((each) => each / 10);
  const at = Float64Array.of(1, -2, 0.5, 3);
  const hvp = differencedProduct((w) => apply(hessian, w), at);
  const v = Float64Array.of(0, 1, 1, -1);
  const exact = apply(hessian, v);
  for (const [i, each] of hvp(v).entries()) expect(each).toBeCloseTo(exact[i]!, 8);
  const cubic = differencedProduct((w) => w.map((each) => each ** 3), at);
  for (const [i, each] of cubic(v).entries()) expect(each).toBeCloseTo(3 * at[i]! ** 2 * v[i]!, 5);
  expect(Array.from(hvp(new Float64Array(4)))).toEqual([0, 0, 0, 0]);
  // A quarter of the probes doubles the error: the standard error is that of the mean.
  const many = hutchinsonTrace(product(hessian), 4, { probes: 4000, rng: rng(8) });
  const draws = Array.from(
    { length: 60 },
    (_, i) => hutchinsonTrace(product(hessian), 4, { probes: 1000, rng: rng(100 + i) }).mean,
  );
  expect(Math.sqrt(variance(draws)) / many.standardError).toBeGreaterThan(1.5);
  expect(Math.sqrt(variance(draws)) / many.standardError).toBeLessThan(2.5);
});
