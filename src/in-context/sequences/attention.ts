/**
 * @file Causal self-attention over the tokens of a sequence, e_t = [Φ₀ s_t, s_t, s_{t−1}] (s_0 = 0), as a graph:
 *
 *     e_t ← e_t + Σ_heads Σ_{j ≤ t} score(e_t W_Q, e_j W_K) (e_j W_V) P
 *
 * The first third of a token is its guess of what follows; training and answers start from Φ₀ = 0. No biases, no
 * normalization. Source: von Oswald et al. 2023, arXiv:2309.05858, section 3.
 */
import type { AttentionShape } from "../../in-context.ts";
import { add, concat, constant, matmul, mul, pad, type Spec, slice, softmax, type Tensor } from "../../tensor/index.ts";
import { attentionSpecs } from "../attention.ts";

/** The shape whose tokens are as wide as those of a sequence: 3 d. */
export const widened = (shape: AttentionShape): AttentionShape => ({ ...shape, dimensions: 3 * shape.dimensions - 1 });

/** Shapes of the weights by name, `[3 d, 3 d]` each: `q.<layer>.<head>`, and likewise k, v, p. */
export const sequenceWeightSpecs = (shape: AttentionShape): Readonly<Record<string, Spec>> =>
  attentionSpecs(widened(shape));

/**
 * Tokens of sequences.
 *
 * @param tokens s_1 … s_{T+1}, `[count, T + 1, d]`; the last one is not shown
 * @param guess Φ₀ s_t, `[count, T, d]`; 0 where absent
 * @returns `[count, T, 3 d]`
 */
export function sequenceTokens(tokens: Tensor, guess?: Tensor): Tensor {
  const [, stored = 1, d = 1] = tokens.shape;
  const now = slice(tokens, { axis: 1, start: 0, end: stored - 1 });
  const before = pad(slice(tokens, { axis: 1, start: 0, end: stored - 2 }), [0, 1, 0], [0, 0, 0]);
  return guess ? concat([guess, now, before], 2) : pad(concat([now, before], 2), [0, 0, d], [0, 0, 0]);
}

/** Tokens before the first layer and after each one, `[count, T, 3 d]` each. */
export function causalStack(
  weights: Readonly<Record<string, Tensor>>,
  shape: AttentionShape,
  tokens: Tensor,
): readonly Tensor[] {
  const [, length = 1, width = 1] = tokens.shape;
  const isSeen = (i: number) => i % length <= Math.floor(i / length);
  const seen = (value: number, otherwise: number) =>
    constant(
      Float32Array.from({ length: length * length }, (_, i) => (isSeen(i) ? value : otherwise)),
      [length, length],
    );
  const stack = [tokens];
  for (let layer = 0; layer < shape.layers; layer++) {
    const given = stack[layer]!;
    const at = shape.tied ? 0 : layer;
    let next = given;
    for (let head = 0; head < shape.heads; head++) {
      const [q, k, v, p] = ["q", "k", "v", "p"].map((matrix) => weights[`${matrix}.${at}.${head}`]!);
      const inner = matmul(matmul(given, q!), matmul(given, k!), { transposeB: true });
      const scores =
        shape.attention === "linear"
          ? mul(inner, seen(1, 0))
          : softmax(add(mul(inner, 1 / Math.sqrt(width)), seen(0, -1e9)));
      next = add(next, matmul(scores, matmul(matmul(given, v!), p!)));
    }
    stack.push(next);
  }
  return stack;
}

/** The guess of what follows every token, `[count, T, d]`. */
export const guessOf = (tokens: Tensor): Tensor =>
  slice(tokens, { axis: 2, start: 0, end: Math.round((tokens.shape[2] ?? 3) / 3) });

/**
 * The weights of Proposition 1: one layer that takes one step of gradient descent on L_t(Φ) = Σ_{j<t} ½ ‖s_{j+1} − Φ s_j‖²
 * from Φ₀,
 *
 *     e_t ← [(Φ₀ − step ∇L_t(Φ₀)) s_t, s_t, s_{t−1}].
 *
 * In rows, as tokens are kept here: W_V P takes e_j to [step (s_j − Φ₀ s_{j−1}), 0, 0], and e_t W_Q · e_j W_K = s_t · s_{j−1}.
 *
 * @param start Φ₀, `[d, d]`; 0 where absent
 */
export function sequenceDescentWeights(d: number, step: number, start?: Float64Array): Record<string, Float32Array> {
  const width = 3 * d;
  const matrix = (fill: (put: (row: number, column: number, value: number) => void) => void) => {
    const out = new Float32Array(width * width);
    fill((row, column, value) => {
      out[row * width + column] = value;
    });
    return out;
  };
  const identity = (row: number, column: number) =>
    matrix((put) => {
      for (let i = 0; i < d; i++) put(row * d + i, column * d + i, 1);
    });
  return {
    "q.0.0": identity(1, 0),
    "k.0.0": identity(2, 0),
    "v.0.0": matrix((put) => {
      for (let i = 0; i < d; i++) {
        put(d + i, i, 1);
        for (let k = 0; k < d; k++) put(2 * d + k, i, -(start?.[i * d + k] ?? 0));
      }
    }),
    "p.0.0": matrix((put) => {
      for (let i = 0; i < d; i++) put(i, i, step);
    }),
  };
}
