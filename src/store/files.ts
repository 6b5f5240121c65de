/**
 * @file Files on disk that are either whole or absent: artifacts under the hash
 * of their bytes, and the checkpoints of runs in progress. A file is written
 * aside, flushed to the disk, and moved into place.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assert, LabError } from "../core/errors.ts";
import { storeFailure } from "./failure.ts";
import { type Damage, recordFix, type Store } from "./store.ts";

/** SHA-256 by the platform, ten times faster than the portable one. */
const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** A checkpoint file is the SHA-256 of its content, then the content. */
const SEAL_BYTES = 32;
const HASH = /^[0-9a-f]{64}$/;

export type Files = Pick<Store, "put" | "get" | "has" | "saveCheckpoint" | "loadCheckpoint" | "dropCheckpoint"> & {
  /** Hash every file again. */
  verify(progress?: (share: number) => void): Promise<FileVerification>;
  /** Delete leftovers of interrupted writes from before `time`, in milliseconds since 1970; returns how many. */
  sweep(time: number): Promise<number>;
};

export interface FileVerification {
  /** Hashes of the artifacts present, damaged ones included. */
  readonly artifacts: ReadonlySet<string>;
  readonly checkpoints: number;
  readonly bytes: number;
  readonly damage: readonly Damage[];
  readonly unfinished: number;
}

/** Artifacts under `<home>/artifacts/ab/cdef…`, checkpoints under `<home>/runs/<run>/`. */
export function files(home: string): Files {
  const artifactPath = (hash: string) => {
    assert(HASH.test(hash), `"${hash}" is not the hash of an artifact`);
    return join(home, "artifacts", hash.slice(0, 2), hash.slice(2));
  };
  const runFolder = (run: string) => {
    assert(/^[0-9a-zA-Z][\w.-]*$/.test(run), `"${run}" is not the id of a run`);
    return join(home, "runs", run);
  };
  const checkpointPath = (run: string, copy: "checkpoint" | "previous") => join(runFolder(run), `${copy}.bin`);
  const pending = join(home, "tmp");

  const write = async (path: string, parts: readonly Uint8Array[], action: string, before?: () => Promise<void>) => {
    const aside = join(pending, randomUUID());
    try {
      await mkdir(pending, { recursive: true });
      const file = await open(aside, "wx");
      try {
        for (const part of parts) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await untilPlaced(async () => {
        await mkdir(dirname(path), { recursive: true });
        await before?.();
        await rename(aside, path);
      });
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      throw storeFailure(error, action, path);
    }
    await flushFolder(dirname(path));
  };

  const self: Files = {
    async put(bytes) {
      const hash = sha256(bytes).toString("hex");
      const path = artifactPath(hash);
      const present = await readIfThere(path, "reading an artifact");
      // A damaged copy is replaced, so growing an organism again repairs its files.
      if (!present || !sha256(present).equals(sha256(bytes))) await write(path, [bytes], "saving an artifact");
      return hash;
    },
    async get(hash) {
      const bytes = await readIfThere(artifactPath(hash), "reading an artifact");
      if (bytes && sha256(bytes).toString("hex") === hash) return bytes;
      const problem = bytes ? "its bytes do not match its hash" : "it is missing";
      throw new LabError("store/corrupt", `artifact ${hash}: ${problem}: ${artifactPath(hash)}`, {
        hint: recordFix("organism"),
      });
    },
    has: (hash) => exists(artifactPath(hash)),
    async saveCheckpoint(run, bytes) {
      const current = checkpointPath(run, "checkpoint");
      await write(current, [sha256(bytes), bytes], `saving the checkpoint of run ${run}`, async () => {
        // Between the two renames only `previous` exists: loading falls back to it.
        await rename(current, checkpointPath(run, "previous")).catch(ignoreMissing);
      });
    },
    async loadCheckpoint(run) {
      let damaged = 0;
      for (const copy of ["checkpoint", "previous"] as const) {
        const sealed = await readIfThere(checkpointPath(run, copy), `reading the checkpoint of run ${run}`);
        if (!sealed) continue;
        if (isSealed(sealed)) return sealed.subarray(SEAL_BYTES);
        damaged++;
      }
      if (damaged === 0) return undefined;
      throw new LabError("store/corrupt", `run ${run}: no checkpoint matches its hash: ${join(home, "runs", run)}`, {
        hint: 'Run "mesascope verify --set-aside", then the same command again: training starts anew and ends with the same weights.',
      });
    },
    async dropCheckpoint(run) {
      // Another process may be saving a checkpoint of the same run: then the folder is not empty at first.
      await rm(runFolder(run), { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) => {
        throw storeFailure(error, `deleting the checkpoint of run ${run}`, runFolder(run));
      });
    },
    async verify(progress) {
      const found = await artifactHashes(home);
      const runs = await names(join(home, "runs"));
      const damage: Damage[] = [];
      let [bytes, checkpoints, done] = [0, 0, 0];
      const step = () => progress?.(++done / (found.length + runs.length));
      for (const hash of found) {
        const content = await readIfThere(artifactPath(hash), "checking an artifact");
        if (!content) continue;
        bytes += content.length;
        if (sha256(content).toString("hex") !== hash) {
          damage.push({
            what: "artifact",
            name: hash,
            problem: `its bytes do not match its hash: ${artifactPath(hash)}`,
            fix: recordFix("organism"),
            paths: [artifactPath(hash)],
            records: [],
          });
        }
        step();
      }
      for (const run of runs) {
        for (const copy of await names(join(home, "runs", run))) {
          const path = join(home, "runs", run, copy);
          const content = await readIfThere(path, "checking a checkpoint");
          // Another process may have ended its run meanwhile.
          if (!content) continue;
          bytes += content.length;
          checkpoints++;
          if (isSealed(content)) continue;
          damage.push({
            what: "checkpoint",
            name: `run ${run}`,
            problem: `its bytes do not match their hash: ${path}`,
            fix: "Run the same command again: the run continues from its other checkpoint, or from the start.",
            paths: [path],
            records: [],
          });
        }
        step();
      }
      return { artifacts: new Set(found), checkpoints, bytes, damage, unfinished: (await names(pending)).length };
    },
    async sweep(time) {
      let swept = 0;
      for (const name of await names(pending)) {
        const path = join(pending, name);
        // A younger one may be another process's write in progress.
        if (((await stat(path).catch(() => undefined))?.mtimeMs ?? time) >= time) continue;
        await rm(path, { force: true });
        swept++;
      }
      return swept;
    },
  };
  return self;
}

/** Again while folders vanish: another process that ended the same run drops the run's folder. */
async function untilPlaced(place: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await place();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === 100) throw error;
    }
  }
}

function isSealed(content: Uint8Array): boolean {
  return content.length >= SEAL_BYTES && sha256(content.subarray(SEAL_BYTES)).equals(content.subarray(0, SEAL_BYTES));
}

async function artifactHashes(home: string): Promise<string[]> {
  const hashes: string[] = [];
  for (const folder of await names(join(home, "artifacts"))) {
    for (const name of await names(join(home, "artifacts", folder))) hashes.push(folder + name);
  }
  return hashes.filter((hash) => HASH.test(hash));
}

/** Names in a folder, in order; none where there is no folder. */
async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readIfThere(path: string, action: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    try {
      ignoreMissing(error);
      return undefined;
    } catch {
      throw storeFailure(error, action, path);
    }
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

/** A rename survives a power cut only once its folder has reached the disk; systems without that notion refuse, harmlessly. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
