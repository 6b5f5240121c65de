/** @file How well confidence ranks: the chance that a right answer stands above a wrong one, and accuracy when the least sure are set aside. */
import { assert } from "../core/errors.ts";
import { ranks } from "../core/rank.ts";

/**
 * Area under the ROC curve, P(score of a 1 > score of a 0) + ½ P(equal), by midranks; NaN where one label is missing.
 *
 * @param labels 1 or 0
 *
 * @example
 * auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // => 0.75
 */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  assert(scores.length === labels.length, "auroc: one label a score");
  const rank = ranks(scores);
  let [positives, sum] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 1) continue;
    positives++;
    sum += rank[i]!;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Accuracy on the share `coverage` that is most confident; items tied at the edge count by their mean. */
export function selectiveAccuracy(confidence: ArrayLike<number>, correct: ArrayLike<number>, coverage: number): number {
  const kept = Math.max(1, Math.round(coverage * confidence.length));
  return cumulative(confidence, correct)[kept - 1]! / kept;
}

/** Area under the risk–coverage curve: mean over coverages k/n of the error among the k most confident. Less is better. */
export function areaUnderRiskCoverage(confidence: ArrayLike<number>, correct: ArrayLike<number>): number {
  const right = cumulative(confidence, correct);
  let sum = 0;
  for (let k = 0; k < right.length; k++) sum += 1 - right[k]! / (k + 1);
  return sum / right.length;
}

/** How many of the k most confident are right, for k = 1 … n; ties contribute their mean, as if in random order. */
function cumulative(confidence: ArrayLike<number>, correct: ArrayLike<number>): Float64Array {
  const n = confidence.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => confidence[b]! - confidence[a]!);
  const out = new Float64Array(n);
  let total = 0;
  for (let from = 0; from < n; ) {
    let to = from;
    let right = 0;
    while (to < n && confidence[order[to]!] === confidence[order[from]!]) right += correct[order[to++]!]!;
    for (let k = from; k < to; k++) out[k] = total + (right * (k - from + 1)) / (to - from);
    total += right;
    from = to;
  }
  return out;
}
