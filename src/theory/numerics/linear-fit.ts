/**
 * @file Regularized linear fits: softmax regression for classes, ridge regression
 * for numbers. Features are standardized on the rows that are fitted, and what is
 * constant there is left out; the intercept is not penalized.
 */

/** `classes` scores for each row: `x · weights + bias`, in the units of the features as given. */
export interface LinearFit {
  readonly features: number;
  readonly classes: number;
  /** `[features, classes]` */
  readonly weights: Float64Array;
  /** `[classes]` */
  readonly bias: Float64Array;
}

/** Rows to fit. */
export interface Rows {
  /** `[n, features]` */
  readonly x: Float32Array;
  readonly features: number;
  /** Indices of the rows that count. */
  readonly rows: Int32Array;
}

/** Scores `[classes]` of one row, written into `out`. */
export function scoreRow(
  { features, classes, weights, bias }: LinearFit,
  x: Float32Array,
  row: number,
  out: Float64Array,
): void {
  out.set(bias);
  for (let f = 0; f < features; f++) {
    const value = x[row * features + f]!;
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) out[k]! += value * weights[f * classes + k]!;
  }
}

/** The class of greatest score, for each of `rows`. */
export function classify(fit: LinearFit, { x, rows }: Rows): Int32Array {
  const scores = new Float64Array(fit.classes);
  return Int32Array.from(rows, (row) => {
    scoreRow(fit, x, row, scores);
    let best = 0;
    for (let k = 1; k < fit.classes; k++) if (scores[k]! > scores[best]!) best = k;
    return best;
  });
}

/** Mean negative log-probability of the labels in nats. */
export function meanNegativeLog(fit: LinearFit, { x, rows }: Rows, labels: Int32Array): number {
  const scores = new Float64Array(fit.classes);
  let total = 0;
  for (const row of rows) {
    scoreRow(fit, x, row, scores);
    total += logSum(scores) - scores[labels[row]!]!;
  }
  return total / Math.max(1, rows.length);
}

/**
 * Softmax regression: least mean negative log-probability plus `penalty`/2 times
 * the squared norm of the weights of standardized features, by L-BFGS.
 *
 * @param labels class by row of `x`; those of `rows` are at least 0
 * @param penalty positive
 * @param start a fit to begin at: of another penalty, or of other rows
 * @param options most steps, and the relative gain of a step below which it stops
 */
export function fitSoftmax(
  data: Rows,
  labels: Int32Array,
  classes: number,
  penalty: number,
  start?: LinearFit,
  { steps = 200, tolerance = 1e-6 }: { readonly steps?: number; readonly tolerance?: number } = {},
): LinearFit {
  const { z, scale, center, n, features } = standardized(data);
  // Class by class, each with its features and then its intercept: the inner loops run over features.
  const stride = features + 1;
  const size = stride * classes;
  const initial = new Float64Array(size);
  if (start) {
    for (let k = 0; k < classes; k++) {
      initial[k * stride + features] = start.bias[k]!;
      for (let f = 0; f < features; f++) {
        const weight = start.weights[f * classes + k]!;
        initial[k * stride + f] = scale[f] === 0 ? 0 : weight / scale[f]!;
        initial[k * stride + features]! += weight * center[f]!;
      }
    }
  }
  const own = Int32Array.from(data.rows, (row) => labels[row]!);
  const scores = new Float64Array(classes);
  const loss = (w: Float64Array, gradient: Float64Array): number => {
    let total = 0;
    gradient.fill(0);
    for (let i = 0; i < n; i++) {
      const at = i * features;
      for (let k = 0; k < classes; k++) {
        const base = k * stride;
        let score = w[base + features]!;
        for (let f = 0; f < features; f++) score += z[at + f]! * w[base + f]!;
        scores[k] = score;
      }
      const normalizer = logSum(scores);
      total += normalizer - scores[own[i]!]!;
      for (let k = 0; k < classes; k++) {
        const base = k * stride;
        const residual = Math.exp(scores[k]! - normalizer) - (k === own[i] ? 1 : 0);
        gradient[base + features]! += residual;
        for (let f = 0; f < features; f++) gradient[base + f]! += residual * z[at + f]!;
      }
    }
    let square = 0;
    for (let j = 0; j < size; j++) {
      const isBias = j % stride === features;
      gradient[j] = gradient[j]! / n + (isBias ? 0 : penalty * w[j]!);
      if (!isBias) square += w[j]! * w[j]!;
    }
    return total / n + (penalty / 2) * square;
  };
  const w = minimize(loss, initial, steps, tolerance);
  const byFeature = Float64Array.from({ length: size }, (_, j) => w[(j % classes) * stride + Math.floor(j / classes)]!);
  return unstandardized(byFeature, scale, center, features, classes);
}

/**
 * Ridge regression of one number: least mean squared error plus `penalty` times
 * the squared norm of the weights of standardized features, in closed form for
 * every penalty asked, from one factorization of what they share.
 *
 * @param targets number by row of `x`
 */
export function fitRidge(data: Rows, targets: Float64Array, penalties: readonly number[]): LinearFit[] {
  const { z, scale, center, n, features } = standardized(data);
  const y = Float64Array.from(data.rows, (row) => targets[row]!);
  const middle = y.reduce((sum, value) => sum + value, 0) / n;
  // The smaller of both systems: features × features, or rows × rows.
  const isDual = features > n;
  const size = isDual ? n : features;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  if (isDual) {
    for (let i = 0; i < n; i++) {
      right[i] = y[i]! - middle;
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let f = 0; f < features; f++) sum += z[i * features + f]! * z[j * features + f]!;
        gram[i * n + j] = gram[j * n + i] = sum / n;
      }
    }
  } else {
    for (let i = 0; i < n; i++) {
      for (let f = 0; f < features; f++) {
        const value = z[i * features + f]!;
        right[f]! += (value * (y[i]! - middle)) / n;
        for (let g = 0; g <= f; g++) gram[f * features + g]! += (value * z[i * features + g]!) / n;
      }
    }
    for (let f = 0; f < features; f++) for (let g = 0; g < f; g++) gram[g * features + f] = gram[f * features + g]!;
  }
  return penalties.map((penalty) => {
    const solved = solvePositive(gram, right, size, penalty);
    const w = new Float64Array(features + 1);
    w[features] = middle;
    if (isDual) {
      for (let i = 0; i < n; i++) {
        for (let f = 0; f < features; f++) w[f]! += (solved[i]! * z[i * features + f]!) / n;
      }
    } else w.set(solved);
    return unstandardized(w, scale, center, features, 1);
  });
}

function standardized({ x, features, rows }: Rows) {
  const n = rows.length;
  const center = new Float64Array(features);
  const scale = new Float64Array(features);
  for (const row of rows) for (let f = 0; f < features; f++) center[f]! += x[row * features + f]! / n;
  for (const row of rows)
    for (let f = 0; f < features; f++) scale[f]! += (x[row * features + f]! - center[f]!) ** 2 / n;
  for (let f = 0; f < features; f++) {
    const deviation = Math.sqrt(scale[f]!);
    scale[f] = deviation > 1e-6 * Math.max(1e-3, Math.abs(center[f]!)) ? 1 / deviation : 0;
  }
  const z = new Float64Array(n * features);
  for (const [i, row] of rows.entries()) {
    for (let f = 0; f < features; f++) z[i * features + f] = (x[row * features + f]! - center[f]!) * scale[f]!;
  }
  return { z, scale, center, n, features };
}

/** Weights `[features + 1, classes]` of standardized features, the last row the intercept, as those of the features. */
function unstandardized(
  w: Float64Array,
  scale: Float64Array,
  center: Float64Array,
  features: number,
  classes: number,
): LinearFit {
  const weights = new Float64Array(features * classes);
  const bias = w.slice(features * classes);
  for (let f = 0; f < features; f++) {
    for (let k = 0; k < classes; k++) {
      const weight = w[f * classes + k]! * scale[f]!;
      weights[f * classes + k] = weight;
      bias[k]! -= weight * center[f]!;
    }
  }
  return { features, classes, weights, bias };
}

function logSum(values: Float64Array): number {
  let most = values[0]!;
  for (const value of values) if (value > most) most = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** `(matrix + shift I)⁻¹ right` by Cholesky; the matrix is symmetric and at least semidefinite, the shift positive. */
function solvePositive(matrix: Float64Array, right: Float64Array, n: number, shift: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]! + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j * n + j]!;
    }
  }
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}

/** L-BFGS with ten pairs and backtracking (Nocedal and Wright 2006, algorithm 7.5), for convex functions. */
function minimize(
  f: (w: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  steps: number,
  tolerance: number,
): Float64Array {
  const size = start.length;
  let w = start.slice();
  let gradient = new Float64Array(size);
  let value = f(w, gradient);
  const pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly sy: number }[] = [];
  const dot = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  for (let step = 0; step < steps; step++) {
    const norm = Math.sqrt(dot(gradient, gradient));
    if (norm < 1e-5) break;
    const direction = gradient.map((g) => -g);
    const alphas: number[] = [];
    for (const { s, y, sy } of [...pairs].reverse()) {
      const alpha = dot(s, direction) / sy;
      alphas.push(alpha);
      for (let i = 0; i < size; i++) direction[i]! -= alpha * y[i]!;
    }
    const last = pairs.at(-1);
    const shrink = last ? last.sy / dot(last.y, last.y) : 1 / Math.max(1, norm);
    for (let i = 0; i < size; i++) direction[i]! *= shrink;
    for (const [p, { s, y, sy }] of pairs.entries()) {
      const beta = dot(y, direction) / sy;
      const alpha = alphas[pairs.length - 1 - p]!;
      for (let i = 0; i < size; i++) direction[i]! += (alpha - beta) * s[i]!;
    }
    const slope = dot(gradient, direction);
    let length = 1;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 30; tries++, length /= 2) {
      for (let i = 0; i < size; i++) next[i] = w[i]! + length * direction[i]!;
      nextValue = f(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const s = next.map((x, i) => x - w[i]!);
    const y = nextGradient.map((g, i) => g - gradient[i]!);
    const sy = dot(s, y);
    if (sy > 1e-12) {
      pairs.push({ s, y, sy });
      if (pairs.length > 10) pairs.shift();
    }
    const gained = value - nextValue;
    [w, gradient, value] = [next, nextGradient, nextValue];
    if (gained < tolerance * Math.max(1, Math.abs(value))) break;
  }
  return w;
}
