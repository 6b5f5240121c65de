/**
 * @file Revealed preference: could these choices from budgets come from maximizing some utility,
 * how nearly, and would random choices have passed the test too?
 *
 * xᵢ is revealed preferred to xⱼ where pᵢ·xᵢ ≥ pᵢ·xⱼ, and to whatever that leads to. GARP: nothing
 * is revealed preferred to a bundle that is strictly preferred to it, which by Afriat's theorem is
 * the same as a concave monotone utility that explains all choices. A test without its power says
 * nothing: budgets that hardly cross let anything pass.
 *
 * Source: Afriat 1967; Varian 1982; Bronars 1987; Echenique, Lee and Shum 2011 (money pump).
 */
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { wilson } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";

/** Observed choices from linear budgets. */
export interface Demand {
  readonly goods: number;
  /** `[observations, goods]`, positive. */
  readonly prices: Float64Array;
  /** `[observations, goods]`, at least 0. */
  readonly quantities: Float64Array;
}

/** Verdict on one axiom. */
export interface AxiomTest {
  readonly holds: boolean;
  /** Pairs i ≠ j that break it: ordered for GARP, unordered for WARP, as is usual for each. */
  readonly violations: number;
}

/** What the bundle of j costs at the prices of i, `[observations, observations]`. */
export function expenditures({ goods, prices, quantities }: Demand): Float64Array {
  assert(prices.length === quantities.length && prices.length % goods === 0, "as many prices as quantities");
  const n = prices.length / goods;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let g = 0; g < goods; g++) out[i * n + j]! += prices[i * goods + g]! * quantities[j * goods + g]!;
    }
  }
  return out;
}

/**
 * The generalized axiom at efficiency e: i R j by a chain of e·pᵢxᵢ ≥ pᵢxⱼ must not meet e·pⱼxⱼ > pⱼxᵢ.
 *
 * @param cost {@link expenditures}
 * @param efficiency in (0, 1]; 1 is the axiom itself
 */
export function garp(cost: Float64Array, efficiency = 1): AxiomTest {
  return count(cost, efficiency, closure(cost, efficiency));
}

/** The weak axiom: as {@link garp} with direct comparisons only. Enough for two goods, not for more. */
export function warp(cost: Float64Array, efficiency = 1): AxiomTest {
  const n = Math.round(Math.sqrt(cost.length));
  const relation = direct(cost, efficiency);
  const breaks = (i: number, j: number) =>
    relation[i * n + j] === 1 && efficiency * cost[j * n + j]! > cost[j * n + i]!;
  let violations = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (breaks(i, j) || breaks(j, i)) violations++;
  return { holds: violations === 0, violations };
}

function direct(cost: Float64Array, efficiency: number): Uint8Array {
  const n = Math.round(Math.sqrt(cost.length));
  return Uint8Array.from(cost, (each, at) => (efficiency * cost[Math.floor(at / n) * (n + 1)]! >= each ? 1 : 0));
}

/** Transitive closure of the direct relation (Warshall 1962). */
function closure(cost: Float64Array, efficiency: number): Uint8Array {
  const n = Math.round(Math.sqrt(cost.length));
  const reach = direct(cost, efficiency);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (reach[i * n + k] === 0) continue;
      for (let j = 0; j < n; j++) if (reach[k * n + j] === 1) reach[i * n + j] = 1;
    }
  }
  return reach;
}

function count(cost: Float64Array, efficiency: number, relation: Uint8Array): AxiomTest {
  const n = Math.round(Math.sqrt(cost.length));
  let violations = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j && relation[i * n + j] === 1 && efficiency * cost[j * n + j]! > cost[j * n + i]!) violations++;
    }
  }
  return { holds: violations === 0, violations };
}

/**
 * Afriat's critical cost efficiency index: the supremum of the e at which {@link garp} holds, exact. 1 for choices
 * that maximize a utility; 1 − CCEI is the share of the budget that inconsistency wastes at most.
 *
 * (The relations change only at ratios pᵢxⱼ / pᵢxᵢ, so between two of these one test decides for all.)
 */
export function criticalCostEfficiency(cost: Float64Array): number {
  const n = Math.round(Math.sqrt(cost.length));
  if (garp(cost).holds) return 1;
  const ratios = [...new Set(Array.from(cost, (each, at) => each / cost[Math.floor(at / n) * (n + 1)]!))]
    .filter((each) => each > 0 && each <= 1)
    .sort((a, b) => a - b);
  const borders = [0, ...ratios];
  // The axiom holds on an interval from 0 up; find the last stretch between borders on which it does.
  let [low, high] = [0, borders.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (garp(cost, (borders[middle - 1]! + borders[middle]!) / 2).holds) low = middle;
    else high = middle - 1;
  }
  return borders[low]!;
}

/** Numbers with which u(x) = minᵢ Uᵢ + λᵢ pᵢ·(x − xᵢ) explains every choice. */
export interface AfriatNumbers {
  /** Uᵢ, `[observations]` */
  readonly utilities: Float64Array;
  /** λᵢ > 0, `[observations]` */
  readonly multipliers: Float64Array;
}

/**
 * Solves Afriat's inequalities Uⱼ ≤ Uᵢ + λᵢ pᵢ·(xⱼ − xᵢ) by Varian's algorithm 3 (1982), without a linear program.
 * Undefined where {@link garp} fails: then there are none.
 */
export function afriatNumbers(cost: Float64Array): AfriatNumbers | undefined {
  const n = Math.round(Math.sqrt(cost.length));
  const relation = closure(cost, 1);
  if (!count(cost, 1, relation).holds) return undefined;
  const utilities = new Float64Array(n).fill(1);
  const multipliers = new Float64Array(n).fill(1);
  let rest = Array.from({ length: n }, (_, i) => i);
  const done: number[] = [];
  while (rest.length > 0) {
    // A maximal one: whatever is revealed preferred to it, it is preferred to in turn.
    const top = rest.find((m) => rest.every((i) => relation[i * n + m] === 0 || relation[m * n + i] === 1));
    assert(top !== undefined, "a preorder has a maximal element");
    const level = rest.filter((i) => i === top || relation[i * n + top] === 1);
    if (done.length > 0) {
      let utility = Infinity;
      for (const i of level) {
        for (const j of done) {
          const reach = utilities[j]! + multipliers[j]! * (cost[j * n + i]! - cost[j * n + j]!);
          utility = Math.min(utility, reach, utilities[j]!);
        }
      }
      let multiplier = 1;
      for (const i of level) {
        for (const j of done) {
          multiplier = Math.max(multiplier, (utilities[j]! - utility) / (cost[i * n + j]! - cost[i * n + i]!));
        }
      }
      for (const i of level) {
        utilities[i] = utility;
        multipliers[i] = multiplier;
      }
    }
    done.push(...level);
    rest = rest.filter((i) => !level.includes(i));
  }
  return { utilities, multipliers };
}

/**
 * The least and the greatest money pump index: over cycles of revealed preference with a strict step, the share
 * Σ (pᵢxᵢ − pᵢxᵢ₊₁) / Σ pᵢxᵢ that a trader could pump. Zeros where GARP holds.
 *
 * @param tolerance of the bisection
 */
export function moneyPump(cost: Float64Array, tolerance = 1e-9): readonly [least: number, greatest: number] {
  if (garp(cost).holds) return [0, 0];
  const n = Math.round(Math.sqrt(cost.length));
  const relation = direct(cost, 1);
  const reach = closure(cost, 1);
  // Only steps inside one cycle count: those whose end leads back to their start.
  const isStep = relation.map((each, at) =>
    each === 1 && at % (n + 1) !== 0 && reach[(at % n) * n + Math.floor(at / n)] === 1 ? 1 : 0,
  );
  const saved = (at: number) => cost[Math.floor(at / n) * (n + 1)]! - cost[at]!;
  const hasCycle = (weight: (at: number) => number): boolean => {
    const distance = new Float64Array(n * n).map((_, at) => (isStep[at] === 1 ? weight(at) : Infinity));
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          distance[i * n + j] = Math.min(distance[i * n + j]!, distance[i * n + k]! + distance[k * n + j]!);
        }
      }
      for (let i = 0; i < n; i++) if (distance[i * n + i]! < 0) return true;
    }
    return false;
  };
  const bisect = (isAbove: (share: number) => boolean): number => {
    let [low, high] = [0, 1];
    while (high - low > tolerance) {
      const middle = (low + high) / 2;
      if (isAbove(middle)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const budget = (at: number) => cost[Math.floor(at / n) * (n + 1)]!;
  return [
    bisect((share) => !hasCycle((at) => saved(at) - share * budget(at))),
    bisect((share) => hasCycle((at) => share * budget(at) - saved(at))),
  ];
}

/**
 * Bronars' power: the share of random consumers whom {@link garp} rejects at the same budgets, with Wilson's interval.
 * Each spends all it has, on shares uniform on the simplex. To be read beside every index of efficiency.
 */
export function bronarsPower(
  demand: Demand,
  options: { readonly consumers: number; readonly rng: Rng; readonly efficiency?: number },
): Estimate {
  const { consumers, rng, efficiency = 1 } = options;
  let rejected = 0;
  for (let c = 0; c < consumers; c++) {
    if (!garp(expenditures(randomConsumer(demand, rng)), efficiency).holds) rejected++;
  }
  return wilson(rejected, consumers, "agents");
}

/** Someone who spends each observed budget on random shares, flat on the simplex. */
export function randomConsumer(demand: Demand, rng: Rng): Demand {
  const { goods, prices, quantities } = demand;
  const chosen = new Float64Array(quantities.length);
  for (let from = 0; from < chosen.length; from += goods) {
    let [budget, total] = [0, 0];
    for (let g = from; g < from + goods; g++) {
      budget += prices[g]! * quantities[g]!;
      chosen[g] = -Math.log(1 - rng.uniform());
      total += chosen[g]!;
    }
    for (let g = from; g < from + goods; g++) chosen[g]! *= budget / total / prices[g]!;
  }
  return { goods, prices, quantities: chosen };
}
