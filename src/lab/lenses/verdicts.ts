/**
 * @file Verdict rules of the claims about lenses, written before the full run. A lens has to beat who knows nothing and
 * who knows only how often agents choose what; both by whole intervals over training seeds.
 */
import type { Verdict } from "../../claim.ts";
import { formatEstimate } from "../../core/estimate.ts";
import { overSeeds } from "../../core/intervals.ts";
import type { Row } from "../../experiment.ts";
import { LEVELS, type SpectrumLevel } from "../spectrum/agents.ts";
import { CLAIMED, cellsOf, comparisonOf, gainOf, leadOf, lensTitle, levelRow } from "./claimed.ts";
import { AGREEMENT, ALL_SAY_PROXY, LENS_IDS, saysProxy } from "./matrix.ts";

/** Levels at which optimization is strong: something was searched for, and not a datum copied. */
const STRONG: readonly SpectrumLevel[] = ["goal", "mesa", "selection"];

/**
 * A lens at the levels where it is claimed strongest, pooled over them within a training seed. Supported when its lead
 * over the uniform forecast and over the base rate is above zero with its whole interval, contradicted when one of the
 * two is below zero with its whole interval.
 */
export function judgeLens(rows: readonly Row[], lens: string, levels: readonly SpectrumLevel[]): Verdict {
  const pooled = (of: (row: Row) => readonly number[]) => {
    const own = levels.map((level) => of(levelRow(rows, `level ${level}`)));
    return overSeeds(own[0]!.map((_, s) => own.reduce((sum, values) => sum + values[s]!, 0) / own.length));
  };
  const gain = pooled(({ perSeed }) => perSeed[lens]!);
  const lead = pooled(({ perSeed }) => perSeed[lens]!.map((value, s) => value - perSeed["base-rate"]![s]!));
  const nearest = pooled(({ perSeed }) => perSeed[lens]!.map((value, s) => value - perSeed["nearest-known"]![s]!));
  const elsewhere = LEVELS.filter((level) => !levels.includes(level)).map(
    (level) => `${level} ${formatEstimate(gainOf(rows, level, lens))}`,
  );
  const ways = Object.keys(levelRow(rows, "every level").perSeed)
    .filter((name) => name.startsWith(`${lens}:`))
    .map((name) => `${lensTitle(name)} ${formatEstimate(pooled(({ perSeed }) => perSeed[name]!))}`);
  const everyWorld = levelRow(rows, "goal, every world").quantities[lens]!;
  const ours = `log score above a uniform forecast at levels ${levels.join(" and ")}: ${formatEstimate(gain)} nats a level, above the base rate ${formatEstimate(lead)}, above the nearest known agents ${formatEstimate(nearest)}; n = ${gain.n} seeds`;
  const details = `${ways.join(", ")}; elsewhere ${elsewhere.join(", ")}; with a trained goal in every world ${formatEstimate(everyWorld)}`;
  if (gain.low > 0 && lead.low > 0) {
    return { outcome: "supported", because: `it beats both who knows nothing and the base rate: ${details}`, ours };
  }
  if (gain.high < 0 || lead.high < 0) {
    const who = gain.high < 0 ? "who knows nothing" : "the base rate of known agents";
    return { outcome: "contradicted", because: `${who} forecasts better: ${details}`, ours };
  }
  return {
    outcome: "inconclusive",
    because: `some interval does not exclude that the base rate does as well: ${details}`,
    ours,
  };
}

/**
 * The claimed matrix. Contradicted when at some level a lens that is not claimed there is ahead of every claimed one by
 * a whole interval (four looks, one a level); supported when at every level the best lens is a claimed one and at two
 * or more it is ahead of every other by a whole interval.
 */
export function judgeMatrix(rows: readonly Row[]): Verdict {
  const compared = LEVELS.map((level) => ({ level, ...comparisonOf(rows, level) }));
  const gains = LEVELS.map(
    (level) =>
      `${level}: ${LENS_IDS.map((lens) => `${lensTitle(lens)} ${formatEstimate(gainOf(rows, level, lens))}${CLAIMED[level].includes(lens) ? "*" : ""}`).join(", ")}`,
  );
  const ours = `log score above a uniform forecast, nats a level (* claimed strongest): ${gains.join("; ")}; n = ${compared[0]!.lead.n} seeds`;
  const cells = cellsOf(rows)
    .filter(({ agrees }) => agrees === false)
    .map(({ level, lens, sentence }) => `${lensTitle(lens)} at ${level}, ${sentence.replace(/: disagrees\.$/, "")}`);
  const because = [
    ...compared.map(({ level, sentence }) => `${level}: ${sentence.replace(/\.$/, "")}`),
    cells.length === 0 ? "no cell disagrees beyond doubt" : `cells that disagree: ${cells.join("; ")}`,
  ].join("; ");
  const surely = compared.filter(({ isClaimed, best, level }) => !isClaimed && beatsClaimed(rows, level, best));
  if (surely.length > 0) return { outcome: "contradicted", because, ours };
  const settled = compared.filter(({ isClaimed, lead }) => isClaimed && lead.low > 0);
  const isSupported = compared.every(({ isClaimed }) => isClaimed) && settled.length >= 2;
  return { outcome: isSupported ? "supported" : "inconclusive", because, ours };
}

/** Is a lens ahead of each claimed one by a whole interval? */
function beatsClaimed(rows: readonly Row[], level: SpectrumLevel, lens: string): boolean {
  const row = levelRow(rows, `level ${level}`);
  return CLAIMED[level].every((claimed) => leadOf(row, lens, claimed).low > 0);
}

/**
 * Convergence, on agents grown by strong optimization (levels 2 to 4). Supported when all three lenses give the proxy
 * more than the goal on more than half of the agents that have the unwanted behavior, and on more of these than of
 * their clean counterparts, both by whole intervals; contradicted when it is fewer than half by a whole interval.
 */
export function judgeConvergence(rows: readonly Row[]): Verdict {
  const pooled = (arm: string, name: string) => {
    const own = STRONG.map((level) => levelRow(rows, `${level}, ${arm}`).perSeed[name]!);
    return own[0]!.map((_, s) => own.reduce((sum, values) => sum + values[s]!, 0) / own.length);
  };
  const unwanted = overSeeds(pooled("unwanted", ALL_SAY_PROXY), [0, 1]);
  const clean = pooled("clean", ALL_SAY_PROXY);
  const more = overSeeds(
    pooled("unwanted", ALL_SAY_PROXY).map((value, s) => value - clean[s]!),
    [-1, 1],
  );
  const each = LENS_IDS.map(
    (lens) => `${lensTitle(lens)} on ${formatEstimate(overSeeds(pooled("unwanted", saysProxy(lens)), [0, 1]))}`,
  );
  const agreement = overSeeds(levelRow(rows, "every level").perSeed[AGREEMENT]!, [0, 1]);
  const ours = `all three say the proxy on ${formatEstimate(unwanted)} of the unwanted agents of levels 2 to 4, ${formatEstimate(more)} more than on clean ones; their forecasts agree in ${formatEstimate(agreement)} (1 − total variation); n = ${unwanted.n} seeds`;
  if (unwanted.low > 0.5 && more.low > 0) {
    return {
      outcome: "supported",
      because: `most unwanted agents are called so by every lens: ${each.join(", ")}`,
      ours,
    };
  }
  if (unwanted.high < 0.5) {
    return {
      outcome: "contradicted",
      because: `on most unwanted agents some lens disagrees: ${each.join(", ")}`,
      ours,
    };
  }
  return {
    outcome: "inconclusive",
    because: `some interval does not exclude the alternative: ${each.join(", ")}`,
    ours,
  };
}
