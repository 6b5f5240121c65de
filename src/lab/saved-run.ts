/** @file An interrupted run as bytes: a safetensors file whose metadata hold the curve. */
import { assert } from "../core/errors.ts";
import type { CurveRow, Snapshot } from "../optimizer.ts";
import type { Checkpoint } from "../organism.ts";
import { readSafetensors, type SafetensorsDType, writeSafetensors } from "../tensor/index.ts";
import type { SavedRun } from "../train.ts";

/** A run in training, with the weight files it has put away so far. */
export interface GrowingRun extends SavedRun {
  readonly checkpoints: readonly Checkpoint[];
}

export function encodeRun(
  { updates, curve, snapshot, checkpoints }: GrowingRun,
  run: string,
  code: string,
): Uint8Array {
  const tensors = Object.entries(snapshot).map(([name, data]) => [
    name,
    { dtype: dtypeOf(data), shape: [data.length], data },
  ]);
  const metadata = {
    run,
    code,
    updates: String(updates),
    curve: JSON.stringify(curve),
    checkpoints: JSON.stringify(checkpoints),
  };
  return writeSafetensors({ tensors: Object.fromEntries(tensors), metadata });
}

/**
 * The saved run, or why it cannot be continued: one of another version of the
 * code need not end with the weights of an uninterrupted run.
 *
 * @throws {LabError} `safetensors/malformed`
 */
export function decodeRun(bytes: Uint8Array, run: string, code: string): GrowingRun | { readonly problem: string } {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.run !== run) return { problem: "its checkpoint belongs to another run" };
  if (metadata.code !== code) {
    return { problem: `its checkpoint was saved by another version of the code (${metadata.code}, this is ${code})` };
  }
  const arrays = Object.entries(tensors).map(([name, { data }]) => [name, data]);
  return {
    updates: Number(metadata.updates),
    curve: JSON.parse(metadata.curve ?? "[]") as CurveRow[],
    checkpoints: JSON.parse(metadata.checkpoints ?? "[]") as Checkpoint[],
    snapshot: Object.fromEntries(arrays) as Snapshot,
  };
}

function dtypeOf(data: Snapshot[string]): SafetensorsDType {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Int16Array) return "I16";
  assert(data instanceof Uint8Array, "a snapshot array of an unknown type");
  return "U8";
}
