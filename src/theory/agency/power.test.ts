import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { tabular } from "./mdp.ts";
import { sampledPowerOf, starPower } from "./power.ts";

/** State 0 leads to each of k states that lead to themselves. */
const star = (k: number, gamma: number) =>
  tabular({ states: k + 1, actions: k, gamma, step: (s, a) => [[s === 0 ? a + 1 : s, 1]] });

describe("POWER of a star", () => {
  test("closed form", () => {
    expect([1, 2, 3, 10].map(starPower)).toEqual([0.5, 2 / 3, 0.75, 10 / 11]);
  });

  test.each([
    [1, 0.5],
    [2, 0.9],
    [3, 0.3],
    [10, 0.9],
  ])("%d ways out at γ = %d: sampling agrees with k / (k + 1)", (k, gamma) => {
    const { mean, standardError } = sampledPowerOf(star(k, gamma), { samples: 4000, rng: rng(1) });
    expect(standardError[0]).toBeLessThan(0.006);
    expect(Math.abs(mean[0]! - starPower(k))).toBeLessThan(4 * standardError[0]!);
    // Whoever can only stay has what it drew: 1/2.
    expect(Math.abs(mean[1]! - 0.5)).toBeLessThan(4 * standardError[1]!);
  });

  test("another distribution of rewards: the maximum of two exponentials is 3/2", () => {
    const draw = (stream: { uniform(): number }) => -Math.log(1 - stream.uniform());
    const { mean, standardError } = sampledPowerOf(star(2, 0.8), { samples: 4000, rng: rng(2), draw });
    expect(Math.abs(mean[0]! - 1.5)).toBeLessThan(4 * standardError[0]!);
  });
});
