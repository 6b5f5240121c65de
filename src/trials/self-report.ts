/**
 * @file Self-report against behavior: what the subject says of itself beside what it does, family by family, and how well
 * each of three predictors foretells single items. Agreement of rates is not prediction: a self-report is evidence of
 * anything like introspection only where it foretells items better than a predictor that knows nothing of the subject.
 *
 *     error of a predictor = mean over items of (foretold − done)²        (Brier 1950)
 *     advantage = error of the baseline − error of the self-report, one difference for each family
 */
import type { ContrastPlugin, ScoredTrial } from "../contrast.ts";
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { effectOf, readingOf } from "./effect.ts";
import { tabulate } from "./table.ts";

/** One paraphrase family; each share is of its complete items, which its n counts. */
export interface SelfReportPoint {
  readonly family: string;
  readonly says: Estimate;
  readonly baseline: Estimate;
  readonly does: Estimate;
}

export interface SelfReportPredictor {
  readonly id: "says" | "baseline" | "base-rate";
  readonly title: string;
  /** Mean squared error over items, families as clusters. */
  readonly error: Reading;
  /** By how much the self-report errs less; absent for the self-report itself. Sign flips over families. */
  readonly advantage?: Reading;
}

export interface SelfReport {
  /** Titles of the three arms. */
  readonly titles: { readonly does: string; readonly says: string; readonly baseline: string };
  readonly points: readonly SelfReportPoint[];
  readonly predictors: readonly SelfReportPredictor[];
  /** Items with a score in all three arms, and those without. */
  readonly items: number;
  readonly incomplete: number;
}

interface Row {
  readonly family: number;
  readonly does: number;
  readonly says: number;
  readonly baseline: number;
}

/** Join statements and behavior item by item; undefined for a contrast that has none. */
export function joinSelfReport(
  { selfReport: roles, arms, range: [low, high] }: Pick<ContrastPlugin, "selfReport" | "arms" | "range">,
  trials: readonly ScoredTrial[],
  random: Rng,
): SelfReport | undefined {
  if (!roles) return undefined;
  const all = tabulate(trials);
  const families = [...new Set(all.map(({ family }) => family))];
  const rows = all.flatMap(({ family, cells }): Row[] => {
    const [does, says, baseline] = [roles.does, roles.says, roles.baseline].map((arm) => {
      const scores = cells[arm]?.scores ?? [];
      return scores.length === 0 ? undefined : (mean(scores) - low) / (high - low);
    });
    const isComplete = does !== undefined && says !== undefined && baseline !== undefined;
    return isComplete ? [{ family: families.indexOf(family), does, says, baseline }] : [];
  });
  const share = (own: readonly Row[], role: "does" | "says" | "baseline") =>
    boundedMean(
      own.map((row) => row[role]),
      { range: [0, 1], unit: "items", rng: random.fork(`${families[own[0]!.family]} ${role}`) },
    );
  const title = (id: string) => arms.find((arm) => arm.id === id)!.title;
  return {
    titles: { does: title(roles.does), says: title(roles.says), baseline: title(roles.baseline) },
    points: families.flatMap((family, i) => {
      const own = rows.filter((row) => row.family === i);
      if (own.length === 0) return [];
      return [{ family, says: share(own, "says"), baseline: share(own, "baseline"), does: share(own, "does") }];
    }),
    predictors: predictorsOf(rows, title(roles.says), title(roles.baseline), random),
    items: rows.length,
    incomplete: all.length - rows.length,
  };
}

function predictorsOf(
  rows: readonly Row[],
  says: string,
  baseline: string,
  random: Rng,
): readonly SelfReportPredictor[] {
  const rates = baseRates(rows);
  const said = rows.map((row) => (row.says - row.does) ** 2);
  const compared = (id: "baseline" | "base-rate", title: string, foretold: (row: Row) => number | undefined) => {
    const known = rows.flatMap((row, i) => {
      const p = foretold(row);
      return p === undefined ? [] : [{ row, said: said[i]!, error: (p - row.does) ** 2 }];
    });
    return {
      id,
      title,
      error: errorOf(
        known.map(({ row }) => row),
        known.map(({ error }) => error),
        random.fork(id),
      ),
      advantage: advantageOf(
        known.map(({ row }) => row.family),
        known.map((each) => each.error - each.said),
        random.fork(`${id} flips`),
      ),
    };
  };
  return [
    { id: "says", title: says, error: errorOf(rows, said, random.fork("says")) },
    compared("baseline", baseline, (row) => row.baseline),
    compared("base-rate", "how often it did so in the other families", (row) => rates.get(row.family)),
  ];
}

/** Of each family, the mean of what was done in all others; absent where there are none. */
function baseRates(rows: readonly Row[]): ReadonlyMap<number, number> {
  const families = [...new Set(rows.map(({ family }) => family))];
  return new Map(
    families.flatMap((family) => {
      const others = rows.filter((row) => row.family !== family);
      return others.length === 0 ? [] : [[family, mean(others.map(({ does }) => does))] as const];
    }),
  );
}

function errorOf(rows: readonly Row[], errors: readonly number[], rng: Rng): Reading {
  if (rows.length === 0) return unscored("no item has a score in all three arms");
  const clusters = rows.map(({ family }) => family);
  return scored(boundedMean(errors, { range: [0, 1], clusters, unit: "families", rng }));
}

function advantageOf(families: readonly number[], items: readonly number[], rng: Rng): Reading {
  const differences = [...new Set(families)].map((family) => mean(items.filter((_, i) => families[i] === family)));
  const effect = effectOf({ differences: Float64Array.from(differences), items: Float64Array.from(items) }, 1, rng);
  return readingOf(effect);
}
