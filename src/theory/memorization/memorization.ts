/**
 * @file Memorization as a counterfactual (Feldman and Zhang 2020, arXiv:2008.03703; Zhang et al. 2023, Counterfactual
 * memorization, arXiv:2112.12938): how much better models do on an example that they were trained on than models that were
 * trained without it, estimated from one set of trainings on random subsets.
 *
 *     mem(x) = E_{S ∋ x} M(A(S), x) − E_{S ∌ x} M(A(S), x),   infl(x → x′): the same with M(A(S), x′)
 *
 * Near duplicates of x that stay in S lower its own number, down to 0, however well x can be extracted: look at whole rows
 * of influence. With n × n′ pairs, correct for how many were looked at.
 */
import { independentDifference } from "../../core/difference.ts";
import { assert, LabError } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { boundedMean, type Interval, overSeeds } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";

/** Trainings on subsets of the same examples. */
export interface SubsetTrainings {
  readonly examples: number;
  /** 1 where a training saw an example, `[trainings, examples]`. */
  readonly included: Uint8Array;
  /** Score M of each training's model on each example it is asked about, `[trainings, targets]`. */
  readonly scores: Float64Array;
  /** How many examples the models are asked about; the first `examples` of them are those of training. */
  readonly targets: number;
}

/** A difference of means with its 95 % interval. */
export interface CounterfactualEstimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Trainings with the example, and without it. */
  readonly with: number;
  readonly without: number;
}

/** How the scores are distributed. */
export interface CounterfactualOptions {
  /** Bounds of the score: [0, 1] for accuracies; without them, as for log-probabilities, Student's t interval is taken. */
  readonly range?: Interval;
  readonly rng: Rng;
}

/**
 * Random subsets of equal size, for the trainings. Where one example is in, there is room for one other less: strangers
 * have an influence of order −1/examples on each other, which matters for a dozen examples and not for thousands.
 *
 * @param share of the examples that each training sees; .7 in the literature
 * @returns 1 where a training sees an example, `[trainings, examples]`
 */
export function drawSubsets(
  { trainings, examples, share }: { readonly trainings: number; readonly examples: number; readonly share: number },
  rng: Rng,
): Uint8Array {
  const size = Math.round(share * examples);
  assert(size >= 1 && size < examples, `subsets that leave something out, got ${size} of ${examples}`);
  const out = new Uint8Array(trainings * examples);
  const order = Int32Array.from({ length: examples }, (_, i) => i);
  for (let t = 0; t < trainings; t++) {
    rng.shuffle(order);
    for (let k = 0; k < size; k++) out[t * examples + order[k]!] = 1;
  }
  return out;
}

/** mem(x) of a training example; see {@link counterfactualInfluence}. */
export const counterfactualMemorization = (
  trainings: SubsetTrainings,
  example: number,
  options: CounterfactualOptions,
): CounterfactualEstimate => counterfactualInfluence(trainings, example, example, options);

/**
 * infl(example → target): mean score on `target` of models trained with `example` minus that of models trained without it.
 * The trainings are the units: their interval is that of two independent means.
 *
 * @throws {LabError} `input/invalid` where fewer than two trainings saw, or did not see, the example
 */
export function counterfactualInfluence(
  { examples, included, scores, targets }: SubsetTrainings,
  example: number,
  target: number,
  { range, rng }: CounterfactualOptions,
): CounterfactualEstimate {
  const count = included.length / examples;
  assert(scores.length === count * targets, `scores of ${count} trainings on ${targets} targets, got ${scores.length}`);
  assert(example < examples && target < targets, `example ${example} of ${examples}, target ${target} of ${targets}`);
  const [seen, unseen]: [number[], number[]] = [[], []];
  for (let t = 0; t < count; t++) {
    (included[t * examples + example] === 1 ? seen : unseen).push(scores[t * targets + target]!);
  }
  if (seen.length < 2 || unseen.length < 2) {
    throw new LabError(
      "input/invalid",
      `counterfactualInfluence: example ${example} was seen by ${seen.length} trainings and not by ${unseen.length}; expected at least 2 of each`,
      { hint: "Train on more subsets." },
    );
  }
  const arm = (values: number[]): Estimate =>
    range ? boundedMean(values, { range, unit: "seeds", rng }) : overSeeds(values);
  const { mean, low, high } = independentDifference(arm(unseen), arm(seen));
  return { mean, low, high, with: seen.length, without: unseen.length };
}

/**
 * Greatest standard error of the estimate for accuracies, ½ √(1/(s t) + 1/((1 − s) t)), for `trainings` t each on a share
 * s of the examples: what 200 or 1000 trainings can tell.
 */
export const greatestStandardError = (trainings: number, share: number): number =>
  0.5 * Math.sqrt(1 / (share * trainings) + 1 / ((1 - share) * trainings));

/**
 * What a linear smoother ŷ = H y (least squares, ridge) would have predicted for an example without it, exactly and
 * without a second training: (ŷ_i − H_ii y_i)/(1 − H_ii).
 */
export function leaveOneOutPrediction(fitted: number, leverage: number, label: number): number {
  assert(leverage < 1, `a leverage below 1: without the example there is still a fit, got ${leverage}`);
  return (fitted - leverage * label) / (1 - leverage);
}
