/**
 * @file What a store is: artifacts addressed by the hash of their bytes, records
 * addressed by kind and id, and one checkpoint per run in progress. Everything
 * read is checked against its hash; what does not match is refused, not repaired.
 */
import type { AuditRecord, GradedAudit } from "../audit-record.ts";
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { canonicalJson } from "../core/json.ts";
import type { ExperimentRecord } from "../experiment.ts";
import type { InContextRecord } from "../in-context.ts";
import type { OrganismRecord } from "../organism.ts";
import type { ReadingsRecord, ScoreboardRecord } from "../scoreboard.ts";
import type { ChatAuditRecord, TalkRun } from "../trials/record.ts";
import type { UtilitiesRecord } from "../trials/utilities-record.ts";

/** Several audits shown together, as one page. */
export interface ReportRecord {
  readonly format: "mesascope-report/1";
  readonly title: string;
  readonly code: string;
  /** The command that makes it anew. */
  readonly command: string;
  readonly audits: readonly GradedAudit[];
}

/** What is stored under each kind. */
export interface RecordTypes {
  readonly organism: OrganismRecord;
  readonly learner: InContextRecord;
  readonly audit: AuditRecord;
  readonly "chat-audit": ChatAuditRecord;
  readonly utilities: UtilitiesRecord;
  readonly experiment: ExperimentRecord;
  readonly report: ReportRecord;
  readonly readings: ReadingsRecord;
  readonly scoreboard: ScoreboardRecord;
}
export type RecordKind = keyof RecordTypes;
export const RECORD_KINDS = [
  "organism",
  "learner",
  "audit",
  "chat-audit",
  "utilities",
  "experiment",
  "report",
  "readings",
  "scoreboard",
] as const satisfies readonly RecordKind[];

const FORMATS: Readonly<Record<RecordKind, string>> = {
  organism: "mesascope-organism/1",
  learner: "mesascope-in-context/1",
  audit: "mesascope-audit/1",
  "chat-audit": "mesascope-chat-audit/1",
  utilities: "mesascope-utilities/1",
  experiment: "mesascope-experiment/1",
  report: "mesascope-report/1",
  readings: "mesascope-readings/1",
  scoreboard: "mesascope-scoreboard/1",
};

/** A record as a list shows it: everything but its content. */
export interface RecordEntry {
  readonly kind: RecordKind;
  readonly id: string;
  /** SHA-256 of the canonical JSON. */
  readonly hash: string;
  /** When it was saved, milliseconds since 1970. */
  readonly savedMs: number;
  /** Length of the canonical JSON, bytes. */
  readonly bytes: number;
}

export interface RecordFilter {
  /** Ids that begin with this. */
  readonly prefix?: string;
  /** Members of the record that must equal a value, by dotted path: `{ "spec.organism.id": "aligned" }`. */
  readonly where?: Readonly<Record<string, string | number>>;
  /** At most so many, the latest first. */
  readonly limit?: number;
}

/** Something whose bytes are not what was written. */
export interface Damage {
  readonly what: "database" | "record" | "artifact" | "checkpoint";
  /** `organism 3fa2…`, or a path. */
  readonly name: string;
  readonly problem: string;
  /** One imperative sentence, after the damage was set aside. */
  readonly fix: string;
  /** Damaged files. */
  readonly paths: readonly string[];
  /** Records that are damaged, or that need what is. */
  readonly records: readonly RecordName[];
}

export interface RecordName {
  readonly kind: RecordKind;
  readonly id: string;
}

/** The outcome of checking every byte that has a hash. */
export interface Verification {
  readonly records: number;
  readonly artifacts: number;
  readonly checkpoints: number;
  /** Bytes hashed. */
  readonly bytes: number;
  readonly damage: readonly Damage[];
  /** Leftovers of interrupted writes: harmless, never read. */
  readonly unfinished: number;
}

export interface Store {
  /** Where it is, for messages. */
  readonly location: string;
  /**
   * Keep bytes; the same bytes are kept once.
   *
   * @returns their SHA-256
   * @throws {LabError} `store/full`
   */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws {LabError} `store/corrupt` when the bytes are missing or do not match their hash */
  get(hash: string): Promise<Uint8Array>;
  has(hash: string): Promise<boolean>;
  /**
   * Save a record, replacing one of the same kind and id. All or nothing.
   *
   * @returns its hash
   * @throws {LabError} `store/full`, `store/unavailable`, `store/corrupt`
   */
  save<K extends RecordKind>(kind: K, id: string, record: RecordTypes[K]): Promise<string>;
  /**
   * @returns undefined where there is none
   * @throws {LabError} `store/corrupt`, `store/unavailable`
   */
  load<K extends RecordKind>(kind: K, id: string): Promise<RecordTypes[K] | undefined>;
  /** The latest first. */
  list(kind?: RecordKind, filter?: RecordFilter): Promise<readonly RecordEntry[]>;
  /** Replace the run's checkpoint, atomically: whatever happens, the last complete one can be loaded. */
  saveCheckpoint(run: string, bytes: Uint8Array): Promise<void>;
  /** The last complete checkpoint, or undefined. @throws {LabError} `store/corrupt` when every copy is damaged */
  loadCheckpoint(run: string): Promise<Uint8Array | undefined>;
  /** Forget a run's checkpoint: it has ended. */
  dropCheckpoint(run: string): Promise<void>;
  /** Hash everything again. `progress` hears the share done, 0 to 1. */
  verify(progress?: (share: number) => void): Promise<Verification>;
  close(): Promise<void>;
}

/** The bytes of a record, with their hash. */
export function encodeRecord(kind: RecordKind, record: { readonly format: string }): { json: string; hash: string } {
  if (record.format !== FORMATS[kind]) {
    throw new LabError(
      "input/invalid",
      `store: ${kind} has the wrong format, got "${record.format}"; expected "${FORMATS[kind]}"`,
    );
  }
  const json = canonicalJson(record);
  return { json, hash: hashText(json) };
}

/** @throws {LabError} `store/corrupt` when the text is not what was saved, `store/unavailable` when it is of another version */
export function decodeRecord<K extends RecordKind>(kind: K, id: string, json: string, hash: string): RecordTypes[K] {
  const found = hashText(json);
  if (found !== hash) {
    throw new LabError(
      "store/corrupt",
      `${kind} ${id}: the record does not match its hash, got ${found}; expected ${hash}`,
      {
        hint: recordFix(kind),
      },
    );
  }
  const record = JSON.parse(json) as RecordTypes[K];
  if (record.format !== FORMATS[kind]) {
    throw new LabError(
      "store/unavailable",
      `${kind} ${id}: cannot be read, got format "${record.format}"; expected "${FORMATS[kind]}"`,
      {
        hint: "Update mesascope: the record was written by another version.",
      },
    );
  }
  return record;
}

export const hashText = (text: string): string => hashBytes(new TextEncoder().encode(text));

/** How a damaged record comes back. */
export function recordFix(kind: RecordKind): string {
  return {
    organism: "Grow the organism again: the same spec and seed replace the record.",
    learner: "Grow the learner again: the same spec and seed replace the record.",
    audit: "Run the audit again: the same subject and seed replace the record.",
    "chat-audit": "Run the audit again: it takes its answers from the journal, and replaces the record.",
    utilities: "Run the audit again: it takes its answers from the journal, and replaces the record.",
    experiment: "Run the experiment again: the same seed replaces the record.",
    report: "Make the report again from its audits.",
    readings: "Run the bench again: it reads what is missing.",
    scoreboard: "Run the bench again: kept readings make it in seconds.",
  }[kind];
}

/** The same subject, read the same way, task, seed, code and instruments are the same audit. */
export function auditId({ subject, task, seed, code, declared, findings }: AuditRecord): string {
  const instruments = findings.map(({ detector, params }) => ({ detector, params }));
  return hashText(canonicalJson({ subject, task, seed, code, instruments, ...(declared ? { declared } : {}) }));
}

/**
 * The same questions put to the same subject by the same code, as the command says, are the same audit, however often it
 * was continued; a replay is another one, and never takes the place of the run that it was recorded from.
 */
export function talkId({ run, code, command, journal }: TalkRun): string {
  return hashText(canonicalJson({ run, code, command, isReplay: journal === null }));
}

/** Artifacts that a record rests on. */
export function artifactsOf<K extends RecordKind>(kind: K, record: RecordTypes[K]): readonly string[] {
  if (kind === "learner") return [(record as InContextRecord).file];
  return kind === "organism" ? (record as OrganismRecord).checkpoints.map((checkpoint) => checkpoint.onnx) : [];
}

/** Does a record pass a filter's `where`? */
export function matches(record: unknown, where: RecordFilter["where"] = {}): boolean {
  return Object.entries(where).every(([path, wanted]) => {
    let value = record;
    for (const key of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
    return value === wanted;
  });
}
