/**
 * @file Identifiers and file names as Inspect makes them: 22 characters of base 57, and names that its log listing
 * recognizes.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Without 0, 1, I, O and l, which are mistaken for each other. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/**
 * A stable identifier of a text: BLAKE2s of 128 bits in base 57, its last 22 digits. Equal to the one that Inspect
 * derives for logs that were written before logs had identifiers.
 */
export function base57Id(text: string): string {
  let rest = blake2s(utf8ToBytes(text), { dkLen: 16 }).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  let id = "";
  while (rest > 0n) {
    id = ALPHABET[Number(rest % 57n)]! + id;
    rest /= 57n;
  }
  return id.slice(-22).padStart(22, ALPHABET[0]);
}

/**
 * Name of a log file, without its ending: `<created>_<task>_<id>`, with `:` written `-` and whatever a file system
 * may refuse in a task's name written `-` too.
 */
export function logFileName(log: {
  readonly eval: { readonly created: string; readonly task: string; readonly task_id: string };
}): string {
  const safe = (text: string) => text.replaceAll(/[^A-Za-z0-9+.-]+/g, "-");
  return `${log.eval.created.replaceAll(":", "-")}_${safe(log.eval.task)}_${safe(log.eval.task_id)}`;
}
