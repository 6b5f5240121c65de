/**
 * @file How far choices from budgets are from being rational, choice by choice: Varian's index, which wastes as little as
 * possible of each budget, and Houtman and Maks', which leaves out as few observations as possible.
 *
 * Afriat's index (`revealed-preference.ts`) takes the same share off every budget, so that one bad choice speaks for all.
 * Both indices here are NP-hard in general; these are exact, by branching over the cycles that violate GARP, and meant
 * for some tens of observations.
 *
 * Source: Varian 1990; Houtman and Maks 1985; Heufer and Hjertstrand 2015.
 */

/** A violation: each choice is revealed preferred to the next, the last to the first, one of them strictly. */
type Cycle = readonly number[];

/** The least that has to be wasted, choice by choice. */
export interface VarianIndex {
  /** eᵢ, the share of each budget that is spent rationally, `[observations]`; the supremum, at which a tie may remain. */
  readonly efficiencies: Float64Array;
  /** Mean of 1 − eᵢ, the least possible; 0 where GARP holds. */
  readonly waste: number;
}

/**
 * Varian's index with the mean as aggregate: the least mean of 1 − eᵢ such that eᵢ pᵢxᵢ ≥ pᵢxⱼ has no violating cycle.
 *
 * @param cost what the bundle of j costs at the prices of i, `[n, n]`: `expenditures`
 */
export function varianIndex(cost: Float64Array): VarianIndex {
  const n = Math.round(Math.sqrt(cost.length));
  const ratio = ratios(cost, n);
  // A choice drops its comparisons whose ratio is at least its limit.
  const limits = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const wasted = (limit: number) => (limit === Number.POSITIVE_INFINITY ? 0 : 1 - limit);
  let best = { limits: limits.slice(), waste: Number.POSITIVE_INFINITY };
  const branch = (waste: number): void => {
    if (waste >= best.waste - 1e-15) return;
    const cycle = violation(ratio, n, (i, j) => ratio[i * n + j]! <= 1 && ratio[i * n + j]! < limits[i]!);
    if (cycle === undefined) {
      best = { limits: limits.slice(), waste };
      return;
    }
    // One comparison of the cycle has to go: cheapest first, so that good solutions bound the rest early.
    const drops = cycle
      .map((i, at) => ({ i, limit: ratio[i * n + cycle[(at + 1) % cycle.length]!]! }))
      .sort((a, b) => wasted(a.limit) - wasted(limits[a.i]!) - (wasted(b.limit) - wasted(limits[b.i]!)));
    for (const { i, limit } of drops) {
      const before = limits[i]!;
      limits[i] = limit;
      branch(waste + wasted(limit) - wasted(before));
      limits[i] = before;
    }
  };
  branch(0);
  return { efficiencies: best.limits.map((limit) => 1 - wasted(limit)), waste: best.waste / n };
}

/** A largest set of observations that is rational by itself. */
export interface HoutmanMaks {
  /** Indices of the observations kept, ascending. */
  readonly kept: readonly number[];
  /** Their share. */
  readonly share: number;
}

/** Houtman and Maks' index: as few observations as possible are left out, so that GARP holds among the rest. */
export function houtmanMaks(cost: Float64Array): HoutmanMaks {
  const n = Math.round(Math.sqrt(cost.length));
  const ratio = ratios(cost, n);
  const isOut = new Uint8Array(n);
  let best: { out: Uint8Array; count: number } = { out: new Uint8Array(n).fill(1), count: n };
  const branch = (count: number): void => {
    if (count >= best.count) return;
    const cycle = violation(ratio, n, (i, j) => isOut[i] === 0 && isOut[j] === 0 && ratio[i * n + j]! <= 1);
    if (cycle === undefined) {
      best = { out: isOut.slice(), count };
      return;
    }
    for (const i of cycle) {
      isOut[i] = 1;
      branch(count + 1);
      isOut[i] = 0;
    }
  };
  branch(0);
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => best.out[i] === 0);
  return { kept, share: kept.length / n };
}

/** pᵢxⱼ / pᵢxᵢ: i is revealed preferred to j where it is at most 1, strictly where below. */
function ratios(cost: Float64Array, n: number): Float64Array {
  return cost.map((each, at) => each / cost[Math.floor(at / n) * (n + 1)]!);
}

/** A shortest cycle of comparisons with a strict one among them, or undefined. */
function violation(ratio: Float64Array, n: number, compares: (i: number, j: number) => boolean): Cycle | undefined {
  let shortest: number[] | undefined;
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) {
      // A strict step, and the shortest way back.
      if (from === to || !compares(from, to) || ratio[from * n + to]! >= 1) continue;
      const back = shortestPath(to, from, n, compares, (shortest?.length ?? n + 1) - 1);
      if (back !== undefined) shortest = [from, ...back];
      if (shortest?.length === 2) return shortest;
    }
  }
  return shortest;
}

/** Nodes from `from` up to but without `to` on a shortest path, if it has fewer than `most`. */
function shortestPath(
  from: number,
  to: number,
  n: number,
  compares: (i: number, j: number) => boolean,
  most: number,
): number[] | undefined {
  const before = new Int32Array(n).fill(-1);
  let front = [from];
  before[from] = from;
  for (let length = 1; front.length > 0 && length < most; length++) {
    const next: number[] = [];
    for (const i of front) {
      for (let j = 0; j < n; j++) {
        if (before[j] !== -1 || j === i || !compares(i, j)) continue;
        before[j] = i;
        if (j !== to) {
          next.push(j);
          continue;
        }
        const path: number[] = [];
        for (let at = i; ; at = before[at]!) {
          path.unshift(at);
          if (at === from) return path;
        }
      }
    }
    front = next;
  }
  return undefined;
}
