/** @file Detectors by id, and their parameters as typed on the command line. */
import { findById, LabError } from "../core/errors.ts";
import type { DetectorPlugin } from "../detector.ts";
import { detectors } from "../detectors/index.ts";
import { parseSettings } from "./catalog.ts";

/** Every detector; the generated index types each by its own parameters. */
export const allDetectors = detectors as readonly unknown[] as readonly DetectorPlugin[];

/**
 * @param ids separated by commas; all when absent
 * @param brought detectors of the user's own, which are run without being named
 */
export function chooseDetectors(
  ids: string | undefined,
  brought: readonly DetectorPlugin[] = [],
): readonly DetectorPlugin[] {
  const all = [...allDetectors, ...brought];
  if (ids === undefined) return all;
  const named = ids.split(",").map((id) => findById("detector", all, id.trim()));
  return [...named, ...brought.filter((each) => !named.includes(each))];
}

/**
 * Settings typed as `detector.key=value`, by detector.
 *
 * @throws {LabError} `input/invalid`, `input/unknown-id`
 */
export function parseDetectorSettings(
  chosen: readonly DetectorPlugin[],
  pairs: readonly string[] = [],
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const pair of pairs) {
    const parts = /^([^.=]+)\.(.*)$/s.exec(pair);
    if (!parts) {
      throw new LabError("input/invalid", `--set: a setting is malformed, got "${pair}"; expected detector.key=value`);
    }
    const detector = findById("detector", chosen, parts[1]!);
    settings[detector.id] = { ...settings[detector.id], ...parseSettings(detector, "--set", [parts[2]!]) };
  }
  return settings;
}
