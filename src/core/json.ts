/**
 * @file Plain data: what may cross a boundary, and its one canonical text.
 */
import { LabError } from "./errors.ts";

/** Anything that survives `JSON.parse(JSON.stringify(x))` unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON with sorted keys and without undefined members, so that equal data have
 * equal text and equal hashes.
 *
 * @throws {LabError} `input/invalid` on NaN, infinities, functions and the like,
 *   because JSON would silently turn them into null
 *
 * @example
 * canonicalJson({ b: 1, a: [2, undefined === undefined] }); // => '{"a":[2,true],"b":1}'
 */
export function canonicalJson(value: unknown, path = "$"): string {
  switch (typeof value) {
    case "number":
      if (!Number.isFinite(value)) throw refusal(path, String(value), "a finite number");
      return JSON.stringify(value);
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map((item, i) => canonicalJson(item, `${path}[${i}]`)).join(",")}]`;
      if (ArrayBuffer.isView(value)) throw refusal(path, value.constructor.name, "a plain array");
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      members.sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, `${path}.${key}`)}`).join(",")}}`;
    }
    default:
      throw refusal(path, typeof value, "plain data");
  }
}

function refusal(path: string, got: string, expected: string): LabError {
  return new LabError("input/invalid", `json: ${path} cannot be stored, got ${got}; expected ${expected}`);
}
