/**
 * @file Two-dimensional convolutions and pooling, channels first.
 *
 * A convolution is bilinear in image and kernel, so its two gradients and
 * itself are each other's gradients: three operations close under
 * differentiation of any order.
 */
import type { Op, Spec } from "../graph.ts";
import { sameShape, showShape, sizeOf } from "../shape.ts";
import { stretch } from "./nd.ts";
import { checkDType, floats, type Rules, refuseShape } from "./rule.ts";

/** Rows first, then columns. */
export interface Window {
  readonly stride: readonly number[];
  /** Zeros added: top, left, bottom, right (ONNX's order). */
  readonly padding: readonly number[];
}

interface Pool extends Window {
  readonly size: readonly number[];
}

/** Images `x [n, c, h, w]`, kernels `w [o, c, kh, kw]`, results `y [n, o, h′, w′]`. */
export interface Convolution {
  /** `(x, w) → y`, or `(x, w, b)` with a bias `[o]`; a cross-correlation, as everywhere in machine learning. */
  conv2d: Op<number, Window>;
  /** `(y, w) → x`: cotangent of the image, `size` = `[h, w]`. */
  conv2dImage: Op<2, Window & { readonly size: readonly number[] }>;
  /** `(x, y) → w`: cotangent of the kernel, `size` = `[kh, kw]`. */
  conv2dKernel: Op<2, Pool>;
  maxPool2d: Op<1, Pool>;
  /** Flat index into the input of each window's first largest element, int64. */
  maxPoolIndex: Op<1, Pool>;
  /** Mean over the window, padding counted as zeros. */
  avgPool2d: Op<1, Pool>;
}

export const convolution: Rules<Convolution> = {
  conv2d: {
    infer: (inputs, attrs, op) => {
      const dtype = checkDType(op, inputs, floats);
      const [x, w, b] = inputs.map(({ shape }) => shape);
      if (x?.length !== 4 || w?.length !== 4 || x[1] !== w[1] || (b && !sameShape(b, [w[0]!]))) {
        const got = inputs.map(({ shape }) => showShape(shape)).join(" and ");
        refuseShape(op, "image and kernel do not fit", got, "[n, c, h, w] and [o, c, kh, kw]");
      }
      return { shape: [x![0]!, w![0]!, ...windows(op, x!.slice(2), w!.slice(2), attrs)], dtype };
    },
    gradient: (g, { inputs, attrs }, { conv2dImage, conv2dKernel, sum }) => {
      const [x, w] = inputs;
      const toImage = conv2dImage(g, w!, x!.shape.slice(2), attrs);
      const toKernel = conv2dKernel(x!, g, w!.shape.slice(2), attrs);
      return [toImage, toKernel, sum(g, { axes: [0, 2, 3] })].slice(0, inputs.length);
    },
    emit: (to, names, { inputs, attrs: { stride, padding } }) =>
      to.node("Conv", names, { kernel_shape: inputs[1]!.shape.slice(2), strides: stride, pads: padding }),
    evaluate: ([x, w, b], { inputs, attrs, shape }) => {
      const y = new Float64Array(sizeOf(shape));
      if (b) y.set(stretch(b, [b.length, 1, 1], shape));
      forEachTap(inputs[0]!.shape, inputs[1]!.shape, shape, attrs, (atX, atW, atY) => {
        y[atY]! += x![atX]! * w![atW]!;
      });
      return y;
    },
  },

  conv2dImage: {
    infer: ([y, w], { size }, op) => {
      const dtype = checkDType(op, [y, w], floats);
      return { shape: [y.shape[0]!, w.shape[1]!, ...size], dtype };
    },
    gradient: (g, { inputs: [y, w], attrs }, { conv2d, conv2dKernel }) => [
      conv2d(g, w, attrs),
      conv2dKernel(g, y, w.shape.slice(2), attrs),
    ],
    emit: (to, [y, w], { inputs, attrs: { stride, padding, size } }) => {
      const kernel = inputs[1].shape.slice(2);
      const out = inputs[0].shape.slice(2);
      // Rows that the stride never reached come back as zeros.
      const extra = size.map((n, i) => n - (stride[i]! * (out[i]! - 1) + kernel[i]! - padding[i]! - padding[i + 2]!));
      return to.node("ConvTranspose", [y, w], {
        kernel_shape: kernel,
        strides: stride,
        pads: padding,
        output_padding: extra,
      });
    },
    evaluate: ([y, w], { inputs, attrs, shape }) => {
      const x = new Float64Array(sizeOf(shape));
      forEachTap(shape, inputs[1].shape, inputs[0].shape, attrs, (atX, atW, atY) => {
        x[atX]! += y[atY]! * w[atW]!;
      });
      return x;
    },
  },

  conv2dKernel: {
    infer: ([x, y], { size }, op) => {
      const dtype = checkDType(op, [x, y], floats);
      return { shape: [y.shape[1]!, x.shape[1]!, ...size], dtype };
    },
    gradient: (g, { inputs: [x, y], attrs }, { conv2d, conv2dImage }) => [
      conv2dImage(y, g, x.shape.slice(2), attrs),
      conv2d(x, g, attrs),
    ],
    // One product for each kernel row, of shifted copies for each kernel column: three times faster in onnxruntime
    // than a convolution whose kernel is an image, and without the memory of a full unfolding.
    emit: (to, [x, y], { inputs: [{ shape: image }, { shape: result }], attrs: { stride, padding, size } }) => {
      const [n, c, o] = [image[0]!, image[1]!, result[1]!];
      const [kh, kw, rows, columns] = [size[0]!, size[1]!, result[2]!, result[3]!];
      const shifted = (name: string, axis: number, from: number, count: number, step: number) =>
        to.node("Slice", [
          name,
          to.ints([from]),
          to.ints([from + (count - 1) * step + 1]),
          to.ints([axis]),
          to.ints([step]),
        ]);
      let padded = to.node("Transpose", [x], { perm: [1, 0, 2, 3] });
      if (padding.some((length) => length > 0)) {
        const [top, left, bottom, right] = padding;
        const sides = to.ints([0, 0, top!, left!, 0, 0, bottom!, right!]);
        padded = to.node("Pad", [padded, sides], { mode: "constant" });
      }
      const byColumn = Array.from({ length: kw }, (_, dx) => shifted(padded, 3, dx, columns, stride[1]!));
      const unfolded = to.node("Concat", byColumn, { axis: 0 });
      const flat = to.ints([-1, n * rows * columns]);
      const turned = to.node("Reshape", [to.node("Transpose", [y], { perm: [1, 0, 2, 3] }), flat]);
      const byRow = Array.from({ length: kh }, (_, dy) => {
        const seen = to.node("Reshape", [shifted(unfolded, 2, dy, rows, stride[0]!), flat]);
        return to.node("Gemm", [seen, turned], { transB: 1 });
      });
      const kernel = to.node("Reshape", [to.node("Concat", byRow, { axis: 0 }), to.ints([kh, kw, c, o])]);
      return to.node("Transpose", [kernel], { perm: [3, 2, 0, 1] });
    },
    evaluate: ([x, y], { inputs, attrs, shape }) => {
      const w = new Float64Array(sizeOf(shape));
      forEachTap(inputs[0].shape, shape, inputs[1].shape, attrs, (atX, atW, atY) => {
        w[atW]! += x[atX]! * y[atY]!;
      });
      return w;
    },
  },

  maxPool2d: {
    infer: ([x], attrs, op) => inferPool(op, x, attrs, "float32"),
    gradient: (g, { inputs: [x], attrs }, { maxPoolIndex, reshape, scatterAdd }) => [
      reshape(scatterAdd(maxPoolIndex(x, attrs), g, sizeOf(x.shape)), x.shape),
    ],
    emit: (to, [x], { attrs }) => to.node("MaxPool", [x], poolAttributes(attrs)),
    evaluate: ([x], { inputs, attrs, shape }) =>
      Float64Array.from(largest(x, inputs[0].shape, shape, attrs), (at) => x[at]!),
  },

  maxPoolIndex: {
    infer: ([x], attrs, op) => inferPool(op, x, attrs, "int64"),
    gradient: "zero",
    emit: (to, [x], { attrs }) => to.node("MaxPool", [x], poolAttributes(attrs), 2),
    evaluate: ([x], { inputs, attrs, shape }) => largest(x, inputs[0].shape, shape, attrs),
  },

  avgPool2d: {
    infer: ([x], attrs, op) => inferPool(op, x, attrs, "float32"),
    gradient: (g, { inputs: [x], attrs }, { conv2dImage, constant, reshape }) => {
      const [n, c, ...image] = x.shape;
      const kernel = constant(1 / sizeOf(attrs.size), [1, 1, ...attrs.size]);
      const planes = reshape(g, [n! * c!, 1, ...g.shape.slice(2)]);
      return [reshape(conv2dImage(planes, kernel, image, attrs), x.shape)];
    },
    emit: (to, [x], { attrs }) => to.node("AveragePool", [x], { ...poolAttributes(attrs), count_include_pad: 1 }),
    evaluate: ([x], { inputs, attrs, shape }) => {
      const y = new Float64Array(sizeOf(shape));
      const share = 1 / sizeOf(attrs.size);
      forEachTap(perPlane(inputs[0].shape), [1, 1, ...attrs.size], perPlane(shape), attrs, (atX, _atW, atY) => {
        y[atY]! += x[atX]! * share;
      });
      return y;
    },
  },
};

/** How many windows fit along each image axis. */
function windows(
  op: string,
  image: readonly number[],
  kernel: readonly number[],
  { stride, padding }: Window,
): number[] {
  return image.map((length, i) => {
    const room = length + padding[i]! + padding[i + 2]! - kernel[i]!;
    if (room < 0)
      refuseShape(op, "kernel exceeds the padded image", `${kernel[i]} over ${room + kernel[i]!}`, "a smaller kernel");
    return Math.floor(room / stride[i]!) + 1;
  });
}

function inferPool(op: string, x: Spec, attrs: Pool, dtype: "float32" | "int64"): Spec {
  checkDType(op, [x], floats);
  if (x.shape.length !== 4) refuseShape(op, "not a batch of images", showShape(x.shape), "[n, c, h, w]");
  if (attrs.padding.some((n, i) => n >= attrs.size[i % 2]!)) {
    refuseShape(op, "padding reaches past the window", showShape(attrs.padding), `less than ${showShape(attrs.size)}`);
  }
  return { shape: [...x.shape.slice(0, 2), ...windows(op, x.shape.slice(2), attrs.size, attrs)], dtype };
}

const poolAttributes = ({ size, stride, padding }: Pool) => ({ kernel_shape: size, strides: stride, pads: padding });

/** Channels as batch: pooling works on each plane alone. */
const perPlane = ([n, c, h, w]: readonly number[]): number[] => [n! * c!, 1, h!, w!];

/** Visit every triple (image element, kernel element, result element) that a convolution multiplies. */
function forEachTap(
  [n, c, h, w]: readonly number[],
  [o, , kh, kw]: readonly number[],
  [, , rows, columns]: readonly number[],
  { stride, padding }: Window,
  visit: (atX: number, atW: number, atY: number) => void,
): void {
  let atY = 0;
  for (let image = 0; image < n!; image++)
    for (let out = 0; out < o!; out++)
      for (let row = 0; row < rows!; row++)
        for (let column = 0; column < columns!; column++, atY++)
          for (let into = 0; into < c!; into++)
            for (let dy = 0; dy < kh!; dy++) {
              const y = row * stride[0]! + dy - padding[0]!;
              if (y < 0 || y >= h!) continue;
              for (let dx = 0; dx < kw!; dx++) {
                const x = column * stride[1]! + dx - padding[1]!;
                if (x < 0 || x >= w!) continue;
                visit(((image * c! + into) * h! + y) * w! + x, ((out * c! + into) * kh! + dy) * kw! + dx, atY);
              }
            }
}

/** Flat index of the first largest element of each window. */
function largest(x: Float64Array, shape: readonly number[], outShape: readonly number[], attrs: Pool): Float64Array {
  const best = new Float64Array(sizeOf(outShape)).fill(-1);
  forEachTap(perPlane(shape), [1, 1, ...attrs.size], perPlane(outShape), attrs, (atX, _atW, atY) => {
    if (best[atY] === -1 || x[atX]! > x[best[atY]!]!) best[atY] = atX;
  });
  return best;
}
