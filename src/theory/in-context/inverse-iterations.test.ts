/** @file Iterations to an inverse: bounds that are reached, direct solution, degrees of polynomials, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { apply, dot, gramOf, solve, symmetricEigen } from "../numerics/dense.ts";
import { chebyshev, iterationBound, richardson } from "./inverse-iterations.ts";

const D = 8;
const random = rng(1);
/** XᵀX + I/λ of twelve examples, as a context has it. */
const h = gramOf(
  Float64Array.from({ length: 12 * D }, () => random.normal()),
  D,
);
for (let i = 0; i < D; i++) h[i * (D + 1)]! += 0.5;
const { values } = symmetricEigen(h, D);
const ends = { low: values[0]!, high: values[D - 1]! };
const s = Float64Array.from({ length: D }, () => random.normal());
const exact = solve(h, s, D);
const norm = (v: Float64Array) => Math.sqrt(dot(v, v));
const error = (x: Float64Array) => norm(x.map((each, i) => each - exact[i]!)) / norm(exact);
const product = (v: Float64Array) => apply(h, v);

describe("ridge regression by products", () => {
  test.each([1, 2, 3, 6, 12])(
    "after %i steps both errors are within their bounds, Chebyshev's the smaller",
    (steps) => {
      const [plain, better] = [richardson(product, s, steps, ends), chebyshev(product, s, steps, ends)];
      expect(error(plain)).toBeLessThanOrEqual(iterationBound("richardson", steps, ends) + 1e-12);
      expect(error(better)).toBeLessThanOrEqual(iterationBound("chebyshev", steps, ends) + 1e-12);
      if (steps > 2)
        expect(iterationBound("chebyshev", steps, ends)).toBeLessThan(0.9 * iterationBound("richardson", steps, ends));
    },
  );

  test("both end at the solution; the first step is one step of gradient descent", () => {
    expect(error(chebyshev(product, s, 80, ends))).toBeLessThan(1e-9);
    expect(error(richardson(product, s, 2000, ends))).toBeLessThan(1e-9);
    const one = richardson(product, s, 1, ends);
    for (let i = 0; i < D; i++) expect(one[i]).toBeCloseTo((2 * s[i]!) / (ends.low + ends.high), 12);
  });

  test("bounds are reached: on a spectrum of its ends, and at the extremes of Chebyshev's polynomial", () => {
    for (const steps of [1, 2, 5]) {
      const two = { low: 1, high: 9 };
      const diagonal = (v: Float64Array) => v.map((each, i) => each * (i === 0 ? 1 : 9));
      const x = richardson(diagonal, Float64Array.of(1, 0), steps, two);
      expect(Math.abs(1 - x[0]!)).toBeCloseTo(iterationBound("richardson", steps, two), 12);
      const y = chebyshev(diagonal, Float64Array.of(1, 0), steps, two);
      expect(Math.abs(1 - y[0]!)).toBeCloseTo(iterationBound("chebyshev", steps, two), 12);
    }
    // cos(π/2) of degree two: the middle of the spectrum is another extreme.
    const middle = chebyshev((v) => v.map((each) => 5 * each), Float64Array.of(1), 2, { low: 1, high: 9 });
    expect(Math.abs(1 - 5 * middle[0]!)).toBeCloseTo(iterationBound("chebyshev", 2, { low: 1, high: 9 }), 12);
  });

  test("wrong versions: ends of another spectrum diverge, and gradient descent's rate is no momentum", () => {
    expect(error(richardson(product, s, 60, { low: ends.low / 2, high: ends.high / 2 }))).toBeGreaterThan(10);
    expect(error(chebyshev(product, s, 12, ends))).toBeLessThan(0.5 * error(richardson(product, s, 12, ends)));
    expect(() => chebyshev(product, s, 3, { low: 0, high: 1 })).toThrow("above 0");
  });
});
