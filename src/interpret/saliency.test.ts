/** @file Saliency of networks whose gradients are known, and the check by shuffled weights. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import type { PolicyShape } from "../network.ts";
import type { Inside } from "../subject.ts";
import { constant, matmul, mul, referenceExecutor, reshape, slice, sub, sum, type Tensor } from "../tensor/index.ts";
import { saliency, shuffledWeights } from "./saliency.ts";

const shape: PolicyShape = { planes: 2, height: 4, width: 4, actions: 2 };
const SIZE = 32;
const N = 70;
const random = rng(2);
const observations = Uint8Array.from({ length: N * SIZE }, () => random.int(2));
const options = { shape, observations, n: N, layout: Array.from({ length: N }, (_, i) => i), rng: rng(1) };
const normal = rng(9);

function linear(weights: Float32Array, of: (planes: Tensor) => Tensor = (planes) => planes): Inside {
  return {
    weights: { w: weights },
    specs: { w: { shape: [SIZE, 2], dtype: "float32" } },
    executor: referenceExecutor,
    forward(p, planes) {
      const flat = reshape(of(planes), [planes.shape[0]!, SIZE]);
      return { logits: matmul(flat, p.w!), sites: {}, value: sum(mul(flat, flat), { axes: 1 }) };
    },
  };
}

describe("saliency", () => {
  const w = Float32Array.from({ length: 2 * SIZE }, () => normal.normal());

  test("of a linear policy is half the difference of its columns, on every observation", async () => {
    const { gradients } = await saliency({ ...options, inside: linear(w) });
    for (let i = 0; i < N; i++) {
      const scores = [0, 1].map((k) =>
        Array.from({ length: SIZE }, (_, j) => observations[i * SIZE + j]! * w[2 * j + k]!).reduce((a, b) => a + b),
      );
      const sign = scores[0]! > scores[1]! ? 1 : -1;
      for (let j = 0; j < SIZE; j++)
        expect(gradients[i * SIZE + j]).toBeCloseTo((sign * (w[2 * j]! - w[2 * j + 1]!)) / 2, 5);
    }
  });

  test("of the value is the value's gradient: twice the observation", async () => {
    const { gradients } = await saliency({ ...options, inside: linear(w), of: "value" });
    expect(gradients).toEqual(Float32Array.from(observations, (x) => 2 * x));
  });

  test("a plane that is not read has no share, and a cell that is has all", async () => {
    const one = new Float32Array(2 * SIZE);
    one[2 * 21] = 5; // plane 1, cell 5
    // Where the mark is absent both actions tie, and nothing is preferred.
    const marked = observations.map((x, i) => (i % SIZE === 21 ? 1 : x));
    const { planes, map } = await saliency({ ...options, observations: marked, inside: linear(one) });
    expect(planes[0]!.mean).toBe(0);
    expect(planes[1]!.mean).toBe(1);
    expect(map.findIndex((value) => value > 0)).toBe(5);
    expect(map.filter((value) => value > 0)).toHaveLength(1);
  });

  test("shuffled weights give other maps where the maps are about the weights", async () => {
    const report = await saliency({ ...options, inside: linear(w) });
    expect(Math.abs(report.randomized.mean)).toBeLessThan(0.4);
    expect(report.isAboutWeights).toBe(true);
  });

  test("and the same maps where they are about the input", async () => {
    // The gradient of (x − w)² at weights near 0 is the picture of x, whatever the weights.
    const small = w.map((value) => value / 1e4);
    const edges = constant(
      Float64Array.from({ length: SIZE }, (_, j) => 1 + (j % 7)),
      [1, 2, 4, 4],
    );
    const report = await saliency({
      ...options,
      inside: linear(small, (planes) => sub(mul(planes, edges), 0.25)),
      of: "value",
    });
    expect(report.randomized.mean).toBeGreaterThan(0.99);
    expect(report.isAboutWeights).toBe(false);
  });

  test("what only changes its sign with the weights is the same map", async () => {
    const signs = w.map((_, i) => (i % 2 === 0 ? 1 : -1));
    const { forward, ...rest } = linear(signs);
    const picture: Inside = {
      ...rest,
      forward(p, planes) {
        const { logits, sites } = forward(p, planes);
        const edges = constant(
          Float64Array.from({ length: SIZE }, (_, j) => 1 + j),
          [1, 2, 4, 4],
        );
        const sign = slice(reshape(p.w!, [2 * SIZE]), { axis: 0, end: 1 });
        return { logits, sites, value: mul(sum(mul(planes, edges), { axes: [1, 2, 3] }), sign) };
      },
    };
    const report = await saliency({ ...options, inside: picture, of: "value" });
    expect(report.randomized.mean).toBeCloseTo(1, 6);
  });

  test("without a value there is none to explain", async () => {
    const { forward, ...rest } = linear(w);
    const blind: Inside = {
      ...rest,
      forward: (p, planes) => {
        const { logits, sites } = forward(p, planes);
        return { logits, sites };
      },
    };
    await expect(saliency({ ...options, inside: blind, of: "value" })).rejects.toThrow("has no value");
  });

  test("shuffling keeps the numbers of each parameter", () => {
    const shuffled = shuffledWeights({ w }, rng(3)).w!;
    expect([...shuffled].sort()).toEqual([...w].sort());
    expect(shuffled).not.toEqual(w);
  });
});
