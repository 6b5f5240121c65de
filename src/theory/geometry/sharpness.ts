/**
 * @file Sharpness: by how much the loss rises within a small ball, S_ρ = max_{‖e‖ ≤ ρ} L(w + e) − L(w),
 * plain or in units of each weight.
 *
 * At a minimum of a quadratic S_ρ = ½ ρ² λ_max. Plain sharpness is no property of the function:
 * rescaling two layers of a ReLU network changes it and nothing else (Dinh et al. 2017,
 * arXiv:1703.04933); the adaptive one, whose ball is ‖e/|w|‖ ≤ ρ, is invariant to that.
 *
 * Source: Foret et al. 2020 (SAM), arXiv:2010.01412; Kwon et al. 2021 (ASAM), arXiv:2102.11600.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Slope } from "../numerics/ascent.ts";
import { dot } from "../numerics/dense.ts";

export interface SharpnessOptions {
  /** ρ: radius of the ball, in units of weights, or of shares of each weight where adaptive. */
  readonly radius: number;
  readonly isAdaptive?: boolean;
  /** Projected ascent steps from each start. */
  readonly steps?: number;
  /** Random starts besides the gradient's direction: at a minimum there is no gradient. */
  readonly starts?: number;
  readonly rng: Rng;
}

/**
 * S_ρ by ascent on the sphere: each step goes to the boundary along the (scaled) gradient, which
 * on a quadratic is power iteration. A lower bound of the maximum, the best of all starts.
 *
 * @param loss value and gradient
 */
export function sharpness(loss: (at: Float64Array) => Slope, at: Float64Array, options: SharpnessOptions): number {
  const { radius, isAdaptive = false, steps = 20, starts = 3, rng } = options;
  assert(radius > 0, `a radius above 0, got ${radius}`);
  const here = loss(at);
  const scale = at.map((each) => (isAdaptive ? Math.abs(each) : 1));
  // In coordinates u = e / scale the ball is round and the gradient is scale · g.
  let most = 0;
  for (let start = 0; start <= starts; start++) {
    let direction =
      start === 0 ? here.gradient.map((g, i) => g * scale[i]!) : Float64Array.from(at, () => rng.normal());
    for (let step = 0; step < steps; step++) {
      const norm = Math.sqrt(dot(direction, direction));
      if (norm === 0) break;
      const moved = loss(at.map((each, i) => each + (radius * scale[i]! * direction[i]!) / norm));
      most = Math.max(most, moved.value - here.value);
      direction = moved.gradient.map((g, i) => g * scale[i]!);
    }
  }
  return most;
}

/** ε̂ = ρ g / ‖g‖: where sharpness-aware minimization takes its gradient, to first order; zero without a gradient. */
export function ascentStep(gradient: Float64Array, radius: number): Float64Array {
  const norm = Math.sqrt(dot(gradient, gradient));
  return gradient.map((each) => (norm === 0 ? 0 : (radius * each) / norm));
}
