/** @file Many hypotheses at once: p-values and e-values adjusted so that they can be compared with the level itself. */

/** Holm 1979: adjusted p-values that bound the chance of any false rejection, whatever the dependence. */
export function holm(p: readonly number[]): number[] {
  const order = ascending(p);
  const adjusted = new Array<number>(p.length).fill(1);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg 1995: adjusted p-values that bound the expected share of false rejections, for independent or
 * positively dependent tests.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = ascending(p);
  const adjusted = new Array<number>(p.length).fill(1);
  let smallest = 1;
  for (let rank = p.length; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    smallest = Math.min(smallest, (p.length / rank) * p[i]!);
    adjusted[i] = smallest;
  }
  return adjusted;
}

/**
 * e-BH (Wang and Ramdas 2022): which hypotheses to reject so that the expected share of false rejections stays below
 * α, whatever the dependence. The k largest are rejected for the greatest k with e₍ₖ₎ ≥ n / (α k).
 */
export function eBenjaminiHochberg(e: readonly number[], alpha = 0.05): boolean[] {
  const order = ascending(e).reverse();
  let last = 0;
  for (const [rank, i] of order.entries()) if (e[i]! >= e.length / (alpha * (rank + 1))) last = rank + 1;
  const rejected = new Set(order.slice(0, last));
  return e.map((_, i) => rejected.has(i));
}

const ascending = (values: readonly number[]): number[] =>
  values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
