/**
 * @file Does a write do what it says? Always beside random writes of the same
 * norm, a write that changes nothing, and the same write in the wrong place, all
 * on the same levels.
 */
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { boundedMean, type Interval, pairedDifference } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import type { Subject } from "../subject.ts";
import { type Write, writtenSubject } from "./written.ts";

export interface WriteTrial {
  readonly subject: Subject;
  readonly writes: readonly Write[];
  /** The same writes where, or for what, they should do nothing. */
  readonly wrong: readonly Write[];
  /**
   * How well a subject did what the write is for: one score for each level, always
   * in the same order and, where chance plays a part, from the same stream.
   */
  readonly outcome: (subject: Subject) => Promise<ArrayLike<number>>;
  /** Hash of the layout of each level. */
  readonly layout: ArrayLike<number>;
  /** Of the scores; default 0 to 1. */
  readonly range?: Interval;
  /** Random writes of the same norm; at least 5. */
  readonly randoms?: number;
  readonly ticks?: number | undefined;
  readonly rng: Rng;
}

export interface WriteReport {
  readonly written: Estimate;
  /** Without any write. */
  readonly untouched: Estimate;
  /** With one that changes nothing: equal to `untouched` up to rounding. */
  readonly nothing: Estimate;
  readonly wrong: Estimate;
  /** Mean over the random writes. */
  readonly random: Estimate;
  /** The write minus each control, paired by level. */
  readonly over: Readonly<Record<"nothing" | "wrong" | "random", Estimate>>;
  /** Mean score of each random write. */
  readonly randomMeans: readonly number[];
  /** Share of the random writes that the write surpasses in the mean. */
  readonly beaten: number;
  /** Level by level; of the random writes their mean. */
  readonly scores: Readonly<Record<"written" | "untouched" | "nothing" | "wrong" | "random", Float64Array>>;
}

const LEAST_RANDOMS = 5;

/**
 * Try a write.
 *
 * @throws {LabError} `input/invalid` on fewer than five random writes, and as {@link writtenSubject} does
 */
export async function tryWrite(trial: WriteTrial): Promise<WriteReport> {
  const { subject, writes, wrong, outcome, layout, range = [0, 1], randoms = 20, ticks, rng } = trial;
  if (randoms < LEAST_RANDOMS) {
    throw new LabError(
      "input/invalid",
      `write: too few random writes, got ${randoms}; expected at least ${LEAST_RANDOMS}`,
    );
  }
  const score = async (each: Subject) => Float64Array.from(await outcome(each));
  const untouched = await score(ticks === undefined ? subject : subject.thinking!(ticks));
  const written = await score(writtenSubject(subject, writes, { ticks }));
  const nothing = await score(writtenSubject(subject, writes, { ticks, gain: 0 }));
  const misplaced = await score(writtenSubject(subject, wrong, { ticks }));
  const mean = new Float64Array(written.length);
  const randomMeans: number[] = [];
  for (let r = 0; r < randoms; r++) {
    const scores = await score(writtenSubject(subject, writes, { ticks, random: rng.fork(`random ${r}`) }));
    for (const [i, value] of scores.entries()) mean[i]! += value / randoms;
    randomMeans.push(scores.reduce((sum, value) => sum + value, 0) / scores.length);
  }
  const options = (name: string) => ({ range, clusters: layout, rng: rng.fork(`interval ${name}`) });
  const estimate = (name: string, values: Float64Array) => boundedMean(clamp(values, range), options(name));
  const over = (name: string, values: Float64Array) =>
    pairedDifference(clamp(written, range), clamp(values, range), options(`over ${name}`));
  const own = written.reduce((sum, value) => sum + value, 0) / written.length;
  return {
    written: estimate("written", written),
    untouched: estimate("untouched", untouched),
    nothing: estimate("nothing", nothing),
    wrong: estimate("wrong", misplaced),
    random: estimate("random", mean),
    over: { nothing: over("nothing", nothing), wrong: over("wrong", misplaced), random: over("random", mean) },
    randomMeans,
    beaten: randomMeans.filter((value) => value < own).length / randoms,
    scores: { written, untouched, nothing, wrong: misplaced, random: mean },
  };
}

/** Means of many scores leave their range by rounding. */
const clamp = (values: Float64Array, [low, high]: Interval) =>
  values.map((value) => Math.min(high, Math.max(low, value)));

/**
 * An outcome without playing: the probability that a subject gives to the wanted
 * actions, observation by observation.
 *
 * @param wanted bit a is set when action a is wanted, `[n]`
 */
export function massOn(observations: Uint8Array, n: number, wanted: ArrayLike<number>): WriteTrial["outcome"] {
  return async (subject) => {
    const { actions } = subject.shape;
    const logits = await subject.logits!(observations, n);
    return Float64Array.from({ length: n }, (_, i) => {
      const row = logits.subarray(i * actions, (i + 1) * actions);
      const most = row.reduce((a, b) => Math.max(a, b));
      let [sum, mass] = [0, 0];
      for (const [a, logit] of row.entries()) {
        const weight = Math.exp(logit - most);
        sum += weight;
        if ((wanted[i]! >> a) & 1) mass += weight;
      }
      return mass / sum;
    });
  };
}
