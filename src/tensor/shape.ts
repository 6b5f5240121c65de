/**
 * @file Arithmetic of shapes: sizes, strides, axes and broadcasting (NumPy's rules).
 */
import { LabError } from "../core/errors.ts";

export type Shape = readonly number[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** `[2, 3]`. */
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** `shape` with ones in front, up to `rank`. */
export const padShape = (shape: Shape, rank: number): number[] => [
  ...new Array<number>(Math.max(0, rank - shape.length)).fill(1),
  ...shape,
];

/**
 * The shape that all of `shapes` stretch to: aligned at the right, lengths equal or 1.
 *
 * @throws {LabError} `tensor/shape`
 */
export function broadcastShapes(where: string, ...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const offset = rank - shape.length;
    for (let i = 0; i < shape.length; i++) {
      const length = shape[i]!;
      if (length === 1 || length === out[offset + i]) continue;
      if (out[offset + i] !== 1) {
        const got = shapes.map(showShape).join(" and ");
        throw new LabError(
          "tensor/shape",
          `${where}: shapes do not broadcast, got ${got}; expected equal lengths or 1`,
        );
      }
      out[offset + i] = length;
    }
  }
  return out;
}

/** Strides that read `shape` as if it were stretched to `target`: zero along stretched axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const padded = padShape(shape, target.length);
  const strides = stridesOf(padded);
  return strides.map((stride, i) => (padded[i] === 1 ? 0 : stride));
}

/**
 * An axis counted from the front; negative ones count from the back.
 *
 * @throws {LabError} `tensor/shape`
 */
export function resolveAxis(where: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < rank) return resolved;
  throw new LabError("tensor/shape", `${where}: axis is out of range, got ${axis}; expected -${rank} to ${rank - 1}`);
}

/** Sorted distinct axes counted from the front; all of them when `axes` is absent. */
export function resolveAxes(where: string, axes: number | Shape | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === "number" ? [axes] : axes;
  return [...new Set(list.map((axis) => resolveAxis(where, axis, rank)))].sort((a, b) => a - b);
}

/** `shape` with `axes` set to 1 (`keepDims`) or removed. */
export function reducedShape(shape: Shape, axes: Shape, keepDims: boolean): number[] {
  return shape.flatMap((length, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [length]));
}
