/** @file Learners against their closed form, and evolution against Price's equation. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { cosine, evolveCircuits, type Habitat, indulgence, newborn, outlook } from "./reward-circuits.ts";

const habitat: Habitat = {
  worth: [1, 0.6, 0.3, 0, -0.5],
  base: 0.5,
  natural: 8,
  barren: 20,
  exploration: 0.1,
  invention: 0.1,
};
const novelty = [1, 1, 1, 0.5, 0];

describe("lives", () => {
  test("a tempted learner spends on the novelty what the closed form says", () => {
    for (const [trials, quick] of [
      [1, habitat],
      [40, { ...habitat, exploration: 0.5, invention: 0.8 }],
      [1500, habitat],
    ] as const) {
      const random = rng(3).fork(trials);
      const shares = Array.from({ length: 3000 }, () => {
        const learner = newborn(quick.worth, { ...quick, novelty: [5, 5, 5, 0, 0] }, random);
        learner.live(trials);
        return learner.life().indulged / trials;
      });
      const { mean, standardError } = sampledMean(shares);
      expect(Math.abs(mean - indulgence(quick, trials))).toBeLessThan(3.5 * standardError);
    }
  });

  test("one trial earns chance, many the best natural option but for exploring", () => {
    const circuits = Array.from({ length: 3000 }, () => habitat.worth);
    expect(Math.abs(outlook(circuits, habitat, 1, rng(1)).satisfaction)).toBeLessThan(0.05);
    const grown = outlook(circuits.slice(0, 300), habitat, 4000, rng(1));
    // What pleases is what pays, up to a constant that barren options lack.
    expect(Math.abs(grown.satisfaction - 0.9)).toBeLessThan(0.03);
    expect(Math.abs(grown.success - 0.9)).toBeLessThan(0.03);
    expect(grown.tempted).toBe(0);
    const novel = outlook(circuits.slice(0, 300), { ...habitat, novelty }, 40_000, rng(1));
    expect(novel.satisfaction).toBeGreaterThan(1);
    expect(novel.success).toBeLessThan(0);
  });

  test("what is shown is known, and what comes late was not there before", () => {
    const learner = newborn(habitat.worth, habitat, rng(2));
    learner.live(200);
    learner.show();
    expect(learner.isHooked()).toBe(false);
    learner.introduce([9, 9, 9, 0, 0]);
    expect(learner.life().isTempted).toBe(true);
    learner.show();
    expect(learner.isHooked()).toBe(true);
  });
});

describe("evolution", () => {
  const inheritance = { population: 60, generations: 1, founders: 0.5, mutation: 0.05, trials: 50, lives: 2 };
  const steps = (isSelected: boolean) =>
    Array.from({ length: 150 }, (_, seed) => {
      const { means, differentials } = evolveCircuits(habitat, { ...inheritance, isSelected }, rng(seed));
      return { change: means[1]![0]! - means[0]![0]!, foretold: differentials[0]![0]! };
    });

  test("a generation changes by Price's term on average, as foretold from lives that did not count", () => {
    const selected = steps(true);
    const off = sampledMean(selected.map(({ change, foretold }) => change - foretold));
    expect(Math.abs(off.mean)).toBeLessThan(3.5 * off.standardError);
    expect(sampledMean(selected.map(({ foretold }) => foretold)).low).toBeGreaterThan(5 * off.standardError);
    // Without selection nothing changes on average, whatever is foretold.
    const drifted = sampledMean(steps(false).map(({ change }) => change));
    expect(Math.abs(drifted.mean)).toBeLessThan(3.5 * drifted.standardError);
  });

  test("forty generations lead to what pays", () => {
    const { circuits, means } = evolveCircuits(
      habitat,
      { ...inheritance, population: 200, generations: 40, trials: 100, isSelected: true },
      rng(5),
    );
    expect(circuits).toHaveLength(200);
    expect(cosine(means.at(-1)!, habitat.worth)).toBeGreaterThan(0.7);
  });
});

test("cosine: the same, the opposite, nothing", () => {
  expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
  expect(cosine([1, 2], [-1, -2])).toBeCloseTo(-1, 12);
  expect(cosine([0, 0], [1, 2])).toBe(0);
});
