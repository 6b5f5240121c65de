/** @file Sharpness against the quadratic's closed form, brute force over the ball, and the rescaling that fools it. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import type { Slope } from "../numerics/ascent.ts";
import { apply, dot } from "../numerics/dense.ts";
import { ascentStep, sharpness } from "./sharpness.ts";

const hessian = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4);
const bowl = (at: Float64Array): Slope => {
  const gradient = apply(hessian, at);
  return { value: dot(at, gradient) / 2, gradient };
};

test("at the minimum of a quadratic: ½ ρ² λ_max", () => {
  const found = sharpness(bowl, new Float64Array(3), { radius: 0.05, steps: 60, rng: rng(1) });
  expect(found / (0.5 * 0.05 ** 2 * 4.7320508)).toBeCloseTo(1, 6);
  // Wrong version: one step along the gradient, of which there is none.
  const stuck = bowl(ascentStep(bowl(new Float64Array(3)).gradient, 0.05)).value;
  expect(stuck).toBe(0);
});

test("away from it: brute force over the sphere finds no more", () => {
  const at = Float64Array.of(0.4, -0.2, 0.1);
  const found = sharpness(bowl, at, { radius: 0.3, steps: 60, rng: rng(2) });
  const random = rng(3);
  let most = 0;
  for (let i = 0; i < 20_000; i++) {
    const e = Float64Array.from({ length: 3 }, () => random.normal());
    const norm = Math.sqrt(dot(e, e));
    most = Math.max(most, bowl(at.map((each, k) => each + (0.3 * e[k]!) / norm)).value - bowl(at).value);
  }
  expect(found).toBeGreaterThanOrEqual(most - 1e-9);
  expect(found / most).toBeLessThan(1.001);
  expect(Array.from(ascentStep(Float64Array.of(3, 4), 5))).toEqual([3, 4]);
});

test("rescaling (a, b) → (ca, b/c) of ½ (ab − 1)²: plain sharpness explodes, adaptive does not move", () => {
  const product = (at: Float64Array): Slope => {
    const error = at[0]! * at[1]! - 1;
    return { value: error ** 2 / 2, gradient: Float64Array.of(error * at[1]!, error * at[0]!) };
  };
  const of = (c: number, isAdaptive: boolean) =>
    sharpness(product, Float64Array.of(c, 1 / c), { radius: 0.01, isAdaptive, steps: 40, rng: rng(4) });
  // λ_max = c² + 1/c² at the minimum: wrong as a property of the function.
  expect(of(5, false) / of(1, false)).toBeGreaterThan(10);
  expect(of(5, true) / of(1, true)).toBeCloseTo(1, 6);
  expect(of(0.2, true) / of(1, true)).toBeCloseTo(1, 6);
});
