/**
 * @file One agent under one regime: every detector on its own fork of the seed,
 * as in an audit, and blind as there. What a detector throws becomes an unscored
 * reading, counted as a failure: one agent of hundreds must not stop the rest.
 */
import { type Regime, underRegime } from "../../audit/regime.ts";
import { LabError } from "../../core/errors.ts";
import { type Reading, unscored } from "../../core/estimate.ts";
import { hashJson } from "../../core/hash.ts";
import { rng } from "../../core/rng.ts";
import type { DetectorPlugin } from "../../detector.ts";
import { parseParams } from "../../plugin.ts";
import type { BenchReading } from "../../scoreboard.ts";
import type { TaskSpec } from "../../task.ts";
import type { Executor } from "../../tensor/index.ts";
import { openSubject } from "../subjects.ts";

/** A detector with what tells its readings from those of another version. */
export interface BenchInstrument {
  readonly detector: DetectorPlugin;
  readonly params: Readonly<Record<string, unknown>>;
  /** Version of its code. */
  readonly code: string;
}

/** Under which key a reading is kept: another detector or parameter is another reading; of other code, a stale one. */
export const readingKey = ({ detector, params }: BenchInstrument): string =>
  `${detector.id} ${hashJson(params).slice(0, 16)}`;

export interface MeasureOptions {
  /** Policy file. */
  readonly bytes: Uint8Array;
  readonly task: TaskSpec;
  readonly regime: Regime;
  /** Id of the candidate that is taken away, under `withheld`. */
  readonly withheld?: string;
  readonly seed: number;
  readonly executor: Executor;
  readonly clock: () => number;
}

/** Run detectors one after another. */
export async function* measureAgent(
  instruments: readonly BenchInstrument[],
  { bytes, task, regime, withheld, seed, executor, clock }: MeasureOptions,
): AsyncGenerator<BenchReading> {
  const { subject, world, untrained, enlarged } = await openSubject(bytes, task, executor, { seed });
  for (const instrument of instruments) {
    const { detector, params } = instrument;
    const begun = clock();
    const missing = detector.access.filter((access) => !subject.access.has(access));
    let outcome: Pick<BenchReading, "reading" | "finding" | "hasFailed">;
    if (missing.length > 0) outcome = { reading: unscored(`needs access to ${missing.join(" and ")}`) };
    else {
      try {
        const { reading, finding } = await detector.measure(
          {
            subject,
            // A world of its own: levels that one instrument drew are not known to the next.
            world: underRegime(world, regime, withheld),
            rng: rng(seed).fork(detector.id),
            ...(untrained ? { untrained } : {}),
            // Larger rooms are a shift.
            ...(enlarged && regime !== "in-distribution"
              ? { enlarged: enlarged.map((each) => ({ ...each, world: underRegime(each.world, regime, withheld) })) }
              : {}),
          },
          parseParams(detector, params),
        );
        outcome = { reading: sound(reading), ...(finding === undefined ? {} : { finding }) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        outcome = { reading: unscored(reason), ...(error instanceof LabError ? {} : { hasFailed: true }) };
      }
    }
    yield { detector: detector.id, code: instrument.code, wallMs: Math.round(clock() - begun), ...outcome };
  }
}

/** A number that is none would be stored as none: it is unscored, and says so. */
function sound(reading: Reading): Reading {
  if (reading.status === "unscored") return reading;
  const { mean, low, high } = reading.value;
  return [mean, low, high].every(Number.isFinite)
    ? reading
    : unscored(`the reading is no number: ${mean} [${low}, ${high}]`);
}
