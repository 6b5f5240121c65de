/**
 * @file Sequences s_{t+1} = W s_t + noise with a random orthogonal W of their own, fully observed: a new task in every
 * one, so that nothing can be memorized.
 *
 * Losses are **½ · MSE over coordinates and positions**. Source: von Oswald et al. 2023, arXiv:2309.05858, section 2.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Sequences, TaskLaw } from "../../in-context.ts";
import { inputVariances } from "../contexts.ts";

/** Draw sequences: first tokens by the law of inputs, every following one a rotation and `noise` away. */
export function drawSequences(law: TaskLaw, { count, rng }: { readonly count: number; readonly rng: Rng }): Sequences {
  const { dimensions: d, examples: length, inputs, noise } = law;
  assert(count >= 1 && length >= 2, `sequences of two tokens and more, got ${count} of ${length}`);
  const tokens = new Float32Array(count * (length + 1) * d);
  const widths = inputVariances(law).map((each) => Math.sqrt(inputs === "uniform" ? 12 * each : each));
  const draw = inputs === "uniform" ? () => rng.uniform() - 0.5 : () => rng.normal();
  const deviation = Math.sqrt(noise);
  for (let c = 0; c < count; c++) {
    const rotation = orthogonal(d, rng);
    const start = c * (length + 1) * d;
    for (let k = 0; k < d; k++) tokens[start + k] = widths[k]! * draw();
    for (let at = start + d; at < start + (length + 1) * d; at += d) {
      for (let i = 0; i < d; i++) {
        let sum = deviation > 0 ? deviation * rng.normal() : 0;
        for (let k = 0; k < d; k++) sum += rotation[i * d + k]! * tokens[at - d + k]!;
        tokens[at + i] = sum;
      }
    }
  }
  return { count, dimensions: d, length, tokens };
}

/** A random orthogonal matrix by Haar's measure, `[d, d]`: rows of normals, made orthonormal one after another. */
export function orthogonal(d: number, rng: Rng): Float64Array {
  const rows = Float64Array.from({ length: d * d }, () => rng.normal());
  for (let i = 0; i < d; i++) {
    // Twice: once leaves rounding of the size of the cancellation.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        let inner = 0;
        for (let k = 0; k < d; k++) inner += rows[i * d + k]! * rows[j * d + k]!;
        for (let k = 0; k < d; k++) rows[i * d + k]! -= inner * rows[j * d + k]!;
      }
    }
    let norm = 0;
    for (let k = 0; k < d; k++) norm += rows[i * d + k]! ** 2;
    for (let k = 0; k < d; k++) rows[i * d + k]! /= Math.sqrt(norm);
  }
  return rows;
}

/** ½ MSE of each sequence, over coordinates and all positions, `[count]`. */
export function sequenceLosses(predictions: ArrayLike<number>, { count, dimensions: d, length, tokens }: Sequences) {
  const out = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let sum = 0;
    for (let i = 0; i < length * d; i++) {
      sum += (predictions[c * length * d + i]! - tokens[c * (length + 1) * d + d + i]!) ** 2;
    }
    out[c] = sum / (2 * length * d);
  }
  return out;
}

/** s_{T+1}, `[count, d]`: what follows the last token shown. */
export function lastTargets({ count, dimensions: d, length, tokens }: Sequences): Float64Array {
  return Float64Array.from({ length: count * d }, (_, i) => {
    const c = Math.floor(i / d);
    return tokens[c * (length + 1) * d + length * d + (i % d)]!;
  });
}

/** The predictions of s_{T+1} alone, `[count, d]`. */
export function lastOf(predictions: ArrayLike<number>, { count, dimensions: d, length }: Sequences): Float64Array {
  return Float64Array.from({ length: count * d }, (_, i) => {
    const c = Math.floor(i / d);
    return predictions[c * length * d + (length - 1) * d + (i % d)]!;
  });
}
