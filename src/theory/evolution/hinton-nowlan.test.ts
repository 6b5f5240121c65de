/** @file Learning that guides evolution: the published shares, expected fitness by summation, and controls without it. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { quantile } from "../../core/stats.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { founderWithoutWrong, hintonNowlan, learnerFitness } from "./hinton-nowlan.ts";

const runs = Array.from({ length: 10 }, (_, seed) => hintonNowlan({ generations: 50, rng: rng(seed) }));
const at = (generation: number, pick: "right" | "wrong" | "open" | "inborn") =>
  runs.map((run) => run[generation]![pick]);

describe("twenty loci, a thousand individuals", () => {
  test("generation 50: right 0.70 to 0.82, mean 0.762; wrong below 0.01", () => {
    for (const each of at(50, "right")) {
      expect(each).toBeGreaterThan(0.7);
      expect(each).toBeLessThan(0.82);
    }
    expect(Math.max(...at(50, "wrong"))).toBeLessThan(0.01);
    const right = sampledMean(at(50, "right"));
    // Published over 60 runs with a spread of 0.022, ours over 10.
    expect(Math.abs(right.mean - 0.762)).toBeLessThan(3 * Math.hypot(0.022 / Math.sqrt(60), right.standardError));
  });

  test("generation 20: wrong loci are gone, 0.666 right, 0.334 open", () => {
    const right = sampledMean(at(20, "right"));
    expect(Math.abs(right.mean - 0.666)).toBeLessThan(3 * Math.hypot(0.038 / Math.sqrt(60), right.standardError));
    // Runs take off at different times; the median run is through by then.
    expect(quantile(at(20, "wrong").sort(), 0.5)).toBeLessThan(0.001);
    // Learning is selected for; hardly anybody is right from birth.
    expect(Math.max(...at(50, "inborn"))).toBeLessThan(0.1);
  });

  test("founders: a quarter, a quarter, a half; 0.32 % without a wrong locus", () => {
    expect(founderWithoutWrong(20)).toBeCloseTo(0.00317, 5);
    for (const run of runs) {
      const { wrong, right, open } = run[0]!;
      expect(Math.abs(wrong - 0.25)).toBeLessThan(0.02);
      expect(wrong + right + open).toBeCloseTo(1, 12);
    }
  });

  test("wrong versions: no learning stays at chance; success without its speed leaves more open", () => {
    for (const seed of [1, 2]) {
      const { right, wrong } = hintonNowlan({ generations: 50, trials: 0, rng: rng(seed) }).at(-1)!;
      expect(Math.abs(right - 0.25)).toBeLessThan(0.12);
      expect(wrong).toBeGreaterThan(0.1);
    }
    const flat = sampledMean(
      [0, 1, 2, 3, 4, 5].map(
        (seed) => hintonNowlan({ generations: 50, worth: () => 20, rng: rng(seed) }).at(-1)!.right,
      ),
    );
    expect(flat.mean).toBeLessThan(0.7);
    expect(0.762 - flat.mean).toBeGreaterThan(5 * flat.standardError);
  });
});

test("expected fitness is the sum over trials", () => {
  for (const [open, trials] of [
    [1, 10],
    [5, 100],
    [12, 1000],
  ] as const) {
    const p = 2 ** -open;
    let sum = 1;
    for (let t = 1; t <= trials; t++) sum += (19 / trials) * (trials - t) * p * (1 - p) ** (t - 1);
    expect(learnerFitness(open, trials)).toBeCloseTo(sum, 10);
  }
  expect(learnerFitness(0, 1000)).toBe(20);
  expect(learnerFitness(3, 0)).toBe(1);
});

test("one generation of two loci moves the share of right loci by Cov(w, z)/w̄", () => {
  // Nine genotypes, by enumeration: z the share of right loci, w the expected fitness.
  let [w, z, wz] = [0, 0, 0];
  const shares = [0.25, 0.25, 0.5];
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      const p = shares[a]! * shares[b]!;
      const fitness = a === 0 || b === 0 ? 1 : learnerFitness((a === 2 ? 1 : 0) + (b === 2 ? 1 : 0), 10);
      const right = ((a === 1 ? 1 : 0) + (b === 1 ? 1 : 0)) / 2;
      w += p * fitness;
      z += p * right;
      wz += p * fitness * right;
    }
  }
  const expected = (wz - w * z) / w;
  const moved = sampledMean(
    Array.from({ length: 200 }, (_, seed) => {
      const [before, after] = hintonNowlan({ loci: 2, trials: 10, generations: 1, rng: rng(seed) });
      return after!.right - before!.right;
    }),
  );
  expect(Math.abs(moved.mean - expected)).toBeLessThan(3.5 * moved.standardError);
});
