/** @file Operations that pick elements by integer tensors, and the ones that put them back. */
import { LabError } from "../../core/errors.ts";
import type { Op } from "../graph.ts";
import { sameShape, showShape, sizeOf } from "../shape.ts";
import { checkDType, floats, indices, type Rules, refuseShape } from "./rule.ts";

export interface Indexing {
  /** `(table, i)`: rows `table[i]`, shape `[...i, ...row]`. */
  gather: Op<2>;
  /** `(i, updates)`: zeros `[rows, ...row]` with `updates` added at rows `i`; the transpose of gather. */
  scatterAdd: Op<2, { readonly rows: number }>;
  /** `(x, i)`: one element of each last line, `x[..., i[...]]`. */
  takeLast: Op<2>;
  /** A last axis of zeros with a one at the index; all zeros for an index out of range. */
  oneHot: Op<1, { readonly size: number }>;
}

export const indexing: Rules<Indexing> = {
  gather: {
    infer: ([table, index], _attrs, op) => {
      checkDType(`${op}: index`, [index], indices);
      if (table.shape.length === 0) refuseShape(op, "table has no rows", "[]", "[rows, ...]");
      return { shape: [...index.shape, ...table.shape.slice(1)], dtype: table.dtype };
    },
    gradient: (g, { inputs: [table, index] }, { scatterAdd }) => [scatterAdd(index, g, table.shape[0]!), undefined],
    emit: (to, [table, index]) => to.node("Gather", [table, index], { axis: 0 }),
    evaluate: ([table, index], { inputs, shape }) => {
      const rows = inputs[0].shape[0]!;
      const width = sizeOf(inputs[0].shape) / rows;
      const out = new Float64Array(sizeOf(shape));
      index.forEach((row, i) => {
        const at = checkIndex("gather", row, rows) * width;
        out.set(table.subarray(at, at + width), i * width);
      });
      return out;
    },
  },

  scatterAdd: {
    infer: ([index, updates], { rows }, op) => {
      checkDType(`${op}: index`, [index], indices);
      checkDType(op, [updates], floats);
      const rank = index.shape.length;
      if (!sameShape(updates.shape.slice(0, rank), index.shape)) {
        const got = `${showShape(updates.shape)} at ${showShape(index.shape)}`;
        refuseShape(op, "updates do not begin with the shape of the index", got, "[...index, ...row]");
      }
      return { shape: [rows, ...updates.shape.slice(rank)], dtype: "float32" };
    },
    gradient: (g, { inputs: [index] }, { gather }) => [undefined, gather(g, index)],
    emit: (to, [index, updates], { inputs, shape }) => {
      const wide = inputs[0].dtype === "int64" ? index : to.node("Cast", [index], { to: 7 });
      const column = to.node("Reshape", [wide, to.ints([...inputs[0].shape, 1])]);
      const zeros = to.node("ConstantOfShape", [to.ints(shape)]);
      return to.node("ScatterND", [zeros, column, updates], { reduction: "add" });
    },
    evaluate: ([index, updates], { attrs: { rows }, shape }) => {
      const out = new Float64Array(sizeOf(shape));
      const width = out.length / rows;
      index.forEach((row, i) => {
        const at = checkIndex("scatterAdd", row, rows) * width;
        for (let k = 0; k < width; k++) out[at + k]! += updates[i * width + k]!;
      });
      return out;
    },
  },

  takeLast: {
    infer: ([x, index], _attrs, op) => {
      checkDType(`${op}: index`, [index], indices);
      if (sameShape(x.shape.slice(0, -1), index.shape) && x.shape.length > 0)
        return { shape: index.shape, dtype: x.dtype };
      const got = `${showShape(x.shape)} at ${showShape(index.shape)}`;
      return refuseShape(op, "index does not fit", got, "the shape without its last axis");
    },
    gradient: (g, { inputs: [x, index] }, { mul, oneHot, reshape }) => [
      mul(reshape(g, [...g.shape, 1]), oneHot(index, x.shape.at(-1)!)),
      undefined,
    ],
    emit: (to, [x, index], { shape }) => {
      const column = to.node("Reshape", [index, to.ints([...shape, 1])]);
      return to.node("Reshape", [to.node("GatherElements", [x, column], { axis: shape.length }), to.ints(shape)]);
    },
    evaluate: ([x, index], { inputs }) => {
      const width = inputs[0].shape.at(-1)!;
      return index.map((at, i) => x[i * width + checkIndex("takeLast", at, width)]!);
    },
  },

  oneHot: {
    infer: ([index], { size }, op) => {
      checkDType(op, [index], indices);
      return { shape: [...index.shape, size], dtype: "float32" };
    },
    gradient: "zero",
    emit: (to, [index], { inputs: [{ shape, dtype }], attrs: { size } }) => {
      const column = to.node("Reshape", [index, to.ints([...shape, 1])]);
      const places = to.constant(
        Float64Array.from({ length: size }, (_, i) => i),
        [size],
        dtype,
      );
      return to.node("Cast", [to.node("Equal", [column, places])], { to: 1 });
    },
    evaluate: ([index], { attrs: { size }, shape }) => {
      const out = new Float64Array(sizeOf(shape));
      index.forEach((at, i) => {
        if (at >= 0 && at < size) out[i * size + at] = 1;
      });
      return out;
    },
  },
};

function checkIndex(where: string, index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  throw new LabError("tensor/shape", `${where}: index is out of range, got ${index}; expected 0 to ${length - 1}`);
}
