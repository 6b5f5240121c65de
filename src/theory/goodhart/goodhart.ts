/**
 * @file Goodhart's law by the tail of the error: a proxy is value plus independent error, value ~ N(0, 1), and the best of
 * n by proxy is taken. With light-tailed error its value keeps rising; with heavy-tailed error it peaks and falls back to
 * that of a random draw, and a policy can reach any proxy score at next to no divergence.
 *
 * Source: Gao et al. 2022, arXiv:2210.10760; Kwa, Thomas and Garriga-Alonso 2024, Catastrophic Goodhart,
 * arXiv:2407.14503.
 */
import { assert } from "../../core/errors.ts";
import { normalCdf, normalDensity } from "../numerics/normal.ts";

/** The distribution of an error, symmetric around 0. */
export interface ErrorLaw {
  readonly density: (x: number) => number;
  /** P(X > x), with its relative accuracy kept far out. */
  readonly tail: (x: number) => number;
  /** E[X; X > x], the part of the mean beyond x; infinite where there is no mean. */
  readonly partialMean: (x: number) => number;
  /** The length on which the density changes: the step of integrals follows it. */
  readonly scale: number;
}

/** N(0, sd²). */
export function normalError(sd = 1): ErrorLaw {
  assert(sd > 0, `a standard deviation above 0, got ${sd}`);
  return {
    density: (x) => normalDensity(x / sd) / sd,
    tail: (x) => normalCdf(-x / sd),
    partialMean: (x) => sd * normalDensity(x / sd),
    scale: sd,
  };
}

/**
 * Student's t with a whole number of degrees of freedom: a power-law tail, P(X > x) ~ x^−freedom.
 *
 * @param freedom 1 is Cauchy's, without a mean; 2 has no variance
 */
export function studentError(freedom: number): ErrorLaw {
  assert(Number.isInteger(freedom) && freedom >= 1, `whole degrees of freedom, at least 1, got ${freedom}`);
  const beta = betaHalf(freedom);
  const density = (x: number) => (1 + (x * x) / freedom) ** (-(freedom + 1) / 2) / (Math.sqrt(freedom) * beta);
  return {
    density,
    tail(x) {
      const square = x * x;
      const total = freedom + square;
      if (square > freedom) {
        const far = incomplete(freedom / total, square / total, freedom / 2, 0.5) / beta / 2;
        return x > 0 ? far : 1 - far;
      }
      const middle = x === 0 ? 0 : incomplete(square / total, freedom / total, 0.5, freedom / 2) / beta;
      return x > 0 ? (1 - middle) / 2 : (1 + middle) / 2;
    },
    partialMean: (x) => (freedom === 1 ? Infinity : (density(x) * (freedom + x * x)) / (freedom - 1)),
    scale: Math.sqrt(freedom),
  };
}

/** B(freedom/2, 1/2) by recursion from π or 2. */
function betaHalf(freedom: number): number {
  let value = freedom % 2 === 1 ? Math.PI : 2;
  for (let a = freedom % 2 === 1 ? 0.5 : 1; a < freedom / 2; a++) value *= a / (a + 0.5);
  return value;
}

/** ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt for x ≤ 1/2: x^a y^b/a Σ (a + b)_k/(a + 1)_k x^k, with y = 1 − x. */
function incomplete(x: number, y: number, a: number, b: number): number {
  let [term, sum] = [1, 1];
  for (let k = 0; term > 1e-17 * sum; k++) {
    term *= ((a + b + k) / (a + 1 + k)) * x;
    sum += term;
  }
  return ((x ** a * y ** b) / a) * sum;
}

/** Values beyond are improbable enough to leave out. */
const VALUE_REACH = 9;
/** Proxy scores run to sinh(16) = 4 million. */
const SCORE_REACH = 16;
const SCORE_STEP = 1 / 32;

/**
 * E[value] of the best of n by proxy, for each of `sizes`, above that of one draw:
 *
 *     n ∫ E[V; S = s] F(s)^(n−1) ds,   E[V; S = s] = ∫ v φ(v) g(s − v) dv
 *
 * by the trapezoid rule inside, and outside after s = sinh t, which reaches far into heavy tails. For normal error it is
 * E[max] / √(1 + sd²).
 */
export function goldOfBest(law: ErrorLaw, sizes: readonly number[]): Float64Array {
  const step = Math.min(0.1, law.scale / 4);
  const nodes = Math.round(VALUE_REACH / step);
  const out = new Float64Array(sizes.length);
  for (let t = -SCORE_REACH; t <= SCORE_REACH; t += SCORE_STEP) {
    const score = Math.sinh(t);
    let [value, above] = [0, 0];
    for (let k = -nodes; k <= nodes; k++) {
      const v = k * step;
      const weight = step * normalDensity(v);
      value += weight * v * law.density(score - v);
      above += weight * law.tail(score - v);
    }
    const width = SCORE_STEP * Math.cosh(t) * value;
    for (const [i, n] of sizes.entries()) {
      assert(Number.isInteger(n) && n >= 1, `goldOfBest: a whole number of draws, at least 1, got ${n}`);
      if (n > 1) out[i]! += n * width * Math.exp((n - 1) * Math.log1p(-Math.min(above, 1)));
    }
  }
  return out;
}

/** A policy that does one improbable thing more often, and nothing else differently. */
export interface Upweighted {
  /** Divergence from the base policy, nats. */
  readonly kl: number;
  /** Mean error, and so the mean proxy score: the value's mean is that of the base policy. */
  readonly error: number;
}

/**
 * Raise the probability of an error above `threshold` to `mass`, leaving the rest in proportion. With a heavy tail and
 * mass = threshold^−.8 for ever higher thresholds, the error's mean grows without bound while the divergence goes to 0,
 * and the value, independent of the error, stays where it was.
 */
export function upweightTail(law: ErrorLaw, threshold: number, mass: number): Upweighted {
  const base = law.tail(threshold);
  assert(mass >= base && mass <= 1, `a mass between ${base} and 1, got ${mass}`);
  const part = law.partialMean(threshold);
  const rest = mass === 1 ? 0 : (1 - mass) * Math.log((1 - mass) / (1 - base));
  return {
    kl: mass === 0 ? 0 : mass * Math.log(mass / base) + rest,
    // The whole mean is 0, so what lies below is −part.
    error: (mass / base) * part - ((1 - mass) / (1 - base)) * part,
  };
}
