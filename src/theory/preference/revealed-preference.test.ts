/** @file Revealed preference: the data set of the R package revpref, consumers with a utility, brute force, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { cobbDouglas, pricedWrongWayRound, publishedDemand } from "./published-demand.ts";
import {
  afriatNumbers,
  bronarsPower,
  criticalCostEfficiency,
  type Demand,
  expenditures,
  garp,
  moneyPump,
  randomConsumer,
  warp,
} from "./revealed-preference.ts";

const cost = expenditures(publishedDemand);

describe("ten observations of three goods", () => {
  test("GARP fails with 8 pairs, WARP with 1; both hold at 0.90", () => {
    expect(garp(cost)).toEqual({ holds: false, violations: 8 });
    expect(warp(cost)).toEqual({ holds: false, violations: 1 });
    expect(garp(cost, 0.9)).toEqual({ holds: true, violations: 0 });
  });

  test("CCEI 0.9488409, and bisection agrees", () => {
    const index = criticalCostEfficiency(cost);
    expect(index).toBeCloseTo(0.9488409, 7);
    let [low, high] = [0, 1];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (garp(cost, middle).holds) low = middle;
      else high = middle;
    }
    expect(index).toBeCloseTo(low, 12);
  });

  test("money pump 0.07242757 to 0.18732824", () => {
    const [least, greatest] = moneyPump(cost);
    expect(least).toBeCloseTo(0.07242757, 7);
    expect(greatest).toBeCloseTo(0.18732824, 7);
  });

  test("Bronars' power 0.848, published as 0.848 and 0.858", () => {
    const power = bronarsPower(publishedDemand, { consumers: 3000, rng: rng(1) });
    expect(Math.abs(power.mean - 0.848)).toBeLessThan(0.02);
    expect(Math.abs(power.mean - 0.858)).toBeLessThan(0.03);
    expect(power.high - power.low).toBeLessThan(0.03);
    expect(bronarsPower(publishedDemand, { consumers: 500, rng: rng(1), efficiency: 0.5 }).mean).toBeLessThan(0.2);
  });

  test("wrong versions: no closure, bundles priced the wrong way round, goods in columns", () => {
    expect(warp(cost).violations).not.toBe(8);
    const transposed = pricedWrongWayRound(cost);
    expect([garp(transposed).violations, criticalCostEfficiency(transposed)]).not.toEqual([
      8,
      criticalCostEfficiency(cost),
    ]);
    expect(Math.abs(criticalCostEfficiency(transposed) - 0.9488409)).toBeGreaterThan(1e-4);
    const columns = (of: Float64Array) => of.map((_, at) => of[(at % 3) * 10 + Math.floor(at / 3)]!);
    const misread = expenditures({
      goods: 3,
      prices: columns(publishedDemand.prices),
      quantities: columns(publishedDemand.quantities),
    });
    expect(Math.abs(criticalCostEfficiency(misread) - 0.9488409)).toBeGreaterThan(1e-3);
  });
});

describe("consumers whose utility is known", () => {
  test("Cobb and Douglas pass, with index 1 and no pump", () => {
    for (const seed of [1, 2, 3]) {
      const own = expenditures(cobbDouglas([0.5, 0.3, 0.2], 25, seed));
      expect(garp(own)).toEqual({ holds: true, violations: 0 });
      expect(criticalCostEfficiency(own)).toBe(1);
      expect(moneyPump(own)).toEqual([0, 0]);
    }
  });

  test("Afriat's numbers exist exactly where GARP holds, and solve his inequalities", () => {
    const random = rng(4);
    let [solved, refused] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const demand =
        round < 10
          ? cobbDouglas([0.6, 0.4], 12, round)
          : randomConsumer(cobbDouglas([0.4, 0.3, 0.3], 5, round), random);
      const own = expenditures(demand);
      const n = Math.sqrt(own.length);
      const found = afriatNumbers(own);
      expect(found !== undefined).toBe(garp(own).holds);
      if (!found) {
        refused++;
        continue;
      }
      solved++;
      const { utilities, multipliers } = found;
      for (let i = 0; i < n; i++) {
        expect(multipliers[i]).toBeGreaterThan(0);
        for (let j = 0; j < n; j++) {
          const bound = utilities[i]! + multipliers[i]! * (own[i * n + j]! - own[i * n + i]!);
          expect(utilities[j]! - bound).toBeLessThan(1e-9 * Math.abs(bound) + 1e-9);
        }
      }
    }
    expect(solved).toBeGreaterThan(15);
    expect(refused).toBeGreaterThan(5);
  });

  test("two goods need no closure: WARP and GARP agree (Rose 1958)", () => {
    const random = rng(5);
    for (let round = 0; round < 100; round++) {
      const own = expenditures(randomConsumer(cobbDouglas([0.5, 0.5], 6, round), random));
      expect(warp(own).holds).toBe(garp(own).holds);
    }
  });
});

test("brute force over all cycles of four observations: violations, index and pump", () => {
  const random = rng(6);
  const cycles = (n: number): number[][] => {
    const out: number[][] = [];
    const grow = (path: number[]) => {
      if (path.length > 1) out.push(path);
      for (let next = 0; next < n; next++) if (!path.includes(next)) grow([...path, next]);
    };
    for (let i = 0; i < n; i++) grow([i]);
    return out;
  };
  for (let round = 0; round < 40; round++) {
    const own = expenditures(randomConsumer(cobbDouglas([0.3, 0.3, 0.4], 4, round), random));
    // A cycle is consistent at e unless every step is affordable at e and one of them strictly.
    let index = 1;
    const pumps: number[] = [];
    for (const path of cycles(4)) {
      const steps = path.map((i, at) => [i, path[(at + 1) % path.length]!] as const);
      const ratio = Math.max(...steps.map(([i, j]) => own[4 * i + j]! / own[5 * i]!));
      if (ratio < 1) {
        index = Math.min(index, ratio);
        pumps.push(
          steps.reduce((sum, [i, j]) => sum + own[5 * i]! - own[4 * i + j]!, 0) /
            steps.reduce((sum, [i]) => sum + own[5 * i]!, 0),
        );
      }
    }
    expect(criticalCostEfficiency(own)).toBeCloseTo(index, 12);
    expect(garp(own).holds).toBe(index === 1);
    const [least, greatest] = moneyPump(own);
    expect(least).toBeCloseTo(pumps.length === 0 ? 0 : Math.min(...pumps), 7);
    expect(greatest).toBeCloseTo(pumps.length === 0 ? 0 : Math.max(...pumps), 7);
  }
});

test("budgets that do not cross have no power: an index of 1 says nothing there", () => {
  const nested: Demand = {
    goods: 2,
    prices: Float64Array.of(1, 1, 1, 1, 1, 1),
    quantities: Float64Array.of(1, 1, 10, 10, 100, 100),
  };
  expect(criticalCostEfficiency(expenditures(nested))).toBe(1);
  expect(bronarsPower(nested, { consumers: 200, rng: rng(7) }).mean).toBe(0);
});
