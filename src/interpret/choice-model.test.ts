/** @file The fit against finite differences, a known truth, and a closed form. */
import { expect, test } from "vitest";
import { rng } from "../core/rng.ts";
import { type Choices, fitChoices, logPolicy } from "./choice-model.ts";

/** Random situations, choices drawn from the model with a known θ. */
function simulate(n: number, theta: readonly number[], seed: number): Choices {
  const random = rng(seed);
  const situations = Array.from({ length: 40 }, () =>
    Float64Array.from({ length: 3 * theta.length }, () => random.normal()),
  );
  const situation = Int32Array.from({ length: n }, () => random.int(40));
  const chosen = Uint8Array.from(situation, (s) => {
    const policy = logPolicy(situations[s]!, Float64Array.from(theta), 3).map(Math.exp);
    let left = random.uniform();
    let a = 0;
    while (a < 2) {
      left -= policy[a]!;
      if (left < 0) break;
      a++;
    }
    return a;
  });
  return { actions: 3, features: theta.length, situations, situation, chosen };
}

const likelihood = (choices: Choices, theta: Float64Array): number => {
  let sum = 0;
  for (const [i, s] of choices.situation.entries())
    sum += logPolicy(choices.situations[s]!, theta, 3)[choices.chosen[i]!]!;
  return sum - theta.reduce((total, value) => total + value ** 2, 0) / 50;
};

test("at the fit every finite difference of the penalized likelihood vanishes", () => {
  const choices = simulate(300, [1, -2], 1);
  const theta = fitChoices(choices, new Uint8Array(300).fill(1));
  for (let f = 0; f < 2; f++) {
    const shifted = (by: number) =>
      likelihood(
        choices,
        theta.map((value, g) => value + (g === f ? by : 0)),
      );
    expect(Math.abs(shifted(1e-4) - shifted(-1e-4)) / 2e-4).toBeLessThan(1e-3);
    expect(shifted(0.05)).toBeLessThan(shifted(0));
    expect(shifted(-0.05)).toBeLessThan(shifted(0));
  }
});

test("recovers the truth from many choices, and uses only the ones it is told to", () => {
  const choices = simulate(20_000, [1.5, -0.5], 2);
  const theta = fitChoices(choices, new Uint8Array(20_000).fill(1));
  expect(Math.abs(theta[0]! - 1.5)).toBeLessThan(0.08);
  expect(Math.abs(theta[1]! + 0.5)).toBeLessThan(0.05);
  const uses = Uint8Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? 1 : 0));
  const spoiled = { ...choices, chosen: choices.chosen.map((a, i) => (i < 10_000 ? a : (a + 1) % 3)) };
  expect([...fitChoices(spoiled, uses)]).toEqual([...fitChoices(choices, uses)]);
});

test("perfectly predictable choices give a finite, confident fit", () => {
  const situations = [Float64Array.of(1, 0, 0)];
  const choices: Choices = {
    actions: 3,
    features: 1,
    situations,
    situation: new Int32Array(500),
    chosen: new Uint8Array(500),
  };
  const theta = fitChoices(choices, new Uint8Array(500).fill(1));
  expect(Number.isFinite(theta[0]!)).toBe(true);
  expect(Math.exp(logPolicy(situations[0]!, theta, 3)[0]!)).toBeGreaterThan(0.99);
});
