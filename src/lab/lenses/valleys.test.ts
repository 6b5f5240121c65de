/** @file Valleys against closed forms: a network that is nothing but a bias, whose curvature is known, and one that ignores its weights. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { policyShape } from "../../policy/inference.ts";
import type { Inside } from "../../subject.ts";
import { add, constant, mul, openExecutor, reshape, sum, type Tensor } from "../../tensor/index.ts";
import { makeWorld } from "../registry.ts";
import { divergence, drawLesson, valleyOf } from "./valleys.ts";

const world = makeWorld({ env: "cheese-corner", params: {} });
const shape = policyShape(world);
const { executor } = await openExecutor("wasm");
const lesson = drawLesson(world, "cheese", 64, rng(1));
/** Logits are this times the bias: steep enough for the pull back to the weights not to be all there is. */
const STEEP = 40;

/** Logits `[batch, 4]` that are the same in every state. */
const biased = (bias: Float32Array, scale: number): Inside => ({
  weights: { bias },
  specs: { bias: { shape: [4], dtype: "float32" } },
  executor,
  forward({ bias: own }, planes: Tensor) {
    const zero = mul(sum(planes, { axes: [1, 2, 3] }), 0);
    const nothing = mul(reshape(zero, [planes.shape[0]!, 1]), constant(Float32Array.of(1, 1, 1, 1), [4]));
    return { logits: add(nothing, mul(own!, scale)), sites: {} };
  },
});

const averages = [0, 1, 2, 3].map((a) => mean(Array.from({ length: lesson.n }, (_, i) => lesson.target[i * 4 + a]!)));

describe("lesson", () => {
  test("the teacher is uniform over the moves that are best, and every state has one", () => {
    for (let i = 0; i < lesson.n; i++) {
      const row = Array.from(lesson.target.subarray(4 * i, 4 * i + 4));
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      const best = row.filter((p) => p > 0);
      for (const p of best) expect(p).toBeCloseTo(1 / best.length, 6);
    }
  });
});

describe("valley", () => {
  test("divergence is cross-entropy less the teacher's own entropy", async () => {
    const open = mean(
      Array.from({ length: lesson.n }, (_, i) =>
        Math.log([...lesson.target.subarray(4 * i, 4 * i + 4)].filter((p) => p > 0).length),
      ),
    );
    const uniform = await divergence(biased(new Float32Array(4), STEEP), shape, lesson);
    expect(uniform).toBeCloseTo(Math.log(4) - open, 5);
  });

  test("weights that do nothing have no coefficient and no rise", async () => {
    const { coefficient, rise } = await valleyOf(biased(Float32Array.of(1, 2, 3, 4), 0), shape, lesson, rng(2), 10);
    expect(Math.abs(coefficient)).toBeLessThan(1e-4);
    expect(Math.abs(rise)).toBeLessThan(1e-5);
  });

  test("at a regular minimum it reads Σ ½ nβλ / (k (1 − εk/4)), k = nβλ + γ, for curvatures λ", async () => {
    const bias = Float32Array.from(averages, (p) => Math.log(p) / STEEP);
    // H = S² (diag p − p pᵀ); one of its eigenvalues is 0: the same added to every logit changes nothing.
    const h = averages.map((p, i) => averages.map((q, j) => STEEP ** 2 * ((i === j ? p : 0) - p * q)));
    const lambdas = eigenvalues(h);
    const inverseTemperature = lesson.n / Math.log(lesson.n);
    const expected = lambdas.reduce((total, lambda) => {
      const k = inverseTemperature * lambda + 1000;
      return total + (0.5 * inverseTemperature * lambda) / (k * (1 - (1e-4 * k) / 4));
    }, 0);
    expect(expected).toBeGreaterThan(1);
    const { coefficient } = await valleyOf(biased(bias, STEEP), shape, lesson, rng(3), 3000);
    // Two chains of 3,000 draws; the spread over seeds is about 3 %.
    expect(Math.abs(coefficient / expected - 1)).toBeLessThan(0.12);
  });
});

/** Of a small symmetric matrix, by Jacobi's rotations. */
function eigenvalues(given: readonly (readonly number[])[]): readonly number[] {
  const m = given.map((row) => [...row]);
  const n = m.length;
  for (let sweep = 0; sweep < 50; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const angle = 0.5 * Math.atan2(2 * m[p]![q]!, m[q]![q]! - m[p]![p]!);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) {
          const [a, b] = [m[k]![p]!, m[k]![q]!];
          m[k]![p] = c * a - s * b;
          m[k]![q] = s * a + c * b;
        }
        for (let k = 0; k < n; k++) {
          const [a, b] = [m[p]![k]!, m[q]![k]!];
          m[p]![k] = c * a - s * b;
          m[q]![k] = s * a + c * b;
        }
      }
    }
  }
  return m.map((row, i) => row[i]!);
}
