/** @file The perceptron's law by enumeration and by sampling, Bayes over functions, and what breaks the law. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import {
  compareFunctionLaws,
  functionPosterior,
  lempelZivComplexity,
  onesOverSigns,
  perceptronOnes,
  priorOf,
  sampleFunctions,
} from "./function-prior.ts";

describe("a perceptron without bias: P(t) = 2⁻ⁿ", () => {
  test("exactly, by enumeration of signs", () => {
    const random = rng(1);
    for (const n of [1, 2, 3, 5, 7]) {
      const law = onesOverSigns(Array.from({ length: n }, () => random.normal()));
      expect(Array.from(law)).toEqual(new Array(2 ** n).fill(2 ** -n));
    }
  });

  test.each([
    [3, 0.125, 0.002],
    [5, 0.03125, 0.001],
  ])("n = %i by sampling", (n, exact, tolerance) => {
    const draws = 100_000;
    const prior = sampleFunctions(
      (random) => String(perceptronOnes(Float64Array.from({ length: n }, () => random.normal()))),
      { draws, rng: rng(2) },
    );
    // Σ (observed − expected)² / expected over 2ⁿ cells, within four deviations of its mean.
    const cells = 2 ** n;
    let statistic = 0;
    for (let t = 0; t < cells; t++) {
      const { mean } = priorOf(prior, String(t));
      statistic += (draws * (mean - exact) ** 2) / exact;
      expect(Math.abs(mean - exact)).toBeLessThan(4 * tolerance);
    }
    expect(statistic).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)));
  });

  test("ones are counted right", () => {
    const w = [0.3, -1.2, 0.8, 2];
    let ones = 0;
    for (let x = 0; x < 16; x++) if (w.reduce((sum, each, i) => sum + each * ((x >> i) & 1), 0) > 0) ones++;
    expect(perceptronOnes(w)).toBe(ones);
    // A sum of exactly zero is no one.
    expect(perceptronOnes([1, -1])).toBe(1);
  });

  test("wrong versions: a bias, weights of one sign, inputs of −1 and 1, equal magnitudes", () => {
    const random = rng(3);
    const spread = (counts: Map<number, number>) => Math.max(...counts.values()) / 20_000;
    const tally = (draw: () => number) => {
      const counts = new Map<number, number>();
      for (let i = 0; i < 20_000; i++) {
        const t = draw();
        counts.set(t, (counts.get(t) ?? 0) + 1);
      }
      return counts;
    };
    const ones = (w: readonly number[], inputs: (bit: number) => number, bias: number) => {
      let t = 0;
      for (let x = 0; x < 8; x++) if (w.reduce((sum, each, i) => sum + each * inputs((x >> i) & 1), bias) > 0) t++;
      return t;
    };
    const weights = () => [random.normal(), random.normal(), random.normal()];
    expect(spread(tally(() => ones(weights(), (bit) => bit, 2 * random.normal())))).toBeGreaterThan(0.18);
    expect(spread(tally(() => ones(weights().map(Math.abs), (bit) => bit, 0)))).toBe(1);
    // With ±1 inputs exactly half are ones, always.
    expect(tally(() => ones(weights(), (bit) => 2 * bit - 1, 0)).get(4)).toBe(20_000);
    expect(Math.max(...onesOverSigns([1, 1, 1]))).toBeGreaterThan(0.2);
  });
});

test("the posterior is the prior among what fits", () => {
  const prior = sampleFunctions((random) => ["00", "01", "01", "11"][random.int(4)]!, { draws: 40_000, rng: rng(4) });
  const posterior = functionPosterior(prior, (label) => label.startsWith("0"))!;
  const { low, high, n } = priorOf(posterior, "01");
  expect(low).toBeLessThan(2 / 3);
  expect(high).toBeGreaterThan(2 / 3);
  expect(n).toBe(prior.counts.get("00")! + prior.counts.get("01")!);
  expect(functionPosterior(prior, () => false)).toBeUndefined();
  expect(priorOf(prior, "10").high).toBeGreaterThan(0);
});

test("Lempel and Ziv's own example, and a constant is simpler than noise", () => {
  // 0 · 001 · 10 · 100 · 1000 · 101
  expect(lempelZivComplexity("0001101001000101")).toBe(6);
  expect(lempelZivComplexity("00000000000000000000")).toBe(2);
  expect(lempelZivComplexity("01010101010101010101")).toBe(3);
  const random = rng(5);
  const noise = Array.from({ length: 64 }, () => random.int(2)).join("");
  expect(lempelZivComplexity(noise)).toBeGreaterThan(9);
});

describe("training against random draws", () => {
  const labels = ["a", "b", "c", "d", "e", "f"];
  /** Counts of draws from p_i ∝ 3^(−power · i). */
  const law = (power: number, draws: number, seed: number) => {
    const weights = labels.map((_, i) => 3 ** (-power * i));
    const total = weights.reduce((sum, each) => sum + each, 0);
    return sampleFunctions(
      (random) => {
        let u = random.uniform() * total;
        for (const [i, weight] of weights.entries()) {
          u -= weight;
          if (u < 0) return labels[i]!;
        }
        return "f";
      },
      { draws, rng: rng(seed) },
    );
  };

  test("the same law: slope 1, correlation 1, no divergence", () => {
    const found = compareFunctionLaws(law(1, 60_000, 1), law(1, 20_000, 2));
    expect(found.slope).toBeCloseTo(1, 1);
    expect(found.correlation).toBeGreaterThan(0.99);
    expect(found.kl).toBeLessThan(0.002);
    expect([found.shared, found.covered]).toEqual([6, 1]);
  });

  test("training that prefers what is likely twice as much: slope 2, and its divergence in closed form", () => {
    const found = compareFunctionLaws(law(1, 60_000, 3), law(2, 60_000, 4), { least: 1 });
    expect(Math.abs(found.slope - 2)).toBeLessThan(0.15);
    const p = (power: number) => labels.map((_, i) => 3 ** (-power * i));
    const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
    const [q, r] = [p(2).map((each) => each / sum(p(2))), p(1).map((each) => each / sum(p(1)))];
    expect(Math.abs(found.kl - sum(q.map((each, i) => each * Math.log(each / r[i]!))))).toBeLessThan(0.01);
    // Wrong version: the slope of probabilities, not of their logarithms, is dominated by one function.
    const [top, next] = [q[0]! - q[1]!, r[0]! - r[1]!];
    expect(Math.abs(top / next - 2)).toBeGreaterThan(0.2);
  });

  test("what one side hardly found is left out, and said", () => {
    const found = compareFunctionLaws(law(1, 60_000, 5), law(1, 60, 6));
    expect(found.shared).toBeLessThan(5);
    expect(found.covered).toBeLessThan(1);
    const apart = compareFunctionLaws(
      { counts: new Map([["a", 10]]), draws: 10 },
      { counts: new Map([["b", 10]]), draws: 10 },
    );
    expect(apart).toMatchObject({ shared: 0, covered: 0 });
    expect(apart.correlation).toBeNaN();
    expect(apart.kl).toBeGreaterThan(1);
  });
});
