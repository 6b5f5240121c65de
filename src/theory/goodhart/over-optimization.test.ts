/** @file Over-optimization: the estimator against every subset, the fits against their toy and exact laws, wrong forms. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { bestOfKl } from "../selection/order-statistics.ts";
import {
  bestOfDistance,
  bestOfScore,
  fitOveroptimization,
  goldScore,
  overoptimizationPeak,
  quadraticToy,
} from "./over-optimization.ts";

/** Every subset of n of the first `size` numbers. */
function* subsets(size: number, n: number, from = 0): Generator<readonly number[]> {
  if (n === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= size - n; i++) for (const rest of subsets(size, n - 1, i + 1)) yield [i, ...rest];
}

describe("the best of n from N samples", () => {
  const random = rng(1);
  const gold = Array.from({ length: 11 }, () => random.normal());
  const proxy = gold.map((each) => each + random.normal());

  test.each([1, 2, 3, 7, 11])("is the mean over all subsets of %d", (n) => {
    const winners = [...subsets(11, n)].map((list) => {
      const most = Math.max(...list.map((i) => proxy[i]!));
      return gold[list.find((i) => proxy[i] === most)!]!;
    });
    expect(bestOfScore(proxy, gold, n)).toBeCloseTo(mean(winners), 12);
  });

  test("ties are shared", () => {
    const tied = proxy.map((each) => Math.round(each));
    expect(new Set(tied).size).toBeLessThan(8);
    const winners = [...subsets(11, 4)].map((list) => {
      const most = Math.max(...list.map((i) => tied[i]!));
      return mean(list.filter((i) => tied[i] === most).map((i) => gold[i]!));
    });
    expect(bestOfScore(tied, gold, 4)).toBeCloseTo(mean(winners), 12);
  });

  test("has no bias, unlike resampling with replacement", () => {
    const draws = rng(2);
    let [sum, replaced, squares] = [0, 0, 0];
    const trials = 4000;
    const [size, n] = [12, 8];
    for (let t = 0; t < trials; t++) {
      const z = Array.from({ length: size }, () => draws.normal()).sort((a, b) => a - b);
      const each = bestOfScore(z, z, n);
      sum += each / trials;
      squares += (each * each) / trials;
      // With replacement the i-th is the best with probability (i/N)^n − ((i − 1)/N)^n.
      replaced += z.reduce((s, x, i) => s + x * (((i + 1) / size) ** n - (i / size) ** n), 0) / trials;
    }
    const error = Math.sqrt((squares - sum * sum) / trials);
    expect(Math.abs(sum - 1.4236)).toBeLessThan(4 * error);
    expect(Math.abs(replaced - 1.4236)).toBeGreaterThan(8 * error);
  });

  test("many samples: no overflow of binomials", () => {
    const z = Array.from({ length: 20_000 }, (_, i) => i);
    // The greatest of n of 0 … N − 1 is (N + 1) n/(n + 1) − 1 on average.
    expect(bestOfScore(z, z, 1024)).toBeCloseTo((20_001 * 1024) / 1025 - 1, 6);
    expect(() => bestOfScore([1], [1], 2)).toThrow("samples");
  });
});

describe("the best-of-n law", () => {
  const sizes = Array.from({ length: 11 }, (_, i) => 2 ** i);
  const distances = sizes.map(bestOfDistance);
  const scores = sizes.map((n) => quadraticToy(n, 0.3));

  test("the toy's scores, by quadrature; the published ones are a simulation, noisier where n is large", () => {
    const published = [0, 0.564, 0.864, 1.003, 1.041, 1.013, 0.934, 0.821, 0.681, 0.526, 0.352];
    for (const [i, each] of published.entries())
      expect(Math.abs(scores[i]! - each)).toBeLessThan(i < 8 ? 0.002 : 0.0065);
  });

  test("fits it: α 1.548 ± .03, β .576 ± .015, residuals to .006 (.005 for the simulated scores), peak at 1.34", () => {
    const fit = fitOveroptimization("best-of-n", distances, scores);
    expect(Math.abs(fit.alpha - 1.548)).toBeLessThan(0.03);
    expect(Math.abs(fit.beta - 0.576)).toBeLessThan(0.015);
    expect(fit.maxResidual).toBeLessThan(0.0065);
    const peak = overoptimizationPeak(fit);
    expect(peak.d).toBeCloseTo(1.34, 2);
    expect(bestOfDistance(16)).toBeCloseTo(peak.d, 1);
    expect(scores.indexOf(Math.max(...scores))).toBe(4);
  });

  test("fits the published scores to the published digits", () => {
    const published = [0, 0.564, 0.864, 1.003, 1.041, 1.013, 0.934, 0.821, 0.681, 0.526, 0.352];
    const fit = fitOveroptimization("best-of-n", distances, published);
    expect(fit.alpha).toBeCloseTo(1.548, 2);
    expect(fit.beta).toBeCloseTo(0.576, 2);
    expect(fit.maxResidual).toBeLessThan(0.005);
  });

  test("wrong abscissas and the wrong form miss those numbers", () => {
    const wrong = [
      fitOveroptimization("best-of-n", sizes.map(bestOfKl), scores),
      fitOveroptimization(
        "best-of-n",
        sizes.map((n) => Math.sqrt(bestOfKl(n) * Math.LOG2E)),
        scores,
      ),
      fitOveroptimization(
        "best-of-n",
        sizes.map((n) => Math.sqrt(Math.log(n))),
        scores,
      ),
      fitOveroptimization("reinforcement", distances, scores),
    ];
    for (const { alpha, beta } of wrong) {
      expect(Math.abs(alpha - 1.548) > 0.03 || Math.abs(beta - 0.576) > 0.015).toBe(true);
    }
  });

  test("simulated candidates lead to the same law", () => {
    const random = rng(3);
    const upTo = sizes.slice(0, 9);
    const exact = fitOveroptimization("best-of-n", distances.slice(0, 9), scores.slice(0, 9));
    const fits = Array.from({ length: 16 }, () => {
      const proxy = Array.from({ length: 4000 }, () => random.normal());
      const gold = proxy.map((z) => z - 0.3 * z * z + 0.3);
      return fitOveroptimization(
        "best-of-n",
        distances.slice(0, 9),
        upTo.map((n) => bestOfScore(proxy, gold, n)),
      );
    });
    for (const of of ["alpha", "beta"] as const) {
      const values = fits.map((fit) => fit[of]);
      expect(Math.abs(mean(values) - exact[of])).toBeLessThan(4 * Math.sqrt(variance(values) / 16));
      expect(4 * Math.sqrt(variance(values) / 16)).toBeLessThan(0.15);
    }
  });
});

describe("both laws", () => {
  const grid = Array.from({ length: 40 }, (_, i) => 0.1 + i * 0.25);

  test.each(["best-of-n", "reinforcement"] as const)(
    "%s: coefficients are recovered, and the peak is the greatest value",
    (form) => {
      const law = { form, alpha: 1.4, beta: 0.45 };
      const fit = fitOveroptimization(
        form,
        grid,
        grid.map((d) => goldScore(law, d)),
      );
      expect(fit.alpha).toBeCloseTo(1.4, 10);
      expect(fit.beta).toBeCloseTo(0.45, 10);
      expect(fit.rmse).toBeLessThan(1e-10);
      const { d, score, zero } = overoptimizationPeak(law);
      expect(goldScore(law, d)).toBeCloseTo(score, 12);
      expect(goldScore(law, zero)).toBeCloseTo(0, 12);
      for (const step of [-0.01, 0.01]) expect(goldScore(law, d + step)).toBeLessThan(score);
    },
  );

  test("α d − β d² is not the law of reinforcement: other peak, and no fit", () => {
    const law = { form: "reinforcement", alpha: 1.4, beta: 0.45 } as const;
    const { d, score } = overoptimizationPeak(law);
    expect(d).toBeCloseTo(Math.exp(1.4 / 0.45 - 1), 12);
    expect(Math.abs(law.alpha / (2 * law.beta) - d)).toBeGreaterThan(5);
    const wrong = fitOveroptimization(
      "best-of-n",
      grid,
      grid.map((x) => goldScore(law, x)),
    );
    expect(wrong.maxResidual).toBeGreaterThan(0.1 * score);
  });

  test("what never falls has no peak, and one distance gives no law", () => {
    expect(() => overoptimizationPeak({ form: "best-of-n", alpha: 1, beta: 0 })).toThrow("fall");
    expect(() => fitOveroptimization("best-of-n", [0, 1, 1], [0, 1, 1])).toThrow("two different");
    expect(goldScore({ form: "reinforcement", alpha: 1, beta: 1 }, 0)).toBe(0);
  });
});
