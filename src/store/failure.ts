/**
 * @file What the operating system and SQLite say when they cannot, in the user's
 * words: full, unavailable or corrupt, and what to do.
 */
import { LabError } from "../core/errors.ts";

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const SQLITE = {
  ERROR: 1,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;
/** `SQLITE_IOERR_SHMSIZE`: no room for the shared-memory file, which is a full disk. */
const SHMSIZE = 4874;

const FULL_FIX =
  "Free some space, or set MESASCOPE_HOME to a disk with room, and run the same command again: what was saved before is intact.";
const PERMISSION_FIX = "Make the folder writable, or set MESASCOPE_HOME to a folder you own.";

/**
 * Turn a failure of the file system or of SQLite into a {@link LabError}; anything
 * else comes back unchanged.
 *
 * @param action what was being done: `saving organism 3fa2`
 * @param place the file or folder it was done to
 */
export function storeFailure(error: unknown, action: string, place: string): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error;
  const { code, errcode, errstr } = error as Error & { code?: string; errcode?: number; errstr?: string };
  const told = (kind: "store/full" | "store/unavailable" | "store/corrupt", reason: string, hint: string) =>
    new LabError(kind, `store: ${action} failed, ${reason}: ${place}`, { hint, cause: error });
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return told("store/full", "no space left on the disk", FULL_FIX);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return told("store/full", "no permission to write", PERMISSION_FIX);
    case "ENOTDIR":
    case "EISDIR":
    case "EEXIST":
    case "ENAMETOOLONG":
      return told("store/unavailable", "something else is in its place", "Choose another folder with MESASCOPE_HOME.");
    case "EIO":
      return told(
        "store/unavailable",
        "the disk reports an error",
        "Copy the folder to another disk and set MESASCOPE_HOME to it.",
      );
    case "ERR_SQLITE_ERROR":
      break;
    default:
      return error;
  }
  if (errcode === SHMSIZE) return told("store/full", "no space left on the disk", FULL_FIX);
  switch ((errcode ?? 0) & 0xff) {
    case SQLITE.FULL:
      return told("store/full", "no space left on the disk", FULL_FIX);
    case SQLITE.READONLY:
      return told("store/full", "no permission to write", PERMISSION_FIX);
    // Our statements are fixed: one that SQLite does not understand met tables that are not as we made them.
    case SQLITE.ERROR:
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return told("store/corrupt", `the database is damaged (${errstr ?? error.message})`, CORRUPT_FIX);
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return told(
        "store/unavailable",
        "another process holds the database",
        "Wait for the other command to end and try again.",
      );
    case SQLITE.CANTOPEN:
      return told("store/unavailable", "the database cannot be opened", PERMISSION_FIX);
    case SQLITE.IOERR:
      return told("store/unavailable", `the disk reports an error (${errstr ?? error.message})`, FULL_FIX);
    default:
      return error;
  }
}

/** What to do about a database that SQLite cannot read. */
export const CORRUPT_FIX =
  'Run "mesascope verify --set-aside": every record that can be read is kept, and the same commands make the others again.';
