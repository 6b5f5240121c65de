/** @file Readers of operators that move elements: shapes, joins, cuts, picks; and of constants. */
import type { Tensor } from "../../graph.ts";
import * as ops from "../../ops.ts";
import { broadcastShapes, resolveAxis, showShape, sizeOf } from "../../shape.ts";
import type { OnnxTensor } from "../model.ts";
import { checkShape, constantOf, type Readers, type Site } from "./site.ts";

const { broadcastTo, concat, constant, cut, gather, reshape, transpose } = ops;

const integers = (values: readonly number[]): Tensor => constant(values, [values.length], "int64");

const sequence = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export const layoutReaders: Readers = {
  Constant: (site) => constantOf(storedConstant(site)),
  ConstantOfShape: ({ numbers, tensor, refuse }) => {
    const { data, dtype } = tensor("value") ?? FLOAT_ZERO;
    const shape = numbers(0);
    checkShape(shape, refuse);
    const count = sizeOf(shape);
    return constantOf({
      name: "",
      dtype,
      dims: shape,
      data: Float64Array.from({ length: count }, () => Number(data[0])),
    });
  },
  Range: ({ x, numbers, refuse }) => {
    const [start, limit, step] = [numbers(0)[0]!, numbers(1)[0]!, numbers(2)[0]!];
    const count = Math.max(0, Math.ceil((limit - start) / step));
    checkShape([count], refuse);
    return constant(
      Float64Array.from({ length: count }, (_, i) => start + i * step),
      [count],
      x().dtype,
    );
  },
  Shape: ({ x, int }) => {
    const { shape } = x();
    return integers(shape.slice(int("start", 0), int("end", shape.length)));
  },
  Size: ({ x }) => constant([sizeOf(x().shape)], [], "int64"),

  Reshape: (site) => {
    const { x, int } = site;
    const keepsZero = int("allowzero", 0) !== 0;
    const target = argument(site, 1, "shape", 5) ?? site.refuse("no shape");
    return reshape(
      x(),
      target.map((length, i) =>
        length === 0 && !keepsZero ? (x().shape[i] ?? site.refuse("shape beyond rank")) : length,
      ),
    );
  },
  Flatten: ({ x, int }) => {
    const { shape } = x();
    const axis = int("axis", 1);
    const split = axis < 0 ? axis + shape.length : axis;
    return reshape(x(), [sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))]);
  },
  Squeeze: (site) => {
    const input = site.x();
    const given = argument(site, 1, "axes", 13)?.map((axis) => resolveAxis("Squeeze", axis, input.shape.length));
    const isGone = (length: number, i: number) => (given ? given.includes(i) : length === 1);
    return reshape(
      input,
      input.shape.filter((length, i) => !isGone(length, i)),
    );
  },
  Unsqueeze: (site) => {
    const input = site.x();
    const axes = argument(site, 1, "axes", 13) ?? site.refuse("no axes");
    const rank = input.shape.length + axes.length;
    const added = axes.map((axis) => resolveAxis("Unsqueeze", axis, rank));
    const kept = [...input.shape];
    return reshape(
      input,
      sequence(0, rank).map((i) => (added.includes(i) ? 1 : kept.shift()!)),
    );
  },
  Transpose: ({ x, ints }) => transpose(x(), ints("perm") ?? sequence(0, x().shape.length).reverse()),
  Expand: ({ x, numbers }) => broadcastTo(x(), broadcastShapes("Expand", x().shape, numbers(1))),
  Tile: ({ x, numbers }) => {
    const { shape } = x();
    const repeats = numbers(1);
    const pairs = shape.flatMap((length, i) => [repeats[i]!, length]);
    const stretched = broadcastTo(
      reshape(
        x(),
        shape.flatMap((length) => [1, length]),
      ),
      pairs,
    );
    return reshape(
      stretched,
      shape.map((length, i) => length * repeats[i]!),
    );
  },
  Concat: ({ inputs, int }) => {
    const axis = int("axis", 1);
    // An empty part has no place in a graph, and adds nothing.
    const parts = inputs.filter(({ shape }) => sizeOf(shape) > 0);
    return parts.length > 0 ? concat(parts, axis) : inputs[0]!;
  },
  Split: (site) => {
    const { x, int, outputs } = site;
    const axis = resolveAxis("Split", int("axis", 0), x().shape.length);
    const length = x().shape[axis]!;
    const parts = int("num_outputs", outputs);
    const even = Math.ceil(length / parts);
    const sizes = argument(site, 1, "split", 13) ?? sequence(0, parts).map((i) => Math.min(even, length - i * even));
    let start = 0;
    return sizes.map((size) => {
      const part = ops.slice(x(), { axis, start, end: start + size });
      start += size;
      return part;
    });
  },
  Slice: (site) => slice(site),
  Pad: (site) => padded(site),
  Gather: ({ x, int }) => gatherAlong(x(0), x(1), int("axis", 0)),
  GatherElements: ({ x, int, refuse }) => {
    const [table, index] = [x(0), x(1)];
    const axis = resolveAxis("GatherElements", int("axis", 0), table.shape.length);
    if (axis !== table.shape.length - 1 || index.shape[axis] !== 1) return refuse("more than one pick a line");
    return reshape(ops.takeLast(table, reshape(index, index.shape.slice(0, -1))), index.shape);
  },
  ScatterND: ({ x, text, refuse }) => {
    const [data, index, updates] = [x(0), x(1), x(2)];
    if (text("reduction", "none") !== "add" || index.shape.at(-1) !== 1) return refuse("this reduction or depth");
    const added = ops.scatterAdd(reshape(index, index.shape.slice(0, -1)), updates, data.shape[0]!);
    const isZero = data.op === "constant" && data.attrs.values.every((value) => value === 0);
    return isZero ? added : ops.add(data, added);
  },
  OneHot: ({ x, int, numbers, refuse }) => {
    const [index, [depth], [off, on]] = [x(0), numbers(1), numbers(2)];
    const axis = int("axis", -1);
    if (axis !== -1 && axis !== index.shape.length) return refuse(`axis ${axis}`);
    const hot = ops.oneHot(index.dtype === "float32" ? ops.cast(index, "int64") : index, depth!);
    return ops.cast(ops.add(ops.mul(hot, on! - off!), off!), x(2).dtype);
  },
  Trilu: ({ x, int, optional, numbers }) => {
    const { shape } = x();
    const [rows, columns] = shape.slice(-2) as [number, number];
    const diagonal = optional(1) ? numbers(1)[0]! : 0;
    const upper = int("upper", 1) !== 0;
    const kept = Float64Array.from({ length: rows * columns }, (_, i) => {
      const offset = (i % columns) - Math.floor(i / columns);
      return (upper ? offset >= diagonal : offset <= diagonal) ? 1 : 0;
    });
    return ops.where(constant(kept, [rows, columns], "bool"), x(), 0);
  },
};

const FLOAT_ZERO: OnnxTensor = { name: "", dtype: "float32", dims: [1], data: new Float32Array(1) };

function storedConstant({ tensor, int, ints, float, floats, refuse }: Site): OnnxTensor {
  const value = tensor("value");
  if (value) return value;
  const many = floats("value_floats");
  if (many) return { name: "", dtype: "float32", dims: [many.length], data: Float32Array.from(many) };
  const whole = ints("value_ints");
  if (whole) return { name: "", dtype: "int64", dims: [whole.length], data: BigInt64Array.from(whole, BigInt) };
  const one = float("value_float", Number.NaN);
  if (!Number.isNaN(one)) return { name: "", dtype: "float32", dims: [], data: Float32Array.of(one) };
  const integer = int("value_int", Number.NaN);
  if (!Number.isNaN(integer)) return { name: "", dtype: "int64", dims: [], data: BigInt64Array.of(BigInt(integer)) };
  return refuse("a value of another kind");
}

/** A list that is an attribute before operator set `since`, and input `i` from then on. */
export function argument(site: Site, i: number, name: string, since: number): readonly number[] | undefined {
  if (site.opset < since) return site.ints(name);
  return site.optional(i) ? site.numbers(i) : undefined;
}

/** `x` picked by `index` along `axis`; fixed negative indices count from the back. */
function gatherAlong(x: Tensor, index: Tensor, axis: number): Tensor {
  const rank = x.shape.length;
  const along = resolveAxis("Gather", axis, rank);
  const length = x.shape[along]!;
  const positive =
    index.op === "constant"
      ? constant(
          index.attrs.values.map((at) => (at < 0 ? at + length : at)),
          index.shape,
          index.dtype,
        )
      : index;
  if (along === 0) return gather(x, positive);
  const front = [along, ...sequence(0, rank).filter((i) => i !== along)];
  const picked = gather(transpose(x, front), positive);
  // The axes of the index come first; they belong where the picked axis was.
  const width = index.shape.length;
  const order = [
    ...sequence(width, width + along),
    ...sequence(0, width),
    ...sequence(width + along, width + rank - 1),
  ];
  return transpose(picked, order);
}

/** Cut, or pick where the step is not one. */
function slice(site: Site): Tensor {
  const input = site.x();
  const rank = input.shape.length;
  const starts = argument(site, 1, "starts", 10) ?? site.refuse("no starts");
  const ends = argument(site, 2, "ends", 10) ?? site.refuse("no ends");
  const axes = argument(site, 3, "axes", 10) ?? sequence(0, starts.length);
  const steps = (site.opset >= 10 && argument(site, 4, "steps", 10)) || starts.map(() => 1);
  const from = input.shape.map(() => 0);
  const to = [...input.shape];
  const strided: { axis: number; picks: number[] }[] = [];
  for (const [i, axis] of axes.entries()) {
    const along = resolveAxis("Slice", axis, rank);
    const length = input.shape[along]!;
    const step = steps[i]!;
    const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
    const bound = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, step > 0 ? 0 : lowest), highest);
    const [start, end] = [Math.max(bound(starts[i]!), 0), bound(ends[i]!)];
    if (step === 1) {
      [from[along], to[along]] = [start, end];
    } else {
      const picks: number[] = [];
      for (let at = start; step > 0 ? at < end : at > end; at += step) picks.push(at);
      strided.push({ axis: along, picks });
    }
  }
  const shape = from.map((start, i) => Math.max(0, to[i]! - start));
  if (sizeOf(shape) === 0 || strided.some(({ picks }) => picks.length === 0)) {
    return rank === 1 ? constant([], [0], input.dtype) : site.refuse(`an empty result of ${showShape(input.shape)}`);
  }
  return strided.reduce((result, { axis, picks }) => gatherAlong(result, integers(picks), axis), cut(input, from, to));
}

/** Constant padding; the other modes are not known. */
function padded(site: Site): Tensor {
  const { x, opset, optional, numbers, text, float, refuse } = site;
  const input = x();
  const rank = input.shape.length;
  const mode = text("mode", "constant");
  if (mode !== "constant") return refuse(`mode ${mode}`);
  const pads = argument(site, 1, "pads", 11) ?? refuse("no pads");
  const value = opset < 11 ? float("value", 0) : optional(2) ? numbers(2)[0]! : 0;
  const axes = (opset >= 18 && optional(3) ? numbers(3) : sequence(0, rank)).map((axis) =>
    resolveAxis("Pad", axis, rank),
  );
  const before = new Array<number>(rank).fill(0);
  const after = new Array<number>(rank).fill(0);
  for (const [i, axis] of axes.entries()) {
    before[axis] = pads[i]!;
    after[axis] = pads[i + axes.length]!;
  }
  return ops.pad(input, before, after, value);
}
