/**
 * @file Self-attention over tokens e = (x, y), as a graph: what is trained, and what instruments ask.
 *
 *     h_t ← h_t + Σ_heads Σ_{s in context} score(h_t W_Q, h_s W_K) (h_s W_V) P
 *
 * score is the inner product (linear) or softmax over the context of inner products / √(d + 1). Keys and values exclude
 * the query token (x_q, 0); no biases, no normalization. ŷ is **minus** the last coordinate of the query token, so that
 * one step of gradient descent from 0 is a residual that adds to it.
 *
 * Source: von Oswald et al. 2023, arXiv:2212.07677, section 3 and its code.
 */
import type { Rng } from "../core/rng.ts";
import type { AttentionShape } from "../in-context.ts";
import {
  add,
  concat,
  matmul,
  mul,
  neg,
  pad,
  reshape,
  type Spec,
  slice,
  softmax,
  type Tensor,
} from "../tensor/index.ts";

/** The four matrices of a head. */
const MATRICES = ["q", "k", "v", "p"] as const;

/** Layers with weights of their own. */
const ownLayers = ({ layers, tied }: AttentionShape): number => (tied ? 1 : layers);

/** Shapes of the weights by name: `q.<layer>.<head>`, and likewise k, v, p; tied layers are layer 0. */
export function attentionSpecs(shape: AttentionShape): Readonly<Record<string, Spec>> {
  const width = shape.dimensions + 1;
  const names = Array.from({ length: ownLayers(shape) }, (_, layer) =>
    Array.from({ length: shape.heads }, (_, head) => MATRICES.map((matrix) => `${matrix}.${layer}.${head}`)),
  ).flat(2);
  return Object.fromEntries(names.map((name) => [name, { shape: [width, width], dtype: "float32" }]));
}

/**
 * Starting weights: normal of variance `init` / layers / fan-in, cut off at two standard deviations and rescaled, as
 * Haiku's variance scaling does.
 *
 * @param given.silent the row of W_Q that reads a token's target starts at 0
 */
export function initialWeights(
  shape: AttentionShape,
  { init, silent }: { readonly init: number; readonly silent: boolean },
  rng: Rng,
): Record<string, Float32Array> {
  const width = shape.dimensions + 1;
  // 0.8796 is the deviation of a standard normal cut off at ±2.
  const deviation = Math.sqrt(init / shape.layers / width) / 0.87962566103423978;
  return Object.fromEntries(
    Object.keys(attentionSpecs(shape)).map((name) => {
      const random = rng.fork(name);
      const value = () => {
        for (;;) {
          const draw = random.normal();
          if (Math.abs(draw) <= 2) return deviation * draw;
        }
      };
      const values = Float32Array.from({ length: width * width }, value);
      if (silent && name.startsWith("q")) values.fill(0, width * (width - 1));
      return [name, values];
    }),
  );
}

/** Tokens of contexts. */
export interface Tokens {
  /** `[count, examples, d + 1]` */
  readonly context: Tensor;
  /** `[count, 1, d + 1]` */
  readonly query: Tensor;
}

/** Tokens from inputs `[count, examples, d]`, targets `[count, examples]` and queries `[count, d]`. */
export function tokensOf(x: Tensor, y: Tensor, query: Tensor): Tokens {
  const [count = 1, examples = 1, d = 1] = x.shape;
  return {
    context: concat([x, reshape(y, [count, examples, 1])], 2),
    query: pad(reshape(query, [count, 1, d]), [0, 0, 0], [0, 0, 1]),
  };
}

/** What one layer adds to `tokens`, `[count, ?, d + 1]`. */
export function layerUpdate(
  weights: Readonly<Record<string, Tensor>>,
  shape: AttentionShape,
  { layer, tokens, context }: { readonly layer: number; readonly tokens: Tensor; readonly context: Tensor },
): Tensor {
  const at = shape.tied ? 0 : layer;
  let total: Tensor | undefined;
  for (let head = 0; head < shape.heads; head++) {
    const [q, k, v, p] = MATRICES.map((matrix) => weights[`${matrix}.${at}.${head}`]!);
    const inner = matmul(matmul(tokens, q!), matmul(context, k!), { transposeB: true });
    const scores = shape.attention === "linear" ? inner : softmax(mul(inner, 1 / Math.sqrt(shape.dimensions + 1)));
    const update = matmul(scores, matmul(matmul(context, v!), p!));
    total = total ? add(total, update) : update;
  }
  return total!;
}

/** ŷ of every context, `[count]`. */
export function attend(
  weights: Readonly<Record<string, Tensor>>,
  shape: AttentionShape,
  { context, query }: Tokens,
): Tensor {
  let [tokens, asked] = [context, query];
  for (let layer = 0; layer < shape.layers; layer++) {
    const next = add(asked, layerUpdate(weights, shape, { layer, tokens: asked, context: tokens }));
    // The last layer's context is read by nobody.
    if (layer < shape.layers - 1) tokens = add(tokens, layerUpdate(weights, shape, { layer, tokens, context: tokens }));
    asked = next;
  }
  const d = shape.dimensions;
  return neg(reshape(slice(asked, { axis: 2, start: d, end: d + 1 }), [-1]));
}

/**
 * The weights of Proposition 1: one layer that is one step of gradient descent on Σ ½ (w·xᵢ − yᵢ)² from w = 0, of size
 * `step` for the sum. W_Q = W_K = diag(1, …, 1, 0), W_V = diag(0, …, 0, −1), P = step · diag(0, …, 0, 1).
 */
export function gradientDescentWeights(dimensions: number, step: number): Record<string, Float32Array> {
  const width = dimensions + 1;
  const diagonal = (value: (i: number) => number) => {
    const out = new Float32Array(width * width);
    for (let i = 0; i < width; i++) out[i * width + i] = value(i);
    return out;
  };
  const onInputs = (i: number) => (i < dimensions ? 1 : 0);
  const onTarget = (value: number) => (i: number) => (i < dimensions ? 0 : value);
  return {
    "q.0.0": diagonal(onInputs),
    "k.0.0": diagonal(onInputs),
    "v.0.0": diagonal(onTarget(-1)),
    "p.0.0": diagonal(onTarget(step)),
  };
}
