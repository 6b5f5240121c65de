/**
 * @file The store on this machine: `mesascope.db` for records, folders for
 * artifacts and checkpoints, all under one home.
 */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { storeFailure } from "./failure.ts";
import { files } from "./files.ts";
import { sqliteRecords } from "./sqlite.ts";
import { recordFix, type Store } from "./store.ts";

export interface HomeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The store under `home`, a folder that is created by the first write.
 *
 * @example
 * const store = homeStore(".mesascope", { now: () => 0 });
 * store.location.endsWith(".mesascope"); // => true
 */
export function homeStore(home: string, { now }: HomeOptions): Store {
  const location = resolve(home);
  const content = files(location);
  const records = sqliteRecords(join(location, "mesascope.db"), now);
  return {
    location,
    put: content.put,
    get: content.get,
    has: content.has,
    saveCheckpoint: content.saveCheckpoint,
    loadCheckpoint: content.loadCheckpoint,
    dropCheckpoint: content.dropCheckpoint,
    async save(kind, id, record) {
      await mkdir(location, { recursive: true }).catch((error: unknown) => {
        throw storeFailure(error, "creating the store", location);
      });
      return records.save(kind, id, record);
    },
    load: records.load,
    list: records.list,
    async verify(progress) {
      const inFiles = await content.verify((share) => progress?.(share * 0.9));
      const inRecords = await records.verify((share) => progress?.(0.9 + share * 0.1));
      const missing = [...inRecords.needed].filter(([hash]) => !inFiles.artifacts.has(hash));
      return {
        records: inRecords.records,
        artifacts: inFiles.artifacts.size,
        checkpoints: inFiles.checkpoints,
        bytes: inFiles.bytes + inRecords.bytes,
        unfinished: inFiles.unfinished,
        damage: [
          ...inRecords.damage,
          ...inFiles.damage,
          ...missing.map(([hash, owner]) => ({
            what: "artifact" as const,
            name: hash,
            problem: `it is missing, and ${owner} needs it`,
            fix: recordFix("organism"),
          })),
        ],
      };
    },
    close: records.close,
  };
}
