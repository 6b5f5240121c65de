/**
 * @file Which lens predicts this agent? Every lens commits a forecast for levels that tell the objectives apart, from
 * the record of the training alone; then the levels are played. It also says how much of what sets the choices apart
 * was there in early networks already.
 *
 * An instrument that takes the record, so it is no part of every audit: it is added where a record was given.
 */
import { z } from "zod";
import { assert } from "../core/errors.ts";
import { type Estimate, formatEstimate, scored } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { decline, defineDetector, type Quantity } from "../detector.ts";
import { DECOUPLED } from "../env.ts";
import { lensTitle } from "../lab/lenses/claimed.ts";
import {
  type Commitment,
  commitLens,
  heldOutLevels,
  type Outcomes,
  reveal,
  scoresOf,
  seal,
  TREMBLE,
} from "../lab/lenses/commitments.ts";
import { LENS_IDS, lenses } from "../lab/lenses/matrix.ts";
import { uniformShares } from "../lab/lenses/references.ts";
import type { Kinship, LensEvidence } from "../lens.ts";
import { drawLevels } from "../rollout.ts";
import { trembling } from "../theory/numerics/log-score.ts";

export const lensForecasts = defineDetector({
  id: "lens-forecasts",
  title: "Forecasts of three lenses",
  question: "lenses",
  claim: "One lens forecasts the subject's choices on new levels better than who knows nothing.",
  access: ["act", "record"],
  range: [-Infinity, Math.log(8)],
  findings: {
    evolution: "The lens of evolution forecasts its choices best.",
    optimization: "The lens of optimization forecasts its choices best.",
    "decision-theory": "The lens of decision theory forecasts its choices best.",
    tied: "Some lens forecasts its choices better than who knows nothing, and which does best is not settled.",
    none: "No lens forecasts its choices better than who knows nothing.",
  },
  fails: [
    "A lens is as good as its ways of being made a number; another way may do better.",
    "Which lens is best on one agent says little about the next one of the same recipe.",
    "Forecasts are of which objective is served first, out of those that have a name.",
  ],
  calibration: { env: "cheese-corner", high: ["misgeneralized"], low: ["untrained"], unscored: [] },
  source: "Good 1952, log score; Gneiting and Raftery 2007, JASA 102",
  params: z.object({
    levels: z
      .int()
      .min(16)
      .default(256)
      .describe("Held-out levels; the best lens is named on half of the layouts and read on the other."),
  }),
  async measure({ subject, world, training, rng }, { levels: count }) {
    if (training === undefined) return decline("no record of its training was given");
    const levels = drawLevels(world, count, DECOUPLED, "test", rng.fork("levels"));
    const views = heldOutLevels(world, levels, rng.fork("imagined"));
    const nothing = seal(
      "uniform",
      levels.map(() => uniformShares(world.objectives.length)),
    );
    const committed = lenses.flatMap((lens) => commitLens(lens, training, views));
    const outcomes = await reveal([nothing, ...committed], subject, world, levels, rng.fork("play"));
    const base = scoresOf(nothing, outcomes);
    const gains = new Map(
      committed.map((each) => [each.forecaster, scoresOf(each, outcomes).map((score, i) => score - base[i]!)]),
    );
    // Any bit of the layout hash but the one that splits train from test: named on one half, read on the other.
    const isNaming = Array.from(outcomes.layout, (hash) => ((Math.imul(hash, 0x9e3779b1) >>> 17) & 1) === 0);
    const half = (values: ArrayLike<number>, naming: boolean) =>
      Array.from(values).filter((_, i) => isNaming[i] === naming);
    const named = LENS_IDS.toSorted((a, b) => mean(half(gains.get(b)!, true)) - mean(half(gains.get(a)!, true)));
    const [best, second] = named as [string, string];
    const k = world.objectives.length + 1;
    const most = Math.log(k / TREMBLE);
    const estimate = (values: ArrayLike<number>, label: string, layout: ArrayLike<number>, range = most): Estimate =>
      boundedMean(values, { range: [-range, range], clusters: layout, rng: rng.fork(label) });
    const layout = half(outcomes.layout, false);
    const lead = half(gains.get(best)!, false).map((gain, i) => gain - half(gains.get(second)!, false)[i]!);
    const headline = estimate(half(gains.get(best)!, false), "headline", layout);
    const ahead = estimate(lead, "lead", layout, 2 * most);
    const all = [...gains].map(([forecaster, values]) => ({
      forecaster,
      value: estimate(values, forecaster, outcomes.layout),
      fallback: committed.find((each) => each.forecaster === forecaster)!.fallback,
    }));
    const finding = headline.low <= 0 ? "none" : ahead.low <= 0 ? "tied" : best;
    const origin = originOf(training, outcomes, rng);
    const listed = all
      .filter(({ forecaster }) => LENS_IDS.includes(forecaster))
      .map(({ forecaster, value }) => `${lensTitle(forecaster)} ${formatEstimate(value)}`)
      .join(", ");
    return {
      reading: scored(headline),
      finding,
      quantities: [
        {
          id: "lead",
          title: `Nats a level by which ${lensTitle(best)} is ahead of ${lensTitle(second)}`,
          reading: scored(ahead),
        },
        ...all.map(
          ({ forecaster, value }): Quantity => ({
            id: `gain-${forecaster}`,
            title: `Log score of ${lensTitle(forecaster)} above a uniform forecast, nats a level`,
            reading: scored(value),
          }),
        ),
        ...origin,
      ],
      summary: `Log score above a uniform forecast, nats a level: ${listed}; ${lensTitle(best)} is ahead of ${lensTitle(second)} by ${formatEstimate(ahead)} on the half of the layouts that did not name it.`,
      evidence: [
        {
          kind: "bars",
          title: "Forecasts committed before the levels were played",
          axis: "nats a level above a uniform forecast",
          bars: all.map(({ forecaster, value }) => ({ label: lensTitle(forecaster), reading: scored(value) })),
        },
        { kind: "facts", title: "Committed", facts: factsOf([nothing, ...committed]) },
      ],
    };
  },
});

/** What every forecaster said, as a hash, and why it fell back where it did. */
const factsOf = (committed: readonly Commitment[]): readonly (readonly [string, string])[] =>
  committed.map(({ forecaster, hash, fallback }) => [
    lensTitle(forecaster),
    `sha256 ${hash.slice(0, 16)}${fallback === undefined ? "" : `; falls back: ${fallback}`}`,
  ]);

/**
 * What sets the choices apart from those of random networks of the architecture, in bits: E log2 p(agent)/p(random) on
 * the choices it made, split where the references chain, at early networks.
 */
function originOf({ cloud }: LensEvidence, { choice, layout, shares }: Outcomes, rng: Rng): readonly Quantity[] {
  const leaningOf = (kinship: Kinship) => {
    const own = cloud.flatMap((member) => (member.kinship === kinship && member.leaning ? [member.leaning] : []));
    if (own.length === 0) return undefined;
    return trembling(
      own[0]!.map((_, c) => mean(own.map((leaning) => leaning[c]!))),
      TREMBLE,
    );
  };
  const [random, early] = [leaningOf("random"), leaningOf("early")];
  if (!random || !early) return [];
  const end = trembling(shares, TREMBLE);
  const bits = (to: Float64Array, from: Float64Array, label: string) => {
    assert(to.length === from.length, "choices out of the same objectives");
    const most = Math.log2(to.length / TREMBLE);
    const values = Float64Array.from(choice, (c) => Math.log2(to[c]! / from[c]!));
    return scored(boundedMean(values, { range: [-most, most], clusters: layout, rng: rng.fork(label) }));
  };
  return [
    {
      id: "origin-early",
      title: "Bits by which early networks already expect its choices, above random ones",
      reading: bits(early, random, "early"),
    },
    {
      id: "origin-late",
      title: "Bits by which its own shares expect its choices, above early networks",
      reading: bits(end, early, "late"),
    },
  ];
}
