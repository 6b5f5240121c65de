/** @file The matrix product, batched over leading axes that stretch. */
import type { Op } from "../graph.ts";
import { broadcastShapes, broadcastStrides, showShape, sizeOf, stridesOf } from "../shape.ts";
import { walk } from "./nd.ts";
import { checkDType, floats, type Rules, refuseShape } from "./rule.ts";

export interface Product {
  /** `op(a) · op(b)` over the last two axes, op = transpose where asked. */
  matmul: Op<2, { readonly transposeA: boolean; readonly transposeB: boolean }>;
}

export const product: Rules<Product> = {
  matmul: {
    infer: ([a, b], { transposeA, transposeB }, op) => {
      const dtype = checkDType(op, [a, b], floats);
      const [rows, inner] = matrix(a.shape, transposeA);
      const [innerB, columns] = matrix(b.shape, transposeB);
      if (a.shape.length < 2 || b.shape.length < 2 || inner !== innerB) {
        const got = `${showShape(a.shape)}${transposeA ? "ᵀ" : ""} and ${showShape(b.shape)}${transposeB ? "ᵀ" : ""}`;
        return refuseShape(op, "inner lengths do not fit", got, "[…, m, k] and […, k, n]");
      }
      return { shape: [...broadcastShapes(op, a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns], dtype };
    },
    // A transpose of the last two axes is free inside the product.
    simplify: ([a, b], { transposeA, transposeB }, _spec, { matmul }) => {
      if (a.op === "transpose" && swapsLastTwo(a.attrs.perm)) {
        return matmul(a.inputs[0], b, { transposeA: !transposeA, transposeB });
      }
      if (b.op === "transpose" && swapsLastTwo(b.attrs.perm)) {
        return matmul(a, b.inputs[0], { transposeA, transposeB: !transposeB });
      }
      return undefined;
    },
    gradient: (g, { inputs: [a, b], attrs: { transposeA, transposeB } }, { matmul, sumTo }) => {
      const toA = transposeA
        ? matmul(b, g, { transposeA: transposeB, transposeB: true })
        : matmul(g, b, { transposeB: !transposeB });
      const toB = transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, g, { transposeA: !transposeA });
      return [sumTo(toA, a.shape), sumTo(toB, b.shape)];
    },
    emit: (to, [a, b], { inputs, shape, attrs: { transposeA, transposeB } }) => {
      if (!transposeA && !transposeB) return to.node("MatMul", [a, b]);
      if (inputs[0].shape.length === 2 && inputs[1].shape.length === 2) {
        const [rows, columns] = shape as [number, number];
        // Wide products run twice as fast as narrow ones, and the small result is cheap to turn.
        // Not as Gemm: onnxruntime would fold the last transpose into it and be back at the narrow one.
        if (transposeA && columns < NARROW && rows >= NARROW) {
          const left = transposeB ? b : to.node("Transpose", [b], { perm: [1, 0] });
          return to.node("Transpose", [to.node("MatMul", [left, a])], { perm: [1, 0] });
        }
        return to.node("Gemm", [a, b], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
      }
      // onnxruntime folds these transposes into the product.
      const turned = (name: string, rank: number) => to.node("Transpose", [name], { perm: swapLastTwo(rank) });
      return to.node("MatMul", [
        transposeA ? turned(a, inputs[0].shape.length) : a,
        transposeB ? turned(b, inputs[1].shape.length) : b,
      ]);
    },
    evaluate: ([a, b], { inputs: [sa, sb], attrs: { transposeA, transposeB }, shape }) => {
      const [rows, inner] = matrix(sa.shape, transposeA);
      const columns = shape.at(-1)!;
      const [rowA, innerA] = matrix(stridesOf(sa.shape), transposeA);
      const [innerB, columnB] = matrix(stridesOf(sb.shape), transposeB);
      const batch = shape.slice(0, -2);
      const startsB: number[] = [];
      walk(batch, batchStrides(sb.shape, batch), (_flat, offset) => startsB.push(offset));
      const out = new Float64Array(sizeOf(shape));
      walk(batch, batchStrides(sa.shape, batch), (flat, startA) => {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0;
            for (let k = 0; k < inner; k++) {
              sum += a[startA + i * rowA + k * innerA]! * b[startsB[flat]! + k * innerB + j * columnB]!;
            }
            out[(flat * rows + i) * columns + j] = sum;
          }
        }
      });
      return out;
    },
  },
};

/** Columns that onnxruntime multiplies at once: fewer cost as much. */
const NARROW = 16;

/** The last two entries, exchanged when transposed. */
function matrix(entries: readonly number[], transposed: boolean): readonly [number, number] {
  const [row, column] = [entries.at(-2)!, entries.at(-1)!];
  return transposed ? [column, row] : [row, column];
}

/** Strides over the batch axes alone. */
function batchStrides(shape: readonly number[], batch: readonly number[]): number[] {
  const matrixSize = sizeOf(shape.slice(-2));
  return broadcastStrides(shape.slice(0, -2), batch).map((stride) => stride * matrixSize);
}

function swapLastTwo(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
}

const swapsLastTwo = (perm: readonly number[]): boolean =>
  perm.length >= 2 && swapLastTwo(perm.length).every((axis, i) => axis === perm[i]);
