/**
 * @file The store on this machine: `mesascope.db` for records, folders for
 * artifacts and checkpoints, all under one home.
 */
import { mkdir, rename } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { storeFailure } from "./failure.ts";
import { files } from "./files.ts";
import { sqliteRecords } from "./sqlite.ts";
import { type Damage, recordFix, type Store } from "./store.ts";

export interface HomeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;

/** The store on this machine, which can also be mended. */
export type HomeStore = Store & {
  /**
   * Move what is damaged to `<home>/damaged/`, so that the commands that made it make it again; of a damaged database,
   * every readable record is kept.
   *
   * @returns what was done, one line each
   */
  setAside(damage: readonly Damage[]): Promise<readonly string[]>;
};

/**
 * The store under `home`, a folder that is created by the first write.
 *
 * @example
 * const store = homeStore(".mesascope", { now: () => 0 });
 * store.location.endsWith(".mesascope"); // => true
 */
export function homeStore(home: string, { now }: HomeOptions): HomeStore {
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
          ...inFiles.damage.map((damage) => ({ ...damage, records: inRecords.needed.get(damage.name) ?? [] })),
          ...missing.map(([hash, owners]) => ({
            what: "artifact" as const,
            name: hash,
            problem: `it is missing, and ${owners.map(({ kind, id }) => `${kind} ${id}`).join(", ")} needs it`,
            fix: recordFix("organism"),
            paths: [],
            records: owners,
          })),
        ],
      };
    },
    async setAside(damage) {
      const done: string[] = [];
      const rows = damage.some(({ what }) => what === "database") ? await records.salvage() : undefined;
      for (const path of new Set(damage.flatMap(({ paths }) => paths))) {
        const target = join(location, "damaged", `${now()}-${relative(location, path).replaceAll(sep, "-")}`);
        await mkdir(dirname(target), { recursive: true })
          .then(() => rename(path, target))
          .then(
            () => done.push(`moved ${path} to ${target}`),
            (error: NodeJS.ErrnoException) => {
              if (error.code !== "ENOENT") throw storeFailure(error, "setting damage aside", path);
            },
          );
      }
      if (rows) {
        await records.restore(rows);
        done.push(`kept ${rows.length} readable records in a new database`);
      }
      const dropped = new Map(damage.flatMap((each) => each.records.map((name) => [`${name.kind} ${name.id}`, name])));
      for (const [label, name] of dropped) {
        await records.drop(name);
        done.push(`dropped ${label}`);
      }
      const swept = await content.sweep(now() - HOUR_MS);
      if (swept > 0) done.push(`deleted ${swept} leftovers of interrupted writes`);
      return done;
    },
    close: records.close,
  };
}
