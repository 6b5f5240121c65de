/**
 * @file The claimed matrix of lenses and levels beside the measured one: which lens leads at a level, whether that is
 * one of those said to be strongest there, and a sentence for it. Computed from rows alone.
 */
import { assert } from "../../core/errors.ts";
import { type Estimate, formatEstimate } from "../../core/estimate.ts";
import { overSeeds } from "../../core/intervals.ts";
import type { Row } from "../../experiment.ts";
import type { SpectrumLevel } from "../spectrum/agents.ts";
import { LENS_IDS } from "./matrix.ts";

/** Lenses said to be strongest, by level. Of selection it is said that evolution illuminates it. */
export const CLAIMED: Readonly<Record<SpectrumLevel, readonly string[]>> = {
  data: ["optimization"],
  goal: ["optimization", "decision-theory"],
  mesa: ["evolution", "decision-theory"],
  selection: ["evolution"],
};

const TITLES: Readonly<Record<string, string>> = {
  optimization: "optimization",
  evolution: "evolution",
  "decision-theory": "decision theory",
  "base-rate": "base rate of known agents",
  "nearest-known": "nearest known agents",
};

/** `decision theory`, `evolution: cloud` */
export function lensTitle(forecaster: string): string {
  const [lens = "", way] = forecaster.split(":");
  return `${TITLES[lens] ?? lens}${way === undefined ? "" : `: ${way}`}`;
}

/** @throws {LabError} when the rows lack the condition */
export function levelRow(rows: readonly Row[], condition: string): Row {
  const row = rows.find((each) => each.condition === condition);
  assert(row, `no row "${condition}"`);
  return row;
}

/** Log score above a uniform forecast at a level, nats; over training seeds, worlds and arms averaged inside. */
export function gainOf(rows: readonly Row[], level: SpectrumLevel, forecaster: string): Estimate {
  return overSeeds(valuesOf(levelRow(rows, `level ${level}`), forecaster));
}

/** By how much one forecaster scores above another in a row, paired by training seed. */
export function leadOf(row: Row, forecaster: string, other: string): Estimate {
  const [a, b] = [valuesOf(row, forecaster), valuesOf(row, other)];
  return overSeeds(a.map((value, s) => value - b[s]!));
}

function valuesOf({ condition, perSeed }: Row, name: string): readonly number[] {
  const values = perSeed[name];
  assert(values, `no ${name} in row "${condition}"`);
  return values;
}

/** A level of the measured matrix beside the claimed one. */
export interface Comparison {
  /** Lens of the greatest mean gain. */
  readonly best: string;
  readonly isClaimed: boolean;
  /** Lead of the best over the best lens of the other side: of the claimed ones if it is not claimed, else of the rest. */
  readonly lead: Estimate;
  readonly sentence: string;
}

export function comparisonOf(rows: readonly Row[], level: SpectrumLevel): Comparison {
  const row = levelRow(rows, `level ${level}`);
  const gain = (lens: string) => gainOf(rows, level, lens).mean;
  const ranked = LENS_IDS.toSorted((a, b) => gain(b) - gain(a));
  const best = ranked[0]!;
  const isClaimed = CLAIMED[level].includes(best);
  const other = ranked.find((lens) => CLAIMED[level].includes(lens) !== isClaimed)!;
  const lead = leadOf(row, best, other);
  const numbers = `${formatEstimate(gainOf(rows, level, best))} nats a level above a uniform forecast, ${formatEstimate(lead)} above ${lensTitle(other)}`;
  const claimed = CLAIMED[level].map(lensTitle).join(" and ");
  const sentence = isClaimed
    ? `as claimed, ${lensTitle(best)} scores best: ${numbers}${lead.low > 0 ? "" : ", which does not settle the order"}.`
    : `${claimed} ${CLAIMED[level].length > 1 ? "are" : "is"} claimed strongest, and ${lensTitle(best)} scores best: ${numbers}${lead.low > 0 ? "" : ", which does not settle the order"}.`;
  return { best, isClaimed, lead, sentence };
}

/** What is said of a lens at the levels where it is not called strongest. */
const ELSEWHERE: Readonly<Record<string, Readonly<Partial<Record<SpectrumLevel, string>>>>> = {
  optimization: {
    mesa: "said to apply in principle, to a process that is no longer run",
    selection: "said to apply in principle, to a process that is no longer run",
  },
  evolution: { data: "said to be overkill", goal: "said to be overkill" },
  "decision-theory": {
    data: "said not to apply: nothing is pursued",
    selection: "said not to apply: there is no agent",
  },
};

/** One cell of the matrix: what is said of it, what was measured, and whether they agree. */
export interface Cell {
  readonly level: SpectrumLevel;
  readonly lens: string;
  /** Undefined where the interval settles nothing. */
  readonly agrees: boolean | undefined;
  readonly sentence: string;
}

/**
 * Every cell of the claimed matrix beside the measured one. A lens *tells something* at a level if its lead over the base
 * rate of known agents is above zero with its whole interval, and nothing if it is below: a cell agrees if a lens that is
 * called strongest tells something, or one said not to apply does not. One said to be overkill, or to apply in principle,
 * is reported and cannot disagree.
 */
export function cellsOf(rows: readonly Row[]): readonly Cell[] {
  return (Object.keys(CLAIMED) as SpectrumLevel[]).flatMap((level) =>
    LENS_IDS.map((lens): Cell => {
      const isClaimed = CLAIMED[level].includes(lens);
      const said = isClaimed ? "called strongest" : (ELSEWHERE[lens]?.[level] ?? "not called strongest");
      const lead = leadOf(levelRow(rows, `level ${level}`), lens, "base-rate");
      const tells = lead.low > 0 ? true : lead.high < 0 ? false : undefined;
      const isDenied = said.startsWith("said not to apply");
      const agrees = tells === undefined || (!isClaimed && !isDenied) ? undefined : tells === isClaimed;
      const verdict =
        agrees === undefined
          ? tells === undefined
            ? "not settled"
            : "no disagreement"
          : agrees
            ? "agrees"
            : "disagrees";
      const found =
        tells === undefined ? "may or may not tell more than" : tells ? "tells more than" : "tells less than";
      return {
        level,
        lens,
        agrees,
        sentence: `${said}; scores ${formatEstimate(gainOf(rows, level, lens))} nats a level above a uniform forecast and ${found} the base rate of known agents, by ${formatEstimate(lead)}: ${verdict}.`,
      };
    }),
  );
}
