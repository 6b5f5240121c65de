/**
 * @file Reads Inspect logs, `.json` and `.eval` alike, told apart by their first bytes. The whole log is held in
 * memory.
 */
import { LabError } from "../../core/errors.ts";
import { checked } from "../refusal.ts";
import { chunkedPrefixes, joinChunks } from "./chunked.ts";
import { type PythonJson, parsePythonJson } from "./python-json.ts";
import { type InspectLog, logSchema } from "./schema.ts";
import { upgradeLog } from "./upgrade.ts";
import { readZip } from "./zip.ts";

/** Newest form of the file that is understood: 3 differs from 2 in pools that events refer to, which are kept. */
const NEWEST = 3;

/**
 * A log from the bytes of its file. Older forms come out as version 2; members that we do not know are kept.
 *
 * @param where names the file in errors
 * @throws {LabError} `exchange/malformed` naming the member that is wrong, as `samples[3].scores.match.value`
 */
export async function readInspectLog(bytes: Uint8Array, where: string): Promise<InspectLog> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const log = isZip ? await assemble(bytes, where) : parsePythonJson(decode(bytes, where), where);
  upgradeLog(log);
  const { version } = typeof log === "object" && log !== null && !Array.isArray(log) ? log : {};
  if (typeof version === "number" && version > NEWEST) {
    throw new LabError(
      "exchange/malformed",
      `${where}: version is not supported, got ${version}; expected 1 to ${NEWEST}`,
    );
  }
  return checked(logSchema, log, where);
}

/** Whether these bytes may be an Inspect log at all: a zip file, or JSON with an `eval` member near its start. */
export function looksLikeInspectLog(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return true;
  const start = new TextDecoder().decode(bytes.subarray(0, 4096));
  return /^\s*\{/.test(start) && /"eval"\s*:\s*\{/.test(start) && /"version"\s*:/.test(start);
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LabError("exchange/malformed", `${where}: this is no UTF-8 text; expected an Inspect log`);
  }
}

/** The one document that the members of an `.eval` file make up. */
async function assemble(bytes: Uint8Array, where: string): Promise<PythonJson> {
  const members = await readZip(bytes, where);
  const names = [...members.keys()];
  const parse = (name: string): PythonJson => {
    const content = members.get(name);
    if (!content) throw new LabError("exchange/malformed", `${where}: member "${name}" is missing`);
    return parsePythonJson(decode(content, `${where}: ${name}`), `${where}: ${name}`);
  };
  const head = readHeader(members, parse, where);
  const prefixes = chunkedPrefixes(names);
  const isPiece = (name: string) => prefixes.some((prefix) => name.startsWith(`${prefix}/`));
  const whole = names.filter((name) => name.startsWith("samples/") && name.endsWith(".json") && !isPiece(name));
  const samples = [...whole.map(parse), ...prefixes.map((prefix) => joinChunks(prefix, names, parse, where))];
  samples.sort(bySample);
  return {
    ...head,
    samples,
    ...(members.has("reductions.json") ? { reductions: parse("reductions.json") } : {}),
  };
}

/** `header.json`, or, of a log whose run was cut off, what its journal holds. */
function readHeader(
  members: ReadonlyMap<string, Uint8Array>,
  parse: (name: string) => PythonJson,
  where: string,
): Record<string, PythonJson> {
  const name = members.has("header.json") ? "header.json" : "_journal/start.json";
  if (!members.has(name)) {
    throw new LabError("exchange/malformed", `${where}: no header.json and no _journal/start.json; expected a log`);
  }
  const head = parse(name);
  if (typeof head !== "object" || head === null || Array.isArray(head)) {
    throw new LabError("exchange/malformed", `${where}: ${name} holds no log`);
  }
  return head;
}

/** By epoch, then id; numbers before texts, as a reader expects. */
function bySample(a: PythonJson, b: PythonJson): number {
  const key = (sample: PythonJson): readonly [number, string] => {
    const { epoch, id } = typeof sample === "object" && sample !== null && !Array.isArray(sample) ? sample : {};
    return [Number(epoch ?? 0), typeof id === "string" ? id : String(id ?? "").padStart(20, "0")];
  };
  const [[epochA, idA], [epochB, idB]] = [key(a), key(b)];
  return epochA - epochB || (idA < idB ? -1 : idA > idB ? 1 : 0);
}
