/**
 * @file The training loop every base optimizer shares: update, record, save now
 * and then, stop when asked, continue where it stopped.
 */
import { LabError } from "./core/errors.ts";
import type { CurveRow, Learner, Snapshot } from "./optimizer.ts";

/** A run at some update: enough to go on as if nothing had happened. */
export interface SavedRun {
  /** Updates done. */
  readonly updates: number;
  readonly curve: readonly CurveRow[];
  readonly snapshot: Snapshot;
}

export interface TrainHooks {
  /** A run to continue. */
  readonly saved?: SavedRun;
  /** Called after every update; slow work belongs elsewhere. */
  readonly onUpdate?: (row: CurveRow, updates: number, total: number) => void;
  /** Awaited after every update, before anything is saved: for what is kept of the run on its way. */
  readonly keep?: (updates: number, total: number) => Promise<void> | undefined;
  /** Is it time to save? Asked after every update. */
  readonly isDue?: (updates: number) => boolean;
  readonly save?: (run: SavedRun) => Promise<void>;
  /** Asked after every update; true saves and stops. */
  readonly isStopping?: () => boolean;
}

/**
 * Train for `frames` environment steps, rounded up to whole updates.
 *
 * @returns the whole curve
 * @throws {LabError} `run/interrupted` when `isStopping` said so, after saving
 */
export async function train(learner: Learner, frames: number, hooks: TrainHooks = {}): Promise<readonly CurveRow[]> {
  const { saved, onUpdate, keep, isDue, save, isStopping } = hooks;
  const total = Math.ceil(frames / learner.framesPerUpdate);
  const curve = [...(saved?.curve ?? [])];
  if (saved) learner.restore(saved.snapshot);
  for (let updates = saved?.updates ?? 0; updates < total; ) {
    const row = await learner.update(updates);
    updates++;
    curve.push(row);
    onUpdate?.(row, updates, total);
    await keep?.(updates, total);
    const stopping = updates < total && (isStopping?.() ?? false);
    if (stopping || isDue?.(updates)) await save?.({ updates, curve, snapshot: learner.snapshot() });
    if (stopping) {
      throw new LabError("run/interrupted", `train: stopped after ${row.frames} of ${frames} frames; nothing is lost`, {
        hint: "Run the same command again to continue from here.",
      });
    }
  }
  return curve;
}
