/**
 * @file From the scored trials of one contrast to what can be said: an effect for each hypothesis with its interval, test
 * and evidence, the placebo beside it, what missing answers could change, and how small an effect could have been seen.
 */
import type { ContrastPlugin, Hypothesis, HypothesisRole, MissingReason, Pattern, ScoredTrial } from "../contrast.ts";
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { boundedMean, type Interval } from "../core/intervals.ts";
import { type Rng, rng } from "../core/rng.ts";
import { mean, variance } from "../core/stats.ts";
import { bootstrapMean, clusteredStandardError, LEAST_CLUSTERS } from "../statistics/clustered.ts";
import { type Detection, detection } from "../statistics/detection.ts";
import { discordantEValue, discordantInterval, symmetricEValue, symmetricInterval } from "../statistics/e-values.ts";
import { worstCase } from "../statistics/missing.ts";
import { mcnemarExact, mcnemarMidP, newcombePaired, pairedTable } from "../statistics/paired.ts";
import { minimumDetectable } from "../statistics/planning.ts";
import { equivalence, signFlip } from "../statistics/sign-flip.ts";
import { type Effect, effectOf } from "./effect.ts";
import { countMissing, type FamilyDifferences, familyDifferences, type ItemRow, scaleOf, tabulate } from "./table.ts";

export interface AnalysisOptions {
  readonly seed: number;
  /** Was the run allowed to stop on its own results? Then no p-value holds, and the e-value decides. */
  readonly isSequential?: boolean;
  /** Effects within ± this, in units of the contrast's range, count as none. Chosen: .1. */
  readonly margin?: number;
}

/** One arm: its mean score, and what is missing. */
export interface ArmReport {
  readonly arm: string;
  readonly title: string;
  /** Mean over items, families as clusters. */
  readonly mean: Reading;
  readonly trials: number;
  readonly missing: Partial<Record<MissingReason, number>>;
}

/** Pairs of items with binary scores that differ between two arms; each pair taken as independent. */
export interface PairsReport {
  readonly n11: number;
  readonly n10: number;
  readonly n01: number;
  readonly n00: number;
  readonly exactP: number;
  readonly midP: number;
  readonly newcombe: Estimate;
  readonly eValue: number;
  /** Anytime-valid interval of the share of discordant pairs that favor the positive arm. */
  readonly share: Interval;
  /** The outcome in the positive arm as a hit, in the other as a false alarm: telling them apart, and readiness at all. */
  readonly detection: Detection;
}

export interface HypothesisReport {
  readonly id: string;
  readonly title: string;
  readonly role: HypothesisRole;
  readonly expects: Hypothesis["expects"];
  /** Over families; an interval that belongs to the sign-flip test, or the anytime-valid one in a sequential run. */
  readonly effect: Reading;
  /** Two-sided sign-flip over families; absent where unscored, or where the run could stop on its own results. */
  readonly p?: number;
  /** Against symmetry of the family differences; valid whenever one looks. */
  readonly eValue: number;
  readonly anytime: Interval;
  /** Complete items, and those left out because an arm has no score. */
  readonly items: number;
  readonly incomplete: number;
  /** Only where two arms are compared and every score is 0 or 1. Beside the test: valid for independent families alone. */
  readonly pairs?: PairsReport;
  /** Clustered standard error and bootstrap intervals over families. */
  readonly standardError?: number;
  readonly bootstrap?: { readonly percentile: Interval; readonly bca: Interval };
  /** Where the estimate would lie if every missing answer had been the worst, and the best. */
  readonly bounds: Interval;
  /** Does more go missing on one side? Difference of the missing shares over families, with its p. */
  readonly missingness: { readonly difference: number; readonly p: number };
  /** Two one-sided tests against ± the margin. */
  readonly equivalence?: { readonly margin: number; readonly p: number };
  /** Smallest effect that a run of this size and spread sees four times in five. */
  readonly minimumDetectable?: number;
}

export interface ContrastReport {
  readonly contrast: string;
  readonly title: string;
  readonly drive: string;
  readonly group: string;
  readonly claim: string;
  readonly outcome: string;
  readonly families: number;
  readonly trials: number;
  readonly arms: readonly ArmReport[];
  readonly hypotheses: readonly HypothesisReport[];
  /** Why nothing measures sensitivity to form; absent where a placebo does. */
  readonly noPlacebo?: string;
  /** Words that the effects taken together support; see {@link ContrastPlugin.patterns}. */
  readonly patterns: readonly Pick<Pattern, "word" | "sentence">[];
}

/** Everything that can be said about one contrast. */
export function analyzeContrast(
  contrast: ContrastPlugin,
  trials: readonly ScoredTrial[],
  { seed, isSequential = false, margin = 0.1 }: AnalysisOptions,
): ContrastReport {
  const rows = tabulate(trials);
  const counts = countMissing(trials);
  const random = rng(seed).fork("analysis").fork(contrast.id);
  const hypotheses = contrast.hypotheses.map((hypothesis) =>
    analyzeHypothesis(hypothesis, rows, contrast.range, random.fork(hypothesis.id), isSequential, margin),
  );
  return {
    contrast: contrast.id,
    title: contrast.title,
    drive: contrast.drive,
    group: contrast.group,
    claim: contrast.claim,
    outcome: contrast.outcome,
    families: new Set(rows.map(({ family }) => family)).size,
    trials: trials.length,
    arms: contrast.arms.map(({ id, title }) => ({
      arm: id,
      title,
      mean: armMean(rows, id, contrast.range, random.fork(id)),
      trials: counts[id]?.trials ?? 0,
      missing: counts[id]?.missing ?? {},
    })),
    hypotheses,
    ...(hypotheses.some(({ role }) => role === "placebo")
      ? {}
      : { noPlacebo: contrast.noPlacebo ?? "none was written" }),
    patterns: (contrast.patterns ?? [])
      .filter((pattern) => holds(pattern, hypotheses))
      .map(({ word, sentence }) => ({ word, sentence })),
  };
}

/** An effect that could not be scored is neither positive nor not. */
const holds = ({ when }: Pattern, hypotheses: readonly HypothesisReport[]): boolean =>
  Object.entries(when).every(([id, wanted]) => {
    const effect = hypotheses.find((each) => each.id === id)?.effect;
    return effect?.status === "scored" && effect.value.low > 0 === (wanted === "positive");
  });

/** Mean over items of an arm, each the mean of its repeats; families as clusters. */
export function armMean(rows: readonly ItemRow[], arm: string, range: Interval, random: Rng): Reading {
  const families = new Map<string, number>();
  const [values, clusters]: [number[], number[]] = [[], []];
  for (const { family, cells } of rows) {
    const scores = cells[arm]?.scores ?? [];
    if (scores.length === 0) continue;
    if (!families.has(family)) families.set(family, families.size);
    values.push(mean(scores));
    clusters.push(families.get(family)!);
  }
  if (values.length === 0) return unscored("no answer could be scored");
  return scored(boundedMean(values, { range, clusters, rng: random, unit: "families" }));
}

function analyzeHypothesis(
  { id, title, role, expects, weights }: Hypothesis,
  rows: readonly ItemRow[],
  range: Interval,
  random: Rng,
  isSequential: boolean,
  margin: number,
): HypothesisReport {
  const width = range[1] - range[0];
  const scale = scaleOf(range, weights);
  const table = familyDifferences(rows, weights);
  const { differences, complete, incomplete } = table;
  const effect = effectOf(table, scale, random.fork("flips"));
  const anytime = symmetricInterval(differences, scale);
  const pairs = pairsOf(rows, weights, range);
  return {
    id,
    title,
    role,
    expects,
    effect:
      typeof effect === "string"
        ? unscored(effect)
        : scored(isSequential ? anytimeEstimate(effect, anytime) : effect.estimate),
    ...(typeof effect === "string" || isSequential ? {} : { p: effect.p }),
    eValue: symmetricEValue(differences, scale),
    anytime,
    items: complete,
    incomplete,
    ...(pairs ? { pairs } : {}),
    ...(differences.length < LEAST_CLUSTERS ? {} : spread(table, random)),
    bounds: boundsOf(rows, weights, range),
    missingness: missingness(rows, weights, random.fork("missing")),
    ...(typeof effect === "string" || isSequential
      ? {}
      : {
          equivalence: { margin: margin * width, p: equivalence(differences, margin * width, random.fork("margin")) },
        }),
    ...detectable(table),
  };
}

const anytimeEstimate = ({ estimate }: Effect, [low, high]: Interval): Estimate => ({
  ...estimate,
  low: Math.min(estimate.mean, low),
  high: Math.max(estimate.mean, high),
});

function spread({ items, familyOf }: FamilyDifferences, random: Rng) {
  const { percentile, bca } = bootstrapMean(items, familyOf, random.fork("bootstrap"));
  return {
    standardError: clusteredStandardError(items, familyOf),
    bootstrap: { percentile: [percentile.low, percentile.high] as const, bca: [bca.low, bca.high] as const },
  };
}

/**
 * From the spread that was seen: the variance of family means already holds what items of a family have in common. Absent
 * with too few families, or where not even the greatest effect would be seen.
 */
function detectable({ differences }: FamilyDifferences): Pick<HypothesisReport, "minimumDetectable"> {
  if (differences.length < LEAST_CLUSTERS) return {};
  const effect = minimumDetectable({
    families: differences.length,
    itemsPerFamily: 1,
    variance: variance(differences),
    correlation: 1,
  });
  return Number.isFinite(effect) ? { minimumDetectable: effect } : {};
}

/** Bounds over all items, complete or not, each family weighing the same. */
function boundsOf(rows: readonly ItemRow[], weights: Hypothesis["weights"], range: Interval): Interval {
  const arms = Object.entries(weights);
  const families = new Map<string, [number, number, number]>();
  for (const { family, cells } of rows) {
    const [low, high] = worstCase(
      arms.map(([arm]) => cells[arm] ?? { scores: [], missing: 1 }),
      arms.map(([, weight]) => weight),
      range,
    );
    const [sumLow, sumHigh, count] = families.get(family) ?? [0, 0, 0];
    families.set(family, [sumLow + low, sumHigh + high, count + 1]);
  }
  const all = [...families.values()];
  return all.length === 0
    ? [range[0] - range[1], range[1] - range[0]]
    : [mean(all.map(([low, , n]) => low / n)), mean(all.map(([, high, n]) => high / n))];
}

function missingness(rows: readonly ItemRow[], weights: Hypothesis["weights"], random: Rng) {
  const share = rows.map(({ item, family, cells }) => ({
    item,
    family,
    cells: Object.fromEntries(
      Object.entries(cells).map(([arm, { scores, missing }]) => [
        arm,
        { scores: [missing / Math.max(1, scores.length + missing)], missing: 0 },
      ]),
    ),
  }));
  const { differences } = familyDifferences(share, weights);
  if (differences.length === 0) return { difference: 0, p: 1 };
  const { mean: difference, p } = signFlip(differences, random);
  return { difference, p };
}

/** The table of pairs, where two arms are compared and scores are 0 or 1 after averaging repeats. */
function pairsOf(
  rows: readonly ItemRow[],
  weights: Hypothesis["weights"],
  [low, high]: Interval,
): PairsReport | undefined {
  const arms = Object.entries(weights).filter(([, weight]) => weight !== 0);
  const plus = arms.find(([, weight]) => weight === 1)?.[0];
  const minus = arms.find(([, weight]) => weight === -1)?.[0];
  if (arms.length !== 2 || plus === undefined || minus === undefined) return undefined;
  const [a, b]: [number[], number[]] = [[], []];
  for (const { cells } of rows) {
    const [one, two] = [cells[plus]?.scores ?? [], cells[minus]?.scores ?? []];
    if (one.length === 0 || two.length === 0) continue;
    a.push((mean(one) - low) / (high - low));
    b.push((mean(two) - low) / (high - low));
  }
  if (a.length === 0 || [...a, ...b].some((value) => value !== 0 && value !== 1)) return undefined;
  const table = pairedTable(a, b);
  return {
    ...table,
    exactP: mcnemarExact(table),
    midP: mcnemarMidP(table),
    newcombe: newcombePaired(table),
    // Beyond a thousand discordant pairs on one side it is too large for a number; a record holds numbers alone.
    eValue: Math.min(Number.MAX_VALUE, discordantEValue(table.n10, table.n01)),
    share: discordantInterval(table.n10, table.n01),
    detection: detection(table.n11 + table.n10, a.length, table.n11 + table.n01, a.length),
  };
}
