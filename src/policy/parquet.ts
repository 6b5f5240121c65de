/** @file A Parquet file's rows as JSON lines, so that a log in columns is read by the one reader of logs. */
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { LabError } from "../core/errors.ts";

/**
 * Every row as a JSON object on a line of its own, in the order of the file.
 * 64-bit integers become numbers, lists become arrays.
 *
 * @throws {LabError} `input/invalid` when the bytes are no Parquet file
 */
export async function parquetAsJsonLines(bytes: Uint8Array): Promise<Uint8Array> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly object[];
  try {
    rows = await parquetReadObjects({ file, compressors });
  } catch (cause) {
    const [firstLine] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new LabError(
      "input/invalid",
      `log: not a readable Parquet file, got ${firstLine}; expected rows of decisions`,
      {
        cause,
      },
    );
  }
  const plain = (_: string, value: unknown) => {
    if (typeof value === "bigint") return Number(value);
    return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number | bigint>) : value;
  };
  return new TextEncoder().encode(rows.map((row) => JSON.stringify(row, plain)).join("\n"));
}
