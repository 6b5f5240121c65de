/** @file The scoreboard's statistics against closed forms and brute force. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { auroc } from "../../statistics/selective.ts";
import { aurocEstimate, delongVariance, newcombeInterval } from "./auroc.ts";
import { choosePenalty, fitLogistic, heldOut, linear, logit, PENALTIES, sigmoid } from "./logistic.ts";
import { logLossSkill, powerAt } from "./proper.ts";

/** Scores with ties, and labels that they tell apart somewhat. */
function sample(n: number, seed: number, shift = 1) {
  const random = rng(seed);
  const labels = Array.from({ length: n }, (_, i) => (i < 2 ? i : random.int(2)));
  const scores = labels.map((label) => Math.round(4 * (random.normal() + shift * label)) / 4);
  return { scores, labels };
}

describe("area under the ROC curve", () => {
  test("DeLong's variance is that of the area over repeated samples", () => {
    const areas: number[] = [];
    const variances: number[] = [];
    for (let seed = 0; seed < 1500; seed++) {
      const { scores, labels } = sample(50, 1000 + seed);
      areas.push(auroc(scores, labels));
      variances.push(delongVariance(scores, labels));
    }
    const center = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    const spread = areas.reduce((sum, area) => sum + (area - center) ** 2, 0) / (areas.length - 1);
    const told = variances.reduce((sum, each) => sum + each, 0) / variances.length;
    expect(told / spread).toBeGreaterThan(0.88);
    expect(told / spread).toBeLessThan(1.14);
  });

  test("Newcombe's limits solve |area − θ| = z √V(θ), and are no point where separation is perfect", () => {
    const variance = (theta: number, m: number, n: number) =>
      (theta * (1 - theta) * (1 + ((m + n) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta)))) / (m * n);
    for (const [area, m, n] of [
      [0.8, 20, 30],
      [0.5, 8, 8],
      [1, 12, 15],
    ] as const) {
      const [low, high] = newcombeInterval(area, m, n);
      expect(low).toBeLessThan(area);
      expect(Math.abs(area - low)).toBeCloseTo(1.959964 * Math.sqrt(variance(low, m, n)), 5);
      if (area === 1) expect(high).toBe(1);
      else expect(Math.abs(area - high)).toBeCloseTo(1.959964 * Math.sqrt(variance(high, m, n)), 5);
    }
    expect(newcombeInterval(0, 12, 15)[1]).toBeCloseTo(1 - newcombeInterval(1, 12, 15)[0], 9);
  });

  test("the interval holds the area, widens with clusters, and covers the truth", () => {
    const perfect = aurocEstimate([1, 2, 3, 4], [0, 0, 1, 1], { clusters: [0, 1, 0, 1], rng: rng(0) })!;
    expect(perfect).toMatchObject({ mean: 1, high: 1, n: 4, unit: "agents" });
    expect(perfect.low).toBeLessThan(0.8);
    // Normal scores one deviation apart: Φ(1/√2).
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = rng(seed);
      const labels = Array.from({ length: 60 }, (_, i) => i % 2);
      const scores = labels.map((label) => random.normal() + label);
      const clusters = labels.map((_, i) => Math.floor(i / 10));
      const { low, high } = aurocEstimate(scores, labels, { clusters, rng: random, resamples: 100 })!;
      if (low <= 0.7602499 && 0.7602499 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(186);
  });
});

describe("probabilities", () => {
  test("the base rate has no skill, the truth nearly all", () => {
    const labels = [0, 1, 0, 1, 0, 1, 0, 1];
    const clusters = [0, 0, 1, 1, 2, 2, 3, 3];
    const base = labels.map(() => 0.5);
    expect(logLossSkill(base, base, labels, clusters)).toMatchObject({ mean: 0, low: 0, high: 0, n: 4 });
    const sure = labels.map((label) => (label === 1 ? 0.9 : 0.1));
    expect(logLossSkill(sure, base, labels, clusters)!.mean).toBeCloseTo(1 - Math.log(0.9) / Math.log(0.5), 12);
    const wrong = labels.map((label) => (label === 1 ? 0.1 : 0.9));
    expect(logLossSkill(wrong, base, labels, clusters)!.mean).toBeLessThan(0);
    expect(logLossSkill(sure, base, labels, [0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
  });

  test("power: the threshold lets through no more negatives than allowed, and what is not scored is missed", () => {
    const negatives = Array.from({ length: 40 }, (_, i) => i);
    const labels = [...negatives.map(() => 0), 1, 1, 1, 1];
    // Two of forty may be above the threshold: it lies at 37.
    const power = powerAt(0.05, [...negatives, 38, 37, 100, undefined], labels)!;
    expect(power.mean).toBe(2 / 4);
    expect(power.n).toBe(4);
    expect(powerAt(0.05, [1, 2], [0, 0])).toBeUndefined();
  });
});

describe("ridge logistic regression", () => {
  const { rows, labels } = (() => {
    const random = rng(5);
    const drawn = Array.from({ length: 120 }, () => [random.normal(), random.normal(), random.normal()]);
    return { rows: drawn, labels: drawn.map(([a, b]) => (random.uniform() < sigmoid(a! - 2 * b! + 0.5) ? 1 : 0)) };
  })();

  test("without features it is the base rate", () => {
    const { intercept } = fitLogistic([[0], [0], [0], [0]], [1, 0, 0, 0], 1);
    expect(intercept).toBeCloseTo(logit(0.25), 9);
  });

  test("its gradient vanishes: Σ (p − y) x + λ w = 0, also where the classes separate", () => {
    const separable = rows.map(([a]) => (a! > 0 ? 1 : 0));
    for (const [target, lambda] of [
      [labels, 1],
      [labels, 0.3],
      [separable, 0.3],
      [separable, 30],
    ] as const) {
      const model = fitLogistic(rows, target, lambda);
      const residuals = rows.map((row, i) => sigmoid(linear(model, row)) - target[i]!);
      expect(residuals.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 5);
      for (let j = 0; j < 3; j++) {
        const gradient = residuals.reduce((sum, each, i) => sum + each * rows[i]![j]!, lambda * model.weights[j]!);
        expect(gradient).toBeCloseTo(0, 5);
      }
    }
  });

  test("an agent's own cluster does not reach its score", () => {
    const clusters = rows.map((_, i) => i % 4);
    const fitted = (target: readonly number[]) =>
      heldOut(target, clusters, (kept) => {
        const model = fitLogistic(
          kept.map((i) => rows[i]!),
          kept.map((i) => target[i]!),
          1,
        );
        return (i) => linear(model, rows[i]!);
      });
    const before = fitted(labels);
    const flipped = labels.map((label, i) => (clusters[i] === 2 ? 1 - label : label));
    const after = fitted(flipped);
    for (const [i, fold] of before.entries()) {
      if (clusters[i] === 2) expect(after[i]).toEqual(fold);
    }
    expect(before.some((fold, i) => fold!.logOdds !== after[i]!.logOdds)).toBe(true);
  });

  test("noise gets the strongest penalty or nearly, signal a weaker one", () => {
    const clusters = rows.map((_, i) => i % 5);
    const random = rng(8);
    const noise = rows.map(() => random.int(2));
    const strongest = PENALTIES.at(-1)!;
    expect(choosePenalty(rows, noise, clusters)).toBeGreaterThanOrEqual(strongest / 4);
    expect(choosePenalty(rows, labels, clusters)).toBeLessThan(strongest / 4);
  });
});
