/**
 * @file The skew-normal distribution (Azzalini 1985): its tail on the log scale, and its maximum-likelihood fit. What
 * perplexities of random sequences are extrapolated with, beyond the rarest of a sample.
 */
import { assert } from "../../core/errors.ts";
import { logSumExp, mean, variance } from "../../core/stats.ts";
import { ascend } from "./ascent.ts";
import { logNormalCdf } from "./normal.ts";

/** Density 2/ω φ(z) Φ(α z) at z = (x − ξ)/ω. */
export interface SkewNormal {
  /** ξ */
  readonly location: number;
  /** ω, above 0. */
  readonly scale: number;
  /** α: 0 is the normal distribution, below 0 has the longer tail on the left. */
  readonly shape: number;
}

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln density. */
export function skewNormalLogDensity({ location, scale, shape }: SkewNormal, x: number): number {
  const z = (x - location) / scale;
  return Math.LN2 - Math.log(scale) - LOG_ROOT_TWO_PI - (z * z) / 2 + logNormalCdf(shape * z);
}

/**
 * ln P(X ≤ x) in nats, to about ten digits however far x lies in the lower tail: the integral over (−∞, x] after
 * u = exp(t − e^−t), by the trapezoid rule on the log scale.
 */
export function skewNormalLogCdf(law: SkewNormal, x: number): number {
  const step = 1 / 32;
  const terms: number[] = [];
  for (let t = -6; t <= 9; t += step) {
    const u = law.scale * Math.exp(t - Math.exp(-t));
    terms.push(skewNormalLogDensity(law, x - u) + Math.log(u * (1 + Math.exp(-t)) * step));
  }
  return Math.min(0, logSumExp(terms));
}

/** A fit with how well it does. */
export interface SkewNormalFit extends SkewNormal {
  /** Mean log-likelihood, nats a value. */
  readonly logLikelihood: number;
  /** The maximum was reached; false where the likelihood still rises as the shape grows without bound. */
  readonly isReached: boolean;
}

/** Beyond it skewness is not that of a skew-normal distribution. */
const MOST_SKEW = 0.99;

/**
 * Maximum likelihood, from the moments.
 *
 * @param values at least three, not all equal
 */
export function fitSkewNormal(values: ArrayLike<number>): SkewNormalFit {
  const n = values.length;
  const [center, sd] = [n > 0 ? mean(values) : 0, Math.sqrt(variance(values))];
  assert(n >= 3 && sd > 0, `at least three values that differ, got ${n}`);
  const z = Float64Array.from(values, (each) => (each - center) / sd);
  const skew = Math.max(-MOST_SKEW, Math.min(MOST_SKEW, mean(z.map((each) => each ** 3))));
  // Away from α = 0, where the likelihood of any data is stationary.
  const sign = skew < 0 ? -1 : 1;
  const root = Math.cbrt((2 * Math.abs(skew)) / (4 - Math.PI)) ** 2;
  const delta = sign * Math.max(0.3, Math.sqrt(((Math.PI / 2) * root) / (1 + root)));
  const omega = 1 / Math.sqrt(1 - (2 * delta * delta) / Math.PI);
  const start = [-omega * delta * Math.sqrt(2 / Math.PI), Math.log(omega), delta / Math.sqrt(1 - delta * delta)];
  const summit = ascend(
    ([location, logScale, shape]) => {
      const scale = Math.exp(logScale!);
      const gradient = new Float64Array(3);
      let value = 0;
      for (const each of z) {
        const at = (each - location!) / scale;
        const log = logNormalCdf(shape! * at);
        value += Math.LN2 - logScale! - LOG_ROOT_TWO_PI - (at * at) / 2 + log;
        // φ/Φ on the log scale: both vanish far in the lower tail.
        const hazard = Math.exp(-LOG_ROOT_TWO_PI - (shape! * at) ** 2 / 2 - log);
        gradient[0]! += (at - shape! * hazard) / scale;
        gradient[1]! += at * at - 1 - shape! * hazard * at;
        gradient[2]! += hazard * at;
      }
      return { value: value / n, gradient: gradient.map((each) => each / n) };
    },
    Float64Array.from(start),
    { tolerance: 1e-7, maxSteps: 200, maxMove: 1 },
  );
  const [location, logScale, shape] = summit.at;
  return {
    location: center + sd * location!,
    scale: sd * Math.exp(logScale!),
    shape: shape!,
    logLikelihood: summit.value - Math.log(sd),
    isReached: summit.isReached,
  };
}

/** One draw by δ|z₁| + √(1 − δ²) z₂ with δ = α/√(1 + α²). */
export function drawSkewNormal({ location, scale, shape }: SkewNormal, random: { normal(): number }): number {
  const delta = shape / Math.hypot(1, shape);
  return location + scale * (delta * Math.abs(random.normal()) + Math.sqrt(1 - delta * delta) * random.normal());
}
