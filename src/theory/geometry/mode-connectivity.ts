/**
 * @file Linear mode connectivity: how far the loss rises on the straight line between two
 * solutions, after the symmetries that change weights and not the function are taken out:
 * permutations of hidden units by optimal matching, and the scale that two factors can trade.
 *
 * Without that gauge fixing, two copies of one function show a barrier.
 *
 * Source: Frankle et al. 2020, arXiv:1912.05671; Entezari et al. 2021, arXiv:2110.06296;
 * Ainsworth et al. 2022 (Git Re-Basin), arXiv:2209.04836; the gauge of attention: von Oswald et
 * al. 2023, arXiv:2212.07677.
 */
import { assert } from "../../core/errors.ts";

/** The rise of the loss between two points. */
export interface Barrier {
  /** max over α of L((1 − α)w₁ + αw₂) − ((1 − α)L(w₁) + αL(w₂)); at least 0, which both ends have. */
  readonly height: number;
  /** α of the maximum. */
  readonly at: number;
}

/**
 * The barrier on the straight line.
 *
 * @param points how many α, both ends included; the maximum is looked for at these only
 */
export function barrier(
  loss: (at: Float64Array) => number,
  first: Float64Array,
  second: Float64Array,
  points = 25,
): Barrier {
  assert(first.length === second.length && points >= 3, "two points of one space, and one between them");
  const [start, end] = [loss(first), loss(second)];
  let [height, at] = [0, 0];
  for (let p = 1; p < points - 1; p++) {
    const alpha = p / (points - 1);
    const rise =
      loss(first.map((each, i) => (1 - alpha) * each + alpha * second[i]!)) - ((1 - alpha) * start + alpha * end);
    if (rise > height) [height, at] = [rise, alpha];
  }
  return { height, at };
}

/** One hidden layer: out · σ(into · x + bias). */
export interface HiddenLayer {
  readonly hidden: number;
  /** `[hidden, inputs]` */
  readonly into: Float64Array;
  /** `[hidden]` */
  readonly bias: Float64Array;
  /** `[outputs, hidden]` */
  readonly out: Float64Array;
}

/** The same function with hidden unit `order[i]` in place i. */
export function permuted({ hidden, into, bias, out }: HiddenLayer, order: Int32Array): HiddenLayer {
  const inputs = into.length / hidden;
  return {
    hidden,
    into: into.map((_, i) => into[order[Math.floor(i / inputs)]! * inputs + (i % inputs)]!),
    bias: bias.map((_, i) => bias[order[i]!]!),
    out: out.map((_, i) => out[i - (i % hidden) + order[i % hidden]!]!),
  };
}

/**
 * The order of `second`'s hidden units that brings its weights closest to `first`'s: the exact
 * minimum of the summed squared differences over all permutations, for {@link permuted}.
 */
export function matchUnits(first: HiddenLayer, second: HiddenLayer): Int32Array {
  const h = first.hidden;
  assert(h === second.hidden && first.into.length === second.into.length, "layers of one shape");
  const inputs = first.into.length / h;
  const outputs = first.out.length / h;
  const cost = new Float64Array(h * h);
  for (let i = 0; i < h; i++) {
    for (let j = 0; j < h; j++) {
      let sum = (first.bias[i]! - second.bias[j]!) ** 2;
      for (let c = 0; c < inputs; c++) sum += (first.into[i * inputs + c]! - second.into[j * inputs + c]!) ** 2;
      for (let c = 0; c < outputs; c++) sum += (first.out[c * h + i]! - second.out[c * h + j]!) ** 2;
      cost[i * h + j] = sum;
    }
  }
  return assign(cost, h);
}

/**
 * The assignment of least total cost: `out[row]` is its column. Shortest augmenting paths with
 * potentials (Kuhn 1955, Munkres 1957), O(n³).
 *
 * @param cost `[n, n]`
 */
export function assign(cost: Float64Array, n: number): Int32Array {
  // Rows and columns count from 1; column 0 holds the row that is being placed.
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1);
  const before = new Int32Array(n + 1);
  for (let row = 1; row <= n; row++) {
    const slack = new Float64Array(n + 1).fill(Infinity);
    const isUsed = new Uint8Array(n + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      isUsed[column] = 1;
      const current = rowOf[column]!;
      let [delta, next] = [Infinity, 0];
      for (let j = 1; j <= n; j++) {
        if (isUsed[j]) continue;
        const reduced = cost[(current - 1) * n + j - 1]! - rowPotential[current]! - columnPotential[j]!;
        if (reduced < slack[j]!) {
          slack[j] = reduced;
          before[j] = column;
        }
        if (slack[j]! < delta) [delta, next] = [slack[j]!, j];
      }
      for (let j = 0; j <= n; j++) {
        if (isUsed[j]) {
          rowPotential[rowOf[j]!]! += delta;
          columnPotential[j]! -= delta;
        } else slack[j]! -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[before[column]!]!;
      column = before[column]!;
    }
  }
  const out = new Int32Array(n);
  for (let j = 1; j <= n; j++) out[rowOf[j]! - 1] = j - 1;
  return out;
}

/** Two factors of one attention layer that may trade a scale: (QK, VP) and (c QK, VP/c) are one function. */
export interface AttentionProducts {
  /** W_Q W_Kᵀ, `[n, n]` */
  readonly queryKey: Float64Array;
  /** W_V P, `[n, n]` */
  readonly valueProjection: Float64Array;
}

/**
 * The gauge in which the mean of the first `inputs` diagonal entries of QK is 1; a negative mean is
 * taken out with its sign. Undefined before QK has a trace there, which is an error.
 */
export function fixAttentionScale(products: AttentionProducts, inputs: number): AttentionProducts {
  const n = Math.round(Math.sqrt(products.queryKey.length));
  let scale = 0;
  for (let i = 0; i < inputs; i++) scale += products.queryKey[i * n + i]! / inputs;
  assert(scale !== 0, "a query-key product with a trace");
  return {
    queryKey: products.queryKey.map((each) => each / scale),
    valueProjection: products.valueProjection.map((each) => each * scale),
  };
}
