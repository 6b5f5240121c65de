/**
 * @file Scores of predictions, tallied layout by layout, so that an interval can
 * resample layouts and two predictors can be compared on the same ones.
 */
import { clusterBootstrap } from "../core/bootstrap.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";

/** Additive counts, one row for each layout. */
export interface Tally {
  readonly kind: "classes" | "number";
  /** Of classes: the confusion matrix, true class by row, flattened. Of a number: n, Σy, Σy², Σ(y − ŷ)². */
  readonly layouts: readonly Float64Array[];
}

/** Confusion of predicted with true classes, by layout. All arrays run over the same rows. */
export function tallyClasses(labels: Int32Array, predicted: Int32Array, layout: Int32Array, classes: number): Tally {
  const rows = grouped(layout, classes * classes);
  for (let i = 0; i < labels.length; i++) rows.get(layout[i]!)![labels[i]! * classes + predicted[i]!]!++;
  return { kind: "classes", layouts: [...rows.values()] };
}

/** Squares of true and predicted numbers, by layout. */
export function tallyNumbers(targets: Float64Array, predicted: Float64Array, layout: Int32Array): Tally {
  const rows = grouped(layout, 4);
  for (let i = 0; i < targets.length; i++) {
    const row = rows.get(layout[i]!)!;
    const y = targets[i]!;
    for (const [j, value] of [1, y, y * y, (y - predicted[i]!) ** 2].entries()) row[j]! += value;
  }
  return { kind: "number", layouts: [...rows.values()] };
}

function grouped(layout: Int32Array, width: number): Map<number, Float64Array> {
  return new Map([...new Set(layout)].sort((a, b) => a - b).map((hash) => [hash, new Float64Array(width)]));
}

/** A number made of summed counts; NaN where they do not determine it. */
export type Statistic = (sum: Float64Array) => number;

/** Mean over the classes that occur of 2 tp / (2 tp + fp + fn). */
export const macroF1: Statistic = (sum) => {
  const classes = Math.sqrt(sum.length);
  let total = 0;
  let occurring = 0;
  for (let k = 0; k < classes; k++) {
    let [truly, predicted] = [0, 0];
    for (let j = 0; j < classes; j++) {
      truly += sum[k * classes + j]!;
      predicted += sum[j * classes + k]!;
    }
    if (truly === 0) continue;
    occurring++;
    total += (2 * sum[k * classes + k]!) / (truly + predicted);
  }
  return occurring === 0 ? Number.NaN : total / occurring;
};

/** Share on the diagonal. */
export const accuracy: Statistic = (sum) => {
  const classes = Math.sqrt(sum.length);
  let [right, all] = [0, 0];
  for (let j = 0; j < sum.length; j++) {
    all += sum[j]!;
    if (j % (classes + 1) === 0) right += sum[j]!;
  }
  return right / all;
};

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; below 0 where the mean does better. NaN where y is constant. */
export const determination: Statistic = ([n = 0, y = 0, square = 0, error = 0]) => {
  const spread = square - (y * y) / n;
  return spread <= 1e-12 * square ? Number.NaN : 1 - error / spread;
};

const RESAMPLES = 400;

/** A statistic with its interval over layouts; with `than`, its paired difference. */
export function estimateOf(tally: Tally, statistic: Statistic, rng: Rng, than?: Tally): Estimate {
  const sums = (of: Tally, items: Int32Array) => {
    const sum = new Float64Array(of.layouts[0]!.length);
    for (const item of items) {
      const row = of.layouts[item]!;
      for (let j = 0; j < sum.length; j++) sum[j]! += row[j]!;
    }
    return statistic(sum);
  };
  return clusterBootstrap({
    clusters: tally.layouts.map((_, i) => i),
    statistic: (items) => sums(tally, items) - (than ? sums(than, items) : 0),
    rng,
    resamples: RESAMPLES,
  });
}
