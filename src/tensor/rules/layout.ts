/** @file Operations that move elements and compute nothing: reshapes, transposes, stretches, joins, cuts. */
import type { Op, Tensor } from "../graph.ts";
import { broadcastShapes, broadcastStrides, padShape, sameShape, showShape, sizeOf, stridesOf } from "../shape.ts";
import { readStrided, writeStrided } from "./nd.ts";
import { anything, checkDType, type Rules, refuseShape } from "./rule.ts";

export interface Layout {
  reshape: Op<1, { readonly shape: readonly number[] }>;
  /** Axis `i` of the result is axis `perm[i]` of the input. */
  transpose: Op<1, { readonly perm: readonly number[] }>;
  broadcastTo: Op<1, { readonly shape: readonly number[] }>;
  concat: Op<number, { readonly axis: number }>;
  /** Elements `start[i]` to `end[i]` (exclusive) of every axis. */
  slice: Op<1, { readonly start: readonly number[]; readonly end: readonly number[] }>;
  /** `value` around every axis. */
  pad: Op<1, { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number }>;
}

export const layout: Rules<Layout> = {
  reshape: {
    infer: ([x], { shape }, op) => {
      if (sizeOf(shape) === sizeOf(x.shape) && shape.every((n) => Number.isInteger(n) && n > 0))
        return { shape, dtype: x.dtype };
      return refuseShape(op, "sizes differ", `${showShape(x.shape)} to ${showShape(shape)}`, "as many elements");
    },
    simplify: ([x], { shape }, _spec, { broadcastTo, reshape }) => {
      if (sameShape(x.shape, shape)) return x;
      if (x.op === "broadcastTo" && sizeOf(x.inputs[0].shape) === 1) {
        return broadcastTo(reshape(x.inputs[0], []), shape);
      }
      return x.op === "reshape" ? reshape(x.inputs[0], shape) : undefined;
    },
    gradient: (g, { inputs: [x] }, { reshape }) => [reshape(g, x.shape)],
    emit: (to, [x], { shape }) => to.node("Reshape", [x, to.ints(shape)]),
    evaluate: ([x]) => x,
  },

  transpose: {
    infer: ([x], { perm }, op) => {
      const isPermutation = [...perm].sort((a, b) => a - b).every((axis, i) => axis === i);
      if (perm.length === x.shape.length && isPermutation) {
        return { shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype };
      }
      return refuseShape(op, "not an order of the axes", showShape(perm), `each of 0 to ${x.shape.length - 1} once`);
    },
    simplify: ([x], { perm }, { shape }, { broadcastTo, reshape, transpose }) => {
      // Long axes keep their order: the memory layout stays, and a reshape is free.
      const moving = perm.filter((axis) => x.shape[axis] !== 1);
      if (moving.every((axis, i) => i === 0 || axis > moving[i - 1]!)) return reshape(x, shape);
      if (x.op === "transpose") {
        const inner = x.attrs.perm;
        return transpose(
          x.inputs[0],
          perm.map((axis) => inner[axis]!),
        );
      }
      if (x.op !== "broadcastTo") return undefined;
      return broadcastTo(transpose(reshape(x.inputs[0], padShape(x.inputs[0].shape, perm.length)), perm), shape);
    },
    gradient: (g, { attrs: { perm } }, { transpose }) => [transpose(g, inverse(perm))],
    emit: (to, [x], { attrs }) => to.node("Transpose", [x], { perm: attrs.perm }),
    evaluate: ([x], { inputs, attrs, shape }) => {
      const strides = stridesOf(inputs[0].shape);
      return readStrided(
        x,
        shape,
        attrs.perm.map((axis) => strides[axis]!),
      );
    },
  },

  broadcastTo: {
    infer: ([x], { shape }, op) => {
      if (sameShape(broadcastShapes(op, x.shape, shape), shape)) return { shape, dtype: x.dtype };
      return refuseShape(
        op,
        "shape does not stretch",
        `${showShape(x.shape)} to ${showShape(shape)}`,
        "lengths equal or 1",
      );
    },
    simplify: ([x], { shape }, _spec, { broadcastTo, reshape }) => {
      if (sameShape(x.shape, shape)) return x;
      if (x.op === "broadcastTo") return broadcastTo(x.inputs[0], shape);
      return sizeOf(x.shape) === sizeOf(shape) ? reshape(x, shape) : undefined;
    },
    gradient: (g, { inputs: [x] }, { sumTo }) => [sumTo(g, x.shape)],
    emit: (to, [x], { shape }) => to.node("Expand", [x, to.ints(shape)]),
    evaluate: ([x], { inputs, shape }) => readStrided(x, shape, broadcastStrides(inputs[0].shape, shape)),
  },

  concat: {
    infer: (parts, { axis }, op) => {
      const [first] = parts;
      if (!first) return refuseShape(op, "nothing to join", "no tensors", "one or more");
      const dtype = checkDType(op, parts, anything);
      const fits = parts.every(
        ({ shape }) => shape.length === first.shape.length && shape.every((n, i) => i === axis || n === first.shape[i]),
      );
      const got = parts.map(({ shape }) => showShape(shape)).join(" and ");
      if (!fits) return refuseShape(op, `shapes differ off axis ${axis}`, got, `equal lengths on all axes but ${axis}`);
      const total = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
      return { shape: first.shape.map((length, i) => (i === axis ? total : length)), dtype };
    },
    simplify: (parts, { axis }, _spec, { concat }) => {
      if (parts.length === 1) return parts[0];
      const isJoined = (part: Tensor) => part.op === "concat" && part.attrs.axis === axis;
      return parts.some(isJoined)
        ? concat(
            parts.flatMap((part) => (isJoined(part) ? part.inputs : [part])),
            axis,
          )
        : undefined;
    },
    gradient: (g, { inputs, attrs: { axis } }, { slice }) => {
      let start = 0;
      return inputs.map(({ shape }) => {
        const end = start + shape[axis]!;
        const part = slice(g, { axis, start, end });
        start = end;
        return part;
      });
    },
    emit: (to, parts, { attrs }) => to.node("Concat", parts, { axis: attrs.axis }),
    evaluate: (parts, { inputs, attrs: { axis }, shape }) => {
      const out = new Float64Array(sizeOf(shape));
      const strides = stridesOf(shape);
      let start = 0;
      for (const [i, part] of parts.entries()) {
        writeStrided(out, part, inputs[i]!.shape, strides, start * strides[axis]!);
        start += inputs[i]!.shape[axis]!;
      }
      return out;
    },
  },

  slice: {
    infer: ([x], { start, end }, op) => {
      const fits = x.shape.every((length, i) => start[i]! >= 0 && start[i]! < end[i]! && end[i]! <= length);
      if (fits && start.length === x.shape.length && end.length === start.length) {
        return { shape: start.map((from, i) => end[i]! - from), dtype: x.dtype };
      }
      const got = `${showShape(start)} to ${showShape(end)}`;
      return refuseShape(op, "cut is empty or out of range", got, `a part of ${showShape(x.shape)}`);
    },
    simplify: ([x], { start, end }, { shape }, { cut }) => {
      if (sameShape(x.shape, shape)) return x;
      if (x.op === "concat") return wholePart(x.inputs, x.attrs.axis, start, end);
      if (x.op !== "slice") return undefined;
      const { start: offset } = x.attrs;
      return cut(
        x.inputs[0],
        start.map((n, i) => n + offset[i]!),
        end.map((n, i) => n + offset[i]!),
      );
    },
    gradient: (g, { inputs: [x], attrs: { start, end } }, { pad }) => [
      pad(
        g,
        start,
        x.shape.map((length, i) => length - end[i]!),
      ),
    ],
    emit: (to, [x], { inputs, attrs: { start, end } }) => {
      const axes = start.flatMap((from, i) => (from === 0 && end[i] === inputs[0].shape[i] ? [] : [i]));
      return to.node("Slice", [
        x,
        to.ints(axes.map((i) => start[i]!)),
        to.ints(axes.map((i) => end[i]!)),
        to.ints(axes),
      ]);
    },
    evaluate: ([x], { inputs, attrs: { start }, shape }) => {
      const strides = stridesOf(inputs[0].shape);
      return readStrided(x, shape, strides, dot(strides, start));
    },
  },

  pad: {
    infer: ([x], { before, after }, op) => {
      const fits = before.length === x.shape.length && after.length === x.shape.length;
      if (fits && [...before, ...after].every((n) => Number.isInteger(n) && n >= 0)) {
        return { shape: x.shape.map((length, i) => before[i]! + length + after[i]!), dtype: x.dtype };
      }
      const got = `${showShape(before)} and ${showShape(after)}`;
      return refuseShape(op, "padding does not fit", got, `${x.shape.length} integers ≥ 0 each`);
    },
    simplify: ([x], _attrs, { shape }) => (sameShape(x.shape, shape) ? x : undefined),
    gradient: (g, { inputs: [x], attrs: { before } }, { cut }) => [
      cut(
        g,
        before,
        before.map((n, i) => n + x.shape[i]!),
      ),
    ],
    emit: (to, [x], { attrs: { before, after, value }, dtype }) =>
      to.node("Pad", [x, to.ints([...before, ...after]), to.constant([value], [], dtype)], { mode: "constant" }),
    evaluate: ([x], { inputs, attrs: { before, value }, shape }) => {
      const out = new Float64Array(sizeOf(shape)).fill(value);
      const strides = stridesOf(shape);
      writeStrided(out, x, inputs[0].shape, strides, dot(strides, before));
      return out;
    },
  },
};

/** The order that undoes `perm`. */
function inverse(perm: readonly number[]): number[] {
  return perm.map((_axis, i) => perm.indexOf(i));
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, n, i) => sum + n * b[i]!, 0);

/** The joined part that a cut of a concatenation takes back whole. */
function wholePart(
  parts: readonly Tensor[],
  axis: number,
  start: readonly number[],
  end: readonly number[],
): Tensor | undefined {
  let at = 0;
  for (const part of parts) {
    const next = at + part.shape[axis]!;
    const isWhole = part.shape.every((n, i) =>
      i === axis ? start[i] === at && end[i] === next : end[i]! - start[i]! === n,
    );
    if (isWhole) return part;
    at = next;
  }
  return undefined;
}
