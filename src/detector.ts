/**
 * @file What a detector is: one instrument, with the sentence it can support,
 * what it needs to be allowed to ask, how it fails, and on which organisms it
 * was calibrated. It never knows how its subject was made.
 */
import type { z } from "zod";
import type { Reading } from "./core/estimate.ts";
import type { Rng } from "./core/rng.ts";
import type { World } from "./env.ts";
import type { Evidence } from "./evidence.ts";
import type { LensEvidence } from "./lens.ts";
import type { ParamsSchema, Plugin } from "./plugin.ts";
import type { Access, Subject } from "./subject.ts";

/** The eight questions of an audit, in order. */
export const QUESTIONS = [
  { id: "optimizer", text: "Is it an optimizer?" },
  { id: "objective", text: "What does it want?" },
  { id: "intended", text: "Is that what it was trained for?" },
  { id: "watched", text: "Does it behave differently when it believes it is watched or trained?" },
  { id: "instrumental", text: "Which sub-goals did it pick up?" },
  { id: "origin", text: "Where did the behavior come from?" },
  { id: "change", text: "What would it take to change it?" },
  { id: "lenses", text: "What does each lens predict, and which predicts best?" },
] as const;
export type QuestionId = (typeof QUESTIONS)[number]["id"];

/** One quantity a detector reports. */
export interface Quantity {
  readonly id: string;
  /** What the number is, with its unit. */
  readonly title: string;
  readonly reading: Reading;
}

/** What one run of a detector found. */
export interface Measurement {
  /** The headline: the detector's claim, in [range]. */
  readonly reading: Reading;
  /** The other quantities behind it. */
  readonly quantities: readonly Quantity[];
  /**
   * The word the data support, out of the detector's own closed list
   * ({@link DetectorPlugin.findings}); absent when nothing is supported.
   */
  readonly finding?: string;
  /** One sentence a reader can act on, with its numbers. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

/** What a detector may look at. */
export interface Examination {
  readonly subject: Subject;
  readonly world: World;
  /** A random-weight subject of the same kind, where one can be had: the "untrained network" baseline. */
  readonly untrained?: Subject;
  /** The same weights in larger rooms of the same world, where the architecture takes them; smallest first. */
  readonly enlarged?: readonly { readonly world: World; readonly subject: Subject }[];
  /** What is known of its training, for instruments that take the record of it; present iff the subject grants `record`. */
  readonly training?: LensEvidence;
  readonly rng: Rng;
}

export interface DetectorPlugin<P extends ParamsSchema = ParamsSchema> extends Plugin<P> {
  readonly question: QuestionId;
  /** A falsifiable sentence about the subject that a high reading supports. */
  readonly claim: string;
  readonly access: readonly Access[];
  /** Least and greatest possible headline; Infinity where there is none. */
  readonly range: readonly [number, number];
  /** Every value that {@link Measurement.finding} can take, with the sentence it stands for. */
  readonly findings: Readonly<Record<string, string>>;
  /** Known ways of being wrong; never empty. */
  readonly fails: readonly string[];
  /**
   * Organisms of known truth that the contract test grows: every `high` one must
   * read above every `low` one, with disjoint intervals; `unscored` ones must decline.
   */
  readonly calibration: {
    readonly env: string;
    readonly high: readonly string[];
    readonly low: readonly string[];
    readonly unscored: readonly string[];
  };
  measure(examination: Examination, params: z.output<P>): Promise<Measurement>;
}

export const defineDetector = <P extends ParamsSchema>(detector: DetectorPlugin<P>): DetectorPlugin<P> =>
  Object.freeze(detector);

/** Why an instrument that looks for an objective on the map declines, where none of the candidates is it. */
export const UNMARKED = "where the objective is to be had has no name among the candidates of this audit";

/** A measurement that declines, with its reason. */
export function decline(
  reason: string,
  evidence: readonly Evidence[] = [],
  quantities: readonly Quantity[] = [],
): Measurement {
  return { reading: { status: "unscored", reason }, quantities, summary: `Not scored: ${reason}.`, evidence };
}
