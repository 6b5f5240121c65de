/**
 * @file A character-level decoder: embeddings, blocks of causal attention and a perceptron with layer normalization
 * before each (Radford et al. 2019), and a product with an output matrix. What it computes is the log-probability of
 * every symbol after every prefix of a string.
 */
import { LabError } from "../core/errors.ts";
import { type Rng, rng } from "../core/rng.ts";
import { type Parameter, type Weights, zeros } from "../network.ts";
import {
  add,
  attention,
  constant,
  gather,
  gelu,
  layerNorm,
  linear,
  logSoftmax,
  reshape,
  type Spec,
  slice,
  type Tensor,
  transpose,
} from "../tensor/index.ts";
import type { Alphabet } from "./alphabet.ts";

/** How large a character network is. */
export interface CharacterShape {
  readonly alphabet: Alphabet;
  /** Longest string, its closing boundary counted. */
  readonly context: number;
  /** Features of a position. */
  readonly width: number;
  readonly layers: number;
  /** Must divide the width. */
  readonly heads: number;
}

export interface CharacterNetwork {
  readonly shape: CharacterShape;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * Log-probabilities in nats `[batch, length, symbols]` of the symbol after each position.
   *
   * @param parameters tensors named and shaped as {@link CharacterNetwork.parameters}
   * @param symbols `[batch, length]`, int32, the boundary first; length at most the context
   */
  forward(parameters: Readonly<Record<string, Tensor>>, symbols: Tensor): Tensor;
}

/** Deviation of starting weights, as published for GPT-2; residual branches have it divided by √(2 layers). */
const DEVIATION = 0.02;

/**
 * A network of a shape.
 *
 * @throws {LabError} `input/invalid` when the heads do not divide the width
 */
export function characterNetwork(shape: CharacterShape): CharacterNetwork {
  const { alphabet, context, width, layers, heads } = shape;
  if (width % heads !== 0) {
    throw new LabError(
      "input/invalid",
      `characterNetwork: heads do not divide the width, got ${heads} and ${width}; expected a divisor`,
    );
  }
  const residual = DEVIATION / Math.sqrt(2 * layers);
  const parameters: Record<string, Parameter> = {
    embedding: normal([alphabet.size, width]),
    positions: normal([context, width]),
  };
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(parameters, {
      [`${layer}.norm.gain`]: ones(width),
      [`${layer}.norm.bias`]: zeros(width),
      [`${layer}.attend`]: normal([width, 3 * width]),
      [`${layer}.attended`]: normal([width, width], residual),
      [`${layer}.second.gain`]: ones(width),
      [`${layer}.second.bias`]: zeros(width),
      [`${layer}.expand`]: normal([width, 4 * width]),
      [`${layer}.expand.bias`]: zeros(4 * width),
      [`${layer}.reduce`]: normal([4 * width, width], residual),
      [`${layer}.reduce.bias`]: zeros(width),
    });
  }
  Object.assign(parameters, {
    "last.gain": ones(width),
    "last.bias": zeros(width),
    output: normal([width, alphabet.size]),
    "output.bias": zeros(alphabet.size),
  });
  return {
    shape,
    parameters,
    forward(p, symbols) {
      const [batch, length] = [symbols.shape[0]!, symbols.shape[1]!];
      const places = constant(
        Array.from({ length }, (_, i) => i),
        [length],
        "int32",
      );
      let x = add(gather(p.embedding!, symbols), gather(p.positions!, places));
      for (let layer = 0; layer < layers; layer++) {
        const at = (name: string) => p[`${layer}.${name}`]!;
        const mixed = linear(layerNorm(x, at("norm.gain"), at("norm.bias")), at("attend"));
        const [q, k, v] = [0, 1, 2].map((part) => {
          const own = slice(mixed, { axis: 2, start: part * width, end: (part + 1) * width });
          return transpose(reshape(own, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
        });
        const seen = transpose(attention(q!, k!, v!, { causal: true }), [0, 2, 1, 3]);
        x = add(x, linear(reshape(seen, [batch, length, width]), at("attended")));
        const inner = gelu(linear(layerNorm(x, at("second.gain"), at("second.bias")), at("expand"), at("expand.bias")));
        x = add(x, linear(inner, at("reduce"), at("reduce.bias")));
      }
      return logSoftmax(linear(layerNorm(x, p["last.gain"]!, p["last.bias"]!), p.output!, p["output.bias"]!));
    },
  };
}

/** Graph inputs for the parameters. */
export const characterSpecs = ({ parameters }: CharacterNetwork): Record<string, Spec> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, { shape, dtype: "float32" as const }]),
  );

/** Random weights: each parameter draws from the fork of its own name. */
export const randomCharacters = ({ parameters }: CharacterNetwork, random: Rng = rng(0)): Weights =>
  Object.fromEntries(Object.entries(parameters).map(([name, { init }]) => [name, init(random.fork(name))]));

function normal(shape: readonly number[], deviation = DEVIATION): Parameter {
  const size = shape.reduce((product, each) => product * each, 1);
  return { shape, init: (random) => Float32Array.from({ length: size }, () => deviation * random.normal()) };
}

const ones = (size: number): Parameter => ({ shape: [size], init: () => new Float32Array(size).fill(1) });
