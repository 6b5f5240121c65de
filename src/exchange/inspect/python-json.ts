/**
 * @file JSON as Python writes and reads it: with the constants `NaN`, `Infinity` and `-Infinity`, which an Inspect
 * log uses for a sample without a score, and with integers of any size, which become bigints where a double would
 * round them.
 */
import { LabError } from "../../core/errors.ts";

/** What such a text can hold. Numbers may be NaN or infinite. */
export type PythonJson = null | boolean | number | bigint | string | PythonJson[] | { [key: string]: PythonJson };

/** Values nested deeper than this are refused: no log is, and every reader after us walks the tree by recursion. */
const MAX_DEPTH = 200; // chosen: the deepest of the official logs has 17 levels

/** A number, a constant, or the start of one, outside strings. */
const WORD = /-?(?:Infinity|NaN|\d[\d.eE+-]*)/y;

/**
 * Read a text.
 *
 * @param where names the file in errors
 * @throws {LabError} `exchange/malformed`
 */
export function parsePythonJson(text: string, where: string): PythonJson {
  const { held, masked } = mask(text, where);
  try {
    if (held.length === 0) return JSON.parse(text) as PythonJson;
    return JSON.parse(masked, (_, value: unknown) => {
      if (typeof value !== "string" || !value.startsWith(MARK)) return value;
      const index = Number(value.slice(MARK.length));
      return held[index] ?? value;
    }) as PythonJson;
  } catch (error) {
    // The engine's sentence quotes the text around the fault; its position is enough, and tells no secret.
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new LabError(
      "exchange/malformed",
      `${where}: this is no JSON${at === undefined ? "" : `, the fault is at character ${at}`}; expected one JSON document`,
    );
  }
}

/** Starts a string that stands for a word JSON does not know. U+FFFF is no character, so no real text starts with it. */
const MARK = "\uffffword:";

/** The text with words that JSON cannot hold replaced by strings, and the values of those words. */
function mask(text: string, where: string): { readonly masked: string; readonly held: readonly (number | bigint)[] } {
  const held: (number | bigint)[] = [];
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) {
      i = endOfString(text, i);
    } else if (char === OPEN_ARRAY || char === OPEN_OBJECT) {
      depth++;
      if (depth > MAX_DEPTH) {
        throw new LabError(
          "exchange/malformed",
          `${where}: values are nested too deeply at character ${i}, got more than ${MAX_DEPTH} levels; expected a log`,
        );
      }
    } else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) {
      depth--;
    } else if (char === MINUS || char === LETTER_I || char === LETTER_N || (char >= DIGIT_0 && char <= DIGIT_9)) {
      WORD.lastIndex = i;
      const word = WORD.exec(text)?.[0];
      if (word === undefined) continue; // `null`, or a fault that JSON.parse will name
      const value = unusual(word);
      if (value !== undefined) {
        parts.push(text.slice(from, i), JSON.stringify(`${MARK}${held.length}`));
        held.push(value);
        from = i + word.length;
      }
      i += word.length - 1;
    }
  }
  return { masked: held.length === 0 ? text : parts.join("") + text.slice(from), held };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_I = 0x49;
const LETTER_N = 0x4e;

/** Index of the quote that ends the string starting at `start`, or of the last character. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === BACKSLASH) i++;
    else if (char === QUOTE) return i;
  }
  return text.length - 1;
}

/** The value of a word that `JSON.parse` would refuse or round; undefined for every other. */
function unusual(word: string): number | bigint | undefined {
  if (word === "NaN" || word === "-NaN") return Number.NaN;
  if (word === "Infinity") return Number.POSITIVE_INFINITY;
  if (word === "-Infinity") return Number.NEGATIVE_INFINITY;
  if (word.length < 16 || !/^-?\d+$/.test(word)) return undefined;
  return Number.isSafeInteger(Number(word)) ? undefined : BigInt(word);
}

/**
 * Write a value as Python would: members in the order they have, undefined ones left out.
 *
 * @param indent spaces a level; 0 writes one line
 */
export function writePythonJson(value: unknown, indent = 2): string {
  const write = (item: unknown, margin: string): string => {
    switch (typeof item) {
      case "number":
        return Number.isNaN(item)
          ? "NaN"
          : Number.isFinite(item)
            ? JSON.stringify(item)
            : item > 0
              ? "Infinity"
              : "-Infinity";
      case "bigint":
        return String(item);
      case "object": {
        if (item === null) return "null";
        const inner = `${margin}${" ".repeat(indent)}`;
        const lines = Array.isArray(item)
          ? item.map((each: unknown) => write(each ?? null, inner))
          : Object.entries(item)
              .filter(([, each]) => each !== undefined)
              .map(([key, each]) => `${JSON.stringify(key)}:${indent === 0 ? "" : " "}${write(each, inner)}`);
        const [open, close] = Array.isArray(item) ? ["[", "]"] : ["{", "}"];
        if (lines.length === 0) return open + close;
        return indent === 0
          ? `${open}${lines.join(",")}${close}`
          : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${margin}${close}`;
      }
      default:
        return JSON.stringify(item);
    }
  };
  return write(value, "");
}
