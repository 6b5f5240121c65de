/** @file The reusable holdout: its rules without noise, its noise, and an adaptive analyst whom it tells the truth. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { laplace, thresholdout } from "./thresholdout.ts";

describe("rules", () => {
  test("without noise: training within the threshold, holdout beyond, nothing after the budget", () => {
    const board = thresholdout({ threshold: 0.1, noise: 0, budget: 2 }, rng(1));
    expect(board.ask(0.6, 0.55)).toEqual({ from: "training", value: 0.6 });
    expect(board.ask(0.6, 0.45)).toEqual({ from: "holdout", value: 0.45 });
    expect(board.ask(0.3, 0.5)).toEqual({ from: "holdout", value: 0.5 });
    expect(board.left()).toBe(0);
    expect(board.ask(0.5, 0.5)).toEqual({ from: "exhausted" });
  });

  test("with noise: scale σ on answers from the holdout; questions on the threshold's edge go either way", () => {
    const board = thresholdout({ threshold: 0.1, noise: 0.01, budget: 4000 }, rng(2));
    const answers = Array.from({ length: 3000 }, () => board.ask(2, 1));
    const values = answers.map((answer) => (answer.from === "holdout" ? answer.value : Number.NaN));
    // The variance of Lap(σ) is 2σ².
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.001);
    expect(variance(values)).toBeGreaterThan(0.00017);
    expect(variance(values)).toBeLessThan(0.00023);
    const edge = Array.from({ length: 900 }, () => board.ask(0.6, 0.5)).filter(
      ({ from }) => from === "training",
    ).length;
    expect(edge / 900).toBeGreaterThan(0.3);
    expect(edge / 900).toBeLessThan(0.7);
  });

  test("Laplace noise: mean size b, P(|x| > 2b) = e⁻²", () => {
    const random = rng(3);
    const draws = Array.from({ length: 20_000 }, () => laplace(3, random));
    expect(Math.abs(mean(draws))).toBeLessThan(0.12);
    expect(Math.abs(mean(draws.map(Math.abs)) - 3)).toBeLessThan(0.1);
    expect(Math.abs(draws.filter((each) => Math.abs(each) > 6).length / 20_000 - Math.exp(-2))).toBeLessThan(0.01);
  });
});

test("an analyst picks attributes that agree on both sets: the naive holdout believes her, the reusable one does not", () => {
  // Attributes are fair coins times the label, so every classifier is right half of the time on fresh data.
  const [items, attributes] = [2000, 800];
  const random = rng(4);
  const coins = () => Int8Array.from({ length: items * attributes }, () => (random.bits() & 64 ? 1 : -1));
  const sets = { training: coins(), holdout: coins() };
  const correlation = (set: Int8Array, a: number) => {
    let sum = 0;
    for (let i = 0; i < items; i++) sum += set[a * items + i]!;
    return sum / items;
  };
  const accuracy = (set: Int8Array, signs: Map<number, number>) => {
    let right = 0;
    for (let i = 0; i < items; i++) {
      let vote = 0;
      for (const [a, sign] of signs) vote += sign * set[a * items + i]!;
      right += vote > 0 ? 1 : vote === 0 ? 0.5 : 0;
    }
    return right / items;
  };
  const edge = 1 / Math.sqrt(items);
  /** Attributes whose correlations, on training and as answered, are large and of one sign. */
  const picked = (answer: (training: number, holdout: number) => number) => {
    const signs = new Map<number, number>();
    for (let a = 0; a < attributes; a++) {
      const own = correlation(sets.training, a);
      const told = answer(own, correlation(sets.holdout, a));
      if (Math.abs(own) > edge && Math.abs(told) > edge && own * told > 0) signs.set(a, Math.sign(own));
    }
    return signs;
  };

  const naive = picked((_, holdout) => holdout);
  expect(accuracy(sets.holdout, naive)).toBeGreaterThan(0.57);

  const board = thresholdout({ threshold: 0.1, noise: 0.01, budget: 200 }, random);
  const value = (training: number, holdout: number) => {
    const answer = board.ask(training, holdout);
    return answer.from === "exhausted" ? Number.NaN : answer.value;
  };
  const reused = picked(value);
  const [onTraining, onHoldout] = [accuracy(sets.training, reused), accuracy(sets.holdout, reused)];
  expect(onTraining).toBeGreaterThan(0.65);
  const told = value(onTraining, onHoldout);
  expect(Math.abs(told - 0.5)).toBeLessThan(0.05);
  expect(Math.abs(onHoldout - 0.5)).toBeLessThan(0.05);
  expect(board.left()).toBeGreaterThan(0);
});
