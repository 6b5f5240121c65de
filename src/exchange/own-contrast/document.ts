/** @file A YAML file of the user's own: its data, checked by a schema, with every refusal told by path and line. */
import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { LabError } from "../../core/errors.ts";
import { refused } from "../refusal.ts";

/** Longer files are refused: nobody writes them by hand. */
const MAX_CHARACTERS = 4 << 20;

/** A document that passed its schema, and how to refuse a member of it for another reason. */
export interface OwnDocument<T> {
  readonly value: T;
  /** An error that names the file, the line and the path of a member. */
  refuse(path: readonly PropertyKey[], expected: string): LabError;
}

/**
 * Read a YAML text.
 *
 * @param where names the file in errors
 * @throws {LabError} `exchange/malformed` naming the line, and the path of the first member that is wrong
 */
export function readOwnDocument<S extends z.ZodType>(schema: S, text: string, where: string): OwnDocument<z.output<S>> {
  if (text.length > MAX_CHARACTERS) {
    throw new LabError(
      "exchange/malformed",
      `${where}: the file is too long, got ${text.length} characters; expected at most ${MAX_CHARACTERS}`,
    );
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "silent" });
  const lineOf = (path: readonly PropertyKey[]): number => {
    // Of a member that is missing: the line of the nearest one around it.
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
    }
    return 1;
  };
  const [error] = document.errors;
  if (error) {
    throw new LabError(
      "exchange/malformed",
      `${where}:${lineCounter.linePos(error.pos[0]).line}: this is no YAML that can be read, got ${error.code}; expected one document`,
    );
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new LabError("exchange/malformed", `${where}: aliases cannot be followed; expected a document without loops`);
  }
  const valueAt = (path: readonly PropertyKey[]): unknown =>
    path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], data);
  const refuse = (path: readonly PropertyKey[], expected: string): LabError =>
    refused(`${where}:${lineOf(path)}`, path, valueAt(path), expected);
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    // A name too many is told at the name itself.
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
    throw refuse(path, issue.code === "unrecognized_keys" ? "expected no member of this name" : issue.message);
  }
  return { value: parsed.data, refuse };
}
