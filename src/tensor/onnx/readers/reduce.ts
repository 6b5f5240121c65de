/** @file Readers of operators along axes: reductions, softmax, normalizations. */
import type { Tensor } from "../../graph.ts";
import * as ops from "../../ops.ts";
import { resolveAxis, sizeOf } from "../../shape.ts";
import { argument } from "./layout.ts";
import type { Reader, Readers, Site } from "./site.ts";

const { abs, add, constant, div, log, mean, mul, neg, reshape, sqrt, sub, sum } = ops;

interface Over {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Axes are an attribute at first, an input later: since operator set 13 for sums, 18 for the others. */
const reduction =
  (f: (x: Tensor, over: Over) => Tensor, since = 18): Reader =>
  (site) => {
    const input = site.x();
    const keepDims = site.int("keepdims", 1) !== 0;
    const given = argument(site, 1, "axes", since) ?? [];
    const isNothing = site.int("noop_with_empty_axes", 0) !== 0;
    if (given.length === 0 && isNothing) return input;
    const axes = given.length > 0 ? given : input.shape.map((_n, axis) => axis);
    return f(input, { axes, keepDims });
  };

const square = (x: Tensor) => mul(x, x);

export const reduceReaders: Readers = {
  ReduceSum: reduction(sum, 13),
  ReduceMean: reduction(mean),
  ReduceMax: reduction(ops.maximum),
  ReduceMin: reduction((x, over) => neg(ops.maximum(neg(x), over))),
  ReduceL1: reduction((x, over) => sum(abs(x), over)),
  ReduceL2: reduction((x, over) => sqrt(sum(square(x), over))),
  ReduceSumSquare: reduction((x, over) => sum(square(x), over)),
  ReduceLogSum: reduction((x, over) => log(sum(x, over))),
  ReduceLogSumExp: reduction(ops.logSumExp),
  // Products occur in arithmetic of shapes, where everything is fixed.
  ReduceProd: (site) =>
    reduction((x, { keepDims }) => {
      const values = site.numbers(0);
      if (x.shape.length > 1) return site.refuse("several axes");
      return constant([values.reduce((product, value) => product * value, 1)], keepDims ? [1] : [], x.dtype);
    })(site),

  ArgMax: (site) => extremeIndex(site, site.x()),
  ArgMin: (site) => extremeIndex(site, neg(site.x())),
  CumSum: ({ x, numbers, int, refuse }) => {
    if (int("exclusive", 0) !== 0) return refuse("exclusive sums");
    return ops.cumsum(x(), numbers(1)[0]!, { reverse: int("reverse", 0) !== 0 });
  },

  Softmax: (site) => normalized(site, ops.softmax),
  LogSoftmax: (site) => normalized(site, ops.logSoftmax),
  BatchNormalization: (site) => {
    const { x, float, int, refuse } = site;
    if (int("training_mode", 0) !== 0) return refuse("training mode");
    float("momentum", 0.9); // matters in training only
    if (int("spatial", 1) !== 1) return refuse("statistics for each pixel");
    const input = x(0);
    const scale = div(x(1), sqrt(add(x(4), float("epsilon", 1e-5))));
    const shift = sub(x(2), mul(x(3), scale));
    return add(mul(input, perChannel(scale, input)), perChannel(shift, input));
  },
  InstanceNormalization: ({ x, float }) => {
    const input = x(0);
    const axes = input.shape.flatMap((_n, axis) => (axis > 1 ? [axis] : []));
    const normal = standardize(input, axes, float("epsilon", 1e-5));
    return add(mul(normal, perChannel(x(1), input)), perChannel(x(2), input));
  },
  LayerNormalization: ({ x, optional, float, int }) => {
    const input = x(0);
    int("stash_type", 1); // precision of the statistics, here always that of the input
    const first = resolveAxis("LayerNormalization", int("axis", -1), input.shape.length);
    const axes = input.shape.flatMap((_n, axis) => (axis >= first ? [axis] : []));
    const scaled = mul(standardize(input, axes, float("epsilon", 1e-5)), x(1));
    const shift = optional(2);
    return shift ? add(scaled, shift) : scaled;
  },
  // A network that is only run drops nothing.
  Dropout: ({ x, opset, optional, numbers, float, int, refuse }) => {
    if (opset < 12) float("ratio", 0.5);
    int("seed", 0);
    if (optional(2) && numbers(2)[0] !== 0) return refuse("training mode");
    return x();
  },
};

/** `(x − mean) / sqrt(variance + ε)` over `axes`. */
function standardize(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centered = sub(x, mean(x, { axes, keepDims: true }));
  const variance = mean(square(centered), { axes, keepDims: true });
  return div(centered, sqrt(add(variance, epsilon)));
}

/** One number for each channel, shaped to stretch over `[batch, channel, …]`. */
export const perChannel = (values: Tensor, x: Tensor): Tensor =>
  reshape(values, [sizeOf(values.shape), ...x.shape.slice(2).map(() => 1)]);

function extremeIndex({ int, refuse }: Site, x: Tensor): Tensor {
  const axis = resolveAxis("ArgMax", int("axis", 0), x.shape.length);
  const keeps = int("keepdims", 1) !== 0;
  if (int("select_last_index", 0) !== 0) return refuse("the last of equals");
  const picked = ops.argmax(x, axis);
  return keeps
    ? reshape(
        picked,
        x.shape.map((length, i) => (i === axis ? 1 : length)),
      )
    : picked;
}

/** Before operator set 13, all axes from `axis` on were one. */
function normalized({ opset, x, int }: Site, f: (x: Tensor, axis: number) => Tensor): Tensor {
  const input = x();
  if (opset >= 13) return f(input, int("axis", -1));
  const axis = resolveAxis("Softmax", int("axis", 1), input.shape.length);
  const rows = reshape(input, [sizeOf(input.shape.slice(0, axis)), sizeOf(input.shape.slice(axis))]);
  return reshape(f(rows, 1), input.shape);
}
