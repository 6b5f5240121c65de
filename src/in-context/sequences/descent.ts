/**
 * @file What a learner might be computing when it continues a sequence: answers for s_{T+1} from s_1 … s_T.
 *
 * A single linear layer that treats all coordinates alike adds Σ_j u_j (k_j · q) with u, k of {s_j, s_{j−1}} and q of
 * {s_T, s_{T−1}}: eight numbers, of which one (u = s_j, k = s_{j−1}, q = s_T) is a step of gradient descent from Φ = 0.
 */

import { rng } from "../../core/rng.ts";
import type { Sequences, TaskLaw } from "../../in-context.ts";
import { solve } from "../../theory/numerics/dense.ts";
import { drawSequences } from "./draw.ts";

/** The eight sums of a layer that treats coordinates alike, for the last position; the step of descent is {@link DESCENT}. */
export function layerSums({ count, dimensions: d, length, tokens }: Sequences): readonly Float64Array[] {
  const sums = Array.from({ length: 8 }, () => new Float64Array(count * d));
  for (let c = 0; c < count; c++) {
    const start = c * (length + 1) * d;
    const at = (t: number) => (t < 0 ? undefined : tokens.subarray(start + t * d, start + (t + 1) * d));
    for (let j = 0; j < length; j++) {
      const pair = [at(j), at(j - 1)];
      for (const [key, k] of pair.entries()) {
        for (const [asked, q] of [at(length - 1), at(length - 2)].entries()) {
          if (!k || !q) continue;
          let score = 0;
          for (let i = 0; i < d; i++) score += k[i]! * q[i]!;
          for (const [value, u] of pair.entries()) {
            const sum = sums[4 * value + 2 * key + asked]!;
            if (u) for (let i = 0; i < d; i++) sum[c * d + i]! += score * u[i]!;
          }
        }
      }
    }
  }
  return sums;
}

/** Which of {@link layerSums} is −∇L_T(0) s_T = Σ_j s_j (s_{j−1} · s_T). */
export const DESCENT = 2;

/** Direction of one step of gradient descent, −∇L_T(0) s_T, `[count, d]`. */
export const descentDirections = (sequences: Sequences): Float64Array => layerSums(sequences)[DESCENT]!;

/** s_T or s_{T−1}, `[count, d]`. */
export function shownToken({ count, dimensions: d, length, tokens }: Sequences, back: 0 | 1): Float64Array {
  return Float64Array.from({ length: count * d }, (_, i) => {
    const c = Math.floor(i / d);
    return tokens[c * (length + 1) * d + (length - 1 - back) * d + (i % d)]!;
  });
}

/**
 * (S Sᵀ + I/λ)⁻¹ s_T of each sequence with S = s_1 … s_{T−1}, `[count, d]`: what a preconditioner does to the last token.
 *
 * @param ridge 1/λ
 */
export function preconditioned({ count, dimensions: d, length, tokens }: Sequences, ridge: number): Float64Array {
  const out = new Float64Array(count * d);
  const gram = new Float64Array(d * d);
  for (let c = 0; c < count; c++) {
    gram.fill(0);
    for (let k = 0; k < d; k++) gram[k * d + k] = ridge;
    const start = c * (length + 1) * d;
    for (let row = start; row < start + (length - 1) * d; row += d) {
      for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) gram[a * d + b]! += tokens[row + a]! * tokens[row + b]!;
    }
    const last = start + (length - 1) * d;
    out.set(solve(gram, Float64Array.from(tokens.subarray(last, last + d)), d), c * d);
  }
  return out;
}

/** Answers of ridge regression on the pairs seen, Σ_j s_{j+1} s_jᵀ (S Sᵀ + ridge I)⁻¹ s_T, `[count, d]`. */
export function sequenceRidge(sequences: Sequences, ridge: number): Float64Array {
  const { count, dimensions: d, length, tokens } = sequences;
  const asked = preconditioned(sequences, ridge);
  const out = new Float64Array(count * d);
  for (let c = 0; c < count; c++) {
    const start = c * (length + 1) * d;
    for (let row = start; row < start + (length - 1) * d; row += d) {
      let inner = 0;
      for (let k = 0; k < d; k++) inner += tokens[row + k]! * asked[c * d + k]!;
      for (let k = 0; k < d; k++) out[c * d + k]! += inner * tokens[row + d + k]!;
    }
  }
  return out;
}

/** Sequences, and their seed, on which the best step is found. */
const SAMPLED = 2048;

/**
 * The step that is best for all positions at once: least Σ_t ‖s_{t+1} − step · A_t s_t‖² with A_t = Σ_{j<t} s_{j+1} s_jᵀ, over
 * 2,048 sequences of seed 0. A sample, for there is no closed form with noise.
 */
export function bestSequenceStep(law: TaskLaw): number {
  const sequences = drawSequences(law, { count: SAMPLED, rng: rng(0).fork("best step") });
  const { count, dimensions: d, length, tokens } = sequences;
  const map = new Float64Array(d * d);
  let [above, below] = [0, 0];
  for (let c = 0; c < count; c++) {
    map.fill(0);
    const start = c * (length + 1) * d;
    for (let t = 0; t < length; t++) {
      const now = start + t * d;
      if (t > 0) {
        for (let a = 0; a < d; a++)
          for (let b = 0; b < d; b++) map[a * d + b]! += tokens[now + a]! * tokens[now - d + b]!;
      }
      for (let a = 0; a < d; a++) {
        let guess = 0;
        for (let b = 0; b < d; b++) guess += map[a * d + b]! * tokens[now + b]!;
        above += guess * tokens[now + d + a]!;
        below += guess * guess;
      }
    }
  }
  return above / below;
}
