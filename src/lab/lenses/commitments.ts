/**
 * @file Forecasts committed before the levels are played, and scored after. The only way to outcomes leads over
 * commitments, each with the hash of what was said.
 */
import { assert } from "../../core/errors.ts";
import { hashJson } from "../../core/hash.ts";
import type { Rng } from "../../core/rng.ts";
import type { Level, World } from "../../env.ts";
import { imaginer, pursuer } from "../../interpret/imagined.ts";
import type { Forecaster, HeldOutLevel, LensEvidence, LensPlugin } from "../../lens.ts";
import { parseParams } from "../../plugin.ts";
import { rollout } from "../../rollout.ts";
import type { Subject } from "../../subject.ts";
import { logScore, trembling } from "../../theory/numerics/log-score.ts";

/** Share of every forecast that is uniform: one surprise must not decide alone. Fixed before any run. */
export const TREMBLE = 0.02;
/** Imagined walks of one walker on one level. */
const WALKS = 32;

/** What a forecaster said about every held-out level. */
export interface Commitment {
  readonly forecaster: string;
  /** By level `[objectives + 1]`, the last for none; after {@link TREMBLE}. */
  readonly forecasts: readonly Float64Array[];
  /** SHA-256 of the forecasts, rounded to nine digits. */
  readonly hash: string;
  /** Why it fell back on its plug-in's fallback; absent where it applies. */
  readonly fallback?: string;
}

/** Held-out levels as a forecaster meets them: to be looked at and imagined on. */
export function heldOutLevels(world: World, levels: readonly Level[], random: Rng): readonly HeldOutLevel[] {
  const walk = imaginer(world);
  return levels.map((level): HeldOutLevel => {
    const known = new Map<string, Float64Array>();
    // Of the level alone, so that a forecast does not depend on which levels were looked at before.
    const own = random.fork(`${level.walls.join("")} ${level.items.join()}`);
    return {
      level,
      imagine: (walkers) => walk(level, walkers, own.fork("imagined")),
      pursuit(candidate, beta) {
        const name = `${candidate ?? ""} ${beta}`;
        const found = known.get(name);
        if (found) return found;
        const goal = world.candidates.find(({ id }) => id === candidate);
        const made = walk(level, new Array(WALKS).fill(pursuer(goal, beta)), own.fork(name));
        known.set(name, made);
        return made;
      },
    };
  });
}

/** Commit a forecaster. */
export function commit(name: string, forecaster: Forecaster, levels: readonly HeldOutLevel[]): Commitment {
  return seal(
    name,
    levels.map((level) => forecaster.forecast(level)),
    forecaster.fallback,
  );
}

/** Commit probabilities that do not come from looking at the levels one by one. */
export function seal(name: string, given: readonly ArrayLike<number>[], fallback?: string): Commitment {
  const forecasts = given.map((each) => trembling(each, TREMBLE));
  const digits = forecasts.map((each) => Array.from(each, (p) => p.toFixed(9)));
  return { forecaster: name, forecasts, hash: hashJson(digits), ...(fallback === undefined ? {} : { fallback }) };
}

/**
 * Every operationalization of a lens, named `lens:operationalization`, and first the lens itself: their mean.
 */
export function commitLens(
  lens: LensPlugin,
  evidence: LensEvidence,
  levels: readonly HeldOutLevel[],
): readonly Commitment[] {
  const params = parseParams(lens);
  const own = lens.operationalizations.map((each) =>
    commit(`${lens.id}:${each.id}`, each.fit(evidence, params), levels),
  );
  const fallbacks = own.flatMap(({ fallback }) => fallback ?? []);
  const together = levels.map((_, i) =>
    own[0]!.forecasts[i]!.map((_, c) => own.reduce((sum, { forecasts }) => sum + forecasts[i]![c]!, 0) / own.length),
  );
  return [
    {
      forecaster: lens.id,
      forecasts: together,
      hash: hashJson(own.map(({ hash }) => hash)),
      // The lens as a whole falls back where no way of making it a number applies.
      ...(fallbacks.length === own.length ? { fallback: fallbacks[0]! } : {}),
    },
    ...own,
  ];
}

/** What was chosen on the held-out levels. */
export interface Outcomes {
  /** Index of the objective served first; as many as objectives = none, `[levels]`. */
  readonly choice: Uint8Array;
  /** Hash of the layout of each level: levels of one layout are one cluster. */
  readonly layout: Int32Array;
  /** Shares of the choices, `[objectives + 1]`. */
  readonly shares: readonly number[];
}

/**
 * Only now are the levels played.
 *
 * @param committed what was said before; at least one forecaster
 */
export async function reveal(
  committed: readonly [Commitment, ...(readonly Commitment[])],
  subject: Subject,
  world: World,
  levels: readonly Level[],
  rng: Rng,
): Promise<Outcomes> {
  for (const { forecaster, forecasts } of committed) {
    assert(forecasts.length === levels.length, `${forecaster} committed on every level`);
  }
  const none = world.objectives.length;
  const { served, layout } = await rollout({ world, levels, act: subject.act.bind(subject), rng });
  const choice = Uint8Array.from(served, (objective) => (objective < 0 ? none : objective));
  const shares = Array.from({ length: none + 1 }, (_, c) => choice.filter((each) => each === c).length / choice.length);
  return { choice, layout, shares };
}

/** ln p of what was chosen on each level, nats, `[levels]`. */
export function scoresOf({ forecasts }: Pick<Commitment, "forecasts">, { choice }: Outcomes): Float64Array {
  return Float64Array.from(choice, (outcome, i) => logScore(forecasts[i]!, outcome));
}
