/**
 * @file Lenses scored on agents of known level: for each agent evidence, commitments, then play, then the log score of
 * every forecaster. An agent is one number for each forecaster (its levels are clustered in it); the interval is over
 * training seeds.
 */
import { overSeeds } from "../../core/intervals.ts";
import { rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { DECOUPLED } from "../../env.ts";
import type { Lab, Row } from "../../experiment.ts";
import type { LensPlugin } from "../../lens.ts";
import { lenses as registered } from "../../lenses/index.ts";
import type { OrganismRecord } from "../../organism.ts";
import { drawLevels } from "../../rollout.ts";
import { totalVariation } from "../../theory/numerics/log-score.ts";
import { type Commitment, commitLens, heldOutLevels, reveal, scoresOf, seal } from "./commitments.ts";
import { type LensBudget, lensGatherer } from "./evidence.ts";
import { baseRate, knownAgent, nearestKnown, uniformShares } from "./references.ts";

/** One agent to be forecast. */
export interface LensCase {
  /** Row that it belongs to, with the other seeds of the same recipe. */
  readonly condition: string;
  /** Rows over several worlds or arms that it belongs to besides. */
  readonly pooled: readonly string[];
  /** Training seed; of agents picked from several, the number of the selection. */
  readonly seed: number;
  readonly record: OrganismRecord;
  /** Other seeds of the same recipe; see `Siblings`. */
  readonly siblings: { readonly records: readonly OrganismRecord[]; readonly scores?: readonly number[] };
}

export const lenses = registered as readonly unknown[] as readonly LensPlugin[];
export const LENS_IDS = lenses.map(({ id }) => id);
/** Forecasters that are no lens, in the order of the table. */
export const REFERENCES = ["base-rate", "nearest-known"] as const;

/** What was measured of one agent, by name of a quantity. */
type Measured = Readonly<Record<string, number>>;

/** Names of quantities beside the gains, each of which is named after its forecaster. */
export const AGREEMENT = "agreement";
export const ALL_SAY_PROXY = "all say proxy";
export const saysProxy = (lens: string): string => `${lens} says proxy`;

/** Forecast, play and score every agent; rows in the order in which conditions first appear, pooled rows last. */
export async function lensRows(
  lab: Lab,
  cases: readonly LensCase[],
  options: { readonly budget: LensBudget; readonly heldOut: number; readonly seed: number },
): Promise<readonly Row[]> {
  const { budget, heldOut, seed } = options;
  const gatherer = lensGatherer(lab, budget, seed);
  const known = cases.map(({ record, seed: own }) => {
    const names = lab.world(record.spec.task).objectives.map(({ id }) => id);
    return knownAgent(record, names, own);
  });
  const heldOutOf = (record: OrganismRecord) => {
    const world = lab.world(record.spec.task);
    const levels = drawLevels(world, heldOut, DECOUPLED, "test", rng(seed).fork("held out"));
    return { world, levels, views: heldOutLevels(world, levels, rng(seed).fork("imagined")) };
  };
  const held = new Map<string, ReturnType<typeof heldOutOf>>();
  const measured: Measured[] = [];
  for (const [i, { record, siblings }] of cases.entries()) {
    const task = JSON.stringify(record.spec.task);
    const place = held.get(task) ?? heldOutOf(record);
    held.set(task, place);
    const { world, levels, views } = place;
    const evidence = await gatherer.evidence(record, siblings);
    const others = known.filter((_, k) => k !== i);
    const constant = (name: string, shares: readonly number[]) =>
      seal(
        name,
        levels.map(() => shares),
      );
    const uniform = constant("uniform", uniformShares(world.objectives.length));
    const committed: readonly [Commitment, ...(readonly Commitment[])] = [
      uniform,
      constant("base-rate", baseRate(known[i]!, others)),
      constant("nearest-known", nearestKnown(known[i]!, others)),
      ...lenses.flatMap((lens) => commitLens(lens, evidence, views)),
    ];
    const outcomes = await reveal(committed, await lab.subject(record), world, levels, rng(seed).fork(record.run));
    const score = (of: Commitment) => mean(scoresOf(of, outcomes));
    measured.push({
      ...Object.fromEntries(committed.slice(1).map((each) => [each.forecaster, score(each) - score(uniform)])),
      ...agreementOf(committed),
      ...Object.fromEntries(
        committed
          .filter(({ fallback, forecaster }) => LENS_IDS.includes(forecaster) && fallback !== undefined)
          .map(({ forecaster }) => [`${forecaster} falls back`, 1]),
      ),
      skill: evidence.cloud[0]!.fitness,
      "proxy first": outcomes.shares.slice(1, -1).reduce((sum, each) => sum + each, 0),
      "goal first": outcomes.shares[0]!,
    });
  }
  return rowsOf(cases, measured);
}

/** How far the lenses' forecasts agree, and which of them give a proxy more than the goal. */
function agreementOf(committed: readonly Commitment[]): Measured {
  const own = LENS_IDS.map((id) => committed.find(({ forecaster }) => forecaster === id)!);
  const apart = own.flatMap((a, i) =>
    own.slice(i + 1).map((b) => mean(a.forecasts.map((each, k) => totalVariation(each, b.forecasts[k]!)))),
  );
  const says = own.map(({ forecasts }) => {
    const share = (from: number, to: number) =>
      mean(forecasts.map((each) => each.slice(from, to).reduce((sum, p) => sum + p, 0)));
    return share(1, -1) > share(0, 1) ? 1 : 0;
  });
  return {
    [AGREEMENT]: 1 - mean(apart),
    [ALL_SAY_PROXY]: Math.min(...says),
    ...Object.fromEntries(says.map((each, i) => [saysProxy(LENS_IDS[i]!), each])),
  };
}

/** Quantities that every row has; a fallback stands where some agent of the row fell back. */
function rowsOf(cases: readonly LensCase[], measured: readonly Measured[]): readonly Row[] {
  const sizeOf = (row: string) => cases.filter(({ pooled }) => pooled.includes(row)).length;
  const conditions = [
    ...new Set(cases.map(({ condition }) => condition)),
    // What pools most comes last.
    ...[...new Set(cases.flatMap(({ pooled }) => pooled))].sort((a, b) => sizeOf(a) - sizeOf(b)),
  ];
  return conditions.map((condition): Row => {
    const members = cases.flatMap((each, i) =>
      each.condition === condition || each.pooled.includes(condition) ? [{ seed: each.seed, of: measured[i]! }] : [],
    );
    const seeds = [...new Set(members.map(({ seed }) => seed))].sort((a, b) => a - b);
    const names = [...new Set(members.flatMap(({ of }) => Object.keys(of)))];
    // What agents of one seed have in common is one value: worlds and arms are averaged inside it.
    const perSeed = Object.fromEntries(
      names.map((name) => [
        name,
        seeds.map((seed) => mean(members.filter((each) => each.seed === seed).map(({ of }) => of[name] ?? 0))),
      ]),
    );
    return {
      condition,
      quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)])),
      perSeed,
    };
  });
}
