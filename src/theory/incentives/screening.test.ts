/** @file Screening of two types: textbook numbers, brute force over menus, audits by simulation, wrong versions. */
import { describe, expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import {
  deceptiveAfterAudits,
  deters,
  gainFrom,
  screenedEffort,
  separates,
  type TwoTypes,
  twoTypeMenu,
  virtualCost,
} from "./screening.ts";

const types: TwoTypes = { cheap: 1, dear: 2, cheapShare: 0.5 };

describe("θ = (1, 2), p = 0.5", () => {
  const menu = twoTypeMenu(types);

  test("e = (1, 1/3), t = (0.5556, 0.1111), rent 0.0556, profit 0.3333 for 0.375", () => {
    expect(menu.cheap.effort).toBe(1);
    expect(menu.dear.effort).toBeCloseTo(1 / 3, 12);
    expect(menu.cheap.pay).toBeCloseTo(0.5556, 4);
    expect(menu.dear.pay).toBeCloseTo(0.1111, 4);
    expect(menu.rent).toBeCloseTo(0.0556, 4);
    expect(menu.profit).toBeCloseTo(0.3333, 4);
    expect(menu.firstBest).toBeCloseTo(0.375, 12);
    expect(virtualCost(types)).toBe(3);
  });

  test("both take part, each prefers its own item; two constraints bind", () => {
    expect(gainFrom(2, menu.dear)).toBeCloseTo(0, 12);
    expect(gainFrom(1, menu.cheap)).toBeCloseTo(gainFrom(1, menu.dear), 12);
    expect(gainFrom(1, menu.cheap)).toBeCloseTo(menu.rent, 12);
    expect(gainFrom(2, menu.cheap)).toBeLessThan(0);
  });

  test("no menu on a grid does better", () => {
    for (const other of [types, { cheap: 1, dear: 1.5, cheapShare: 0.2 }]) {
      const { profit } = twoTypeMenu(other);
      const { cheap, dear, cheapShare: p } = other;
      let most = 0;
      for (let a = 0; a <= 1.2; a += 0.02) {
        for (let b = 0; b <= 1.2; b += 0.02) {
          // The least pay that keeps both in and apart, tried for each pair of efforts.
          const high = { effort: b, pay: (dear * b * b) / 2 };
          const low = { effort: a, pay: Math.max((cheap * a * a) / 2, (cheap * a * a) / 2 + gainFrom(cheap, high)) };
          if (gainFrom(dear, low) > 1e-12) continue;
          most = Math.max(most, p * (a - low.pay) + (1 - p) * (b - high.pay));
        }
      }
      expect(most).toBeLessThanOrEqual(profit + 1e-12);
      expect(most).toBeGreaterThan(profit - 1e-3);
    }
  });

  test("hardly any cheap types: the dear one works efficiently; hardly any dear ones: it is shut out", () => {
    expect(twoTypeMenu({ ...types, cheapShare: 1e-9 }).dear.effort).toBeCloseTo(0.5, 6);
    expect(twoTypeMenu({ ...types, cheapShare: 1 - 1e-9 }).dear.effort).toBeLessThan(1e-6);
  });

  test("wrong versions: (1 − p)/p for p/(1 − p), and the first best offered to all", () => {
    const skewed = { ...types, cheapShare: 0.2 };
    const turned = 1 / (2 + 0.8 / 0.2);
    expect(Math.abs(turned - twoTypeMenu(skewed).dear.effort)).toBeGreaterThan(0.2);
    // At first-best efforts and pay the cheap type poses as dear: profit is that of the dear item alone.
    const posed = { effort: 0.5, pay: 0.25 };
    expect(gainFrom(1, posed)).toBeGreaterThan(gainFrom(1, { effort: 1, pay: 0.5 }));
    expect(posed.effort - posed.pay).toBeLessThan(menu.profit);
    // Keeping efforts efficient and paying the rent it takes earns less than distorting the dear effort.
    expect(0.5 * (1 - 0.5 - gainFrom(1, posed)) + 0.5 * 0.25).toBeLessThan(menu.profit);
  });
});

describe("deceptive candidates", () => {
  test("probation keeps them out from the period on at which pretending costs more than the prize", () => {
    const of = (periods: number) => separates({ periods, pretending: 1, prize: 10, discount: 0.9 });
    // T > 10 · 0.9^T first at T = 6: 5 < 5.90, 6 > 5.31.
    expect(of(5)).toBe(false);
    expect(of(6)).toBe(true);
    expect(deters(0.1, 50, 5)).toBe(true);
    expect(deters(0.1, 49, 5)).toBe(false);
  });

  test("what passing k audits says, by simulation", () => {
    const random = rng(1);
    let [passed, deceptive] = [0, 0];
    for (let i = 0; i < 100_000; i++) {
      const isDeceptive = random.uniform() < 0.3;
      let passes = true;
      for (let k = 0; k < 4; k++) if (random.uniform() < (isDeceptive ? 0.25 : 0.05)) passes = false;
      if (!passes) continue;
      passed++;
      if (isDeceptive) deceptive++;
    }
    const exact = deceptiveAfterAudits({ prior: 0.3, audits: 4, power: 0.25, falseAlarm: 0.05 });
    expect(Math.abs(deceptive / passed - exact)).toBeLessThan(3.5 * Math.sqrt((exact * (1 - exact)) / passed));
    expect(deceptiveAfterAudits({ prior: 0.3, audits: 0, power: 0.25, falseAlarm: 0.05 })).toBeCloseTo(0.3, 12);
    // Audits without power say nothing, however many.
    expect(deceptiveAfterAudits({ prior: 0.3, audits: 100, power: 0.05, falseAlarm: 0.05 })).toBeCloseTo(0.3, 12);
  });
});

describe("a continuum of costs, uniform on [1, 2]", () => {
  const law = { cumulative: (cost: number) => cost - 1, density: () => 1 };

  test("virtual cost 2θ − 1: the first best at the top, a third at the bottom", () => {
    expect(screenedEffort(1, law)).toBe(1);
    expect(screenedEffort(1.5, law)).toBeCloseTo(1 / 2, 12);
    expect(screenedEffort(2, law)).toBeCloseTo(1 / 3, 12);
  });

  test("no other falling schedule earns more: profit with the rents it takes, by quadrature", () => {
    // Pay covers the cost of effort and the rent ∫ e²/2 over all dearer types.
    const cells = 400;
    const profit = (effort: (cost: number) => number) => {
      let [sum, rent] = [0, 0];
      for (let i = cells - 1; i >= 0; i--) {
        const cost = 1 + (i + 0.5) / cells;
        const own = effort(cost) ** 2 / 2;
        sum += (effort(cost) - cost * own - rent - own / (2 * cells)) / cells;
        rent += own / cells;
      }
      return sum;
    };
    const best = profit((cost) => screenedEffort(cost, law));
    for (const factor of [0.8, 0.9, 1.1, 1.2]) {
      expect(profit((cost) => factor * screenedEffort(cost, law))).toBeLessThan(best);
    }
    // Wrong versions: the first best for all, and F/f forgotten of half its size.
    expect(profit((cost) => 1 / cost)).toBeLessThan(best);
    expect(profit((cost) => 1 / (cost + (cost - 1) / 2))).toBeLessThan(best);
    // ½ ∫ e with e = 1/(2θ − 1): ¼ ln 3.
    expect(best).toBeCloseTo(Math.log(3) / 4, 4);
  });
});
