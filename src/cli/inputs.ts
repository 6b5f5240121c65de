/** @file Reading a file that the user named. */
import { readFile } from "node:fs/promises";
import { LabError } from "../core/errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "its permissions forbid it",
  ELOOP: "it is a link that leads nowhere",
};

/** The bytes of a file. @throws {LabError} `input/invalid` saying why it cannot be read */
export async function readInput(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = REASONS[cause.code ?? ""] ?? cause.message;
    throw new LabError("input/invalid", `file: "${path}" cannot be read, ${reason}; expected a file`, {
      hint: "Check the path; it is taken from the folder in which the command runs.",
      cause,
    });
  });
}
