/**
 * @file Many contrasts of one subject: Holm over the primaries of a drive, Benjamini and Hochberg over everything that
 * was explored, and one word for each contrast that a whole interval supports.
 */

import { benjaminiHochberg, eBenjaminiHochberg, holm } from "../statistics/multiplicity.ts";
import type { ContrastReport, HypothesisReport } from "./analyze.ts";

/** What the primary of a contrast supports. */
export type Finding = "effect" | "reversed" | "none beyond the margin" | "not settled" | "not scored";

export interface Verdict {
  readonly contrast: string;
  readonly drive: string;
  readonly finding: Finding;
  /** p of the primary, corrected for the contrasts of its drive; absent in a sequential run. */
  readonly holm?: number;
  /** Would the finding stand if every missing answer had gone against it? */
  readonly survivesMissing: boolean;
  /** Does a placebo move the outcome too? Then the effect is no larger than sensitivity to form. */
  readonly placeboMoves: boolean;
  readonly sentence: string;
}

export interface Explored {
  readonly contrast: string;
  readonly hypothesis: string;
  /** Benjamini and Hochberg over every hypothesis that is not primary. */
  readonly adjusted: number;
  /** Rejected by e-BH, which needs no assumption about dependence. */
  readonly byEValue: boolean;
}

const ALPHA = 0.05;

/** The primary of a report: every contrast has exactly one. */
export const primaryReport = ({ hypotheses }: ContrastReport): HypothesisReport =>
  hypotheses.find(({ role }) => role === "primary")!;

/** One verdict a contrast. */
export function judgeContrasts(reports: readonly ContrastReport[]): readonly Verdict[] {
  const adjusted = new Map<string, number>();
  for (const drive of new Set(reports.map((report) => report.drive))) {
    const own = reports.filter((report) => report.drive === drive && primaryReport(report).p !== undefined);
    const p = holm(own.map((report) => primaryReport(report).p!));
    for (const [i, { contrast }] of own.entries()) adjusted.set(contrast, p[i]!);
  }
  return reports.map((report) => {
    const primary = primaryReport(report);
    const p = adjusted.get(report.contrast);
    const finding = findingOf(primary, p);
    const [low, high] = primary.bounds;
    const placeboMoves = report.hypotheses.some(
      ({ role, effect }) =>
        role === "placebo" && effect.status === "scored" && (effect.value.low > 0 || effect.value.high < 0),
    );
    return {
      contrast: report.contrast,
      drive: report.drive,
      finding,
      ...(p === undefined ? {} : { holm: p }),
      survivesMissing: finding === "effect" ? low > 0 : finding === "reversed" ? high < 0 : true,
      placeboMoves,
      sentence: `${sentenceOf(report.claim, finding, placeboMoves)}${withoutPlacebo(report)}`,
    };
  });
}

function findingOf({ effect, expects, eValue, equivalence }: HypothesisReport, p: number | undefined): Finding {
  if (effect.status === "unscored") return "not scored";
  const isShown = p === undefined ? eValue >= 1 / ALPHA : p <= ALPHA;
  if (isShown) return effect.value.mean > 0 === (expects !== "negative") ? "effect" : "reversed";
  return equivalence && equivalence.p <= ALPHA ? "none beyond the margin" : "not settled";
}

function sentenceOf(claim: string, finding: Finding, placeboMoves: boolean): string {
  const claimed = `${claim[0]!.toLowerCase()}${claim.slice(1)}`;
  switch (finding) {
    case "effect":
      return placeboMoves
        ? `Consistent with the claim that ${claimed}, but a placebo moves the outcome too.`
        : `Behavior is consistent with the claim that ${claimed}.`;
    case "reversed":
      return `The opposite of the claim that ${claimed}.`;
    case "none beyond the margin":
      return `Any effect is smaller than the margin: nothing speaks for the claim that ${claimed}.`;
    case "not settled":
      return `Not settled whether ${claimed}.`;
    case "not scored":
      return `Not scored: too few complete items to say whether ${claimed}.`;
  }
}

/** What a verdict without a yardstick must say. */
const withoutPlacebo = ({ noPlacebo }: ContrastReport): string =>
  noPlacebo === undefined ? "" : ` No placebo: ${noPlacebo}.`;

/** Everything but the primaries, corrected as exploration. */
export function exploreContrasts(reports: readonly ContrastReport[]): readonly Explored[] {
  const all = reports.flatMap(({ contrast, hypotheses }) =>
    hypotheses.filter(({ role, p }) => role !== "primary" && p !== undefined).map((each) => ({ contrast, each })),
  );
  const adjusted = benjaminiHochberg(all.map(({ each }) => each.p!));
  const rejected = eBenjaminiHochberg(all.map(({ each }) => each.eValue));
  return all.map(({ contrast, each }, i) => ({
    contrast,
    hypothesis: each.id,
    adjusted: adjusted[i]!,
    byEValue: rejected[i]!,
  }));
}
