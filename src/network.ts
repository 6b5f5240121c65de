/**
 * @file What a network is: named parameters, and a forward pass written once on
 * graph tensors, from which inference, training, gradients and ONNX files come.
 */
import type { z } from "zod";
import type { Rng } from "./core/rng.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";
import { add, matmul, reshape, type Tensor } from "./tensor/index.ts";

/** What goes in and comes out. */
export interface PolicyShape {
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  readonly actions: number;
}

/** A parameter's shape and the values it starts from. */
export interface Parameter {
  readonly shape: readonly number[];
  /** The values that training starts from, row-major. */
  init(rng: Rng): Float32Array;
  /** Values that know nothing, where `init` writes a solution: what the untrained twin of a planted network has. */
  random?(rng: Rng): Float32Array;
}

/** Address of an activation: `layer.1.out`, `tick.3.state`, `policy.logits`. */
export type Site = string;

export interface Forward {
  /** `[batch, actions]`, before softmax. */
  readonly logits: Tensor;
  /** Expected return, `[batch]`. */
  readonly value: Tensor;
  /** Named activations, for taps and causal writes. */
  readonly sites: Readonly<Record<Site, Tensor>>;
  /** What is carried to the episode's next step, `[batch, memory]`; present iff {@link Network.memory} is. */
  readonly memory?: Tensor;
}

/** What a network sees: the same observations, in the form in which a layer takes them cheapest. */
export interface Observed {
  /** `[batch, planes, height, width]`, float32. */
  readonly planes: Tensor;
  /** The first layer: flattened planes times a weight `[planes · height · width, units]`, plus a bias `[units]`. */
  affine(weight: Tensor, bias: Tensor): Tensor;
}

/** Observations as they are: planes `[batch, planes, height, width]`, float32. */
export function densely(planes: Tensor): Observed {
  const [batch = 1, ...rest] = planes.shape;
  const flat = reshape(planes, [batch, rest.reduce((product, size) => product * size, 1)]);
  return { planes, affine: (weight, bias) => add(matmul(flat, weight), bias) };
}

/** How long a network can think before it acts. */
export interface Ticks {
  /** Unless told otherwise. */
  readonly trained: number;
  /** Most that may be asked for. */
  readonly max: number;
  /** Fewest with which it is meant to act; absent where not known. */
  readonly fewest?: number;
}

export interface Network {
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Inference-time computation that can be turned up or down; absent on networks without such a knob. */
  readonly ticks?: Ticks;
  /** Numbers carried from one step of an episode to the next; absent on networks that see the present alone. */
  readonly memory?: number;
  /**
   * @param parameters tensors named and shaped as {@link Network.parameters}
   * @param observed `[batch, planes, height, width]`, see {@link densely}
   * @param ticks how many ticks to unroll; ignored by networks without the knob
   * @param memory {@link Forward.memory} of the step before, `[batch, memory]`, zeros on an episode's first step; absent
   *   means the first step of every row
   */
  forward(parameters: Readonly<Record<string, Tensor>>, observed: Observed, ticks?: number, memory?: Tensor): Forward;
}

export interface NetworkPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  build(shape: PolicyShape, params: z.output<P>): Network;
}

export const defineNetwork = <P extends ParamsSchema>(network: NetworkPlugin<P>): NetworkPlugin<P> =>
  Object.freeze(network);

/** Named float32 arrays: weights, optimizer moments. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** Starting weights; each parameter draws from the fork of its own name. */
export function initialize(network: Network, rng: Rng): Weights {
  return Object.fromEntries(
    Object.entries(network.parameters).map(([name, parameter]) => [name, parameter.init(rng.fork(name))]),
  );
}

/** Weights that know nothing: the starting weights, but for parameters that start from a solution. */
export function initializeBlank(network: Network, rng: Rng): Weights {
  return Object.fromEntries(
    Object.entries(network.parameters).map(([name, parameter]) => [
      name,
      parameter.random ? parameter.random(rng.fork(name)) : parameter.init(rng.fork(name)),
    ]),
  );
}

/**
 * Orthogonal starting weights `[rows, columns]`, scaled by `gain` (Saxe et al.
 * 2014): the rows or the columns, whichever are fewer, are orthonormal.
 */
export function orthogonal(rows: number, columns: number, gain: number): Parameter {
  return {
    shape: [rows, columns],
    init(rng) {
      // Gram and Schmidt on the shorter side, twice for accuracy, in float64.
      const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
      const basis = Array.from({ length: count }, () => Float64Array.from({ length }, () => rng.normal()));
      for (const [i, vector] of basis.entries()) {
        for (let pass = 0; pass < 2; pass++) {
          for (const earlier of basis.slice(0, i)) {
            const overlap = dot(vector, earlier);
            for (let k = 0; k < length; k++) vector[k]! -= overlap * earlier[k]!;
          }
          const norm = Math.sqrt(dot(vector, vector));
          for (let k = 0; k < length; k++) vector[k]! /= norm;
        }
      }
      const values = new Float32Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          values[r * columns + c] = gain * (rows < columns ? basis[r]![c]! : basis[c]![r]!);
        }
      }
      return values;
    },
  };
}

/** Orthogonal convolution kernels `[out, in, height, width]`, flattened to `[out, in · height · width]` for the purpose. */
export function orthogonalKernel(out: number, into: number, size: number, gain: number): Parameter {
  return { shape: [out, into, size, size], init: orthogonal(out, into * size * size, gain).init };
}

/** Uniform in ±1/√fanIn: the default of linear layers in PyTorch, for weights and biases. */
export function uniform(shape: readonly number[], fanIn: number): Parameter {
  const bound = 1 / Math.sqrt(fanIn);
  const size = shape.reduce((product, each) => product * each, 1);
  return { shape, init: (rng) => Float32Array.from({ length: size }, () => (2 * rng.uniform() - 1) * bound) };
}

/** Zeros: the usual start of a bias. */
export const zeros = (...shape: readonly number[]): Parameter => ({
  shape,
  init: () => new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
