/** @file Counterfactual memorization of learners for which it is known. */

import { rng } from "../core/rng.ts";
import { defineReference, exactly, printed, type Quantity } from "../reference.ts";
import { greatestStandardError, leaveOneOutPrediction } from "../theory/memorization/memorization.ts";
import { dot, gramOf, solve } from "../theory/numerics/dense.ts";

/** The label of the nearest point that training has, the first of equally near ones. */
function nearest(points: readonly number[], labels: readonly number[], without: number, at: number): number {
  let [best, label] = [Number.POSITIVE_INFINITY, -1];
  for (const [i, point] of points.entries()) {
    const distance = Math.abs(point - at);
    if (i !== without && distance < best) [best, label] = [distance, labels[i]!];
  }
  return label;
}

/** Mean over all labelings of four points with c classes of right with the example − right without it. */
function memorized(points: readonly number[], example: number, c: number, isTwin: boolean): number {
  let [sum, count] = [0, 0];
  for (let code = 0; code < c ** 4; code++) {
    const labels = [0, 1, 2, 3].map((i) => Math.floor(code / c ** i) % c);
    if (isTwin && labels[2] !== labels[3]) continue;
    const right = (without: number) => (nearest(points, labels, without, points[example]!) === labels[example] ? 1 : 0);
    sum += right(-1) - right(example);
    count++;
  }
  return sum / count;
}

const error = (trainings: number, digits: string): Quantity => ({
  name: `greatest standard error from ${trainings} trainings on 0.7 of the data`,
  published: printed(digits),
  compute: () => greatestStandardError(trainings, 0.7),
  mistakes: [{ name: "as if all trainings had both", compute: () => 0.5 * Math.sqrt(2 / trainings) }],
});

/** Prediction of an example by ridge regression fitted without it: again, and from its leverage. */
function leftOut(): { readonly again: number; readonly byLeverage: number; readonly fitted: number } {
  const random = rng(1);
  const [n, d] = [12, 3];
  const x = Float64Array.from({ length: n * d }, () => random.normal());
  const y = Float64Array.from({ length: n }, () => random.normal());
  const refit = (without: number) => {
    const rows = Array.from({ length: n }, (_, i) => i).filter((i) => i !== without);
    const own = Float64Array.from(rows.flatMap((i) => [...x.subarray(i * d, (i + 1) * d)]));
    const gram = gramOf(own, d);
    for (let k = 0; k < d; k++) gram[k * d + k]! += 0.3;
    const right = new Float64Array(d);
    for (const i of rows) for (let k = 0; k < d; k++) right[k]! += x[i * d + k]! * y[i]!;
    return { weights: solve(gram, right, d), gram };
  };
  const { weights, gram } = refit(-1);
  const first = x.subarray(0, d);
  const fitted = dot(weights, first);
  const leverage = dot(first, solve(gram, Float64Array.from(first), d));
  return { again: dot(refit(0).weights, first), byLeverage: leaveOneOutPrediction(fitted, leverage, y[0]!), fitted };
}

export const memorization = defineReference({
  id: "memorization",
  line: "E0",
  title: "Counterfactual memorization",
  source: "Feldman and Zhang 2020, arXiv:2008.03703; nearest neighbor on random labels and ridge regression, exact",
  quantities: [
    {
      name: "nearest neighbor, isolated point, 2 classes: 1 − 1/c",
      published: printed("0.5", 1e-12),
      compute: () => memorized([0, 10, 25, 70], 1, 2, false),
    },
    {
      name: "nearest neighbor, isolated point, 3 classes",
      published: printed("0.6667"),
      compute: () => memorized([0, 10, 25, 70], 1, 3, false),
    },
    {
      name: "nearest neighbor, a point with a twin of its label",
      published: printed("0", 1e-12),
      compute: () => memorized([0, 10, 25, 25], 3, 2, true),
    },
    error(200, "0.077"),
    error(1000, "0.035"),
    {
      name: "ridge: prediction without an example by its leverage, less training again",
      published: exactly(0, 4),
      compute: () => leftOut().byLeverage - leftOut().again,
      mistakes: [{ name: "the fitted value", compute: () => leftOut().fitted - leftOut().again }],
    },
  ],
});
