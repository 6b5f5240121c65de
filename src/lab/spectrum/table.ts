/**
 * @file The table of the spectrum out of measured rows: four columns, the order of
 * every two levels in each, and where that is not the claimed order. Everything is
 * computed from the values of the training seeds.
 */
import { type Estimate, formatEstimate } from "../../core/estimate.ts";
import { rng } from "../../core/rng.ts";
import type { Row } from "../../experiment.ts";
import { LEVELS, type SpectrumLevel } from "./agents.ts";
import { conditionOf, partsOf } from "./measure.ts";
import { type Change, frontEstimates, orderEstimate, paretoFront } from "./orders.ts";

/** The columns, each with the quantity that decides it and what is claimed from the first level to the last. */
export const COLUMNS = [
  { id: "speed", claimed: ["immediate", "fast", "slow", "very slow"] },
  { id: "controllability", claimed: ["high", "moderate", "low", "very low"] },
  { id: "detectability", claimed: ["high", "moderate", "low", "very low"] },
  { id: "fundamentality", claimed: ["low", "moderate", "high", "very high"] },
] as const;
export type ColumnId = (typeof COLUMNS)[number]["id"];

/** How two levels compare with the claim: with the whole interval on its side, on the other, or neither. */
export type Agreement = "as claimed" | "opposite" | "undecided";

/** Two levels in one column of one world. */
export interface Pair {
  readonly world: string;
  readonly column: ColumnId;
  readonly earlier: SpectrumLevel;
  readonly later: SpectrumLevel;
  /** Probability over seeds that they are as claimed, ties half; of fundamentality that dominance says so. */
  readonly probability: Estimate;
  /** Of fundamentality: probability that dominance says the opposite. */
  readonly reverse?: Estimate;
  readonly agreement: Agreement;
}

/** The worlds that were measured, in their order. */
export const worldsOf = (rows: readonly Row[]): readonly string[] => [
  ...new Set(rows.map(({ condition }) => partsOf(condition)[0]!)),
];

export const levelRow = (rows: readonly Row[], world: string, level: SpectrumLevel): Row | undefined =>
  rows.find(({ condition }) => condition === conditionOf(world, level));

/** Rows of a level's interventions, doses among them. */
export const interventionRows = (rows: readonly Row[], world: string, level: SpectrumLevel): readonly Row[] =>
  rows.filter(({ condition }) => {
    const parts = partsOf(condition);
    return parts.length === 3 && parts[0] === world && parts[1] === level;
  });

/** What suffices at each seed of a level: shares of data, specification, compute and pipeline. */
function frontsOf(rows: readonly Row[], world: string, level: SpectrumLevel): readonly (readonly Change[])[] {
  const own = interventionRows(rows, world, level);
  const seeds = own[0]?.perSeed.sufficient?.length ?? 0;
  return Array.from({ length: seeds }, (_, seed) =>
    paretoFront(
      own.flatMap(({ perSeed }) =>
        perSeed.sufficient![seed] === 1
          ? [(["data", "specification", "compute", "pipeline"] as const).map((name) => perSeed[name]![seed]!)]
          : [],
      ),
    ),
  );
}

/** Values by which a level is placed in a column; larger is later in the claimed order. */
function placed(row: Row, column: Exclude<ColumnId, "fundamentality">): readonly number[] {
  const { speed = [], reached = [], control = [], power = [] } = row.perSeed;
  switch (column) {
    case "speed":
      return speed.map((value, i) => (reached[i] === 1 ? value : Number.POSITIVE_INFINITY));
    case "controllability":
      return control.map((value) => -value);
    case "detectability":
      return power.map((value) => -value);
  }
}

/** All pairs of levels in all columns of all worlds. */
export function pairsOf(rows: readonly Row[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const world of worldsOf(rows)) {
    for (const { id: column } of COLUMNS) {
      for (const [i, earlier] of LEVELS.entries()) {
        for (const later of LEVELS.slice(i + 1)) {
          const [a, b] = [levelRow(rows, world, earlier), levelRow(rows, world, later)];
          if (!a || !b) continue;
          const random = rng(0).fork(`${world} ${column} ${earlier} ${later}`);
          const common = { world, column, earlier, later };
          if (column === "fundamentality") {
            const fronts = [frontsOf(rows, world, later), frontsOf(rows, world, earlier)] as const;
            if (fronts.some((front) => front.length === 0)) continue;
            const { more, less } = frontEstimates(...fronts, { rng: random });
            const agreement = more.low > 0.5 ? "as claimed" : less.low > 0.5 ? "opposite" : "undecided";
            pairs.push({ ...common, probability: more, reverse: less, agreement });
            continue;
          }
          const [x, y] = [placed(b, column), placed(a, column)];
          if (x.length === 0 || y.length === 0) continue;
          const probability = orderEstimate(x, y, { rng: random });
          const agreement = probability.low > 0.5 ? "as claimed" : probability.high < 0.5 ? "opposite" : "undecided";
          pairs.push({ ...common, probability, agreement });
        }
      }
    }
  }
  return pairs;
}

/** Mean skills of two levels further apart than this are not matched. */
const MATCHED = 0.05;

/** One sentence on every two levels of a world whose mean skill is not matched: their pairs are to be read with it. */
export function unmatched(rows: readonly Row[]): readonly string[] {
  return worldsOf(rows).flatMap((world) =>
    LEVELS.flatMap((level, i) =>
      LEVELS.slice(i + 1).flatMap((other) => {
        const [a, b] = [level, other].map((each) => levelRow(rows, world, each)?.quantities.skill);
        if (!a || !b || Math.abs(a.mean - b.mean) <= MATCHED) return [];
        return [
          `${world}: skill of ${level} ${formatEstimate(a)} and of ${other} ${formatEstimate(b)}: more than ${MATCHED} apart.`,
        ];
      }),
    ),
  );
}

/** In the words of a reader: what a level's value in a column is. */
const VALUES: Readonly<
  Record<ColumnId, { readonly name: string; readonly words: string; readonly later: string; readonly earlier: string }>
> = {
  speed: { name: "speed", words: "log₁₀ operations", later: "slower", earlier: "faster" },
  controllability: {
    name: "control",
    words: "behavior removed per 10¹⁰ operations",
    later: "less controllable",
    earlier: "more controllable",
  },
  detectability: {
    name: "power",
    words: "power in distribution",
    later: "less detectable",
    earlier: "more detectable",
  },
  fundamentality: { name: "", words: "", later: "more fundamental", earlier: "less fundamental" },
};

/** One sentence on every pair that is not as claimed. */
export function disagreements(rows: readonly Row[], pairs: readonly Pair[] = pairsOf(rows)): readonly string[] {
  return pairs.flatMap((pair) => {
    if (pair.agreement === "as claimed") return [];
    const { world, column, earlier, later, probability, reverse, agreement } = pair;
    const { name, words, later: claimed, earlier: opposite } = VALUES[column];
    const value = (level: SpectrumLevel) => {
      const estimate = levelRow(rows, world, level)?.quantities[name];
      return estimate ? formatEstimate(estimate) : "unscored";
    };
    const numbers =
      column === "fundamentality"
        ? `dominance says so for ${formatEstimate(probability)} of the pairs of seeds, the opposite for ${formatEstimate(reverse!)}`
        : `${words} ${value(later)} against ${value(earlier)}, in the claimed order with probability ${formatEstimate(probability)}`;
    const verdict =
      agreement === "opposite"
        ? `${later} is ${opposite} than ${earlier}, and was claimed ${claimed}`
        : `whether ${later} is ${claimed} than ${earlier}, as claimed, is not decided`;
    return [`${world}, ${column}: ${verdict}: ${numbers}.`];
  });
}

/** The claimed trade-off where dominance decides: is the more fundamental of two levels the slower and the less controllable one? */
export function tradeOff(pairs: readonly Pair[]): {
  readonly decided: number;
  readonly slower: number;
  readonly lessControllable: number;
} {
  const found = (column: ColumnId, { world, earlier, later }: Pair) =>
    pairs.find(
      (each) => each.column === column && each.world === world && each.earlier === earlier && each.later === later,
    )?.agreement;
  const decided = pairs.filter(({ column, agreement }) => column === "fundamentality" && agreement !== "undecided");
  const goesWith = (column: ColumnId) => decided.filter((pair) => found(column, pair) === pair.agreement).length;
  return { decided: decided.length, slower: goesWith("speed"), lessControllable: goesWith("controllability") };
}
