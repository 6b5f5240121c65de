/** @file Assertions of promptfoo as checks, and the variables that fill prompts and assertions alike. */
import { z } from "zod";
import { CHECK_KINDS, type Check, type CheckKind, patternFault } from "../checks.ts";

/** Says what is not taken over, and why. */
export type Skip = (path: string, reason: string) => unknown;
export type Vars = Readonly<Record<string, unknown>>;

const assertion = z.looseObject({ type: z.string(), value: z.unknown().optional() });

/** The check that an assertion comes to; none, and a word to `skip`, where it is more than a rule on the text. */
export function readAssertion(raw: unknown, vars: Vars, path: string, skip: Skip): readonly Check[] {
  const none = (reason: string): readonly Check[] => {
    skip(path, reason);
    return [];
  };
  const parsed = assertion.safeParse(raw);
  if (!parsed.success) return none("it is no assertion");
  const { type, value } = parsed.data;
  const kind = type.replace(/^not-/, "") as CheckKind;
  if (!CHECK_KINDS.includes(kind)) {
    return none("its type needs a model, code or a measurement; only rules on the text are taken over");
  }
  if (parsed.data.transform != null) return none("it transforms the answer by code");
  if (parsed.data.weight === 0) return none("it weighs nothing");
  if (kind === "is-json" && value != null) return none("the schema of is-json is not checked");
  const values = textsOf(kind, value);
  if (!values) return none("its value is no text");
  const filled = values.map((text) => substitute(text, vars));
  const texts = filled.filter((each) => typeof each === "string");
  const unfilled = filled.find((each) => typeof each !== "string");
  if (unfilled) return none(unfilled.reason);
  const fault = kind === "regex" ? texts.map(patternFault).find((each) => each !== undefined) : undefined;
  if (fault !== undefined) return none(`its pattern is not used: ${fault}`);
  return [{ kind, values: texts, isNegated: type.startsWith("not-") }];
}

/** What an assertion looks for; undefined where that is no text, or lies elsewhere. */
function textsOf(kind: CheckKind, value: unknown): readonly string[] | undefined {
  if (kind === "is-json") return [];
  const isList = /-(?:all|any)$/.test(kind);
  const listed: readonly unknown[] = Array.isArray(value)
    ? value
    : isList && typeof value === "string"
      ? value.split(",").map((each) => each.trim())
      : [value];
  const texts = listed.map((each) => (typeof each === "number" || typeof each === "boolean" ? String(each) : each));
  const isUsable = (each: unknown): each is string =>
    typeof each === "string" && !/^(?:file:\/\/|python:|javascript:)/.test(each);
  return texts.length > 0 && texts.every(isUsable) ? texts : undefined;
}

/** A text with `{{name}}` filled in, or why it cannot be. */
export function substitute(text: string, vars: Vars): string | { readonly reason: string } {
  let reason: string | undefined;
  const filled = text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (typeof value === "string" && /^(?:file|package):\/\//.test(value)) {
      reason ??= `the variable ${name} lies in another file`;
    }
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    reason ??= `the variable ${name} ${value === undefined ? "has no value" : "is no text"}`;
    return "";
  });
  return reason === undefined ? filled : { reason };
}
