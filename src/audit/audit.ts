/**
 * @file One audit: every instrument that the subject's access allows, each on
 * its own fork of the seed, and the eight questions answered from what they found.
 *
 * Blind by construction: what comes in is a subject, a world and a seed, and
 * nothing about how the subject was made. Grading against a known truth is a
 * separate step that takes the finished record ({@link gradeAudit}).
 */
import type { AuditRecord, Finding } from "../audit-record.ts";
import { assert, LabError } from "../core/errors.ts";
import type { Reading } from "../core/estimate.ts";
import { type Rng, rng } from "../core/rng.ts";
import { type DetectorPlugin, decline, type Examination, type Measurement } from "../detector.ts";
import { detectors as allDetectors } from "../detectors/index.ts";
import type { World } from "../env.ts";
import { parseParams } from "../plugin.ts";
import type { Calibration, ScoredQuestion } from "../scoreboard.ts";
import { ACCESS, type Subject } from "../subject.ts";
import type { TaskSpec } from "../task.ts";
import { answerQuestions } from "./answers.ts";
import { measureGaps } from "./gaps.ts";
import { posteriors } from "./posterior.ts";

/** What an audit is told. */
export interface AuditOptions {
  readonly subject: Subject;
  readonly world: World;
  /** Names the world in the record. */
  readonly task: TaskSpec;
  /** All that exist, when not given. */
  readonly detectors?: readonly DetectorPlugin[];
  /** Parameters by detector id; what is not given takes its default. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly seed: number;
  /** A random-weight subject of the same kind: the baseline of the detectors that can use one. */
  readonly untrained?: Subject;
  /** The same weights in larger rooms, where the subject takes them; see {@link Examination.enlarged}. */
  readonly enlarged?: Examination["enlarged"];
  /** What is known of its training, where the subject grants `record`; see {@link Examination.training}. */
  readonly training?: Examination["training"];
  /** Milliseconds from any origin. */
  readonly clock: () => number;
  /** Version of the code, for the record. */
  readonly code: string;
  /** Kernels that answer for the subject, for the record. */
  readonly executor: string;
  /** The command that runs this audit again, for the record. */
  readonly command: string;
  /** What the user said about the subject's file, for the record: said otherwise, it is another policy. */
  readonly declared?: Readonly<Record<string, unknown>>;
  /** What was inferred in opening the subject, for the record. */
  readonly notes?: readonly string[];
  /** What a scoreboard knows of the detectors: with it, yes-or-no questions get a posterior. */
  readonly calibration?: Calibration;
  /** Probabilities before the audit, by question; one half where not given. */
  readonly priors?: Readonly<Partial<Record<ScoredQuestion, number>>>;
  /** The subject's architecture, where it is known. */
  readonly architecture?: string;
  readonly onProgress?: (progress: AuditProgress) => void;
}

/** Told before each detector and once more, with `done = total`, at the end. */
export interface AuditProgress {
  readonly done: number;
  readonly total: number;
  /** Title of the detector about to run; absent at the end. */
  readonly running?: string;
}

/**
 * Examine a subject.
 *
 * A detector that the subject's access rules out is not run, and one that
 * throws a {@link LabError} has no result: both stay in the record, unscored,
 * with the reason. Anything else that is thrown is a bug and propagates.
 *
 * @throws {LabError} `input/unknown-id` for parameters of a detector that is not run,
 *   `input/invalid` for parameters that a detector refuses
 */
export async function audit(options: AuditOptions): Promise<AuditRecord> {
  const { subject, world, task, seed, clock } = options;
  const detectors: readonly DetectorPlugin[] = options.detectors ?? allDetectors;
  const given = options.params ?? {};
  for (const id of Object.keys(given)) {
    if (detectors.some((detector) => detector.id === id)) continue;
    const known = detectors.map((detector) => detector.id).join(", ") || "none";
    throw new LabError("input/unknown-id", `audit: parameters for detector "${id}", which is not run; run: ${known}`);
  }
  // Before the first of them runs: a misspelt parameter must not cost a minute of measuring.
  const planned = detectors.map((detector) => ({ detector, params: parseParams(detector, given[detector.id]) }));

  const start = clock();
  const root = rng(seed);
  const findings: Finding[] = [];
  let looks = 0;
  for (const [done, { detector, params }] of planned.entries()) {
    options.onProgress?.({ done, total: planned.length, running: detector.title });
    const began = clock();
    const missing = detector.access.filter((access) => !subject.access.has(access));
    let measurement: Measurement;
    if (missing.length > 0) measurement = decline(refusal(missing, subject));
    else {
      looks++;
      measurement = await measure(detector, params, examination(options, root.fork(detector.id)));
    }
    findings.push({
      detector: detector.id,
      params,
      wallMs: clock() - began,
      ...measurement,
      ...(missing.length > 0 ? { missing } : {}),
    });
  }
  options.onProgress?.({ done: planned.length, total: planned.length });

  return {
    format: "mesascope-audit/1",
    subject: subject.id,
    access: ACCESS.filter((access) => subject.access.has(access)),
    task,
    seed,
    code: options.code,
    executor: options.executor,
    answers: answerQuestions(findings, world, detectors),
    findings,
    gaps: measureGaps(findings, world),
    ...calibrated(options, findings),
    looks,
    ...(Object.keys(options.declared ?? {}).length > 0 ? { declared: options.declared } : {}),
    ...(options.notes?.length ? { notes: options.notes } : {}),
    command: options.command,
    wallMs: clock() - start,
  };
}

/** Everything was named in an audit: its readings are those of the regime `named`. */
function calibrated(
  { calibration, priors, architecture, task, params = {} }: AuditOptions,
  findings: readonly Finding[],
): Pick<AuditRecord, "posteriors" | "calibration"> {
  if (!calibration) return {};
  // With parameters of its own a detector reads on another scale than in the zoo.
  const asCalibrated = findings.filter(({ detector }) => Object.keys(params[detector] ?? {}).length === 0);
  const options = {
    env: task.env,
    ...(priors ? { priors } : {}),
    ...(architecture === undefined ? {} : { architecture }),
  };
  return {
    posteriors: posteriors(calibration, asCalibrated, "named", options),
    calibration: `${calibration.code}, seed ${calibration.seed}, ${calibration.agents} agents`,
  };
}

function examination({ subject, world, untrained, enlarged, training }: AuditOptions, stream: Rng): Examination {
  return {
    subject,
    world,
    rng: stream,
    ...(untrained === undefined ? {} : { untrained }),
    ...(enlarged === undefined ? {} : { enlarged }),
    ...(training === undefined ? {} : { training }),
  };
}

function refusal(missing: readonly string[], subject: Subject): string {
  const granted = ACCESS.filter((access) => subject.access.has(access)).join(", ") || "nothing";
  return `needs access to ${missing.join(" and ")}, and this subject grants ${granted}`;
}

async function measure(
  detector: DetectorPlugin,
  params: Readonly<Record<string, unknown>>,
  examined: Examination,
): Promise<Measurement> {
  try {
    const measurement = await detector.measure(examined, params);
    checkMeasurement(detector, measurement);
    return measurement;
  } catch (error) {
    if (error instanceof LabError) return decline(error.message);
    throw error;
  }
}

/** A number without its interval, or a word outside the detector's list, is our bug and must not reach a report. */
function checkMeasurement(detector: DetectorPlugin, { reading, quantities, finding }: Measurement): void {
  checkReading(detector.id, reading);
  for (const quantity of quantities) checkReading(`${detector.id}: ${quantity.id}`, quantity.reading);
  const known = finding === undefined || Object.hasOwn(detector.findings, finding);
  assert(known, `${detector.id} found "${finding}", which is not in its list of findings`);
}

function checkReading(where: string, reading: Reading): void {
  if (reading.status === "unscored") {
    assert(reading.reason !== "", `${where} is unscored without a reason`);
    return;
  }
  const { mean, low, high, n } = reading.value;
  const ordered = Number.isFinite(low) && low <= mean && mean <= high && Number.isFinite(high) && n >= 1;
  assert(ordered, `${where} is not an estimate: ${mean} [${low}, ${high}], n = ${n}`);
}
