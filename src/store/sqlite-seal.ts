/**
 * @file The seal of a database file: its hash, written beside it when the last
 * writer closes, and broken before anything is written. SQLite itself compares
 * only what its tables use; the seal also covers headers and unused space.
 *
 * A missing seal means nothing (somebody is writing, or was killed). One that
 * does not match means that bytes changed behind SQLite's back.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import type { DatabaseSync } from "node:sqlite";

export interface Seal {
  /** To be called before and after every write: whoever sealed in between sealed the old bytes. */
  break(): void;
  /** Seal the file as it is, unless another process is using it. */
  write(database: DatabaseSync): void;
  /** Do the bytes differ from the sealed ones? False where there is no seal. */
  isBroken(): boolean;
}

export function sealOf(path: string): Seal {
  const seal = `${path}.sha256`;
  const hash = () => createHash("sha256").update(readFileSync(path)).digest("hex");
  const isLogEmpty = () => !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0;
  const read = () => (existsSync(seal) ? readFileSync(seal, "utf8").trim() : undefined);
  return {
    break: () => rmSync(seal, { force: true }),
    write(database) {
      try {
        database.exec("pragma busy_timeout = 0");
        database.exec("pragma wal_checkpoint(truncate)");
        // Holding the write lock while hashing: nobody can change what is being sealed.
        database.exec("begin immediate");
        try {
          if (isLogEmpty()) {
            const file = openSync(`${seal}.new`, "w");
            writeSync(file, `${hash()}\n`);
            fsyncSync(file);
            closeSync(file);
            renameSync(`${seal}.new`, seal);
          }
        } finally {
          database.exec("rollback");
        }
      } catch {
        // Busy, full or read-only: without a seal the database is only checked less closely.
      }
    },
    isBroken() {
      const before = read();
      if (before === undefined || !isLogEmpty()) return false;
      const found = hash();
      // Broken by a writer meanwhile: then the bytes may differ rightly.
      return found !== before && read() === before && isLogEmpty();
    },
  };
}
