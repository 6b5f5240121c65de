/** @file An interrupted run as bytes: a safetensors file whose metadata hold the curve. */
import type { CurveRow, Snapshot } from "../optimizer.ts";
import { readSafetensors, writeSafetensors } from "../tensor/index.ts";
import type { SavedRun } from "../train.ts";

export function encodeRun({ updates, curve, snapshot }: SavedRun, run: string, code: string): Uint8Array {
  return writeSafetensors(snapshot, { run, code, updates: String(updates), curve: JSON.stringify(curve) });
}

/**
 * The saved run, or undefined when it belongs to another run or another version
 * of the code: a continued run must end with the weights of an uninterrupted one.
 */
export function decodeRun(bytes: Uint8Array, run: string, code: string): SavedRun | undefined {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.run !== run || metadata.code !== code) return undefined;
  return {
    updates: Number(metadata.updates),
    curve: JSON.parse(metadata.curve ?? "[]") as CurveRow[],
    snapshot: tensors as Snapshot,
  };
}
