/** @file What a file's numbers mean: logits or probabilities, and numbers at all. */
import { LabError } from "../core/errors.ts";

/** What an output holds. Logarithms of probabilities are logits. */
export type Scores = "logits" | "probabilities";

/** How far below the others the logit of an action lies that is never taken: finite, with probability 0 in float64. */
export const NEVER = -1e4;
/** Half floats sum to 1 within this. */
const TOLERANCE = 2e-3;

/** Are all rows of `values` `[n, actions]` nonnegative with sum 1? */
export function areProbabilities(values: Float32Array, actions: number): boolean {
  for (let row = 0; row < values.length; row += actions) {
    const scores = values.subarray(row, row + actions);
    const sum = scores.reduce((total, score) => total + score, 0);
    if (!(scores.every((score) => score >= 0) && Math.abs(sum - 1) < TOLERANCE)) return false;
  }
  return true;
}

/**
 * Turn scores `[n, actions]` into finite logits, in place. Probability 0 and
 * logit −∞ (an action ruled out by a mask) come to lie 10000 below.
 *
 * @throws {LabError} `onnx/interface` on a row that gives no distribution: not a number, +∞, everything
 *   ruled out, or probabilities that are none
 */
export function toLogits(values: Float32Array, actions: number, scores: Scores, output: string): Float32Array {
  for (let row = 0; row < values.length; row += actions) {
    const own = values.subarray(row, row + actions);
    let sum = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (const score of own) {
      sum += score;
      // Math.max passes NaN on.
      highest = Math.max(highest, score);
    }
    const isUsable =
      scores === "logits"
        ? Number.isFinite(highest)
        : Math.abs(sum - 1) < TOLERANCE && own.every((score) => score > -TOLERANCE);
    if (!isUsable) throw unusable(output, scores, own);
    for (let a = 0; a < actions; a++) {
      if (scores === "logits") own[a] = Math.max(own[a]!, NEVER + highest);
      else own[a] = own[a]! > 0 ? Math.log(own[a]!) : NEVER;
    }
  }
  return values;
}

function unusable(output: string, scores: Scores, row: Float32Array): LabError {
  const shown = Array.from(row, (score) => String(Number(score.toPrecision(4)))).join(", ");
  return new LabError(
    "onnx/interface",
    scores === "logits"
      ? `onnx: output "${output}" scores no action, got ${shown}; expected numbers, −∞ for actions that are ruled out`
      : `onnx: output "${output}" holds no probabilities, got ${shown}; expected numbers from 0 that sum to 1`,
    {
      hint:
        scores === "logits"
          ? "Check the weights for values that are not finite, or name another output with --output."
          : "Leave out --scores, declare --scores logits, or name another output with --output.",
    },
  );
}
