/**
 * @file Revealed preference from menus: choices among finitely many options, where there is no price and no budget line,
 * as of a policy that is offered places, or of a model that is asked.
 *
 * What is chosen is preferred to all else on its menu. A strict utility explains all choices exactly where these
 * preferences have no cycle (the strong axiom); Houtman and Maks' share is the largest part of the observations without
 * one. Read beside its power: how often choices at random have a cycle on the same menus.
 *
 * Source: Richter 1966; Houtman and Maks 1985; Bronars 1987.
 */
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { wilson } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";

/** One choice. */
export interface MenuChoice {
  /** Options on offer, by number. */
  readonly menu: readonly number[];
  /** One of them. */
  readonly chosen: number;
}

/** Whether choices have a utility. */
export interface MenuConsistency {
  readonly isRational: boolean;
  /** Indices of a largest set of observations that is rational by itself, ascending. */
  readonly kept: readonly number[];
  /** Their share. */
  readonly share: number;
  /** A ranking that explains those kept, the best first; options never on a menu are left out. */
  readonly ranking: readonly number[];
}

/** Exact, by branching over shortest cycles; meant for some tens of observations that are wrong. */
export function menuConsistency(choices: readonly MenuChoice[]): MenuConsistency {
  for (const { menu, chosen } of choices) {
    assert(menu.includes(chosen), `a choice from its menu, got ${chosen} of ${menu.join(", ")}`);
  }
  const isOut = new Uint8Array(choices.length);
  let best = { out: new Uint8Array(choices.length).fill(1), count: choices.length };
  const branch = (count: number): void => {
    if (count >= best.count) return;
    const cycle = shortestCycle(choices, isOut);
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
  const kept = choices.flatMap((_, i) => (best.out[i] === 0 ? [i] : []));
  return {
    isRational: kept.length === choices.length,
    kept,
    share: choices.length === 0 ? 1 : kept.length / choices.length,
    ranking: rank(kept.map((i) => choices[i]!)),
  };
}

/** Share of random choosers on the same menus whose choices have a cycle. */
export function menuPower(
  menus: readonly (readonly number[])[],
  { choosers, rng }: { readonly choosers: number; readonly rng: Rng },
): Estimate {
  let caught = 0;
  for (let c = 0; c < choosers; c++) {
    const choices = menus.map((menu) => ({ menu, chosen: menu[rng.int(menu.length)]! }));
    if (shortestCycle(choices, new Uint8Array(choices.length)) !== undefined) caught++;
  }
  return wilson(caught, choosers, "agents");
}

/** Observations of a cycle of as few of them as possible, or undefined. */
function shortestCycle(choices: readonly MenuChoice[], isOut: Uint8Array): number[] | undefined {
  let shortest: number[] | undefined;
  for (const [start, { chosen: goal }] of choices.entries()) {
    if (isOut[start]) continue;
    // Breadth first over options: from what is chosen here to what was left for it elsewhere.
    const before = new Map<number, { readonly by: number; readonly from: number }>();
    let front = [goal];
    search: for (
      let length = 1;
      front.length > 0 && length < (shortest?.length ?? Number.POSITIVE_INFINITY);
      length++
    ) {
      const next: number[] = [];
      for (const option of front) {
        for (const [i, { menu, chosen }] of choices.entries()) {
          if (isOut[i] || chosen !== option) continue;
          for (const other of menu) {
            if (other === chosen || before.has(other)) continue;
            before.set(other, { by: i, from: option });
            if (other === goal) {
              shortest = unwind(before, goal);
              break search;
            }
            next.push(other);
          }
        }
      }
      front = next;
    }
    if (shortest?.length === 2) return shortest;
  }
  return shortest;
}

/** Observations along the way from an option back to itself. */
function unwind(before: ReadonlyMap<number, { readonly by: number; readonly from: number }>, goal: number): number[] {
  const out: number[] = [];
  for (let at = goal; ; ) {
    const { by, from } = before.get(at)!;
    out.push(by);
    at = from;
    if (at === goal) return out;
  }
}

/** Options so that whatever is chosen stands before what was left for it; choices without cycles. */
function rank(choices: readonly MenuChoice[]): number[] {
  const options = [...new Set(choices.flatMap(({ menu }) => menu))].sort((a, b) => a - b);
  const out: number[] = [];
  while (out.length < options.length) {
    const free = options.find(
      (option) =>
        !out.includes(option) &&
        choices.every(({ menu, chosen }) => chosen === option || !menu.includes(option) || out.includes(chosen)),
    );
    assert(free !== undefined, "choices without a cycle have a best option");
    out.push(free);
  }
  return out;
}
