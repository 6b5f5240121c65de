/**
 * @file How a file of another tool is refused: by the path of the member that is wrong, what stands there, and what
 * was expected.
 */
import type { z } from "zod";
import { LabError } from "../core/errors.ts";
import { redactor, shown } from "../core/redact.ts";

/** `samples[3].scores.match.value`; names that are no identifiers are quoted. */
function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `[${shown(name)}]`;
      return i === 0 ? name : `.${name}`;
    })
    .join("");
}

/**
 * Data from outside, checked.
 *
 * @param where names the file
 * @throws {LabError} `exchange/malformed` naming the first member that is wrong
 */
export function checked<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = deepest(parsed.error.issues[0]!);
  throw refused(where, path, valueAt(value, path), message);
}

/** The error for one member. */
export function refused(where: string, path: readonly PropertyKey[], got: unknown, expected: string): LabError {
  const what = path.length === 0 ? "the document" : memberPath(path);
  const stated = expected.replace(/^Invalid input: /, "").replace(/, received .*$/, "");
  return new LabError(
    "exchange/malformed",
    // Names of members can hold what their values may not.
    redactor()(
      `${where}: ${what} is malformed, got ${shown(got)}; ${stated.startsWith("expected") ? stated : `expected another (${stated})`}`,
    ),
  );
}

type Issue = z.core.$ZodIssue;

/** Of a union, the branch that got furthest: its complaint is the one that helps. */
function deepest(issue: Issue, prefix: readonly PropertyKey[] = []): { path: readonly PropertyKey[]; message: string } {
  const path = [...prefix, ...issue.path];
  if (issue.code !== "invalid_union") return { path, message: issue.message };
  const inner = issue.errors.map((branch) => branch[0]).filter((each) => each !== undefined);
  const furthest = inner.map((each) => deepest(each, path)).sort((a, b) => b.path.length - a.path.length)[0];
  return furthest && furthest.path.length > path.length ? furthest : { path, message: issue.message };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return at;
}
