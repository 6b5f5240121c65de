/**
 * @file In-context learners made one after another on one store. A run takes seconds on one thread, so there is no pool
 * and no checkpoint: what was interrupted starts over, what was finished is never made again.
 */
import { LabError } from "../core/errors.ts";
import { growLearner, inContextRunId } from "../in-context/grow.ts";
import type { InContextRecord, InContextRow, InContextSpec } from "../in-context.ts";
import type { Store } from "../store/store.ts";
import type { Executor } from "../tensor/index.ts";

export interface GrowLearnersOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly code: string;
  /** Milliseconds from any origin; 0 always where absent. */
  readonly clock?: () => number;
  /** @param total updates of the whole training */
  readonly onLook?: ((spec: InContextSpec, row: InContextRow, total: number) => void) | undefined;
  readonly onMade?: ((record: InContextRecord, isNew: boolean) => void) | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Make every learner that is not stored yet; the records come back in the order of the specs.
 *
 * @throws {LabError} `run/interrupted` when aborted
 */
export async function growLearners(
  specs: readonly InContextSpec[],
  options: GrowLearnersOptions,
): Promise<readonly InContextRecord[]> {
  const { store, executor, code, clock = () => 0, signal } = options;
  const records: InContextRecord[] = [];
  for (const spec of specs) {
    const run = inContextRunId(spec);
    const known = await store.load("learner", run);
    if (!known && signal?.aborted) {
      throw new LabError("run/interrupted", `grow: stopped after ${records.length} of ${specs.length} learners`, {
        hint: "Run the same command again to continue from here.",
      });
    }
    const record =
      known ??
      (await growLearner(spec, {
        executor,
        code,
        clock,
        put: (bytes) => store.put(bytes),
        onLook: (row, total) => options.onLook?.(spec, row, total),
        isStopping: () => signal?.aborted ?? false,
      }));
    if (!known) await store.save("learner", run, record);
    options.onMade?.(record, !known);
    records.push(record);
  }
  return records;
}
