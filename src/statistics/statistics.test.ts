/** @file The smaller statistics against closed forms, brute force and simulation. */
import { describe, expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { normalCdf } from "../theory/numerics/normal.ts";
import { cohenKappa, krippendorffAlpha } from "./agreement.ts";
import { betaTail } from "./beta-tail.ts";
import { bootstrapMean, clusteredStandardError } from "./clustered.ts";
import { detection } from "./detection.ts";
import { brier, brierParts, calibrationNull, debiasedCalibrationError, expectedCalibrationError } from "./forecasts.ts";
import { predictionPowered, roganGladen } from "./judge-error.ts";
import { worstCase } from "./missing.ts";
import { eBenjaminiHochberg } from "./multiplicity.ts";
import { mcnemarExact, pairedTable } from "./paired.ts";
import { itemsNeeded, minimumDetectable, pairsNeeded, power } from "./planning.ts";
import { areaUnderRiskCoverage, auroc, selectiveAccuracy } from "./selective.ts";
import { signFlip } from "./sign-flip.ts";
import { binomialCdf, logGamma, noncentralTail, studentQuantile } from "./special.ts";

describe("special functions", () => {
  test("ln Γ at integers and halves", () => {
    let factorial = 1;
    for (let n = 1; n < 15; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  });
  test("the beta tail is a binomial sum at integers", () => {
    // P(Beta(k+1, n−k) > x) = P(Binomial(n, x) ≤ k).
    for (const x of [0.1, 0.5, 0.83]) expect(betaTail(x, 5, 8)).toBeCloseTo(binomialCdf(4, 12, x), 11);
  });
  test("Student's t: central at its own quantile, noncentral by simulation", () => {
    for (const df of [3, 11, 40]) expect(noncentralTail(studentQuantile(0.975, df), df, 0)).toBeCloseTo(0.025, 6);
    expect(noncentralTail(1.96, Infinity, 1)).toBeCloseTo(1 - normalCdf(0.96), 12);
    const r = rng(1);
    let above = 0;
    for (let i = 0; i < 40_000; i++) {
      let chi = 0;
      for (let k = 0; k < 5; k++) chi += r.normal() ** 2;
      if ((r.normal() + 1.5) / Math.sqrt(chi / 5) > 2) above++;
    }
    expect(noncentralTail(2, 5, 1.5)).toBeCloseTo(above / 40_000, 2);
  });
});

test("exact McNemar is the sum over all tables as likely or less", () => {
  const choose = [1, 7, 21, 35, 35, 21, 7, 1];
  for (let n10 = 0; n10 <= 7; n10++) {
    const p = choose.filter((ways) => ways <= choose[n10]!).reduce((a, b) => a + b, 0) / 128;
    expect(mcnemarExact({ n10, n01: 7 - n10 })).toBeCloseTo(Math.min(1, p), 12);
  }
  expect(pairedTable([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])).toEqual({ n11: 1, n10: 2, n01: 1, n00: 1 });
});

test("e-BH rejects the largest k that pass together", () => {
  // n/(αk) with n = 4: 80, 40, 26.7, 20.
  expect(eBenjaminiHochberg([30, 1, 30, 30])).toEqual([true, false, true, true]);
  expect(eBenjaminiHochberg([39, 1, 39, 2])).toEqual([false, false, false, false]);
});

describe("clusters", () => {
  const values: number[] = [];
  const clusters: number[] = [];
  const r = rng(4);
  for (let c = 0; c < 14; c++) {
    const shared = r.normal();
    for (let i = 0; i < 6; i++) {
      values.push(shared + 0.3 * r.normal());
      clusters.push(c);
    }
  }
  test("the bootstrap finds the clustered standard error, twice the naive one and more", () => {
    const se = clusteredStandardError(values, clusters);
    const { percentile, bca } = bootstrapMean(values, clusters, rng(1), 4000);
    expect((percentile.high - percentile.low) / (2 * 1.96)).toBeCloseTo(se, 1);
    expect(bca.low).toBeLessThan(percentile.mean);
    expect(bca.high).toBeGreaterThan(percentile.mean);
    expect(percentile.n).toBe(14);
    expect(se).toBeGreaterThan(
      1.8 *
        clusteredStandardError(
          values,
          values.map((_, i) => i),
        ),
    );
  });
  test("nine clusters are refused", () => {
    expect(() => bootstrapMean(values.slice(0, 54), clusters.slice(0, 54), rng(1))).toThrow("too few clusters");
  });
  test("the accelerated interval of a skewed mean leans to the long tail", () => {
    const skewed = Array.from({ length: 40 }, (_, i) => Math.exp(rng(2).fork(i).normal()));
    const { percentile, bca } = bootstrapMean(
      skewed,
      skewed.map((_, i) => i),
      rng(1),
      4000,
    );
    expect(bca.high).toBeGreaterThan(percentile.high);
    expect(bca.low).toBeGreaterThan(percentile.low);
  });
});

test("worst-case bounds are the extremes over every filling", () => {
  const cells = [
    { scores: [1, 0], missing: 1 },
    { scores: [1], missing: 2 },
    { scores: [0, 1, 1], missing: 0 },
  ];
  const weights = [1, -1, 0];
  const fillings: number[] = [];
  for (let mask = 0; mask < 8; mask++) {
    const bit = (i: number) => (mask >> i) & 1;
    fillings.push((1 + bit(0)) / 3 - (1 + bit(1) + bit(2)) / 3);
  }
  const [low, high] = worstCase(cells, weights, [0, 1]);
  expect(low).toBeCloseTo(Math.min(...fillings), 12);
  expect(high).toBeCloseTo(Math.max(...fillings), 12);
});

describe("judges that err", () => {
  test("corrections bring back the true rate, and their intervals hold it", () => {
    const [truth, se, sp] = [0.5, 0.7, 0.95];
    let [rogan, powered] = [0, 0];
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const r = rng(7).fork(round);
      const one = () => {
        const label = r.uniform() < truth ? 1 : 0;
        return { label, judged: r.uniform() < (label ? se : 1 - sp) ? 1 : 0 };
      };
      const judged = Array.from({ length: 600 }, () => one().judged);
      const labeled = Array.from({ length: 200 }, one);
      const count = (label: number, called: number) =>
        labeled.filter((x) => x.label === label && x.judged === called).length;
      const table = {
        positives: count(1, 0) + count(1, 1),
        truePositives: count(1, 1),
        negatives: count(0, 0) + count(0, 1),
        trueNegatives: count(0, 0),
      };
      const a = roganGladen(judged.filter(Boolean).length, judged.length, table);
      const b = predictionPowered(judged, labeled);
      if (a.low <= truth && truth <= a.high) rogan++;
      if (b.low <= truth && truth <= b.high) powered++;
    }
    // 95 % within three standard errors of 400 rounds.
    expect(rogan / rounds).toBeGreaterThan(0.917);
    expect(powered / rounds).toBeGreaterThan(0.917);
  });
  test("a judge at chance cannot be corrected", () => {
    const coin = { positives: 50, truePositives: 25, negatives: 50, trueNegatives: 25 };
    expect(() => roganGladen(10, 100, coin)).toThrow("too poor");
  });
});

test("agreement: textbook tables", () => {
  // Cohen's table [[20, 5], [10, 15]]: po = .7, pe = .5.
  const table = [
    [0, 0, 20],
    [0, 1, 5],
    [1, 0, 10],
    [1, 1, 15],
  ] as const;
  const a = table.flatMap(([x, , n]) => Array<number>(n).fill(x));
  const b = table.flatMap(([, y, n]) => Array<number>(n).fill(y));
  expect(cohenKappa(a, b)).toBeCloseTo(0.4, 12);
  // Krippendorff 2011, section C: nominal data of four observers with gaps, α = .743.
  const gap = undefined;
  const rows = [
    [1, 1, gap, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [gap, 5, 5, 5],
    [gap, gap, 1, 1],
    [gap, gap, 3, gap],
  ];
  expect(krippendorffAlpha(rows)).toBeCloseTo(0.743, 3);
  expect(krippendorffAlpha(rows, "interval")).toBeCloseTo(0.849, 3);
});

describe("forecasts", () => {
  const r = rng(11);
  const p = Array.from({ length: 400 }, () => r.uniform());
  const calibrated = p.map((each) => (r.uniform() < each ? 1 : 0));
  const overconfident = p.map((each) => (r.uniform() < 0.5 + 0.3 * (each - 0.5) ? 1 : 0));
  test("the parts of the Brier score sum to it", () => {
    for (const y of [calibrated, overconfident]) {
      const { reliability, resolution, uncertainty, withinVariance, withinCovariance } = brierParts(p, y);
      const sum = reliability - resolution + uncertainty + withinVariance - 2 * withinCovariance;
      expect(sum).toBeCloseTo(brier(p, y), 12);
    }
    // Murphy's own identity where a bin is one forecast.
    const few = p.map((each) => Math.round(each * 4) / 4);
    const parts = brierParts(few, calibrated, 400);
    expect(parts.withinVariance).toBeCloseTo(0, 12);
    expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(brier(few, calibrated), 12);
  });
  test("calibration error lies in the null band when calibrated, above it when not", () => {
    const [low, high] = calibrationNull(p, rng(1));
    expect(low).toBeGreaterThan(0.01);
    expect(expectedCalibrationError(p, calibrated)).toBeLessThan(high);
    expect(expectedCalibrationError(p, overconfident)).toBeGreaterThan(high);
    expect(debiasedCalibrationError(p, calibrated)).toBeLessThan(expectedCalibrationError(p, calibrated) + 0.02);
    // Truth: the root of E[(.7 (p − ½))²] = .7/√12.
    expect(debiasedCalibrationError(p, overconfident)).toBeCloseTo(0.7 / Math.sqrt(12), 1);
  });
  test("ranking by counting pairs, ties as half; selective accuracy and its area by hand", () => {
    for (const scores of [p, p.map((each) => Math.round(4 * each))]) {
      let [wins, pairs] = [0, 0];
      for (const [i, a] of scores.entries()) {
        for (const [j, b] of scores.entries()) {
          if (calibrated[i] !== 1 || calibrated[j] !== 0) continue;
          pairs++;
          wins += a > b ? 1 : a === b ? 0.5 : 0;
        }
      }
      expect(auroc(scores, calibrated)).toBeCloseTo(wins / pairs, 12);
    }
    expect(auroc([1, 2], [1, 1])).toBeNaN();
    expect(selectiveAccuracy([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0], 0.5)).toBeCloseTo(0.75, 12);
    expect(areaUnderRiskCoverage([0.9, 0.8, 0.8, 0.1], [1, 1, 0, 0])).toBeCloseTo((0 + 0.25 + 1 / 3 + 0.5) / 4, 12);
  });
});

test("d′ and criterion: known rates, and a bias without discrimination", () => {
  const many = detection(84134, 99999, 15866, 99999);
  expect(many.sensitivity).toBeCloseTo(2, 2);
  expect(many.criterion).toBeCloseTo(0, 2);
  expect(detection(30, 40, 30, 40).sensitivity).toBe(0);
  expect(detection(30, 40, 30, 40).criterion).toBeLessThan(0);
});

describe("planning", () => {
  const plan = { families: 12, itemsPerFamily: 8, variance: 0.3, correlation: 0.1 };
  test("power is what simulation of the test itself finds", () => {
    const delta = 0.18;
    const rounds = 1500;
    let seen = 0;
    for (let round = 0; round < rounds; round++) {
      const r = rng(5).fork(round);
      const d = Array.from({ length: plan.families }, () => {
        const sd = Math.sqrt(plan.variance * (plan.correlation + (1 - plan.correlation) / plan.itemsPerFamily));
        return delta + sd * r.normal();
      });
      if (signFlip(d, r).p <= 0.05) seen++;
    }
    expect(Math.abs(power(delta, plan) - seen / rounds)).toBeLessThan(0.04);
  });
  test("families of which nothing is left count as lost, and fewer than ten are not tested", () => {
    const [delta, complete, rounds] = [0.45, 0.5, 4000];
    const thin = { ...plan, itemsPerFamily: 2, complete };
    let seen = 0;
    for (let round = 0; round < rounds; round++) {
      const r = rng(6).fork(round);
      const d: number[] = [];
      for (let family = 0; family < plan.families; family++) {
        const left = Number(r.uniform() < complete) + Number(r.uniform() < complete);
        // Of as large a variance whatever is left, as a plan takes it: what is tested here is the number of families.
        const sd = Math.sqrt(plan.variance * (plan.correlation + (1 - plan.correlation) * (5 / 6)));
        if (left > 0) d.push(delta + sd * r.normal());
      }
      if (d.length >= 10 && signFlip(d, r).p <= 0.05) seen++;
    }
    // E[1/M | M ≥ 1] of two items, each complete every other time: (1/2 · 1 + 1/4 · 1/2) / (3/4) = 5/6.
    expect(Math.abs(power(delta, thin) - seen / rounds)).toBeLessThan(0.03);
    expect(power(delta, { ...thin, kept: 1 })).toBeGreaterThan(power(delta, thin) + 0.2);
  });
  test("no effect is found one time in twenty; the detectable effect is found four times in five", () => {
    expect(power(0, plan)).toBeCloseTo(0.05, 5);
    expect(power(minimumDetectable(plan), plan)).toBeCloseTo(0.8, 6);
    expect(minimumDetectable({ ...plan, complete: 0.7 })).toBeGreaterThan(minimumDetectable(plan));
    expect(itemsNeeded(0.18, plan)).toBe(
      1 + [...Array(99).keys()].findIndex((i) => power(0.18, { ...plan, itemsPerFamily: i + 1 }) >= 0.8),
    );
    expect(itemsNeeded(0.05, plan)).toBe(Infinity);
  });
  test("pairs for McNemar", () => expect(pairsNeeded(0.05, 0.15)).toBeCloseTo(470, -1));
});
