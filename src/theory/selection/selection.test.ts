/** @file Selection with ties against enumeration of every draw, published digits, limits, and the wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { bestOfKl, bestOfWinRate, normalMaximum } from "./order-statistics.ts";
import { bestOfDistribution, normalTilt, reweightingKl, selectionKl, selectionWinRate } from "./selection.ts";

const uniform = (k: number) => ({ probabilities: new Float64Array(k).fill(1 / k) });

/** Every sequence of n outcomes with its probability. */
function* sequences(
  p: readonly number[],
  n: number,
): Generator<readonly [draws: readonly number[], probability: number]> {
  if (n === 0) {
    yield [[], 1];
    return;
  }
  for (const [draws, probability] of sequences(p, n - 1)) {
    for (const [i, own] of p.entries()) yield [[...draws, i], probability * own];
  }
}

/** Draw n, keep the first of those that earn most. */
function enumerated(p: readonly number[], rewards: readonly number[], n: number): Float64Array {
  const q = new Float64Array(p.length);
  for (const [draws, probability] of sequences(p, n)) {
    const most = Math.max(...draws.map((i) => rewards[i]!));
    q[draws.find((i) => rewards[i] === most)!]! += probability;
  }
  return q;
}

const divergence = (q: ArrayLike<number>, p: ArrayLike<number>) =>
  Array.from(q).reduce((sum, each, i) => (each > 0 ? sum + each * Math.log(each / p[i]!) : sum), 0);

describe("the best of n with ties", () => {
  test("digits for uniform outcomes; the formula without ties gives others", () => {
    const published: readonly (readonly [number, number, number, number])[] = [
      [2, 2, 0.13081, 0.19315],
      [2, 4, 0.45936, 0.63629],
      [16, 16, 1.79404, 1.83509],
      [4096, 1024, 5.92985, 5.93245],
    ];
    for (const [k, n, exact, formula] of published) {
      expect(Math.abs(selectionKl(uniform(k), n) - exact)).toBeLessThan(6e-6);
      expect(Math.abs(bestOfKl(n) - formula)).toBeLessThan(6e-6);
      expect(Math.abs(bestOfKl(n) - exact)).toBeGreaterThan(0.002);
    }
    expect(selectionKl(uniform(2), 10_000)).toBeCloseTo(Math.LN2, 12);
  });

  test.each([
    { p: [0.5, 0.5], rewards: [0, 1], n: 2 },
    { p: [0.1, 0.2, 0.3, 0.4], rewards: [3, 1, 2, 0], n: 4 },
    { p: [0.1, 0.2, 0.3, 0.25, 0.15], rewards: [1, 0, 1, 2, 2], n: 5 },
    { p: [0.3, 0, 0.7], rewards: [1, 5, 1], n: 3 },
  ])("every sequence of $n draws from $p with rewards $rewards", ({ p, rewards, n }) => {
    const outcomes = { probabilities: p, rewards };
    const q = enumerated(p, rewards, n);
    bestOfDistribution(outcomes, n).forEach((each, i) => {
      expect(each).toBeCloseTo(q[i]!, 12);
    });
    expect(selectionKl(outcomes, n)).toBeCloseTo(divergence(q, p), 12);
    let wins = 0;
    for (const [i, a] of p.entries()) {
      for (const [j, b] of q.entries())
        wins += a * b * (rewards[j]! > rewards[i]! ? 1 : rewards[j] === rewards[i] ? 0.5 : 0);
    }
    expect(selectionWinRate(outcomes, n)).toBeCloseTo(wins, 12);
    expect(selectionKl(outcomes, n)).toBeLessThanOrEqual(bestOfKl(n));
    expect(selectionWinRate(outcomes, n)).toBeLessThan(bestOfWinRate(n));
  });

  test("ties ignored, as if the index broke them, is another number", () => {
    const p = [0.1, 0.2, 0.3, 0.25, 0.15];
    const tied = selectionKl({ probabilities: p, rewards: [1, 0, 1, 2, 2] }, 5);
    expect(Math.abs(selectionKl({ probabilities: p }, 5) - tied)).toBeGreaterThan(0.05);
    expect(selectionKl({ probabilities: p, rewards: [7, 7, 7, 7, 7] }, 5)).toBe(0);
  });

  test("without ties the bounds are reached: many fine outcomes", () => {
    expect(selectionKl(uniform(200_000), 8)).toBeCloseTo(bestOfKl(8), 3);
    expect(selectionWinRate(uniform(200_000), 8)).toBeCloseTo(bestOfWinRate(8), 4);
    for (const n of [1, 2, 5, 50]) expect(selectionWinRate(uniform(3), n)).toBeLessThanOrEqual(bestOfWinRate(n));
  });
});

describe("any weights", () => {
  const random = rng(1);
  const p = Array.from({ length: 30 }, () => random.uniform());
  const total = p.reduce((a, b) => a + b);
  const probabilities = p.map((each) => each / total);

  test("equals the divergence of the reweighted distribution, whatever the scale of the weights", () => {
    const weights = probabilities.map(() => random.uniform() ** 3);
    const average = weights.reduce((sum, w, i) => sum + w * probabilities[i]!, 0);
    const after = weights.map((w, i) => (w * probabilities[i]!) / average);
    expect(reweightingKl(probabilities, weights)).toBeCloseTo(divergence(after, probabilities), 12);
    expect(
      reweightingKl(
        probabilities,
        weights.map((w) => 1000 * w),
      ),
    ).toBeCloseTo(divergence(after, probabilities), 12);
    expect(
      reweightingKl(
        probabilities,
        probabilities.map(() => 4),
      ),
    ).toBeCloseTo(0, 14);
  });

  test("truncation to the share s of the best costs −ln s", () => {
    expect(
      reweightingKl(
        uniform(100).probabilities,
        Float64Array.from({ length: 100 }, (_, i) => (i >= 95 ? 1 : 0)),
      ),
    ).toBeCloseTo(-Math.log(0.05), 12);
  });

  test("the best of n is the reweighting n u^(n − 1)", () => {
    const cells = 100_000;
    const weights = Float64Array.from({ length: cells }, (_, i) => 7 * ((i + 0.5) / cells) ** 6);
    expect(reweightingKl(uniform(cells).probabilities, weights)).toBeCloseTo(bestOfKl(7), 6);
  });

  test("tilting a normal reward: by quadrature, and above the best of n at equal divergence", () => {
    const sd = 1.3;
    const z = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200);
    const density = z.map((x) => Math.exp((-x * x) / 2) / (200 * Math.sqrt(2 * Math.PI)));
    const weights = z.map((x) => Math.exp(0.9 * sd * x));
    const { kl, gain } = normalTilt(0.9, sd);
    expect(reweightingKl(density, weights)).toBeCloseTo(kl, 8);
    const average = weights.reduce((sum, w, i) => sum + w * density[i]!, 0);
    expect(weights.reduce((sum, w, i) => sum + w * density[i]! * sd * z[i]!, 0) / average).toBeCloseTo(gain, 8);
    expect(gain).toBeCloseTo(sd * Math.sqrt(2 * kl), 12);
    const same = Math.sqrt(2 * bestOfKl(100));
    expect(normalTilt(same, 1).gain).toBeGreaterThan(normalMaximum(100).mean);
  });
});
