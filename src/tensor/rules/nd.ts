/**
 * @file Loops over float64 arrays that the oracle's rules share: strided reads and
 * writes, broadcasting pairs, reductions. Clear first; only the same-shape paths are fast.
 */
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf, stridesOf } from "../shape.ts";

/** Call `visit(flat, offset)` for every index of `shape`, `offset` moving by `strides`. */
export function walk(shape: Shape, strides: Shape, visit: (flat: number, offset: number) => void): void {
  const size = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  let offset = 0;
  for (let flat = 0; flat < size; flat++) {
    visit(flat, offset);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      offset -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** `out[i] = data[start + i · strides]`: transposes, slices and broadcasts. */
export function readStrided(data: Float64Array, shape: Shape, strides: Shape, start = 0): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  walk(shape, strides, (flat, offset) => {
    out[flat] = data[start + offset]!;
  });
  return out;
}

/** `out[start + i · strides] = data[i]`, in place. */
export function writeStrided(out: Float64Array, data: Float64Array, shape: Shape, strides: Shape, start = 0): void {
  walk(shape, strides, (flat, offset) => {
    out[start + offset] = data[flat]!;
  });
}

/** `data` of `shape` stretched to `target`. */
export function stretch(data: Float64Array, shape: Shape, target: Shape): Float64Array {
  return sameShape(shape, target) ? data : readStrided(data, target, broadcastStrides(shape, target));
}

/** Elementwise `f` over stretched operands. */
export function zip(
  a: Float64Array,
  aShape: Shape,
  b: Float64Array,
  bShape: Shape,
  f: (a: number, b: number) => number,
): Float64Array {
  const shape = broadcastShapes("zip", aShape, bShape);
  const left = stretch(a, aShape, shape);
  const right = stretch(b, bShape, shape);
  return left.map((value, i) => f(value, right[i]!));
}

/** Fold `data` over `axes`; `f(accumulated, value)` starts at `initial`. */
export function fold(
  data: Float64Array,
  shape: Shape,
  axes: Shape,
  initial: number,
  f: (accumulated: number, value: number) => number,
): Float64Array {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const out = new Float64Array(sizeOf(kept)).fill(initial);
  walk(shape, broadcastStrides(kept, shape), (flat, offset) => {
    out[offset] = f(out[offset]!, data[flat]!);
  });
  return out;
}

/** Call `visit(start, stride, length)` for every line of `shape` along `axis`. */
export function lines(
  shape: Shape,
  axis: number,
  visit: (start: number, stride: number, length: number) => void,
): void {
  const length = shape[axis]!;
  const strides = stridesOf(shape);
  const others = shape.map((n, i) => (i === axis ? 1 : n));
  walk(others, strides, (_flat, offset) => visit(offset, strides[axis]!, length));
}
