/**
 * @file Finding what is stored by the first letters of its id, and saying in one
 * line what it is.
 */
import { LabError, nearest } from "../core/errors.ts";
import { RECORD_KINDS, type RecordEntry, type RecordKind, type RecordTypes, type Store } from "../store/store.ts";

/** What people type and read for each kind. */
export const RECORD_NAMES: Readonly<Record<RecordKind, { readonly plural: string; readonly make: string }>> = {
  organism: { plural: "runs", make: "mesascope grow misgeneralized" },
  learner: { plural: "learners", make: "mesascope grow in-context-gd" },
  audit: { plural: "audits", make: "mesascope audit <run>" },
  "chat-audit": { plural: "chat-audits", make: "mesascope audit openai:<model>" },
  utilities: { plural: "utilities", make: "mesascope audit openai:<model> --utilities" },
  experiment: { plural: "results", make: "mesascope replicate" },
  report: { plural: "reports", make: "mesascope quickstart" },
  readings: { plural: "readings", make: "mesascope bench" },
  scoreboard: { plural: "scoreboards", make: "mesascope bench" },
};

/** Letters of an id that tables show; enough for some millions of records. */
const SHORT = 10;
export const shortId = (id: string): string => (/^[0-9a-f]{32,}$/.test(id) ? id.slice(0, SHORT) : id);

/**
 * Records whose id is `text` or begins with it. An exact id wins over longer ones.
 */
export async function matchRecords(
  store: Store,
  text: string,
  kinds: readonly RecordKind[] = RECORD_KINDS,
): Promise<readonly RecordEntry[]> {
  const found = (await Promise.all(kinds.map((kind) => store.list(kind, { prefix: text })))).flat();
  const exact = found.filter(({ id }) => id === text);
  return exact.length > 0 ? exact : found;
}

/**
 * The one record that a text names.
 *
 * @throws {LabError} `input/unknown-id` when there is none or more than one
 */
export async function findRecord<K extends RecordKind>(
  store: Store,
  kind: K,
  text: string,
): Promise<{ readonly id: string; readonly record: RecordTypes[K] }> {
  const { plural, make } = RECORD_NAMES[kind];
  const found = await matchRecords(store, text, [kind]);
  if (found.length > 1) throw ambiguous(text, found);
  const [entry] = found;
  const record = entry && (await store.load(kind, entry.id));
  if (entry && record) return { id: entry.id, record };
  const known = (await store.list(kind)).map(({ id }) => shortId(id));
  const near = nearest(text.slice(0, SHORT), known);
  const some =
    known.length === 0 ? "none is stored" : `stored: ${known.slice(0, 6).join(", ")}${known.length > 6 ? ", …" : ""}`;
  throw new LabError("input/unknown-id", `${kind} "${text}" does not exist; ${some}`, {
    hint: near
      ? `Did you mean "${near}"?`
      : known.length === 0
        ? `Run "${make}" first.`
        : `Run "mesascope list ${plural}" to see all.`,
  });
}

export function ambiguous(text: string, found: readonly RecordEntry[]): LabError {
  const names = found.slice(0, 6).map(({ kind, id }) => `${kind} ${shortId(id)}`);
  return new LabError(
    "input/unknown-id",
    `"${text}" is the beginning of ${found.length} ids: ${names.join(", ")}; expected one`,
    {
      hint: "Type more letters of the id.",
    },
  );
}

/** How long ago, in one unit: `3 min ago`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
