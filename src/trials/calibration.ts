/** @file Stated confidence against being right, arm by arm, as evidence: for trials that state a confidence. */
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { formatEstimate } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import type { Evidence } from "../evidence.ts";
import { brierParts, calibrationNull, expectedCalibrationError } from "../statistics/forecasts.ts";

/** Bins of a calibration plot, of equal numbers of answers. */
const BINS = 10;

/** A plot of calibration and its numbers; nothing where trials state no confidence, or too few do. */
export function calibrationEvidence(
  { title }: Pick<ContrastPlugin, "title">,
  trials: readonly ScoredTrial[],
  random: Rng,
): readonly Evidence[] {
  const told = trials.flatMap(({ arm, family, score }) => {
    const { confidence, correct } = (score.status === "scored" && score.facets) || {};
    return confidence === undefined || correct === undefined ? [] : [{ arm, family, confidence, correct }];
  });
  if (told.length < 2 * BINS) return [];
  const arms = [...new Set(told.map(({ arm }) => arm))];
  const lines = arms.map((arm) => {
    const own = told.filter((each) => each.arm === arm).toSorted((a, b) => a.confidence - b.confidence);
    const size = Math.ceil(own.length / BINS);
    const bins = Array.from({ length: Math.ceil(own.length / size) }, (_, i) => own.slice(i * size, (i + 1) * size));
    return {
      label: arm,
      points: bins.map((bin, i) => ({
        x: mean(bin.map(({ confidence }) => confidence)),
        y: boundedMean(
          bin.map(({ correct }) => correct),
          { range: [0, 1], rng: random.fork(`${arm} ${i}`), unit: "items" },
        ),
      })),
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
    return [[arm, numbers]];
  });
  return [
    {
      kind: "curve",
      title: `${title}: stated confidence against being right`,
      x: { title: "stated probability", scale: "linear" },
      y: { title: "share right", range: [0, 1] },
      lines,
    },
    { kind: "facts", title: "Calibration by arm", columns: ["arm", "stated confidence"], facts },
  ];
}
