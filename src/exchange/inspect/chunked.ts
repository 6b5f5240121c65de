/**
 * @file Samples that an `.eval` log holds in pieces: a shell, and flat sequences of messages, events, calls and
 * attachments whose entries are named by the index of their first item.
 *
 * Put together again they are an ordinary sample: the conversation from its ranges into the message sequence, the
 * pools that events refer to as `events_data`, attachments under their index. The sidecars (skeleton, statistics,
 * identifiers of events) repeat what the sequences say and are left out.
 *
 * Source: inspect_ai, `src/inspect_ai/log/_recorders/chunked/format.py` (MIT).
 */
import { LabError } from "../../core/errors.ts";
import { refused } from "../refusal.ts";
import type { PythonJson } from "./python-json.ts";

/** The prefixes under which chunked samples lie. */
export function chunkedPrefixes(names: Iterable<string>): readonly string[] {
  return [...names].flatMap((name) => /^(samples\/.*_epoch_\d+)\/sample\.json$/.exec(name)?.[1] ?? []);
}

/**
 * The sample below a prefix.
 *
 * @param parse reads a member of the container by name
 * @throws {LabError} `exchange/malformed`
 */
export function joinChunks(
  prefix: string,
  names: readonly string[],
  parse: (name: string) => PythonJson,
  where: string,
): PythonJson {
  const shell = parse(`${prefix}/sample.json`);
  if (typeof shell !== "object" || shell === null || Array.isArray(shell)) {
    throw new LabError("exchange/malformed", `${where}: ${prefix}/sample.json holds no sample`);
  }
  const sequence = (kind: string): PythonJson[] => readSequence(`${prefix}/${kind}/`, names, parse, where);
  const messages = sequence("messages");
  const calls = sequence("calls");
  const attachments = sequence("attachments");
  const { message_refs: refs, ...rest } = shell;
  return {
    ...rest,
    metadata: names.includes(`${prefix}/metadata.json`) ? parse(`${prefix}/metadata.json`) : (rest.metadata ?? {}),
    messages: ranged(refs ?? [], messages, `${where}: ${prefix}/sample.json`),
    events: sequence("events"),
    ...(messages.length + calls.length > 0 ? { events_data: { messages, calls } } : {}),
    attachments: Object.fromEntries(attachments.map((text, index) => [String(index), text])),
  };
}

/** Entries in the order of their first index, which must continue each other. */
function readSequence(
  prefix: string,
  names: readonly string[],
  parse: (name: string) => PythonJson,
  where: string,
): PythonJson[] {
  const starts = names
    .flatMap((name) => (name.startsWith(prefix) ? (/^(\d+)\.json$/.exec(name.slice(prefix.length))?.[1] ?? []) : []))
    .map(Number)
    .sort((a, b) => a - b);
  const items: PythonJson[] = [];
  for (const start of starts) {
    const name = `${prefix}${start}.json`;
    if (start !== items.length) {
      throw new LabError(
        "exchange/malformed",
        `${where}: "${name}" begins at item ${start}, got ${items.length} items before it; expected as many`,
      );
    }
    const chunk = parse(name);
    if (!Array.isArray(chunk)) throw refused(`${where}: ${name}`, [], chunk, "expected a list");
    for (const item of chunk) items.push(item);
  }
  return items;
}

/** Items named by half-open ranges `[from, to)`, a single one by its index. */
function ranged(refs: PythonJson, items: readonly PythonJson[], where: string): PythonJson[] {
  if (!Array.isArray(refs)) throw refused(where, ["message_refs"], refs, "expected a list of ranges");
  return refs.flatMap((ref, i) => {
    const [from, to] = Array.isArray(ref) ? ref : [ref, typeof ref === "number" ? ref + 1 : undefined];
    if (typeof from !== "number" || typeof to !== "number" || !(from >= 0 && from <= to && to <= items.length)) {
      throw refused(where, ["message_refs", i], ref, `expected a range within ${items.length} messages`);
    }
    return items.slice(from, to);
  });
}
