/**
 * @file Two columns of scores on the same items, compared item by item: what a difference of two averages throws away.
 *
 * Repeats of an item are averaged first, since they are not independent. Items that share a cluster share their luck,
 * so the test flips the signs of whole clusters. Where every item is 0 or 1 the discordant pairs, McNemar's test and
 * Newcombe's interval are given besides. Missing scores are counted on both sides and bounded, never ignored.
 */
import { LabError } from "../core/errors.ts";
import { type Estimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { clusteredStandardError, LEAST_CLUSTERS } from "../statistics/clustered.ts";
import { worstCase } from "../statistics/missing.ts";
import { mcnemarExact, mcnemarMidP, newcombePaired, type PairedTable, pairedTable } from "../statistics/paired.ts";
import { signFlip } from "../statistics/sign-flip.ts";
import type { ScoreColumn, ScoreRow } from "./score-table.ts";

export interface PairedComparison {
  readonly scorer: string;
  readonly a: string;
  readonly b: string;
  /** Items scored in both. */
  readonly items: number;
  readonly clusters: number;
  /** Means of both over the items they share. */
  readonly means: { readonly a: number; readonly b: number };
  /** Mean of B − A, every cluster weighing the same, with the interval of the sign-flip test over clusters. */
  readonly difference: Reading;
  /** Of the sign-flip test, two-sided. */
  readonly p: number;
  /** Standard error of B − A by clusters; absent below {@link LEAST_CLUSTERS}. */
  readonly standardError?: number;
  /** Where every item is 0 or 1. */
  readonly binary?: {
    /** `n10` counts items on which A scored 1 and B 0. */
    readonly table: PairedTable;
    readonly exactP: number;
    readonly midP: number;
    /** B − A, taking items for independent. */
    readonly newcombe: Estimate;
  };
  readonly missing: {
    /** Items that only one side has. */
    readonly onlyA: number;
    readonly onlyB: number;
    /** Scores that are absent among the shared items, by side. */
    readonly a: number;
    readonly b: number;
    /** How far B − A could move whatever the absent scores were; absent where none is. */
    readonly bounds?: readonly [number, number];
  };
}

/**
 * Compare two columns.
 *
 * @param seed of the flips, where there are too many to enumerate
 * @throws {LabError} `input/invalid` when no item is scored in both
 */
export function comparePaired(a: ScoreColumn, b: ScoreColumn, seed = 0): PairedComparison {
  const [ofA, ofB] = [byItem(a), byItem(b)];
  const shared = [...ofA.keys()].filter((item) => ofB.has(item));
  const pairs = shared.flatMap((item) => {
    const [one, other] = [ofA.get(item)!, ofB.get(item)!];
    const cluster = one.cluster ?? other.cluster ?? item;
    return one.values.length > 0 && other.values.length > 0
      ? [{ cluster, a: mean(one.values), b: mean(other.values) }]
      : [];
  });
  if (pairs.length === 0) {
    throw new LabError(
      "input/invalid",
      `paired: no item is scored by "${a.scorer}" in both, got ${ofA.size} items in A and ${ofB.size} in B; expected shared ids`,
    );
  }
  const names = [...new Set(pairs.map(({ cluster }) => cluster))];
  const index = new Map(names.map((name, i) => [name, i]));
  const differences = pairs.map((pair) => pair.b - pair.a);
  const clusters = pairs.map(({ cluster }) => index.get(cluster)!);
  const perCluster = names.map((_, i) => mean(differences.filter((_, at) => clusters[at] === i)));
  const flip = signFlip(perCluster, rng(seed).fork("paired"));
  const isBinary = pairs.every((pair) => isZeroOrOne(pair.a) && isZeroOrOne(pair.b));
  const lacking = [ofA, ofB].map((side) => shared.reduce((sum, item) => sum + side.get(item)!.missing, 0));
  return {
    scorer: a.scorer,
    a: a.label,
    b: b.label,
    items: pairs.length,
    clusters: names.length,
    means: { a: mean(pairs.map((pair) => pair.a)), b: mean(pairs.map((pair) => pair.b)) },
    difference: Number.isFinite(flip.interval[0])
      ? scored({
          mean: flip.mean,
          low: flip.interval[0],
          high: flip.interval[1],
          n: names.length,
          unit: names.length === pairs.length ? "items" : "families",
        })
      : unscored(
          `${names.length} ${names.length === 1 ? "cluster" : "clusters"} are too few for a 95 % interval; 6 are the least`,
        ),
    p: flip.p,
    ...(names.length < LEAST_CLUSTERS ? {} : { standardError: clusteredStandardError(differences, clusters) }),
    ...(isBinary ? { binary: binary(pairs) } : {}),
    missing: {
      onlyA: ofA.size - shared.length,
      onlyB: ofB.size - shared.length,
      a: lacking[0]!,
      b: lacking[1]!,
      ...(lacking[0]! + lacking[1]! > 0 ? { bounds: bounds(shared, ofA, ofB) } : {}),
    },
  };
}

interface ItemScores {
  readonly cluster: string | undefined;
  readonly values: number[];
  missing: number;
}

function byItem({ rows }: { readonly rows: readonly ScoreRow[] }): Map<string, ItemScores> {
  const items = new Map<string, ItemScores>();
  for (const { item, cluster, value } of rows) {
    const held = items.get(item) ?? { cluster, values: [], missing: 0 };
    if (value === undefined) held.missing++;
    else held.values.push(value);
    items.set(item, held);
  }
  return items;
}

const isZeroOrOne = (value: number): boolean => value === 0 || value === 1;

function binary(pairs: readonly { readonly a: number; readonly b: number }[]): NonNullable<PairedComparison["binary"]> {
  const [a, b] = [pairs.map((pair) => pair.a), pairs.map((pair) => pair.b)];
  const table = pairedTable(a, b);
  return { table, exactP: mcnemarExact(table), midP: mcnemarMidP(table), newcombe: newcombePaired(pairedTable(b, a)) };
}

/** Worst-case bounds of the mean difference: absent scores at either end of what the scorer gave at all. */
function bounds(
  shared: readonly string[],
  ofA: ReadonlyMap<string, ItemScores>,
  ofB: ReadonlyMap<string, ItemScores>,
): readonly [number, number] {
  let [least, most] = [0, 1];
  for (const side of [ofA, ofB]) {
    for (const { values } of side.values()) {
      for (const value of values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
  }
  const each = shared.map((item) =>
    worstCase(
      [ofA.get(item)!, ofB.get(item)!].map(({ values, missing }) => ({ scores: values, missing })),
      [-1, 1],
      [least, most],
    ),
  );
  return [mean(each.map(([low]) => low)), mean(each.map(([, high]) => high))];
}
