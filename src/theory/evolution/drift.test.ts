/** @file Drift: variance and fixation by simulation and by the exact chain, selection beyond it, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { beyondDrift, driftVariance, fixationProbability, wrightFisher } from "./drift.ts";

/** The chain of k copies among n, by binomial probabilities: distribution after some generations. */
function chain(n: number, from: number, advantage: number, generations: number): Float64Array {
  const choose = (k: number) => {
    let out = 1;
    for (let i = 0; i < k; i++) out *= (n - i) / (i + 1);
    return out;
  };
  let now = new Float64Array(n + 1);
  now[from] = 1;
  for (let t = 0; t < generations; t++) {
    const next = new Float64Array(n + 1);
    for (let k = 0; k <= n; k++) {
      if (now[k] === 0) continue;
      const p = ((k / n) * (1 + advantage)) / (1 + (k / n) * advantage);
      for (let j = 0; j <= n; j++) next[j]! += now[k]! * choose(j) * p ** j * (1 - p) ** (n - j);
    }
    now = next;
  }
  return now;
}

describe("a neutral share", () => {
  test("variance: exact by the chain of 12 copies, by simulation of 100", () => {
    for (const generations of [1, 3, 10]) {
      const law = chain(12, 3, 0, generations);
      const center = law.reduce((sum, p, k) => sum + (p * k) / 12, 0);
      const spread = law.reduce((sum, p, k) => sum + p * (k / 12 - center) ** 2, 0);
      expect(center).toBeCloseTo(0.25, 10);
      expect(spread).toBeCloseTo(driftVariance(0.25, 12, generations), 10);
    }
    const ends = Array.from(
      { length: 1500 },
      (_, seed) => wrightFisher({ share: 0.3, population: 100, generations: 20, rng: rng(seed) }).at(-1)!,
    );
    expect(Math.abs(variance(ends) / driftVariance(0.3, 100, 20) - 1)).toBeLessThan(0.15);
    expect(Math.abs(mean(ends) - 0.3)).toBeLessThan(4 * Math.sqrt(driftVariance(0.3, 100, 20) / 1500));
    // Wrong versions: variances of single generations added up without end, and N for 2N of genes.
    expect(20 * driftVariance(0.3, 100, 1)).toBeGreaterThan(1.08 * driftVariance(0.3, 100, 20));
    expect(driftVariance(0.3, 200, 1)).toBeCloseTo(driftVariance(0.3, 100, 1) / 2, 12);
  });

  test("it is fixed as often as it was common", () => {
    const law = chain(12, 3, 0, 400);
    expect(law[12]).toBeCloseTo(fixationProbability(0.25, 12, 0), 8);
    expect(fixationProbability(0.25, 12, 1e-9)).toBeCloseTo(0.25, 6);
  });
});

describe("selection beside drift", () => {
  test("fixation with an advantage: the exact chain, to what the diffusion leaves out", () => {
    for (const advantage of [0.02, 0.1]) {
      const exact = chain(30, 3, advantage, 600)[30]!;
      expect(Math.abs(fixationProbability(0.1, 30, advantage) / exact - 1)).toBeLessThan(0.06);
      // Wrong version: a variant that is better is thought to win.
      expect(exact).toBeLessThan(0.5);
    }
  });

  test("what was selected stands out, what drifted does not, about as often as it should", () => {
    const far = (advantage: number) =>
      Array.from({ length: 300 }, (_, seed) => {
        const path = wrightFisher({ share: 0.5, population: 200, generations: 10, advantage, rng: rng(seed) });
        return Math.abs(beyondDrift(path[0]!, path[10]!, 200, 10));
      }).filter((each) => each > 3).length;
    expect(far(0)).toBeLessThan(5);
    expect(far(0.3)).toBeGreaterThan(250);
  });
});
