/**
 * @file The zip container of `.eval` logs. Reads stored, deflated and Zstandard members (methods 0, 8 and 93: the
 * last is what Inspect writes since 2026) and checks every member's size and CRC-32; writes deflate, which every
 * version reads.
 */
import { crc32, inflateRawSync, zstdDecompressSync } from "node:zlib";
import { type Entry, fromBufferPromise } from "yauzl";
import { ZipFile } from "yazl";
import { LabError } from "../../core/errors.ts";

/** A container whose members unpack to more than this in all is refused. Chosen: far above any log, below this process's memory. */
const MAX_UNPACKED_BYTES = 1 << 30;

const STORED = 0;
const DEFLATE = 8;
const ZSTANDARD = 93;

/**
 * Every member by name. Where a name occurs twice the last one counts, as for Python: a sample that was run again
 * is appended.
 *
 * @throws {LabError} `exchange/malformed`
 */
export async function readZip(bytes: Uint8Array, where: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  let unpacked = 0;
  try {
    // The size check of the library knows no Zstandard; ours below covers every method.
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      validateEntrySizes: false,
    });
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      unpacked += entry.uncompressedSize;
      if (unpacked > MAX_UNPACKED_BYTES) {
        throw malformed(`${where}: the members unpack to more than ${MAX_UNPACKED_BYTES} bytes`);
      }
      if (entry.fileName.endsWith("/")) continue;
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const packed = bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
      members.set(entry.fileName, unpack(packed, entry, `${where}: member "${entry.fileName}"`));
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw malformed(`${where}: this is no readable zip file (${(error as Error).message})`);
  }
  return members;
}

function unpack(packed: Uint8Array, entry: Entry, where: string): Uint8Array {
  if (entry.isEncrypted()) throw malformed(`${where} is encrypted`);
  // One byte more than announced is enough to see that there is more.
  const limit = { maxOutputLength: entry.uncompressedSize + 1 };
  let content: Uint8Array;
  try {
    switch (entry.compressionMethod) {
      case STORED:
        content = packed;
        break;
      case DEFLATE:
        content = inflateRawSync(packed, limit);
        break;
      case ZSTANDARD:
        content = zstdDecompressSync(packed, limit);
        break;
      default:
        throw malformed(`${where} is packed by method ${entry.compressionMethod}; expected 0, 8 or 93`);
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw malformed(`${where} cannot be unpacked (${(error as Error).message})`);
  }
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
    throw malformed(`${where} does not match its own checksum, got ${content.length} bytes; the file is damaged`);
  }
  return content;
}

const malformed = (message: string): LabError => new LabError("exchange/malformed", message);

/**
 * A zip file of members in the given order, deflated.
 *
 * @param modified the time every member carries, so that equal logs are equal bytes
 */
export async function writeZip(members: Iterable<readonly [string, string]>, modified: Date): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, text] of members) {
    zip.addBuffer(Buffer.from(text, "utf8"), name, { mtime: modified, mode: 0o100600 });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}
