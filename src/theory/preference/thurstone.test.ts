/** @file Thurstonian utilities: recovery, held-out judgement, random tournaments that only fit in sample, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { logNormalCdf } from "../numerics/normal.ts";
import {
  cyclicTriads,
  fitThurstone,
  heldOutUtility,
  judgePairs,
  likelihoodSlope,
  type PairChoices,
  preference,
  type Thurstonian,
} from "./thurstone.ts";

function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (x: number, y: number) => number) => a.reduce((s, each, i) => s + f(each - ma, b[i]! - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

/** All pairs of `options`, in random order. */
function allPairs(options: number, random: Rng): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < options; i++) for (let j = 0; j < i; j++) pairs.push([i, j]);
  const order = pairs.map((_, i) => i);
  random.shuffle(order);
  return order.map((i) => pairs[i]!);
}

function choicesOf(truth: Thurstonian, count: number, random: Rng): PairChoices[] {
  return allPairs(truth.means.length, random).map(([first, second]) => {
    const p = preference(truth, first, second);
    let chosen = 0;
    for (let k = 0; k < count; k++) if (random.uniform() < p) chosen++;
    return { first, second, share: chosen / count, count };
  });
}

const draw = (options: number, random: Rng): Thurstonian => ({
  means: Float64Array.from({ length: options }, () => random.normal()),
  variances: Float64Array.from({ length: options }, () => Math.exp(-1 + 0.7 * random.normal())),
});

const N = 50;
/** 2 N log₂ N = 564 */
const FITTED = Math.round(2 * N * Math.log2(N));

describe("fifty options, 564 pairs, ten choices each", () => {
  const random = rng(1);
  const truth = draw(N, random);
  const pairs = choicesOf(truth, 10, random);
  const fit = fitThurstone(N, pairs.slice(0, FITTED));
  const heldOut = pairs.slice(FITTED);

  test("means are recovered beyond a correlation of 0.97, pairs never seen are predicted", () => {
    expect(FITTED).toBe(564);
    expect(correlation(fit.means, truth.means)).toBeGreaterThan(0.97);
    const agrees = heldOut.filter(
      ({ first, second }) => preference(fit, first, second) > 0.5 === preference(truth, first, second) > 0.5,
    );
    // Published: sign accuracy 0.952, root mean squared error of P 0.060.
    expect(agrees.length / heldOut.length).toBeGreaterThan(0.93);
    const squares = heldOut.map(
      ({ first, second }) => (preference(fit, first, second) - preference(truth, first, second)) ** 2,
    );
    expect(Math.sqrt(mean(squares))).toBeLessThan(0.075);
    const judged = judgePairs(fit, heldOut);
    expect(judged.logLoss).toBeLessThan(0.5);
    expect(judged.logLoss).toBeGreaterThan(judged.leastLogLoss);
    // Variances are identified worse than means.
    expect(correlation(fit.variances.map(Math.log), truth.variances.map(Math.log))).toBeLessThan(
      correlation(fit.means, truth.means),
    );
  });

  test("wrong version: an answer that could not be read counted as one half attenuates preferences", () => {
    // A share f of unread answers makes w (1 − f) + f/2 of a share w.
    const attenuated = pairs.slice(0, FITTED).map((pair) => ({ ...pair, share: pair.share * 0.6 + 0.2 }));
    const weak = fitThurstone(N, attenuated);
    const strength = (of: Thurstonian) =>
      mean(heldOut.map(({ first, second }) => Math.abs(preference(of, first, second) - 0.5)));
    expect(strength(weak)).toBeLessThan(0.8 * strength(truth));
    expect(Math.abs(strength(fit) / strength(truth) - 1)).toBeLessThan(0.1);
  });
});

test("a random tournament: 0.66 right in sample, a coin on pairs held out", () => {
  const found = [1, 2, 3].map((seed) => {
    const random = rng(100 + seed);
    const pairs = allPairs(N, random).map(([first, second]) => ({
      first,
      second,
      share: random.bits() < 0 ? 1 : 0,
      count: 1,
    }));
    const fit = fitThurstone(N, pairs.slice(0, FITTED));
    const { cyclic, triads } = cyclicTriads(N, pairs);
    return {
      fitted: judgePairs(fit, pairs.slice(0, FITTED)).accuracy.mean,
      heldOut: judgePairs(fit, pairs.slice(FITTED)),
      cyclic: cyclic / triads,
    };
  });
  // Published 0.663 and 0.503 ± 0.010; three tournaments of 564 and 661 pairs have deviations of about 0.01.
  const fitted = mean(found.map((each) => each.fitted));
  const heldOut = mean(found.map((each) => each.heldOut.accuracy.mean));
  expect(Math.abs(fitted - 0.663)).toBeLessThan(0.03);
  expect(Math.abs(heldOut - 0.503)).toBeLessThan(0.03);
  // Wrong version: judged in sample, a coin has a utility.
  expect(fitted - heldOut).toBeGreaterThan(0.1);
  for (const each of found) {
    expect(each.heldOut.logLoss).toBeGreaterThan(Math.LN2);
    expect(Math.abs(each.cyclic - 0.25)).toBeLessThan(0.02);
  }
});

describe("the likelihood", () => {
  test("its gradient agrees with finite differences, also far out", () => {
    const random = rng(3);
    const pairs = choicesOf(draw(6, random), 5, random);
    const value = (at: Float64Array) =>
      pairs.reduce((sum, { first, second, share, count }) => {
        const z = (at[first]! - at[second]!) / Math.sqrt(Math.exp(at[6 + first]!) + Math.exp(at[6 + second]!));
        return sum + count * (share * logNormalCdf(z) + (1 - share) * logNormalCdf(-z));
      }, 0);
    for (const scale of [1, 8]) {
      const at = Float64Array.from({ length: 12 }, (_, i) => (i < 6 ? scale : 0.5) * random.normal());
      const slope = likelihoodSlope(at, 6, pairs);
      for (let i = 0; i < 12; i++) {
        const moved = (by: number) => value(at.map((each, k) => (k === i ? each + by : each)));
        expect(slope[i]! / ((moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeCloseTo(1, 5);
      }
    }
    expect(
      likelihoodSlope(Float64Array.of(60, -60, 0, 0), 2, [{ first: 0, second: 1, share: 0, count: 1 }])[0],
    ).toBeLessThan(-50);
  });

  test("two options: the preference tends to the share itself", () => {
    const fit = fitThurstone(2, [{ first: 0, second: 1, share: 0.8, count: 10 }], { epochs: 3000 });
    expect(preference(fit, 0, 1)).toBeCloseTo(0.8, 3);
    expect(fit.means[0]).toBeCloseTo(1, 12);
    expect(preference(fit, 0, 1) + preference(fit, 1, 0)).toBeCloseTo(1, 12);
  });
});

test("held-out judgement beside a coin on the same pairs", () => {
  const random = rng(5);
  const pairs = choicesOf(draw(16, random), 10, random);
  const { heldOut, coin, fit } = heldOutUtility(16, pairs, { share: 0.3, rng: rng(6) });
  expect(heldOut.accuracy.low).toBeGreaterThan(0.6);
  expect(coin.accuracy.low).toBeLessThan(0.5);
  expect(coin.logLoss).toBeGreaterThan(heldOut.logLoss);
  expect(heldOut.accuracy.n).toBeLessThanOrEqual(36);
  expect(fit.means.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 10);
});

test("cyclic triads: none in an order, one in a cycle, none where a pair is missing or split", () => {
  const pair = (first: number, second: number, share = 1): PairChoices => ({ first, second, share, count: 1 });
  expect(cyclicTriads(3, [pair(0, 1), pair(1, 2), pair(0, 2)])).toEqual({ cyclic: 0, triads: 1, disjoint: 1 });
  expect(cyclicTriads(3, [pair(0, 1), pair(1, 2), pair(2, 0)])).toEqual({ cyclic: 1, triads: 1, disjoint: 1 });
  expect(cyclicTriads(3, [pair(0, 1), pair(1, 2), pair(2, 0, 0.5)])).toEqual({ cyclic: 0, triads: 0, disjoint: 0 });
  expect(cyclicTriads(3, [pair(0, 1), pair(1, 2)])).toEqual({ cyclic: 0, triads: 0, disjoint: 0 });
});
