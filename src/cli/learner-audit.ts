/** @file `mesascope audit` of an in-context learner: the instruments made for it, the same record, report and gates. */
import { join } from "node:path";
import { auditLearner, gradeLearner } from "../audit/in-context.ts";
import { findById, LabError } from "../core/errors.ts";
import { inContextInstruments, isFor } from "../in-context/instruments.ts";
import { openLearner } from "../in-context/learner.ts";
import { lawOf } from "../in-context/recipe.ts";
import { findInContextRecipe } from "../in-context/recipes.ts";
import type { InContextInstrument, InContextRecord } from "../in-context.ts";
import { parseParams } from "../plugin.ts";
import { auditId, type Store } from "../store/store.ts";
import { openExecutor } from "../tensor/index.ts";
import { parseSettings } from "./catalog.ts";
import type { Context } from "./context.ts";
import { describeAudit } from "./describe.ts";
import { parseGate, tripped } from "./gate.ts";
import { matchRecords } from "./records.ts";
import { writeAuditReport } from "./reports.ts";

export interface LearnerAuditFlags {
  readonly detectors?: string;
  readonly set?: readonly string[];
  readonly failIf?: readonly string[];
  readonly out?: string;
  readonly executor?: "native" | "wasm";
}

/** The learner that a text names, where it names no agent. */
export async function findLearner(store: Store, text: string): Promise<InContextRecord | undefined> {
  if (!/^[0-9a-f]+$/.test(text)) return undefined;
  const found = await matchRecords(store, text, ["organism", "learner"]);
  const [entry] = found;
  return found.length === 1 && entry?.kind === "learner" ? store.load("learner", entry.id) : undefined;
}

/** Audit a learner; true when a gate tripped. @throws {LabError} `input/invalid`, `input/unknown-id` */
export async function auditLearnerCommand(
  context: Context,
  record: InContextRecord,
  flags: LearnerAuditFlags,
): Promise<boolean> {
  const gates = (flags.failIf ?? []).map(parseGate);
  const { spec, run } = record;
  const store = await context.store();
  const { executor, notice } = await openExecutor(flags.executor);
  const learner = openLearner(await store.get(record.file), executor);
  const instruments =
    flags.detectors === undefined
      ? inContextInstruments.filter((each) => isFor(each, learner))
      : flags.detectors.split(",").map((id) => findById("instrument", inContextInstruments, id.trim()));
  const params = settingsOf(instruments, flags.set);
  for (const gate of gates) findById("instrument", instruments, gate.detector);
  if (notice !== undefined) context.err.line(notice);
  const progress = await context.progress({ unit: "instruments" });
  const bar = progress.task("auditing", instruments.length);
  const audited = await auditLearner({
    learner,
    law: lawOf(parseParams(findInContextRecipe(spec.recipe.id), spec.recipe.params)),
    instruments,
    params,
    seed: context.seed,
    clock: context.clock,
    code: await context.code(),
    executor: executor.id,
    command: commandLine(run, flags, context),
    onProgress: (done, running) => bar.update(done, running),
  });
  bar.finish();
  progress.close();
  const id = auditId(audited);
  await store.save("audit", id, audited);
  // Only now, with the audit finished and saved, is the truth looked at.
  const graded = gradeLearner(audited.findings, record.constructed);
  const files = await writeAuditReport(
    audited,
    join(flags.out ?? "", `audit-${run.slice(0, 10)}-in-context-seed-${context.seed}`),
  );
  const trips = gates.flatMap((gate) => tripped(gate, audited) ?? []);
  const truth = { recipe: spec.recipe.id, constructed: record.constructed, status: record.status };
  context.print({ id, audit: audited, truth, ...(graded ? { graded } : {}), files, tripped: trips }, () => {
    const { good, bad, warn, dim } = context.out.paint;
    const mark =
      record.status === "stalled"
        ? warn("stalled in training: graded as nothing")
        : graded === undefined
          ? dim("theory does not say what its training ends in")
          : `${graded.correct ? good("✓ right") : bad("✗ wrong")}  ${graded.because}`;
    const wrote = files.map((file) => `${dim("wrote")} ${file}`).join("\n");
    return `${describeAudit(audited, context.out)}\n\n${mark}${dim("  (compared after the audit)")}\n\n${wrote}`;
  });
  for (const trip of trips) context.err.line(`${context.err.paint.bad("gate tripped:")} ${trip}`);
  return trips.length > 0;
}

/** `instrument.key=value`, by instrument. */
function settingsOf(instruments: readonly InContextInstrument[], pairs: readonly string[] = []) {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const pair of pairs) {
    const parts = /^([^.=]+)\.(.*)$/s.exec(pair);
    if (!parts) {
      throw new LabError(
        "input/invalid",
        `--set: a setting is malformed, got "${pair}"; expected instrument.key=value`,
      );
    }
    const instrument = findById("instrument", instruments, parts[1]!);
    settings[instrument.id] = { ...settings[instrument.id], ...parseSettings(instrument, "--set", [parts[2]!]) };
  }
  return settings;
}

/** The command that runs this audit again. */
function commandLine(run: string, { detectors, set, executor }: LearnerAuditFlags, { seed }: Context): string {
  return [
    `mesascope audit ${run.slice(0, 12)} --seed ${seed}`,
    ...(detectors === undefined ? [] : [`--detectors ${detectors}`]),
    ...(set ?? []).map((each) => `--set ${each}`),
    ...(executor === undefined ? [] : [`--executor ${executor}`]),
  ].join(" ");
}
