/** @file The Price equation on populations whose offspring are enumerated one by one, and the wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { mean, variance } from "../../core/stats.ts";
import { normalMaximum } from "../selection/order-statistics.ts";
import { multilevelPrice, priceEquation } from "./price.ts";

/** Parents with a list of children each. */
function population(seed: number, n: number) {
  const random = rng(seed);
  const parents = Array.from({ length: n }, () => {
    const trait = random.normal();
    const children = Array.from({ length: random.int(4) }, () => 0.7 * trait + 0.3 * random.normal() - 0.1);
    return { trait, children, group: random.int(4) };
  });
  const trait = parents.map((parent) => parent.trait);
  const fitness = parents.map(({ children }) => children.length);
  const offspringTrait = parents.map(({ children }) => (children.length > 0 ? mean(children) : Number.NaN));
  return { parents, trait, fitness, offspringTrait, group: parents.map(({ group }) => group) };
}

describe("one level", () => {
  test.each([1, 2, 3])("the terms sum to the change of the mean, counted child by child (population %d)", (seed) => {
    const { parents, trait, fitness, offspringTrait } = population(seed, 25);
    const counted = mean(parents.flatMap(({ children }) => children)) - mean(trait);
    const { change, selection, transmission } = priceEquation({ trait, fitness, offspringTrait });
    expect(change).toBeCloseTo(counted, 12);
    expect(selection + transmission).toBeCloseTo(counted, 12);

    // Wrong: no division by mean fitness; a sample's covariance; transmission not weighted by fitness.
    const covariance = mean(trait.map((z, i) => z * fitness[i]!)) - mean(trait) * mean(fitness);
    const kept = trait.map((z, i) => (fitness[i]! > 0 ? offspringTrait[i]! - z : 0));
    expect(Math.abs(covariance + transmission - counted)).toBeGreaterThan(0.001);
    expect(Math.abs((25 / 24) * selection + transmission - counted)).toBeGreaterThan(0.001);
    expect(Math.abs(selection + mean(kept) - counted)).toBeGreaterThan(0.01);
  });

  test("selection alone is what is left if children are copies; transmission alone if all are equally fit", () => {
    const { trait, fitness } = population(4, 30);
    const copies = priceEquation({ trait, fitness, offspringTrait: trait });
    expect(copies.transmission).toBe(0);
    const equal = priceEquation({ trait, fitness: trait.map(() => 2), offspringTrait: trait.map((z) => z - 0.25) });
    expect(equal.selection).toBeCloseTo(0, 14);
    expect(equal.change).toBeCloseTo(-0.25, 14);
  });

  test("fitness as the trait rises by its variance over its mean (Fisher)", () => {
    const { fitness } = population(5, 40);
    const { change } = priceEquation({ trait: fitness, fitness, offspringTrait: fitness });
    expect(change).toBeCloseTo((variance(fitness) * 39) / 40 / mean(fitness), 12);
  });

  test("weights count copies", () => {
    const each = priceEquation({ trait: [1, 1, 1, 5], fitness: [2, 2, 2, 1], offspringTrait: [1, 1, 1, 4] });
    const weighed = priceEquation({ trait: [1, 5], fitness: [2, 1], offspringTrait: [1, 4], weight: [30, 10] });
    expect(weighed.selection).toBeCloseTo(each.selection, 14);
    expect(weighed.transmission).toBeCloseTo(each.transmission, 14);
  });

  test("the best of n is selection with fitness n u^(n − 1): the response is E[max of n]", () => {
    const cells = Array.from({ length: 4801 }, (_, i) => (i - 2400) / 200);
    const density = cells.map((z) => Math.exp((-z * z) / 2));
    const total = density.reduce((a, b) => a + b);
    let below = 0;
    const fitness = density.map((each) => {
      const rank = (below + each / 2) / total;
      below += each;
      return 10 * rank ** 9;
    });
    const { change } = priceEquation({ trait: cells, fitness, offspringTrait: cells, weight: density });
    expect(change).toBeCloseTo(normalMaximum(10).mean, 4);
  });

  test("a population without offspring has no next generation", () => {
    expect(() => priceEquation({ trait: [1, 2], fitness: [0, 0], offspringTrait: [1, 2] })).toThrow("offspring");
  });
});

describe("two levels", () => {
  test.each([6, 7])("between and within sum to selection (population %d)", (seed) => {
    const { trait, fitness, offspringTrait, group } = population(seed, 40);
    const levels = multilevelPrice({ trait, fitness, offspringTrait }, group);
    const one = priceEquation({ trait, fitness, offspringTrait });
    expect(levels.between + levels.within).toBeCloseTo(one.selection, 12);
    expect(levels.change).toBeCloseTo(one.change, 12);

    // Between groups is the Price equation of groups that reproduce as a whole.
    const ids = [...new Set(group)];
    const members = ids.map((id) => trait.flatMap((_, i) => (group[i] === id ? [i] : [])));
    const groups = {
      trait: members.map((list) => mean(list.map((i) => trait[i]!))),
      fitness: members.map((list) => mean(list.map((i) => fitness[i]!))),
    };
    const sized = priceEquation({
      ...groups,
      offspringTrait: groups.trait,
      weight: members.map((list) => list.length),
    });
    expect(levels.between).toBeCloseTo(sized.selection, 12);
    // Wrong: every group counts alike, whatever its size.
    const unsized = priceEquation({ ...groups, offspringTrait: groups.trait });
    expect(Math.abs(unsized.selection - levels.between)).toBeGreaterThan(1e-4);
  });

  test("altruists: selected against in every group, selected for among groups, and spreading", () => {
    // A third of 30 and two thirds of 30 help; helping costs 1 and raises the group's fitness by 6 per share of helpers.
    const trait: number[] = [];
    const group: number[] = [];
    for (let i = 0; i < 60; i++) {
      group.push(i < 30 ? 0 : 1);
      trait.push(i % 30 < (i < 30 ? 5 : 25) ? 1 : 0);
    }
    const fitness = trait.map((z, i) => 2 + 6 * (group[i] === 0 ? 5 / 30 : 25 / 30) - z);
    const { between, within, change } = multilevelPrice({ trait, fitness, offspringTrait: trait }, group);
    expect(within).toBeLessThan(0);
    expect(between).toBeGreaterThan(-within);
    const after = trait.reduce((sum, z, i) => sum + z * fitness[i]!, 0) / fitness.reduce((a, b) => a + b);
    expect(change).toBeCloseTo(after - 0.5, 12);
  });

  test("one group has nothing between, groups of one nothing within", () => {
    const { trait, fitness, offspringTrait } = population(8, 20);
    const together = multilevelPrice({ trait, fitness, offspringTrait }, new Int32Array(20));
    expect(together.between).toBeCloseTo(0, 14);
    const apart = multilevelPrice(
      { trait, fitness, offspringTrait },
      Int32Array.from({ length: 20 }, (_, i) => i),
    );
    expect(apart.within).toBeCloseTo(0, 14);
  });
});
