/**
 * @file Safetensors files: named tensors without code in them.
 *
 * Layout: the header's length as 8 bytes little-endian, the header as JSON
 * (name → dtype, shape, byte range; `__metadata__` → strings), then the data,
 * little-endian and row-major, without gaps.
 * Source: the format section of https://github.com/huggingface/safetensors.
 */
import { LabError } from "../core/errors.ts";
import { bytesOf } from "../core/hash.ts";

/** Element types of files, with the array that holds them; half floats stay raw bits. */
const STORAGE = {
  F64: { bytes: 8, make: (from: ArrayBuffer) => new Float64Array(from) },
  I64: { bytes: 8, make: (from: ArrayBuffer) => new BigInt64Array(from) },
  F32: { bytes: 4, make: (from: ArrayBuffer) => new Float32Array(from) },
  I32: { bytes: 4, make: (from: ArrayBuffer) => new Int32Array(from) },
  U32: { bytes: 4, make: (from: ArrayBuffer) => new Uint32Array(from) },
  I16: { bytes: 2, make: (from: ArrayBuffer) => new Int16Array(from) },
  U16: { bytes: 2, make: (from: ArrayBuffer) => new Uint16Array(from) },
  F16: { bytes: 2, make: (from: ArrayBuffer) => new Uint16Array(from) },
  BF16: { bytes: 2, make: (from: ArrayBuffer) => new Uint16Array(from) },
  I8: { bytes: 1, make: (from: ArrayBuffer) => new Int8Array(from) },
  U8: { bytes: 1, make: (from: ArrayBuffer) => new Uint8Array(from) },
  BOOL: { bytes: 1, make: (from: ArrayBuffer) => new Uint8Array(from) },
} as const;

export type SafetensorsDType = keyof typeof STORAGE;

export type SafetensorsData =
  | Float64Array
  | BigInt64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly data: SafetensorsData;
}

export interface Safetensors {
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = "__metadata__";

/** The limit that other readers set too. */
const MAX_HEADER = 100_000_000;

/**
 * The bytes of a safetensors file. Equal contents give equal bytes, whatever the order of insertion:
 * wide types come first, so that all data are aligned, then names in order.
 *
 * @throws {LabError} `safetensors/malformed` on data that do not fill their shape, and on the reserved name
 */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const order = Object.keys(STORAGE);
  const sorted = Object.entries(tensors).sort(
    ([a, { dtype: left }], [b, { dtype: right }]) => order.indexOf(left) - order.indexOf(right) || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([METADATA, Object.fromEntries(Object.entries(metadata).sort())]);
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === METADATA) throw malformed(`a tensor has the reserved name "${METADATA}"`);
    const start = end;
    end += data.byteLength;
    checkSize(name, dtype, shape, data.byteLength);
    header.push([name, { dtype, shape, data_offsets: [start, end] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(text, 8);
  let at = 8 + headerBytes;
  for (const [, { data }] of sorted) {
    file.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Read a safetensors file; the tensors are copies.
 *
 * @throws {LabError} `safetensors/malformed` on anything but a complete file without gaps or overlaps
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  if (file.length < 8) throw malformed(`the file has ${file.length} bytes`);
  const headerBytes = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  if (headerBytes > BigInt(Math.min(MAX_HEADER, file.length - 8))) {
    throw malformed(`the header claims ${headerBytes} bytes of a file of ${file.length}`);
  }
  const dataStart = 8 + Number(headerBytes);
  const { [METADATA]: metadata, ...entries } = parseHeader(file.subarray(8, dataStart));
  const tensors: [string, SafetensorsTensor][] = [];
  let covered = 0;
  const inOrder = Object.entries(entries)
    .map(([name, entry]) => ({ name, ...parseEntry(name, entry) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { name, dtype, shape, start, end } of inOrder) {
    if (start !== covered) throw malformed(`tensor "${name}" starts at byte ${start} of the data, not at ${covered}`);
    if (dataStart + end > file.length) throw malformed(`tensor "${name}" ends at byte ${end}, beyond the file`);
    checkSize(name, dtype, shape, end - start);
    covered = end;
    const data = STORAGE[dtype].make(new Uint8Array(file.subarray(dataStart + start, dataStart + end)).buffer);
    tensors.push([name, { dtype, shape, data }]);
  }
  if (dataStart + covered !== file.length)
    throw malformed(`${file.length - dataStart - covered} bytes belong to nothing`);
  return { tensors: Object.fromEntries(tensors), metadata: parseMetadata(metadata) };
}

function malformed(problem: string): LabError {
  return new LabError("safetensors/malformed", `safetensors: ${problem}; expected a complete safetensors file`, {
    hint: "Check that the file was copied completely.",
  });
}

function checkSize(name: string, dtype: SafetensorsDType, shape: readonly number[], bytes: number): void {
  const needed = shape.reduce((product, length) => product * length, STORAGE[dtype].bytes);
  if (bytes !== needed) {
    throw malformed(`tensor "${name}" has ${bytes} bytes; ${dtype}[${shape.join(", ")}] needs ${needed}`);
  }
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw malformed("the header is not JSON");
  }
  if (!isObject(header)) throw malformed("the header is not a JSON object");
  return header;
}

function parseEntry(name: string, entry: unknown) {
  if (isObject(entry)) {
    const { dtype, shape, data_offsets: offsets } = entry;
    if (typeof dtype === "string" && !Object.hasOwn(STORAGE, dtype)) {
      throw malformed(`tensor "${name}" has element type ${dtype}, not one of ${Object.keys(STORAGE).join(", ")}`);
    }
    if (typeof dtype === "string" && isSizes(shape) && isSizes(offsets) && offsets.length === 2) {
      const [start, end] = offsets as [number, number];
      if (start <= end) return { dtype: dtype as SafetensorsDType, shape, start, end };
    }
  }
  throw malformed(`the header's entry for "${name}" is not a type, a shape and a byte range`);
}

function parseMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Record<string, string>;
  }
  throw malformed(`${METADATA} does not map names to strings`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
