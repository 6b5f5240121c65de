/**
 * @file How layers can invert a matrix: (A + I/λ)⁻¹ s by repeated products with A, as deep linear attention does on its
 * way to ridge regression (von Oswald et al. 2023, arXiv:2309.05858, Proposition 2).
 *
 *     Richardson: xₖ₊₁ = xₖ + α (s − H xₖ);   Chebyshev: with momentum, rates from the ends of the spectrum
 *
 * With H = A + I/λ of condition κ, the error of Richardson at its best rate falls by (κ − 1)/(κ + 1) a step, that of
 * Chebyshev by about (√κ − 1)/(√κ + 1): the polynomial of that degree that is least on the spectrum.
 */
import { assert } from "../../core/errors.ts";

/** A product with H. */
export type Product = (v: Float64Array) => Float64Array;

/** Ends of H's spectrum, the lower one above 0. */
export interface SpectrumEnds {
  readonly low: number;
  readonly high: number;
}

/** x after k Richardson steps from 0 at the rate 2/(low + high), which is the best for these ends. */
export function richardson(product: Product, s: Float64Array, steps: number, ends: SpectrumEnds): Float64Array {
  checkEnds(ends);
  const rate = 2 / (ends.low + ends.high);
  let x = new Float64Array(s.length);
  for (let k = 0; k < steps; k++) {
    const hx = product(x);
    x = x.map((each, i) => each + rate * (s[i]! - hx[i]!));
  }
  return x;
}

/** x after k Chebyshev steps from 0 (Golub and Varga 1961). */
export function chebyshev(product: Product, s: Float64Array, steps: number, ends: SpectrumEnds): Float64Array {
  checkEnds(ends);
  const [center, half] = [(ends.high + ends.low) / 2, (ends.high - ends.low) / 2];
  let x = new Float64Array(s.length);
  let residual = s.slice();
  let move = new Float64Array(s.length);
  let rate = 0;
  for (let k = 0; k < steps; k++) {
    // Ratio of successive Chebyshev polynomials at center/half.
    const momentum = k === 0 ? 0 : k === 1 ? 0.5 * (half * rate) ** 2 : (half * rate * 0.5) ** 2;
    rate = k === 0 ? 1 / center : 1 / (center - momentum / rate);
    move = residual.map((each, i) => rate * each + (k === 0 ? 0 : (center * rate - 1) * move[i]!));
    x = x.map((each, i) => each + move[i]!);
    const hx = product(x);
    residual = s.map((each, i) => each - hx[i]!);
  }
  return x;
}

/** Greatest error of k steps relative to that of 0, over all s. */
export function iterationBound(method: "richardson" | "chebyshev", steps: number, ends: SpectrumEnds): number {
  checkEnds(ends);
  const kappa = ends.high / ends.low;
  if (method === "richardson") return ((kappa - 1) / (kappa + 1)) ** steps;
  const q = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
  return (2 * q ** steps) / (1 + q ** (2 * steps));
}

function checkEnds({ low, high }: SpectrumEnds): void {
  assert(low > 0 && high >= low, `a spectrum above 0, got [${low}, ${high}]`);
}
