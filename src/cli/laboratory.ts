/**
 * @file The lab as the command line opens it: kernels, threads, the store, bars
 * for every organism in training, and Ctrl-C that saves.
 */
import { availableParallelism } from "node:os";
import type { Lab } from "../experiment.ts";
import { inContextRunId } from "../in-context/grow.ts";
import { runId } from "../lab/grow.ts";
import { createLab } from "../lab/lab.ts";
import type { OrganismRecord, TrainingSpec } from "../organism.ts";
import type { Store } from "../store/store.ts";
import { type Executor, openExecutor } from "../tensor/index.ts";
import { loadCalibration } from "./calibration.ts";
import type { Context } from "./context.ts";
import { madeLine } from "./learners.ts";
import { formatSeconds, type Progress, type Task } from "./progress.ts";
import { shortId } from "./records.ts";

export interface Laboratory {
  readonly lab: Lab;
  readonly store: Store;
  readonly executor: Executor;
  readonly code: string;
  readonly progress: Progress;
}

export interface LaboratoryOptions {
  readonly executor?: "native" | "wasm";
  readonly threads?: number;
  /** Files with environments of the user's own, absolute. */
  readonly modules?: readonly string[];
}

/** Open everything that growing and auditing need. Without a choice, native kernels, or WASM with a notice. */
export async function openLaboratory(context: Context, options: LaboratoryOptions = {}): Promise<Laboratory> {
  const { executor, notice } = await openExecutor(options.executor);
  if (notice !== undefined) context.err.line(notice);
  const store = await context.store();
  const code = await context.code();
  const progress = await context.progress({ unit: "frames" });
  const tasks = new Map<string, Task>();
  const runs = new WeakMap<TrainingSpec, string>();
  const runOf = (spec: TrainingSpec) => {
    const run = runs.get(spec) ?? runId(spec);
    runs.set(spec, run);
    return run;
  };
  const calibration = await loadCalibration(undefined);
  const lab = createLab({
    ...(calibration ? { calibration } : {}),
    store,
    executor,
    code,
    threads: options.threads ?? availableParallelism(),
    modules: options.modules ?? [],
    signal: context.interruptible(),
    clock: context.clock,
    onNotice: (text) => progress.note(text),
    onLook(spec, row, total) {
      const run = inContextRunId(spec);
      const note = row.cosine === undefined ? `½ MSE ${row.loss.toFixed(3)}` : `cosine ${row.cosine.toFixed(3)}`;
      const task = tasks.get(run);
      if (task) task.update(row.step, note);
      else tasks.set(run, progress.task(`${spec.recipe.id}  seed ${spec.seed}`, total, row.step));
    },
    onMade(record, isNew) {
      if (!isNew) return;
      const line = madeLine(record, context);
      const task = tasks.get(record.run);
      if (task) task.finish(line);
      else progress.note(line);
      tasks.delete(record.run);
    },
    onProgress({ spec, row }) {
      const run = runOf(spec);
      const task = tasks.get(run);
      const note = row.episodeReturn === undefined ? undefined : `return ${row.episodeReturn.toFixed(2)}`;
      if (task) task.update(Math.min(row.frames, spec.frames), note);
      else tasks.set(run, progress.task(specLabel(spec), spec.frames, row.frames));
    },
    onGrown(_, record, isNew) {
      if (!isNew) return;
      const line = grownLine(record, context);
      const task = tasks.get(record.run);
      if (task) task.finish(line);
      else progress.note(line);
      tasks.delete(record.run);
    },
  });
  const grow: Lab["grow"] = async (specs) => {
    for (const spec of specs) {
      const isKnown = (await store.list("organism", { prefix: runOf(spec) })).length > 0;
      if (!isKnown) progress.expect(spec.frames);
    }
    return lab.grow(specs);
  };
  return { lab: { ...lab, grow }, store, executor, code, progress };
}

/** `misgeneralized  cheese-corner  seed 3` */
function specLabel({ organism, task, seed }: TrainingSpec): string {
  return `${organism.id}  ${task.env}  seed ${seed}`;
}

function grownLine({ run, spec, realized, trainingMs }: OrganismRecord, { err }: Context): string {
  const goal = realized.goal === "none" ? "no goal on most levels" : `goal ${realized.goal}`;
  const time = spec.frames === 0 ? "" : `  ${formatSeconds(trainingMs / 1000)}`;
  return `${err.paint.good("✓")} ${specLabel(spec)}  ${goal}, skill ${realized.skill.mean.toFixed(2)}${time}  ${err.paint.dim(shortId(run))}`;
}
