/** @file The record of a training as an audit may be given it: what lenses are told of a recorded organism. */
import { lensForecasts } from "../audit/lens-forecasts.ts";
import { LabError } from "../core/errors.ts";
import type { DetectorPlugin } from "../detector.ts";
import { runId } from "../lab/grow.ts";
import { type LensBudget, lensGatherer } from "../lab/lenses/evidence.ts";
import type { LensEvidence } from "../lens.ts";
import type { OrganismRecord, TrainingSpec } from "../organism.ts";
import type { Store } from "../store/store.ts";
import type { Subject } from "../subject.ts";
import type { Context } from "./context.ts";
import { openLaboratory } from "./laboratory.ts";

/** The instrument that takes the record; it is no part of an audit without one. */
export const FORECASTS = lensForecasts as unknown as DetectorPlugin;

/** As in the experiment lens-matrix. */
const BUDGET: LensBudget = {
  levels: 256,
  probes: 128,
  perturbed: 8,
  random: 8,
  early: 6,
  earlyShare: 0.02,
  fitted: 3,
  steps: 3000,
  draws: 45,
};
/** Most other seeds of the same recipe that are looked at. */
const SIBLINGS = 8;

/**
 * What lenses are told of an organism in the user's own store; early networks and networks fitted to each goal are
 * grown for it, and kept like any other.
 *
 * @throws {LabError} `input/invalid` for a subject that is no organism of the user's own store, as it ended
 */
export async function trainingOf(
  organism: OrganismRecord | undefined,
  subject: string,
  context: Context,
  executor: "native" | "wasm" | undefined,
): Promise<LensEvidence> {
  const store = await context.store();
  if (organism === undefined || (await store.load("organism", organism.run)) === undefined) {
    throw new LabError(
      "input/invalid",
      `audit: --training takes an organism that was grown here, as it ended, got "${subject}"; the record of the training of others is not at hand`,
      { hint: 'Grow one, "mesascope grow misgeneralized", and name its run.' },
    );
  }
  const { lab, progress } = await openLaboratory(context, executor === undefined ? {} : { executor });
  try {
    const records = await siblingsOf(organism, store);
    return await lensGatherer(lab, BUDGET, context.seed).evidence(organism, { records });
  } finally {
    progress.close();
  }
}

/** The subject, which now grants the record too. */
export const withRecord = (subject: Subject): Subject => ({
  ...subject,
  access: new Set([...subject.access, "record" as const]),
});

/** Other seeds of the same recipe, as far as they were grown. */
async function siblingsOf({ spec }: OrganismRecord, store: Store): Promise<readonly OrganismRecord[]> {
  const entries = await store.list("organism", {
    where: { "spec.organism.id": spec.organism.id, "spec.task.env": spec.task.env, "spec.frames": spec.frames },
  });
  const alike = runId(reseeded(spec));
  const found: OrganismRecord[] = [];
  for (const { id } of entries) {
    const record = await store.load("organism", id);
    if (record && found.length < SIBLINGS && runId(reseeded(record.spec)) === alike) found.push(record);
  }
  return found;
}

const reseeded = (spec: TrainingSpec): TrainingSpec => ({ ...spec, seed: 0 });
