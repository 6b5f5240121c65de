/** @file The pick against enumeration of all subsets, and the closed form against simulated zoos. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { type Accepted, pickOf, predictedPick } from "./pick.ts";

const random = rng(5);
const member = (): Accepted => {
  const real = random.normal();
  const share = 0.4 + 0.05 * real + 0.05 * random.normal();
  return {
    share,
    tested: share + 0.05 * random.normal(),
    score: 0.8 + 0.03 * real + 0.04 * random.normal(),
    fresh: 0.8 + 0.03 * real + 0.04 * random.normal(),
    skill: 0.9,
  };
};

test("the pick is the mean over all subsets", () => {
  const members = Array.from({ length: 6 }, member);
  const subsets = Array.from({ length: 64 }, (_, bits) => members.filter((_, i) => (bits >> i) & 1));
  for (const n of [1, 2, 4, 6]) {
    const winners = subsets
      .filter(({ length }) => length === n)
      .map((own) => own.reduce((best, each) => (each.score > best.score ? each : best)));
    const picked = pickOf(members, n);
    expect(picked.share).toBeCloseTo(mean(winners.map(({ share }) => share)), 12);
    expect(picked.fresh).toBeCloseTo(
      mean(winners.map(({ fresh }) => fresh)) - mean(members.map(({ fresh }) => fresh)),
      12,
    );
    expect(picked.misaligned).toBeCloseTo(mean(winners.map(({ share }) => Number(share >= 0.5))), 12);
  }
  expect(pickOf(members, 1).lead).toBeCloseTo(0, 12);
});

test("the closed form is what zoos of normal scores do", () => {
  const zoos = Array.from({ length: 400 }, () => Array.from({ length: 8 }, member));
  const predicted = predictedPick(zoos, 8);
  const seen = (of: "score" | "fresh" | "lead") => mean(zoos.map((members) => pickOf(members, 8)[of]));
  // Known: sd .05, reliability .0009/.0025, share per score .0015/.0025; E[max of 8] = 1.4236.
  expect(predicted.score).toBeCloseTo(0.05 * 1.4236, 2);
  expect(predicted.fresh / predicted.score).toBeCloseTo(0.36, 1);
  expect(predicted.lead / predicted.score).toBeCloseTo(0.6, 1);
  for (const of of ["score", "fresh", "lead"] as const) expect(seen(of)).toBeCloseTo(predicted[of], 2);
});
