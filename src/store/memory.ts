/**
 * @file A store that lives and dies with the page or the test.
 */
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import {
  artifactsOf,
  type Damage,
  decodeRecord,
  encodeRecord,
  hashText,
  matches,
  RECORD_KINDS,
  type RecordEntry,
  type RecordKind,
  recordFix,
  type Store,
} from "./store.ts";

interface Kept extends RecordEntry {
  readonly json: string;
}

/** @param now milliseconds since 1970 */
export function memoryStore(now: () => number = () => 0): Store {
  const artifacts = new Map<string, Uint8Array>();
  const records = new Map<string, Kept>();
  const checkpoints = new Map<string, Uint8Array>();
  const get = (hash: string): Uint8Array => {
    const bytes = artifacts.get(hash);
    if (bytes && hashBytes(bytes) === hash) return bytes.slice();
    const problem = bytes ? "does not match its hash" : "is missing";
    throw new LabError("store/corrupt", `artifact ${hash}: ${problem}`, { hint: recordFix("organism") });
  };
  return {
    location: "memory",
    async put(bytes) {
      const hash = hashBytes(bytes);
      artifacts.set(hash, bytes.slice());
      return hash;
    },
    get: async (hash) => get(hash),
    has: async (hash) => artifacts.has(hash),
    async save(kind, id, record) {
      const { json, hash } = encodeRecord(kind, record);
      // Replacing moves a record to the end, so that insertion order is order of saving.
      records.delete(`${kind} ${id}`);
      records.set(`${kind} ${id}`, {
        kind,
        id,
        hash,
        json,
        savedMs: now(),
        bytes: new TextEncoder().encode(json).length,
      });
      return hash;
    },
    async load(kind, id) {
      const kept = records.get(`${kind} ${id}`);
      return kept && decodeRecord(kind, id, kept.json, kept.hash);
    },
    async list(kind, { prefix = "", where, limit = Number.POSITIVE_INFINITY } = {}) {
      return [...records.values()]
        .reverse()
        .filter((kept) => (kind === undefined || kept.kind === kind) && kept.id.startsWith(prefix))
        .filter((kept) => where === undefined || matches(JSON.parse(kept.json), where))
        .slice(0, limit)
        .map(({ json: _, ...entry }) => entry);
    },
    async saveCheckpoint(run, bytes) {
      checkpoints.set(run, bytes.slice());
    },
    loadCheckpoint: async (run) => checkpoints.get(run)?.slice(),
    async dropCheckpoint(run) {
      checkpoints.delete(run);
    },
    async verify(progress) {
      const damage: Damage[] = [];
      const damaged = (what: Damage["what"], name: string, problem: string, kind: RecordKind) =>
        damage.push({ what, name, problem, fix: recordFix(kind), paths: [], records: [] });
      let bytes = 0;
      for (const kind of RECORD_KINDS) {
        for (const kept of [...records.values()].filter((entry) => entry.kind === kind)) {
          bytes += kept.bytes;
          if (hashText(kept.json) !== kept.hash)
            damaged("record", `${kind} ${kept.id}`, "does not match its hash", kind);
          else {
            for (const hash of artifactsOf(kind, JSON.parse(kept.json))) {
              if (!artifacts.has(hash)) damaged("artifact", hash, `is missing; ${kind} ${kept.id} needs it`, kind);
            }
          }
        }
      }
      for (const [hash, content] of artifacts) {
        bytes += content.length;
        if (hashBytes(content) !== hash) damaged("artifact", hash, "does not match its hash", "organism");
      }
      progress?.(1);
      return {
        records: records.size,
        artifacts: artifacts.size,
        checkpoints: checkpoints.size,
        bytes,
        damage,
        unfinished: 0,
      };
    },
    close: () => Promise.resolve(),
  };
}
