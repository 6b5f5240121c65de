/**
 * @file The maximum of a smooth function of a few dozen variables: Broyden,
 * Fletcher, Goldfarb and Shanno's method with backtracking. For a concave
 * function the one it finds is the maximum.
 */

/** A value with its gradient. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Summit extends Slope {
  readonly at: Float64Array;
  readonly steps: number;
  /** The gradient is below tolerance; false where the function was still rising. */
  readonly isReached: boolean;
}

export interface AscentOptions {
  /** Greatest component of the gradient at which it stops. */
  readonly tolerance?: number;
  readonly maxSteps?: number;
  /** Largest change of any variable in one step. */
  readonly maxMove?: number;
}

/** Climb from `start`. The function may approach its supremum at infinity; `maxSteps` ends the climb then. */
export function ascend(
  evaluate: (at: Float64Array) => Slope,
  start: Float64Array,
  options: AscentOptions = {},
): Summit {
  const { tolerance = 1e-7, maxSteps = 500, maxMove = Infinity } = options;
  const n = start.length;
  let at = Float64Array.from(start);
  let here = evaluate(at);
  let inverse = identity(n, 1);
  let isFresh = true;
  for (let step = 0; step < maxSteps; step++) {
    if (here.gradient.every((each) => Math.abs(each) <= tolerance))
      return { at, ...here, steps: step, isReached: true };
    let direction = product(inverse, here.gradient);
    let rise = dot(direction, here.gradient);
    if (!(rise > 0)) {
      inverse = identity(n, 1);
      isFresh = true;
      direction = Float64Array.from(here.gradient);
      rise = dot(direction, direction);
    }
    const longest = direction.reduce((max, each) => Math.max(max, Math.abs(each)), 0);
    let scale = Math.min(1, maxMove / longest);
    let next = here;
    let moved = at;
    for (; scale > 1e-12; scale /= 2) {
      moved = at.map((value, i) => value + scale * direction[i]!);
      next = evaluate(moved);
      if (next.value >= here.value + 1e-4 * scale * rise) break;
    }
    if (scale <= 1e-12) {
      if (isFresh) return { at, ...here, steps: step, isReached: false };
      inverse = identity(n, 1);
      isFresh = true;
      continue;
    }
    const change = moved.map((value, i) => value - at[i]!);
    // Of the negated function, so that the curvature is positive.
    const bend = next.gradient.map((value, i) => here.gradient[i]! - value);
    const curvature = dot(change, bend);
    if (curvature > 1e-14 * Math.sqrt(dot(change, change) * dot(bend, bend))) {
      if (isFresh) inverse = identity(n, curvature / dot(bend, bend));
      update(inverse, change, bend, curvature);
      isFresh = false;
    }
    at = moved;
    here = next;
  }
  return { at, ...here, steps: maxSteps, isReached: false };
}

/** H ← (I − s yᵀ/ρ) H (I − y sᵀ/ρ) + s sᵀ/ρ. */
function update(h: Float64Array, s: Float64Array, y: Float64Array, rho: number): void {
  const n = s.length;
  const hy = product(h, y);
  const factor = (1 + dot(y, hy) / rho) / rho;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      h[i * n + j]! += factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / rho;
    }
  }
}

function identity(n: number, scale: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = scale;
  return matrix;
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return Float64Array.from(vector, (_, i) => dot(matrix.subarray(i * n, (i + 1) * n), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
