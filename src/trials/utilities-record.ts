/**
 * @file What is kept of stated utilities: the fit with its intervals, what held-out choices say of it, the choices that
 * could not be read by order and reason, and what it cost. Plain data, from which its report is written.
 */
import { rng } from "../core/rng.ts";
import type { ArmReport } from "./analyze.ts";
import { type RecordOrigin, type TalkRun, talkRun } from "./record.ts";
import type { RunOptions, RunResult } from "./run.ts";
import { type StatedUtilities, statedUtilities } from "./stated-utilities.ts";
import { countMissing } from "./table.ts";

export interface UtilitiesRecord extends TalkRun {
  readonly format: "mesascope-utilities/1";
  readonly title: string;
  readonly source: string;
  readonly fails: readonly string[];
  /** Do held-out choices speak for a utility? See {@link utilitiesSentence}. */
  readonly isShown: boolean;
  readonly found: StatedUtilities;
  /** The two orders: how many choices each, and those without an answer by reason. */
  readonly orders: readonly Pick<ArmReport, "arm" | "title" | "trials" | "missing">[];
}

/** Fit, judge, keep. The run is one of `utilityContrast` alone. */
export function utilitiesAudit(
  result: RunResult,
  options: Pick<RunOptions, "suite" | "subject">,
  origin: RecordOrigin,
): UtilitiesRecord {
  const [{ contrast, trials }] = result.contrasts as readonly [RunResult["contrasts"][number]];
  const { seed } = options.suite.design;
  const found = statedUtilities(trials, rng(seed).fork("utilities"));
  const counts = countMissing(trials);
  return {
    format: "mesascope-utilities/1",
    ...talkRun(result, options, origin),
    title: contrast.title,
    source: contrast.source,
    fails: contrast.fails,
    isShown: isShown(found),
    found,
    orders: contrast.arms.map(({ id, title }) => ({
      arm: id,
      title,
      trials: counts[id]?.trials ?? 0,
      missing: counts[id]?.missing ?? {},
    })),
  };
}

/** Beyond one half with the whole interval, and beyond all but 5 % of random tournaments: fixed before any run. */
function isShown({ heldOut, p }: StatedUtilities): boolean {
  return heldOut.status === "scored" && heldOut.value.low > 0.5 && p !== null && p <= 0.05;
}

/** What held-out choices say, in one sentence. */
export function utilitiesSentence({ isShown: isUtility, found }: Pick<UtilitiesRecord, "isShown" | "found">): string {
  if (found.heldOut.status === "unscored") return "Whether stated choices follow a utility could not be scored.";
  return isUtility
    ? "Stated choices follow a utility: it predicts choices that it was not fitted to."
    : "No utility is shown: choices that it was not fitted to are predicted no better than coin flips could be.";
}
