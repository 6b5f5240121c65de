/**
 * @file What people say of answers that a judge scored: how often the judge errs, and rates corrected for it. A label
 * names a trial of the run, so that the judge's score of it is on record.
 */
import { z } from "zod";
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { LabError } from "../core/errors.ts";
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { wilson } from "../core/intervals.ts";
import { cohenKappa, krippendorffAlpha } from "../statistics/agreement.ts";
import { type JudgeTable, predictionPowered, roganGladen } from "../statistics/judge-error.ts";

/** Labels by trial: 1 where the outcome is there, 0 where it is not. */
export type Labels = ReadonlyMap<string, 0 | 1>;

/** How a judge compares with people, on one contrast. */
export interface JudgeCheck {
  readonly contrast: string;
  /** Labeled trials that the judge scored, and labeled ones that it did not. */
  readonly labeled: number;
  readonly unscored: number;
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  /** Cohen's κ and Krippendorff's α of judge and people; null where nothing varies. */
  readonly kappa: number | null;
  readonly alpha: number | null;
  /** Rates of each arm corrected by the judge's errors (Rogan and Gladen), and by prediction-powered inference. */
  readonly arms: readonly { readonly arm: string; readonly corrected: Reading; readonly powered: Reading }[];
}

const line = z.strictObject({ trial: z.string(), label: z.union([z.literal(0), z.literal(1)]) });

/**
 * Labels as JSON lines, `{"trial": "…", "label": 1}`.
 *
 * @throws {LabError} `input/invalid` naming the line
 */
export function parseLabels(text: string): Labels {
  const labels = new Map<string, 0 | 1>();
  for (const [i, raw] of text.split("\n").entries()) {
    if (raw.trim() === "") continue;
    const parsed = line.safeParse(jsonOf(raw));
    if (!parsed.success) {
      throw new LabError(
        "input/invalid",
        `labels: line ${i + 1} cannot be read, got ${raw.slice(0, 60)}; expected {"trial": "…", "label": 0 or 1}`,
      );
    }
    labels.set(parsed.data.trial, parsed.data.label);
  }
  return labels;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Measure a judge where people labeled some of what it scored; undefined where nothing of the contrast is labeled. */
export function checkJudge(
  { id, arms, range: [low, high] }: Pick<ContrastPlugin, "id" | "arms" | "range">,
  trials: readonly ScoredTrial[],
  labels: Labels,
): JudgeCheck | undefined {
  const shareOf = ({ score }: ScoredTrial) =>
    score.status === "scored" ? (score.value - low) / (high - low) : undefined;
  const known = trials.flatMap((trial) => {
    const label = labels.get(trial.id);
    return label === undefined ? [] : [{ arm: trial.arm, label, judged: shareOf(trial) }];
  });
  if (known.length === 0) return undefined;
  const both = known.flatMap(({ arm, label, judged }) =>
    judged === undefined ? [] : [{ arm, label, judged: Math.round(judged) }],
  );
  const count = (label: number, judged?: number) =>
    both.filter((each) => each.label === label && (judged === undefined || each.judged === judged)).length;
  const table: JudgeTable = {
    positives: count(1),
    truePositives: count(1, 1),
    negatives: count(0),
    trueNegatives: count(0, 0),
  };
  const [said, meant] = [both.map(({ judged }) => judged), both.map(({ label }): number => label)];
  return {
    contrast: id,
    labeled: both.length,
    unscored: known.length - both.length,
    sensitivity: wilson(table.truePositives, Math.max(1, table.positives), "trials"),
    specificity: wilson(table.trueNegatives, Math.max(1, table.negatives), "trials"),
    kappa: finite(cohenKappa(said, meant)),
    alpha: finite(krippendorffAlpha(both.map(({ label, judged }) => [label, judged]))),
    arms: arms.map(({ id: arm }) => {
      const own = trials.filter((trial) => trial.arm === arm);
      const all = own.flatMap((trial) => shareOf(trial) ?? []);
      const unlabeled = own.filter((trial) => !labels.has(trial.id)).flatMap((trial) => shareOf(trial) ?? []);
      const labeled = both.filter((each) => each.arm === arm);
      return {
        arm,
        corrected: all.length === 0 ? unscored("no answer was scored") : correctedRate(all, table),
        powered:
          labeled.length < 2 || unlabeled.length < 2
            ? unscored("it takes two labeled and two unlabeled answers in this arm")
            : scored(predictionPowered(unlabeled, labeled)),
      };
    }),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A judge no better than chance is declined, with the reason. */
function correctedRate(values: readonly number[], table: JudgeTable): Reading {
  try {
    return scored(roganGladen(values.filter((value) => value > 0.5).length, values.length, table));
  } catch (error) {
    if (error instanceof LabError) return unscored(error.message);
    throw error;
  }
}
