/** @file Stated confidence against being right, arm by arm, as evidence: for trials that state a confidence. */
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { formatEstimate } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import type { Evidence } from "../evidence.ts";
import { brierParts, calibrationNull, expectedCalibrationError } from "../statistics/forecasts.ts";
import { primaryOf } from "./design.ts";

/** Most points of a calibration plot: of equal numbers of answers, where more probabilities were stated. */
const BINS = 10;

interface Told {
  readonly arm: string;
  readonly family: string;
  readonly confidence: number;
  readonly correct: number;
}

/** A plot of calibration for each arm of the primary, and the numbers of all; nothing where trials state no confidence, or too few do. */
export function calibrationEvidence(
  contrast: Pick<ContrastPlugin, "title" | "arms" | "hypotheses">,
  trials: readonly ScoredTrial[],
  random: Rng,
): readonly Evidence[] {
  const told = trials.flatMap(({ arm, family, score }): Told[] => {
    const { confidence, correct } = (score.status === "scored" && score.facets) || {};
    return confidence === undefined || correct === undefined ? [] : [{ arm, family, confidence, correct }];
  });
  if (told.length < 2 * BINS) return [];
  const arms = [...new Set(told.map(({ arm }) => arm))];
  const { weights } = primaryOf(contrast);
  const title = (id: string) => contrast.arms.find((arm) => arm.id === id)!.title;
  const plots = arms
    .filter((arm) => (weights[arm] ?? 0) !== 0)
    .map((arm): Evidence => {
      const own = told.filter((each) => each.arm === arm);
      const points = binned(own).map((bin, i) => ({
        x: mean(bin.map(({ confidence }) => confidence)),
        y: boundedMean(
          bin.map(({ correct }) => correct),
          { range: [0, 1], rng: random.fork(`${arm} ${i}`), unit: "items" },
        ),
      }));
      return {
        kind: "curve",
        title: `${contrast.title}, calibration: ${title(arm)}`,
        x: { title: "stated probability", scale: "linear", range: [0, 1] },
        y: { title: "share right", range: [0, 1] },
        diagonal: "as often right as stated",
        lines: [{ label: "its answers", points }],
      };
    });
  const facts = arms.flatMap((arm): (readonly [string, string])[] => {
    const own = told.filter((each) => each.arm === arm);
    const [p, y] = [own.map(({ confidence }) => confidence), own.map(({ correct }) => correct)];
    const [low, high] = calibrationNull(p, random.fork(`${arm} null`));
    const { reliability, resolution, uncertainty } = brierParts(p, y);
    const squares = own.map(({ confidence, correct }) => (confidence - correct) ** 2);
    const families = [...new Set(own.map(({ family }) => family))];
    const brier = boundedMean(squares, {
      range: [0, 1],
      clusters: own.map(({ family }) => families.indexOf(family)),
      unit: "families",
      rng: random.fork(`${arm} brier`),
    });
    const numbers = [
      `Brier score ${formatEstimate(brier)}, n = ${families.length} families`,
      `of it reliability ${reliability.toFixed(3)}, less resolution ${resolution.toFixed(3)}, uncertainty ${uncertainty.toFixed(3)}`,
      `calibration error ${expectedCalibrationError(p, y).toFixed(2)}, where ${low.toFixed(2)} to ${high.toFixed(2)} if every stated probability were right, n = ${own.length} answers`,
    ].join("; ");
    return [[title(arm), numbers]];
  });
  return [...plots, { kind: "facts", title: "Calibration by arm", columns: ["arm", "stated confidence"], facts }];
}

/** By stated probability where few were stated, else in bins of equal numbers of answers. */
function binned(own: readonly Told[]): readonly (readonly Told[])[] {
  const stated = [...new Set(own.map(({ confidence }) => confidence))].sort((a, b) => a - b);
  if (stated.length <= BINS) return stated.map((value) => own.filter(({ confidence }) => confidence === value));
  const sorted = own.toSorted((a, b) => a.confidence - b.confidence);
  const size = Math.ceil(sorted.length / BINS);
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, i) => sorted.slice(i * size, (i + 1) * size));
}
