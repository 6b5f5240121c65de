/**
 * @file The one error class of the project, and the closed list of its codes.
 *
 * A `LabError` is the user's problem, told in the user's words: where, what is
 * wrong, the value, what was expected, and what to do. Doors print it without
 * a stack and exit 2. Anything else that is thrown is our bug and keeps its stack.
 */

/** What can go wrong, by area. A new code is added here, nowhere else. */
export type ErrorCode =
  | "input/invalid" // a parameter, flag or spec that its schema refuses
  | "input/unknown-id" // an id that names no plug-in or record
  | "tensor/shape" // shapes that an operation cannot combine
  | "tensor/dtype" // element types that an operation cannot combine
  | "tensor/no-gradient" // a gradient was asked of an operation that has none
  | "onnx/malformed" // bytes that are not an ONNX model
  | "onnx/unsupported" // a model that the runtime refuses to run
  | "onnx/interface" // inputs or outputs that do not fit the task
  | "safetensors/malformed" // bytes that are not a safetensors file
  | "level/malformed" // a level that cannot be read
  | "level/impossible" // a level whose items cannot be reached, or that breaks a world's rules
  | "exchange/malformed" // a file of another tool that cannot be read as what it claims to be
  | "store/corrupt" // a record or artifact whose bytes do not match their hash
  | "store/unavailable" // a store that cannot be opened
  | "store/full" // no space, or no permission, to write
  | "run/mismatch" // a checkpoint that belongs to another run
  | "run/unreachable" // an endpoint that answers nothing
  | "run/interrupted"; // stopped by the user; what was done is saved

/** An error the user can act on. */
export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: ErrorCode;
  /** One imperative sentence: the command or change that fixes it. */
  readonly hint: string | undefined;

  /**
   * @param code one of {@link ErrorCode}
   * @param message `<where>: <what is wrong>, got <value>; <what was expected>`
   */
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** Stop on a broken invariant: our bug, never the user's. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}

/**
 * Find a named thing, or say which names exist and which was probably meant.
 *
 * @throws {LabError} `input/unknown-id`
 */
export function findById<T extends { readonly id: string }>(kind: string, things: readonly T[], id: string): T {
  const found = things.find((thing) => thing.id === id);
  if (found) return found;
  const ids = things.map((thing) => thing.id).sort();
  const near = nearest(id, ids);
  throw new LabError(
    "input/unknown-id",
    `${kind} "${id}" does not exist; known: ${ids.join(", ") || "none"}`,
    near === undefined ? {} : { hint: `Did you mean "${near}"?` },
  );
}

/** The candidate within two edits of `name`, if any. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const scored = candidates.map((candidate) => [editDistance(candidate, name), candidate] as const);
  const [best] = scored.filter(([distance]) => distance <= 2).sort((a, b) => a[0] - b[0]);
  return best?.[1];
}

/** Levenshtein distance by the two-row dynamic program. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
