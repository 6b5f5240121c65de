/**
 * @file Layers and losses composed of operations: nothing here has a rule of its own.
 */
import type { Tensor } from "./graph.ts";
import {
  add,
  constant,
  div,
  erf,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  softmax,
  sqrt,
  square,
  sub,
  takeLast,
} from "./ops.ts";

/**
 * `x w + b` over the last axis: `x […, i]`, `w [i, o]`, `b [o]`. The bias is added
 * to the rows of one product, which onnxruntime fuses into it.
 */
export function linear(x: Tensor, w: Tensor, b?: Tensor): Tensor {
  const product = matmul(reshape(x, [-1, x.shape.at(-1)!]), w);
  return reshape(b ? add(product, b) : product, [...x.shape.slice(0, -1), w.shape.at(-1)!]);
}

/** `x Φ(x)`, the exact form (Hendrycks and Gimpel 2016). */
export const gelu = (x: Tensor): Tensor => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));

/** Normalize the last axis to mean 0 and variance 1, then scale and shift (Ba et al. 2016). */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  const centered = sub(x, mean(x, { axes: -1, keepDims: true }));
  const variance = mean(square(centered), { axes: -1, keepDims: true });
  return add(mul(mul(centered, div(1, sqrt(add(variance, epsilon)))), gain), bias);
}

/**
 * Scaled dot-product attention over `[…, tokens, features]` (Vaswani et al. 2017).
 *
 * @param causal a token looks at itself and at earlier ones only
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, { causal = false } = {}): Tensor {
  const [tokens, features] = [q.shape.at(-2)!, q.shape.at(-1)!];
  const scores = matmul(mul(q, 1 / Math.sqrt(features)), k, { transposeB: true });
  return matmul(softmax(causal ? add(scores, causalBias(tokens)) : scores), v);
}

/** 0 on and below the diagonal, −1e9 above: added to scores, it hides later tokens. */
function causalBias(tokens: number): Tensor {
  const values = Float64Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
  );
  return constant(values, [tokens, tokens]);
}

/** Mean negative log-probability in nats of `targets […]` under `logits […, classes]`. */
export const crossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  neg(mean(takeLast(logSoftmax(logits), targets)));
