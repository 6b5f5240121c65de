/** @file Barriers against closed forms, matchings against all permutations, and what happens when the gauge is not fixed. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { bestStep, oneStepLoss, uniformInputs } from "../in-context/in-context-gd.ts";
import {
  type AttentionProducts,
  assign,
  barrier,
  fixAttentionScale,
  type HiddenLayer,
  matchUnits,
  permuted,
} from "./mode-connectivity.ts";

test("a double well has a barrier of its middle; a bowl and a single point have none", () => {
  const wells = (at: Float64Array) => (at[0]! ** 2 - 1) ** 2;
  expect(barrier(wells, Float64Array.of(-1), Float64Array.of(1))).toEqual({ height: 1, at: 0.5 });
  const bowl = (at: Float64Array) => at[0]! ** 2;
  expect(barrier(bowl, Float64Array.of(-1), Float64Array.of(2)).height).toBe(0);
  expect(barrier(wells, Float64Array.of(1), Float64Array.of(1)).height).toBe(0);
  // A slope is no barrier: what counts is the rise above the chord, not above the lower end.
  expect(barrier((at) => at[0]!, Float64Array.of(0), Float64Array.of(1)).height).toBeLessThan(1e-12);
});

test("assignments are the cheapest of all permutations", () => {
  const random = rng(1);
  const orders: number[][] = [];
  const permute = (rest: readonly number[], done: readonly number[]) => {
    if (rest.length === 0) orders.push([...done]);
    for (const each of rest) {
      permute(
        rest.filter((other) => other !== each),
        [...done, each],
      );
    }
  };
  permute([0, 1, 2, 3, 4, 5], []);
  for (let round = 0; round < 30; round++) {
    const cost = Float64Array.from({ length: 36 }, () => random.normal());
    const total = (order: ArrayLike<number>) =>
      Array.from(order).reduce((sum, column, row) => sum + cost[row * 6 + column]!, 0);
    const found = assign(cost, 6);
    expect([...found].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(total(found)).toBeCloseTo(Math.min(...orders.map(total)), 10);
  }
});

describe("a ReLU network and its permuted twin", () => {
  const random = rng(2);
  const H = 12;
  const draw = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const network: HiddenLayer = { hidden: H, into: draw(3 * H), bias: draw(H), out: draw(2 * H) };
  const order = Int32Array.from({ length: H }, (_, i) => i);
  random.shuffle(order);
  const twin = permuted(network, order);
  const inputs = Array.from({ length: 50 }, () => draw(3));
  const flat = ({ into, bias, out }: HiddenLayer) => Float64Array.of(...into, ...bias, ...out);
  const outputs = (w: Float64Array, x: Float64Array) => {
    const hidden = Array.from({ length: H }, (_, i) =>
      Math.max(0, w[3 * H + i]! + x.reduce((sum, each, c) => sum + each * w[3 * i + c]!, 0)),
    );
    return [0, 1].map((o) => hidden.reduce((sum, each, i) => sum + each * w[4 * H + o * H + i]!, 0));
  };
  const targets = inputs.map((x) => outputs(flat(network), x));
  const loss = (w: Float64Array) =>
    inputs.reduce((sum, x, n) => sum + outputs(w, x).reduce((s, each, o) => s + (each - targets[n]![o]!) ** 2, 0), 0) /
    inputs.length;

  test("one function; the barrier is gone once units are matched, and there without (wrong version)", () => {
    expect(loss(flat(twin))).toBeLessThan(1e-20);
    expect(barrier(loss, flat(network), flat(twin)).height).toBeGreaterThan(0.5);
    const matched = permuted(twin, matchUnits(network, twin));
    expect(Array.from(flat(matched))).toEqual(Array.from(flat(network)));
    expect(barrier(loss, flat(network), flat(matched)).height).toBeLessThan(1e-20);
  });

  test("matching survives noise on the weights", () => {
    const noisy = { ...twin, into: twin.into.map((each) => each + 0.02 * random.normal()) };
    const matched = permuted(noisy, matchUnits(network, noisy));
    expect(barrier(loss, flat(network), flat(matched)).height).toBeLessThan(
      0.02 * barrier(loss, flat(network), flat(noisy)).height,
    );
  });
});

describe("attention layers that take the best step, in different gauges", () => {
  const contexts = { law: uniformInputs(0.5), dimensions: 10, examples: 10 };
  const { step, loss } = bestStep(contexts);
  // QK = c I on the inputs, VP = −a/c on the target: what the loss sees is their product.
  const inGauge = (c: number) => ({
    queryKey: Float64Array.from({ length: 121 }, (_, i) => (i % 12 === 0 && i < 120 ? c : 0)),
    valueProjection: Float64Array.from({ length: 121 }, (_, i) => (i === 120 ? -step / c : 0)),
  });
  const pair = ({ queryKey, valueProjection }: AttentionProducts) =>
    Float64Array.of(queryKey[0]!, valueProjection[120]!);
  const lossOf = (at: Float64Array) => oneStepLoss(contexts, -at[0]! * at[1]!);

  test("fixed gauge: no barrier, below 1 % of the loss; free gauge (wrong version): that of the product in the middle", () => {
    for (const c of [3, -1]) {
      const free = barrier(lossOf, pair(inGauge(1)), pair(inGauge(c)), 3);
      const middle = (step * (2 + c + 1 / c)) / 4;
      expect(free.height).toBeCloseTo(oneStepLoss(contexts, middle) - loss, 12);
      expect(free.height).toBeGreaterThan(0.05 * loss);
      const [a, b] = [fixAttentionScale(inGauge(1), 10), fixAttentionScale(inGauge(c), 10)];
      expect(barrier(lossOf, pair(a), pair(b)).height).toBeLessThan(0.01 * loss);
      expect(pair(b)[1]).toBeCloseTo(-step, 12);
    }
    expect(() => fixAttentionScale(inGauge(0), 10)).toThrow("trace");
  });
});
