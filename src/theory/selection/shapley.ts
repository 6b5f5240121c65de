/**
 * @file What each of several causes contributes to one outcome (Shapley 1953): the value of every on/off combination,
 * telescoped along an order of switching on, averaged over all orders, with the range over them. Where causes interact,
 * the order is a choice, and the range says how much hangs on it.
 */
import { assert } from "../../core/errors.ts";

/** One cause's part. */
export interface Contribution {
  /** What it adds when causes are switched on in the order in which they are listed. */
  readonly natural: number;
  /** Mean over all orders: the Shapley value. */
  readonly shapley: number;
  /** Least and most over orders. */
  readonly least: number;
  readonly most: number;
}

/**
 * Contributions of `n` causes, which sum to value(all) − value(none) along every order and on average.
 *
 * @param value of a combination: bit i is set when cause i is on
 *
 * @example
 * // Two causes that only work together share what they bring.
 * contributions(2, (on) => (on === 3 ? 1 : 0)).map(({ shapley }) => shapley).join(" "); // => "0.5 0.5"
 */
export function contributions(n: number, value: (combination: number) => number): readonly Contribution[] {
  assert(n >= 1 && n <= 8, `one to eight causes, got ${n}`);
  const values = Float64Array.from({ length: 2 ** n }, (_, on) => value(on));
  const orders = permutations(n);
  return Array.from({ length: n }, (_, cause) => {
    const added = orders.map((order) => {
      const before = order.slice(0, order.indexOf(cause)).reduce((on, each) => on | (1 << each), 0);
      return values[before | (1 << cause)]! - values[before]!;
    });
    return {
      natural: added[0]!,
      shapley: added.reduce((sum, each) => sum + each, 0) / added.length,
      least: Math.min(...added),
      most: Math.max(...added),
    };
  });
}

/** All orders of 0 … n − 1, that of counting first. */
function permutations(n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  const shorter = permutations(n - 1);
  // The last one inserted from the back, so that the first order counts up.
  return Array.from({ length: n }, (_, from) =>
    shorter.map((order) => [...order.slice(0, n - 1 - from), n - 1, ...order.slice(n - 1 - from)]),
  ).flat();
}
