/**
 * @file Fitting the joint model: readings of the zoo, encoded by their own middle
 * and spread, into a ridge logistic regression with its penalty chosen on
 * held-out worlds.
 */
import { encodeReading, rawLogRatio } from "../../audit/posterior.ts";
import type { Reading } from "../../core/estimate.ts";
import { quantile } from "../../core/stats.ts";
import type { CalibratedInput, CalibratedModel } from "../../scoreboard.ts";
import { choosePenalty, fitLogistic, type HeldOut, heldOut, logit } from "./logistic.ts";

/** Readings of one agent by detector. */
export type Readings = Readonly<Record<string, Reading | undefined>>;

/** What a joint model is fitted to; one entry an agent throughout. */
export interface JointData {
  readonly detectors: readonly string[];
  readonly readings: readonly Readings[];
  /** 1 = yes. */
  readonly labels: readonly number[];
  /** World of each agent. */
  readonly worlds: readonly number[];
}

/** ln LR at which the evidence of so many agents of the rarer class is cut. */
const capOf = (rarer: number): number => Math.log(rarer + 1);

const cut = (value: number, cap: number): number => Math.max(-cap, Math.min(cap, value));

/**
 * The model of some agents. Both classes must be present.
 *
 * @param kept indices of the agents to learn from; all by default
 */
export function fitJoint(
  { detectors, readings, labels, worlds }: JointData,
  kept: readonly number[] = labels.map((_, i) => i),
): Pick<CalibratedModel, "inputs" | "intercept" | "penalty" | "positives" | "negatives" | "cap"> {
  const scales = detectors.map((detector) =>
    scaleOf(
      detector,
      kept.map((i) => readings[i]![detector]),
    ),
  );
  const rows = kept.map((i) => scales.map((scale) => encodeReading(scale, readings[i]![scale.detector])));
  const own = kept.map((i) => labels[i]!);
  const penalty = choosePenalty(
    rows,
    own,
    kept.map((i) => worlds[i]!),
  );
  const { intercept, weights } = fitLogistic(rows, own, penalty);
  const positives = own.filter((label) => label === 1).length;
  const negatives = own.length - positives;
  return {
    inputs: scales.map(
      (scale, d): CalibratedInput => ({
        ...scale,
        weight: weights[d]!,
      }),
    ),
    // The model's odds are those of the zoo's mixture; without it they are a likelihood ratio.
    intercept: intercept - logit(positives / own.length),
    penalty,
    positives,
    negatives,
    cap: capOf(Math.min(positives, negatives)),
  };
}

/** What a model that saw none of the agent's cluster says: ln odds at the base rate of what it saw, the evidence cut at its cap. */
export function heldOutJoint(data: JointData, clusters: ArrayLike<number> = data.worlds): (HeldOut | undefined)[] {
  return heldOut(data.labels, clusters, (kept) => {
    const model = fitJoint(data, kept);
    const prior = logit(model.positives / kept.length);
    return (i) => {
      const ratio = rawLogRatio(model, (detector) => data.readings[i]![detector]);
      return prior + cut(ratio, model.cap);
    };
  });
}

/** Middle, spread and range of a detector's readings, without a look at any label. */
function scaleOf(detector: string, readings: readonly (Reading | undefined)[]): Omit<CalibratedInput, "weight"> {
  const values = readings
    .flatMap((reading) => (reading?.status === "scored" ? [reading.value.mean] : []))
    .sort((a, b) => a - b);
  const unscored = 1 - values.length / readings.length;
  if (values.length === 0) return { detector, range: [0, 0], center: 0, scale: 1, unscored };
  // Outliers must not set the scale; where the middle four fifths agree, they do.
  const middle = (quantile(values, 0.9) - quantile(values, 0.1)) / 2.56;
  const whole = (values.at(-1)! - values[0]!) / 4;
  const scale = middle > 0 ? middle : whole > 0 ? whole : 1;
  return { detector, range: [values[0]!, values.at(-1)!], center: quantile(values, 0.5), scale, unscored };
}
