/** @file The upper tail of the beta distribution, by the continued fraction of the incomplete beta function. */
import { logBeta } from "./special.ts";

/**
 * P(X > x) for X ~ Beta(a, b), to about 1e−12.
 *
 * Source: modified Lentz evaluation, DLMF 8.17.22.
 */
export function betaTail(x: number, a: number, b: number): number {
  if (x <= 0) return 1;
  if (x >= 1) return 0;
  // The fraction converges fast on the near side of the mean only.
  return x < (a + 1) / (a + b + 2) ? 1 - lower(x, a, b) : lower(1 - x, b, a);
}

function lower(x: number, a: number, b: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const floor = 1e-300;
  const guard = (value: number) => (Math.abs(value) < floor ? floor : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}
