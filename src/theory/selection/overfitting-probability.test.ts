/** @file Probability of overfitting: exact extremes, brute force over halvings, candidates without merit, wrong versions. */
import { describe, expect, test } from "vitest";
import { type Rng, rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { overfittingProbability } from "./overfitting-probability.ts";

const noise = (items: number, candidates: number, random: Rng, merit: (c: number) => number = () => 0) =>
  Float64Array.from({ length: items * candidates }, (_, at) => merit(at % candidates) + random.normal());

describe("extremes", () => {
  test("a candidate better on every item: 0, and every logit at its top", () => {
    const values = noise(40, 5, rng(1)).map((each, at) => (at % 5 === 3 ? 100 + each : each));
    const { probability, logits, lossProbability } = overfittingProbability({ candidates: 5, values }, { blocks: 8 });
    expect(probability).toBe(0);
    expect(logits.length).toBe(70);
    for (const each of logits) expect(each).toBeCloseTo(Math.log(5), 12);
    expect(lossProbability).toBe(0);
  });

  test("candidates with one total: the best on one half is the worst on the other, 1", () => {
    const values = noise(32, 4, rng(2));
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (let i = 0; i < 32; i++) sum += values[4 * i + c]!;
      for (let i = 0; i < 32; i++) values[4 * i + c]! -= sum / 32;
    }
    const { probability, logits, degradation } = overfittingProbability({ candidates: 4, values }, { blocks: 8 });
    expect(probability).toBe(1);
    for (const each of logits) expect(each).toBeCloseTo(-Math.log(4), 12);
    // What is gained in is lost out of sample, to the last digit.
    expect(degradation).toBeCloseTo(-1, 10);
  });
});

test("brute force: blocks of single items, halves written out", () => {
  const random = rng(3);
  const values = noise(6, 4, random);
  let [low, count] = [0, 0];
  for (let a = 0; a < 6; a++) {
    for (let b = a + 1; b < 6; b++) {
      for (let c = b + 1; c < 6; c++) {
        const of = (items: readonly number[], candidate: number) => mean(items.map((i) => values[4 * i + candidate]!));
        const own = [a, b, c];
        const other = [0, 1, 2, 3, 4, 5].filter((i) => !own.includes(i));
        const scores = [0, 1, 2, 3].map((candidate) => of(own, candidate));
        const winner = scores.indexOf(Math.max(...scores));
        const below = [0, 1, 2, 3].filter((candidate) => of(other, candidate) < of(other, winner)).length;
        if ((below + 1) / 5 <= 0.5) low++;
        count++;
      }
    }
  }
  expect(overfittingProbability({ candidates: 4, values }, { blocks: 6 }).probability).toBeCloseTo(low / count, 12);
});

test("without merit one half on average; with merit less; by mean over deviation too", () => {
  for (const by of ["mean", "mean/sd"] as const) {
    const of = (merit: (c: number) => number) =>
      mean(
        Array.from(
          { length: 60 },
          (_, seed) =>
            overfittingProbability({ candidates: 9, values: noise(96, 9, rng(seed), merit) }, { blocks: 8, by })
              .probability,
        ),
      );
    expect(Math.abs(of(() => 0) - 0.5)).toBeLessThan(0.1);
    expect(of((c) => 0.06 * c)).toBeLessThan(0.2);
  }
});

test("wrong version: judged in sample, the winner is never below the median", () => {
  const values = noise(96, 9, rng(5));
  // The winner on the whole is the best of nine on it, whatever it is worth.
  const totals = Array.from({ length: 9 }, (_, c) => mean(Array.from({ length: 96 }, (_, i) => values[9 * i + c]!)));
  const best = totals.indexOf(Math.max(...totals));
  expect(totals.filter((each) => each < totals[best]!).length).toBe(8);
  expect(overfittingProbability({ candidates: 9, values }, { blocks: 8 }).probability).toBeGreaterThan(0.1);
});

test("what cannot be halved is refused", () => {
  const values = new Float64Array(20);
  expect(() => overfittingProbability({ candidates: 2, values }, { blocks: 5 })).toThrow("even");
  expect(() => overfittingProbability({ candidates: 2, values }, { blocks: 12 })).toThrow("item");
  expect(() => overfittingProbability({ candidates: 1, values }, { blocks: 4 })).toThrow("two candidates");
});
