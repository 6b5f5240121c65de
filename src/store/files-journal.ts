/**
 * @file A journal as a file: lines appended as they come. A last line that was cut short by a crash is taken away when
 * the file is opened, so that what follows it stays readable.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { JournalPort } from "../trials/journal.ts";
import type { JournalFile } from "../trials/record.ts";
import { storeFailure } from "./failure.ts";

const NEWLINE = 0x0a;
/** Read at once from the end, looking for the last newline. */
const CHUNK = 65_536;

/**
 * Open a journal file, creating it and its folder.
 *
 * @throws {LabError} `store/full`, `store/unavailable`
 */
export async function journalFile(path: string): Promise<JournalPort & { close(): Promise<void> }> {
  const attempt = async <T>(action: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error, action, path);
    }
  };
  const file = await attempt("opening the journal", async () => {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, "a+");
    await handle.truncate(await endOfLastLine(handle));
    return handle;
  });
  return {
    async *lines() {
      // By newlines alone: Node's own reader also splits at U+2028, which may stand in an answer.
      let rest = "";
      for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
        const parts = `${rest}${chunk}`.split("\n");
        rest = parts.pop()!;
        yield* parts;
      }
      if (rest !== "") yield rest;
    },
    append: (text) => attempt("writing the journal", () => file.appendFile(text)),
    async close() {
      await attempt("writing the journal", () => file.sync());
      await file.close();
    },
  };
}

/**
 * What a record says of a journal: its place, relative to the home folder where it lies in it, and what is in it.
 *
 * @throws {LabError} `store/unavailable`
 */
export async function describeJournal(path: string, home: string): Promise<JournalFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    throw storeFailure(error, "reading the journal", path);
  }
  const inside = relative(resolve(home), resolve(path));
  const isInside = !inside.startsWith("..") && !isAbsolute(inside);
  return { path: isInside ? inside.replaceAll("\\", "/") : path, sha256: hash.digest("hex"), bytes };
}

/** Offset after the last newline. */
async function endOfLastLine(file: FileHandle): Promise<number> {
  let end = (await file.stat()).size;
  const chunk = Buffer.alloc(CHUNK);
  while (end > 0) {
    const from = Math.max(0, end - CHUNK);
    const { bytesRead } = await file.read(chunk, 0, end - from, from);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}
