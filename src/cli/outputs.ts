/**
 * @file Files that commands write for people: reports and exports. Names are made
 * from ids, folders are created, and what cannot be written is told as such.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LabError } from "../core/errors.ts";

/**
 * Write files, creating their folder.
 *
 * @returns their absolute paths
 * @throws {LabError} `store/full` when there is no space or no permission, `store/unavailable` when the path cannot be a file
 */
export async function writeFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = resolve(name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    } catch (error) {
      throw outputFailure(error, path);
    }
    paths.push(path);
  }
  return paths;
}

function outputFailure(cause: unknown, path: string): unknown {
  const reason = {
    ENOSPC: "no space left on the disk",
    EDQUOT: "no space left for you on the disk",
    EACCES: "no permission to write",
    EPERM: "no permission to write",
    EROFS: "the disk is read-only",
    ENOTDIR: "a file is in the place of a folder",
    EEXIST: "a file is in the place of a folder",
    EISDIR: "a folder is in its place",
  }[(cause as NodeJS.ErrnoException).code ?? ""];
  if (reason === undefined) return cause;
  const code = /space|permission|read-only/.test(reason) ? "store/full" : "store/unavailable";
  return new LabError(code, `output: cannot be written, ${reason}: ${path}`, {
    hint: "Name another place with --out.",
    cause,
  });
}
