/**
 * @file A log of decisions as an audit takes it: every instrument gets the log's levels afresh, and asks for no more
 * of them than there are.
 */
import type { z } from "zod";
import type { DetectorPlugin } from "../detector.ts";
import { makeWorld } from "../lab/registry.ts";
import type { OpenedSubject } from "../lab/subjects.ts";
import type { LogFormat } from "../policy/log-file.ts";
import { type OpenedLog, openLog } from "../policy/trajectories.ts";
import type { TaskSpec } from "../task.ts";

/** Parameters by detector id. */
type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface AuditedLog {
  readonly opened: OpenedSubject;
  readonly detectors: readonly DetectorPlugin[];
  readonly params: Settings;
}

/** @throws {LabError} see {@link openLog} */
export function openLogged(
  bytes: Uint8Array,
  format: LogFormat,
  task: TaskSpec,
  detectors: readonly DetectorPlugin[],
  params: Settings,
): AuditedLog {
  const world = makeWorld(task);
  const log = openLog(bytes, format, world);
  const limits = limitsOf(log.levels);
  return {
    opened: { subject: log.examine().subject, world, metadata: undefined, notes: log.notes },
    detectors: detectors.map((detector) => ({
      ...detector,
      measure: (examination, given) => detector.measure({ ...examination, ...log.examine() }, given),
    })),
    params: {
      ...params,
      ...Object.fromEntries(detectors.map((each) => [each.id, fewer(each, params[each.id], limits)])),
    },
  };
}

/** The most of each parameter that a log of so many levels can serve, by the names that parameters go by. */
function limitsOf({ coupled, apart }: OpenedLog["levels"]): Readonly<Record<string, number>> {
  if (coupled + apart === 0) return {};
  return {
    levels: coupled > 0 && apart > 0 ? Math.min(coupled, apart) : Math.max(coupled, apart),
    skillLevels: coupled,
    coupledLevels: coupled,
    // No log has levels of graded shift.
    strengths: 0,
    groups: Math.floor(apart / TRAJECTORIES),
  };
}

/** Levels that a group takes where a detector groups them. */
const TRAJECTORIES = 32;

/** A detector's parameters, asking for as much as there is where the user did not say how much. */
function fewer({ params }: DetectorPlugin, given: Settings[string] = {}, limits: Readonly<Record<string, number>>) {
  const limited = Object.entries(params.shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, schema]) => {
    const most = limits[name];
    const usual = schema.safeParse(undefined).data;
    const isTooMuch = most !== undefined && typeof usual === "number" && usual > most && given[name] === undefined;
    return isTooMuch && schema.safeParse(most).success ? [[name, most] as const] : [];
  });
  return { ...Object.fromEntries(limited), ...given };
}
