/**
 * @file Thurstone's case V: one utility for each option and one variance for all, with a normal prior that keeps options
 * which always win at a finite place.
 *
 *     P(x ≻ y) = Φ(uₓ − u_y),   uₓ ~ N(0, τ²)
 *
 * The posterior is log-concave: Newton's method finds its mode from equal utilities, in tens of microseconds.
 *
 * Source: Thurstone 1927; Mosteller 1951 for case V as a regression.
 */
import { assert } from "../../core/errors.ts";
import { solve } from "../numerics/dense.ts";
import { logNormalCdf } from "../numerics/normal.ts";
import type { PairChoices } from "./thurstone.ts";

/** Deviation τ of utilities, in deviations of the difference of two: options apart by it are chosen .98 to .02. */
const PRIOR_DEVIATION = 2;

/**
 * The mode of the posterior, `[options]`.
 *
 * @param options how many there are; one that occurs in no pair is at 0
 */
export function fitCaseV(options: number, pairs: readonly PairChoices[]): Float64Array {
  assert(options >= 2, `two options, got ${options}`);
  const at = new Float64Array(options);
  for (let step = 0; step < 100; step++) {
    const { slope, curvature } = caseVSlope(at, pairs);
    const move = solve(curvature, slope, options);
    const longest = move.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    // A step into the flat tails would overshoot; one of the prior's size never does for long.
    const scale = Math.min(1, PRIOR_DEVIATION / Math.max(longest, 1e-300));
    for (let i = 0; i < options; i++) at[i]! += scale * move[i]!;
    if (longest < 1e-9) break;
  }
  return at;
}

/** Slope of the log-posterior and its negative second derivative, `[options]` and `[options, options]`. */
export function caseVSlope(
  at: Float64Array,
  pairs: readonly PairChoices[],
): { readonly slope: Float64Array; readonly curvature: Float64Array } {
  const n = at.length;
  const precision = 1 / PRIOR_DEVIATION ** 2;
  const slope = at.map((each) => -each * precision);
  const curvature = new Float64Array(n * n);
  for (let i = 0; i < n; i++) curvature[i * n + i] = precision;
  for (const { first, second, share, count } of pairs) {
    const d = at[first]! - at[second]!;
    // φ/Φ on both sides, by logarithms: they underflow where one option is never chosen.
    const [won, lost] = [Math.exp(logDensity(d) - logNormalCdf(d)), Math.exp(logDensity(d) - logNormalCdf(-d))];
    const pull = count * (share * won - (1 - share) * lost);
    const weight = count * (share * won * (won + d) + (1 - share) * lost * (lost - d));
    slope[first]! += pull;
    slope[second]! -= pull;
    curvature[first * n + first]! += weight;
    curvature[second * n + second]! += weight;
    curvature[first * n + second]! -= weight;
    curvature[second * n + first]! -= weight;
  }
  return { slope, curvature };
}

const logDensity = (x: number): number => -0.5 * (x * x + Math.log(2 * Math.PI));
