/** @file Readers of products: matrices, convolutions, pooling. Images of one axis are read as rows of height 1. */
import type { Tensor } from "../../graph.ts";
import * as ops from "../../ops.ts";
import { perChannel } from "./reduce.ts";
import { fold, type Readers, type Site } from "./site.ts";

const { add, concat, constant, cut, div, matmul, mul, pad, reshape } = ops;

export const productReaders: Readers = {
  MatMul: ({ x }) => product(x(0), x(1)),
  Gemm: ({ x, optional, int, float }) => {
    const alpha = float("alpha", 1);
    const beta = float("beta", 1);
    const flags = { transposeA: int("transA", 0) !== 0, transposeB: int("transB", 0) !== 0 };
    const bias = optional(2);
    const result = mul(matmul(x(0), x(1), flags), alpha);
    return bias ? add(result, mul(bias, beta)) : result;
  },
  Conv: (site) => convolution(site),
  ConvTranspose: (site) => transposed(site),
  MaxPool: (site) => {
    if (site.int("storage_order", 0) !== 0) return site.refuse("column-major indices");
    const { image, options, restore } = pooling(site);
    return [restore(ops.maxPool2d(image, options)), restore(ops.maxPoolIndex(image, options))];
  },
  AveragePool: (site) => {
    const countsPadding = site.int("count_include_pad", 0) !== 0;
    const { image, options, restore } = pooling(site);
    const total = ops.avgPool2d(image, options);
    if (countsPadding || options.padding.every((n) => n === 0)) return restore(total);
    // The share of each window that lies on the image.
    const ones = constant(1, [1, 1, ...image.shape.slice(2)]);
    return restore(div(total, fold(ops.avgPool2d(ones, options))));
  },
  GlobalAveragePool: ({ x }) => ops.mean(x(), { axes: imageAxes(x()), keepDims: true }),
  GlobalMaxPool: ({ x }) => ops.maximum(x(), { axes: imageAxes(x()), keepDims: true }),
};

const imageAxes = ({ shape }: Tensor): number[] => shape.flatMap((_n, axis) => (axis > 1 ? [axis] : []));

/** NumPy's product: a vector is a row on the left and a column on the right. */
function product(a: Tensor, b: Tensor): Tensor {
  const left = a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? reshape(b, [...b.shape, 1]) : b;
  const result = matmul(left, right);
  const shape = [...result.shape];
  if (b.shape.length === 1) shape.pop();
  if (a.shape.length === 1) shape.splice(b.shape.length === 1 ? -1 : -2, 1);
  return reshape(result, shape);
}

/** How windows slide: rows then columns, padding top, left, bottom, right. */
interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
}

/** The window attributes, for one or two image axes, against an image `[n, c, …]`. */
function sliding(site: Site, { shape }: Tensor, kernelShape?: readonly number[]): Sliding {
  const axes = shape.length - 2;
  if (axes !== 1 && axes !== 2) return site.refuse(`${axes} image axes`);
  const kernel = site.ints("kernel_shape") ?? kernelShape ?? site.refuse("no kernel_shape");
  const stride = site.ints("strides") ?? kernel.map(() => 1);
  const dilation = site.ints("dilations") ?? kernel.map(() => 1);
  const pads = site.ints("pads") ?? [...kernel, ...kernel].map(() => 0);
  const mode = site.text("auto_pad", "NOTSET");
  const padding = mode === "NOTSET" ? pads : automatic(site, mode, shape.slice(2), kernel, stride, dilation);
  if (axes === 2) return { kernel, stride, dilation, padding };
  return {
    kernel: [1, ...kernel],
    stride: [1, ...stride],
    dilation: [1, ...dilation],
    padding: [0, padding[0]!, 0, padding[1]!],
  };
}

/** As much padding as makes `⌈length / stride⌉` windows, the odd one at the end (UPPER) or the start (LOWER). */
function automatic(
  site: Site,
  mode: string,
  image: readonly number[],
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): readonly number[] {
  if (mode === "VALID") return [...kernel, ...kernel].map(() => 0);
  if (mode !== "SAME_UPPER" && mode !== "SAME_LOWER") return site.refuse(`auto_pad ${mode}`);
  const totals = image.map((length, i) => {
    const reach = (Math.ceil(length / stride[i]!) - 1) * stride[i]! + (kernel[i]! - 1) * dilation[i]! + 1;
    return Math.max(0, reach - length);
  });
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total) => Math.ceil(total / 2));
  return mode === "SAME_UPPER" ? [...smaller, ...larger] : [...larger, ...smaller];
}

/** `[n, c, w]` as `[n, c, 1, w]`. */
const asImage = (x: Tensor): Tensor => (x.shape.length === 3 ? reshape(x, splice(x.shape, 2, 1)) : x);

const splice = (shape: readonly number[], at: number, length: number): number[] => [
  ...shape.slice(0, at),
  length,
  ...shape.slice(at),
];

/** Back to the rank of `x`. */
const asRankOf = (y: Tensor, x: Tensor): Tensor =>
  x.shape.length === 3 ? reshape(y, [y.shape[0]!, y.shape[1]!, y.shape[3]!]) : y;

function convolution(site: Site): Tensor {
  const { x, optional, int } = site;
  const [input, weight] = [x(0), x(1)];
  const { stride, dilation, padding } = sliding(site, input, weight.shape.slice(2));
  const groups = int("group", 1);
  const image = asImage(input);
  const kernel = dilate(asImage(weight), dilation);
  const [channels, filters] = [image.shape[1]! / groups, kernel.shape[0]! / groups];
  const parts = Array.from({ length: groups }, (_, g) =>
    ops.conv2d(
      ops.slice(image, { axis: 1, start: g * channels, end: (g + 1) * channels }),
      ops.slice(kernel, { axis: 0, start: g * filters, end: (g + 1) * filters }),
      { stride, padding },
    ),
  );
  const result = asRankOf(concat(parts, 1), input);
  const bias = optional(2);
  return bias ? add(result, perChannel(bias, result)) : result;
}

/** Zeros between the taps of a kernel `[o, c, kh, kw]`. */
function dilate(w: Tensor, dilation: readonly number[]): Tensor {
  return dilation.reduce((kernel, step, i) => {
    if (step === 1) return kernel;
    const axis = i + 2;
    const { shape } = kernel;
    const apart = reshape(kernel, splice(shape, axis + 1, 1));
    const zeros = apart.shape.map(() => 0);
    const spread = pad(
      apart,
      zeros,
      zeros.map((_n, j) => (j === axis + 1 ? step - 1 : 0)),
    );
    const joined = reshape(
      spread,
      shape.map((length, j) => (j === axis ? length * step : length)),
    );
    return cut(
      joined,
      shape.map(() => 0),
      shape.map((length, j) => (j === axis ? (length - 1) * step + 1 : length)),
    );
  }, w);
}

function transposed(site: Site): Tensor {
  const { x, optional, int, ints, refuse } = site;
  const [input, weight] = [x(0), x(1)];
  const { kernel, stride, dilation, padding } = sliding(site, input, weight.shape.slice(2));
  if (int("group", 1) !== 1 || dilation.some((n) => n !== 1)) return refuse("groups or dilations");
  if (ints("output_shape")) return refuse("output_shape");
  const extra = ints("output_padding") ?? [0, 0];
  const image = asImage(input);
  const outer = image.shape.length === input.shape.length ? extra : [0, ...extra];
  const size = image.shape
    .slice(2)
    .map((length, i) => stride[i]! * (length - 1) + kernel[i]! + outer[i]! - padding[i]! - padding[i + 2]!);
  const result = asRankOf(ops.conv2dImage(image, asImage(weight), size, { stride, padding }), input);
  const bias = optional(2);
  return bias ? add(result, perChannel(bias, result)) : result;
}

function pooling(site: Site) {
  const input = site.x();
  const { kernel, stride, dilation, padding } = sliding(site, input);
  const image = asImage(input);
  if (dilation.some((n) => n !== 1)) return site.refuse("dilations");
  const leftOver = image.shape.slice(2).some((length, i) => {
    const room = length + padding[i]! + padding[i + 2]! - kernel[i]!;
    return room % stride[i]! !== 0;
  });
  if (site.int("ceil_mode", 0) !== 0 && leftOver) return site.refuse("windows that hang over");
  return { image, options: { size: kernel, stride, padding }, restore: (y: Tensor) => asRankOf(y, input) };
}
