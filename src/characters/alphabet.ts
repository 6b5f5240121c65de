/**
 * @file The symbols of a character model: a boundary, which begins and ends every string, and characters.
 */
import { LabError } from "../core/errors.ts";

/** Index of the symbol that stands before the first character and after the last. */
export const BOUNDARY = 0;

/** Symbols by index: {@link BOUNDARY} first, then the characters in order. */
export interface Alphabet {
  readonly characters: string;
  /** How many symbols, the boundary among them. */
  readonly size: number;
  /**
   * Indices of a string's characters, without boundaries, `[length]`.
   *
   * @throws {LabError} `input/invalid` on a character that the alphabet does not have
   */
  encode(text: string): Int32Array;
  /** The string of such indices. */
  decode(symbols: ArrayLike<number>): string;
}

/**
 * The alphabet of some characters, each once.
 *
 * @throws {LabError} `input/invalid` when a character comes twice
 *
 * @example
 * alphabet("abc").encode("cab").join(" "); // => "3 1 2"
 */
export function alphabet(characters: string): Alphabet {
  const all = [...characters];
  const places = new Map(all.map((character, i) => [character, i + 1] as const));
  if (places.size !== all.length || all.length === 0) {
    throw new LabError(
      "input/invalid",
      `alphabet: characters must differ, got ${all.length} of which ${places.size} differ; expected each once`,
    );
  }
  return {
    characters,
    size: all.length + 1,
    encode: (text) =>
      Int32Array.from([...text], (character) => {
        const place = places.get(character);
        if (place !== undefined) return place;
        throw new LabError(
          "input/invalid",
          `alphabet: a character is not known, got ${JSON.stringify(character)}; expected one of ${JSON.stringify(characters)}`,
        );
      }),
    decode: (symbols) => Array.from(symbols, (symbol) => all[symbol - 1] ?? "").join(""),
  };
}

/** Small letters, space and full stop. */
export const LETTERS = "abcdefghijklmnopqrstuvwxyz .";
